// The management page in a real Chromium, over the real API and store: five KPIs against targets, three
// sentences, the incidents behind them; for the role that sees figures only, on a phone, and on paper.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SIMULATED_TAG } from "../../services/store/simulated.ts";
import { axeViolations, page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { fillYear } from "./console-figures.ts";
import { MANAGEMENT } from "./console-server.ts";

setUpConsole([], { width: 1440, height: 900 });

const OCTOBER = "/lage?zeitraum=2026-10";
const card = (number: string) => page.getByRole("region", { name: new RegExp(`^${number} `) });
const textOf = async (one: { textContent(): Promise<string | null> }) =>
  (await one.textContent())?.replace(/\s+/g, " ");

async function open(path = OCTOBER, account?: typeof MANAGEMENT): Promise<void> {
  await fillYear(server.store);
  await signIn(path, account);
  await page.getByRole("heading", { name: /^Lage:/ }).waitFor();
}

describe("the management page", () => {
  it("shows five KPIs with value, target and judgement in words", async () => {
    await open();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Lage: Oktober 2026");
    for (const number of ["K1", "K2", "K3", "K4", "K5"]) await card(number).waitFor();
    expect(await textOf(card("K3"))).toMatch(
      /Ziel verfehlt.*höchstens 1 Tag 12 h.*n = 8, Median .*P90/,
    );
    expect(await textOf(card("K2"))).toMatch(/Ziel erreicht.*höchstens 1 Tag/);
    expect(await textOf(card("K5"))).toMatch(/mindestens 80 %.*von 8 behobenen.*95-%-Intervall/);
  });

  it("says in three sentences what has changed and why", async () => {
    await open();
    const sentences = page
      .getByRole("region", { name: /^Was sich geändert hat/ })
      .getByRole("listitem");
    expect(await sentences.count()).toBe(3);
    expect(await textOf(sentences.nth(0))).toMatch(
      /^Im Oktober 2026 stieg .* was ein einziger Vorfall erklärt \(V-2026-11-091, Schadsoftware, Schwere kritisch, 15 Tage 20 h\): ohne ihn/,
    );
    expect(await textOf(sentences.nth(2))).toMatch(/Zielen (sind|ist) erreicht; verfehlt .*K3/);
  });

  it("begins for the management, and shows it no title, finding or rule", async () => {
    await fillYear(server.store, [SIMULATED_TAG]);
    await signIn("/", MANAGEMENT);
    await page.getByRole("heading", { name: "Lage: November 2026" }).waitFor();
    expect(
      await page
        .getByRole("navigation", { name: "Hauptnavigation" })
        .getByRole("link")
        .allTextContents(),
    ).toEqual(["Lage"]);
    await page.getByText("läuft noch").waitFor();
    await page.getByRole("link", { name: "Oktober 2026" }).click();
    await page.getByRole("heading", { name: "Lage: Oktober 2026" }).waitFor();
    await page.getByText(/^Simulierte Daten: 8 Vorfälle und/).waitFor();
    await page.getByText("Vorfälle hinter diesen Zahlen").click();
    const rows = page
      .getByRole("table", { name: "Vorfälle hinter diesen Zahlen" })
      .getByRole("row");
    await rows.nth(1).waitFor();
    expect(await textOf(rows.nth(1))).toMatch(
      /V-2026-11-091.*simuliert.*Kritisch.*Schadsoftware.*15 Tage 20 h/,
    );
    expect(await rows.getByRole("link").count()).toBe(0);
    expect(await page.locator("body").textContent()).not.toMatch(/Geheim|lolbin|regel-\d/);
    expect(await axeViolations()).toEqual([]);
  });

  it("leads who may see incidents to them", async () => {
    await open();
    await page.getByText("Vorfälle hinter diesen Zahlen").click();
    await page.getByRole("link", { name: "V-2026-11-091" }).click();
    await page.waitForURL("**/vorfaelle/V-2026-11-091");
  });

  it("keeps the period in the address, and goes by keys", async () => {
    await open();
    await page.getByRole("link", { name: "Quartal", exact: true }).click();
    await page.getByRole("heading", { name: "Lage: 4. Quartal 2026" }).waitFor();
    expect(page.url()).toContain("zeitraum=2026-Q4");
    await page.getByRole("link", { name: "3. Quartal 2026" }).click();
    await page.getByRole("heading", { name: "Lage: 3. Quartal 2026" }).waitFor();
    await page.getByRole("link", { name: "Jahr", exact: true }).click();
    await page.getByRole("heading", { name: "Lage: 2026" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Lage: 3. Quartal 2026" }).waitFor();
    await page.goto(`${server.url}/zustand`);
    await page.getByRole("heading", { name: "Zustand" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await page.getByRole("heading", { name: "Lage: November 2026" }).waitFor();
  });

  it("has the course of each KPI as a table, and its definition when asked", async () => {
    await open();
    await card("K3").getByText("Als Tabelle").click();
    const rows = card("K3").getByRole("row");
    await rows.nth(12).waitFor();
    expect(await rows.count()).toBe(13);
    expect(await textOf(rows.nth(12))).toMatch(/^Oktober 2026.*1 Tag 12 h$/);
    expect(await textOf(rows.nth(1))).toMatch(/^November 2025––2 Tage$/);
    await card("K3").getByText("Was das bedeutet").click();
    await card("K3")
      .getByText(/bestätigten Wiederherstellung/)
      .waitFor();
  });

  it("has nothing to show where nothing happened, and says so", async () => {
    await signIn("/lage?zeitraum=2024-05");
    await page.getByText(/^Im Mai 2024 wurde kein Vorfall/).waitFor();
    expect(await textOf(card("K1"))).toMatch(/kein Wert.*kein Ziel festgelegt.*Noch kein Verlauf/);
    expect(await axeViolations()).toEqual([]);
  });

  it("is one page of paper, in light colours", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await open();
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    const folder = process.env.HEIDEWACHT_PICTURES;
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "kpi-print.pdf"), pdf);
    }
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  });

  it.each([
    ["light", 1440, "de"],
    ["dark", 1440, "de"],
    ["light", 1024, "en"],
    ["dark", 360, "de"],
    ["light", 360, "de"],
  ] as const)(
    "can be read in %s colours, %i pixels wide, in %s",
    async (colorScheme, width, language) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await fillYear(server.store, [SIMULATED_TAG]);
      await signIn(OCTOBER);
      await card("K5").waitFor();
      if (language === "en") {
        await page.getByText("Darstellung").click();
        await page.getByLabel("English").check();
        await page
          .getByText("Display", { exact: true })
          .click()
          .catch(() => undefined);
        await page.getByRole("heading", { name: "Situation: October 2026" }).waitFor();
      }
      await picture(`lage-${width}-${colorScheme}-${language}`);
      await page.locator(".review-incidents summary").click();
      await page.locator(".kpi-incidents").waitFor();
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await axeViolations()).toEqual([]);
      await picture(`kpi-${width}-${colorScheme}-${language}`, true);
    },
  );
});
