// Silences and findings below others in a real Chromium.
import { describe, expect, it } from "vitest";
import {
  axeViolations,
  heading,
  openId,
  page,
  picture,
  row,
  server,
  setUpConsole,
  signIn,
} from "./console-browser.ts";
import { finding } from "./console-findings.ts";

const FINDINGS = 5200;

setUpConsole(Array.from({ length: FINDINGS }, (_, n) => finding(n)));

describe("silences", () => {
  const inDialog = () => page.getByRole("dialog");

  it("are made from a finding after a look at what they would hide, and ended", async () => {
    await server.put(finding(0, { raisedAt: Date.UTC(2026, 10, 20, 9, 30) }));
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    await page.getByRole("button", { name: "Stummschalten …" }).click();
    await inDialog().waitFor();
    expect(await inDialog().getByLabel("Wert").first().inputValue()).toMatch(/^00000000-/);
    expect(await inDialog().getByLabel("Wert").nth(1).inputValue()).toBe("host:lk-dc01");
    await inDialog().getByText("In den letzten 7 Tagen").waitFor();
    await inDialog().getByText("1 offener Befund verlässt").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silence-dialog");
    // The machine's clock is not the server's, which is in its own time.
    await inDialog().getByLabel("Von", { exact: true }).fill("2026-11-20T10:00");
    await inDialog().getByLabel("Bis", { exact: true }).fill("2026-11-20T18:00");
    await inDialog().getByLabel("Grund").fill("Wartung der Sicherung");
    await inDialog().getByRole("button", { name: "Stummschalten" }).click();
    await expect.poll(async () => (await server.get("f-000000"))?.silencedBy?.length).toBe(1);
    await page.getByText("fiel in eine Stummschaltung").waitFor();
    await expect.poll(() => row("f-000000").count()).toBe(0);
    await picture("silenced-finding");
    await page.getByRole("button", { name: /^Stumm\s*1$/ }).click();
    await row("f-000000").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silenced-queue");

    await page.getByRole("link", { name: "Stummschaltungen", exact: true }).click();
    const line = page.locator("tbody tr");
    await expect.poll(() => line.textContent()).toContain("Aktiv");
    expect(await line.textContent()).toContain("Wartung der Sicherung");
    expect(await axeViolations()).toEqual([]);
    await picture("silences");
    await line.getByRole("button", { name: "Beenden" }).click();
    await inDialog().waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silence-end");
    await inDialog().getByRole("button", { name: "Zurücknehmen" }).click();
    await expect.poll(() => line.textContent()).toContain("zurückgenommen");
    expect((await server.get("f-000000"))?.silencedBy).toBeUndefined();
  });

  it("warn of what people found to be true and of the gravest hosts", async () => {
    const verdict = { verdict: "true_positive", at: 1, by: "a-2" } as const;
    const asset = { key: "asset", points: 6, detail: "" } as const;
    const raisedAt = Date.UTC(2026, 10, 20, 9, 30);
    await server.put(finding(0, { raisedAt, status: "closed", verdict, scoreParts: [asset] }));
    await signIn("/stummschaltungen");
    await page.getByText("Es gibt keine Stummschaltung.").waitFor();
    await page.getByRole("button", { name: "Neue Stummschaltung" }).click();
    await inDialog().getByText("Noch keine vollständige Bedingung").waitFor();
    await inDialog().getByLabel("Feld").fill("level");
    await inDialog().getByLabel("Wert").fill("critical");
    await inDialog().getByText("1 kritischer Befund auf").waitFor();
    await inDialog().getByText("1 Befund, der als richtig positiv").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silence-warning");
    await inDialog().getByRole("button", { name: "Weitere Bedingung" }).click();
    await inDialog().getByRole("button", { name: "Bedingung 2 entfernen" }).click();
    await expect.poll(() => inDialog().getByLabel("Wert").count()).toBe(1);
  });

  it("leave alone what stands below a graver finding; both name each other", async () => {
    await server.put(finding(3, { inhibitedBy: ["f-000000"] }));
    await signIn("/warteschlange/f-000000");
    await page.getByRole("heading", { name: "Untergeordnete Befunde" }).waitFor();
    expect(await row("f-000003").count()).toBe(0);
    await page.getByText("24 Stunden").first().click();
    expect(await axeViolations()).toEqual([]);
    await page.getByRole("heading", { name: "Risiko der Objekte" }).scrollIntoViewIfNeeded();
    await picture("risk");
    await page.goto(`${server.url}/warteschlange/f-000003`);
    await page.getByRole("link", { name: "Übergeordneter Befund 1" }).click();
    await expect.poll(openId).toBe("f-000000");
  });
});
