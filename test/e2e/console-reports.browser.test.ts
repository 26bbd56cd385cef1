// The page of reports in a real Chromium, over the real API and store: drafts, publishing, files, revisions
// and verification; and what the management sees of it.
import { describe, expect, it } from "vitest";
import { SIMULATED_TAG } from "../../services/store/simulated.ts";
import { axeViolations, page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { fillYear } from "./console-figures.ts";
import { ADMIN, MANAGEMENT } from "./console-server.ts";

setUpConsole([], { width: 1440, height: 900 });

async function publishThirdQuarter(): Promise<void> {
  await page.getByLabel("Zeitraum").selectOption("2026-Q3");
  await page.getByRole("button", { name: "Veröffentlichen …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Veröffentlichen" }).click();
  await page
    .getByRole("row", { name: /3\. Quartal 2026/ })
    .first()
    .waitFor();
}

describe("the page of reports", () => {
  it("publishes a period and shows its files and that the chain holds", async () => {
    await fillYear(server.store, [SIMULATED_TAG]);
    await signIn("/berichte", ADMIN);
    await page.getByText("Noch kein Bericht ist veröffentlicht.").waitFor();
    await publishThirdQuarter();
    const row = page.getByRole("row", { name: /3\. Quartal 2026/ });
    expect(await row.textContent()).toMatch(/simulierte Daten.*1 neueste.*erste Fassung/);
    await page.getByRole("button", { name: "Kette prüfen" }).click();
    await page.getByText("✓ 1 Bericht geprüft, unverändert.").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      row.getByRole("link", { name: "Bericht, HTML" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("isb-bericht-lklg-2026-q3-fassung-1.html");
    expect(await axeViolations()).toEqual([]);
    await picture("berichte", true);
  });

  it("says when nothing has changed since the last revision", async () => {
    await fillYear(server.store);
    await signIn("/berichte", ADMIN);
    await publishThirdQuarter();
    await page.getByRole("button", { name: "Veröffentlichen …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Veröffentlichen" }).click();
    await page.getByText("Seit der letzten Fassung hat sich nichts geändert.").waitFor();
  });

  it("gives the management the short form alone", async () => {
    await fillYear(server.store);
    await signIn("/berichte", ADMIN);
    await publishThirdQuarter();
    await page.request.delete(`${server.url}/api/v1/session`).catch(() => undefined);
    await page.context().clearCookies();
    await signIn("/berichte", MANAGEMENT);
    const row = page.getByRole("row", { name: /3\. Quartal 2026/ });
    await row.waitFor();
    expect(await row.getByRole("link").allTextContents()).toEqual(["HTML", "PDF (barrierefrei)"]);
    expect(await page.getByRole("button", { name: "Kette prüfen" }).count()).toBe(0);
    await picture("berichte-leitung", true);
  });
});
