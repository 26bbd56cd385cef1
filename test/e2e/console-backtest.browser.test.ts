// The page of backtests in a real Chromium, over the real API, archive and engine: what a rule would have
// found, by keyboard and pointer, wide and narrow, light and dark, without an axe violation.
import { describe, expect, it } from "vitest";
import { axeViolations, page, picture, setUpConsole, signIn } from "./console-browser.ts";

const RULE = `title: Schattenkopien gelöscht
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0001
level: critical
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: '\\vssadmin.exe', CommandLine|contains: 'delete shadows' }
  condition: selection
`;
const ABOUT_PEOPLE = RULE.replace("CommandLine|contains: 'delete shadows'", "User: emustermann");

// This page is looked at as it stands on a small screen, whole.
setUpConsole([], { width: 1280, height: 900 });

/** Runs a rule over the days in which the archive has something, whatever day it is today. */
async function runRule(yaml: string): Promise<void> {
  await page.getByLabel("Eigene Regel als YAML").check();
  await page.getByLabel("Sigma-Regel (YAML)").fill(yaml);
  await page.getByLabel("Von – bis").check();
  await page.getByLabel("Von", { exact: true }).fill("2026-11-05T00:00");
  await page.getByLabel("Bis", { exact: true }).fill("2026-11-20T23:00");
  await page.getByRole("button", { name: "Starten" }).click();
  await page.getByRole("heading", { name: /^Ergebnis/ }).waitFor();
}

describe("the page of backtests", () => {
  it("is reached from the rules, with the rule chosen", async () => {
    await signIn("/regeln");
    await page.getByRole("link", { name: "Rückschau mit „Protokoll gelöscht“" }).click();
    await page.getByRole("heading", { name: "Rückschau" }).waitFor();
    const chosen = page.getByLabel("Regel", { exact: true }).locator("option:checked");
    await expect.poll(() => chosen.textContent()).toBe("Protokoll gelöscht");
    await picture("backtest-form");
  });

  it("shows what a rule would have found: by day, as a table, with samples", async () => {
    await signIn("/rueckschau");
    await runRule(RULE);
    await page.getByText("1 Regel, 7 Treffer, 7 Befunde").waitFor();
    await page
      .getByText("Befunde je Tag: 7 an 4 Tagen, am meisten 3 am 16.11.2026")
      .first()
      .waitFor();
    await page.getByText("Als Tabelle").click();
    const rows = page.getByRole("row").filter({ hasText: "16.11.2026" });
    expect((await rows.first().textContent())?.replace(/\D+/g, " ")).toContain("16 11 202633");
    await page.getByText("delete shadows", { exact: false }).first().waitFor();
    expect(
      await page
        .getByRole("img", { name: /Befunde je Tag/ })
        .locator("canvas")
        .count(),
    ).toBe(1);
    await picture("backtest-result");
    await page.getByRole("link", { name: "Im Archiv suchen" }).first().click();
    await page.getByText("1 Ereignisse").waitFor();
  });

  it("says where the archive can't answer exactly, and what is wrong with a rule", async () => {
    await signIn("/rueckschau");
    await runRule(`${ABOUT_PEOPLE}---\ntitle: Kaputt\nlogsource: { product: windows }\n`);
    await page.getByText("Die Regel liest Personenbezogenes (User).").waitFor();
    await page.getByText(/^backtest\.yml:\d+:\d+$/).waitFor();
    await page.getByText("Keine Regel hat etwas getroffen.").waitFor();
    await picture("backtest-inexact");
  });

  it("judges a correlation, with the rules that it joins marked", async () => {
    await signIn("/rueckschau");
    const correlation = [
      "title: Dreimal am Tag",
      "id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0009",
      "level: critical",
      "correlation:",
      "  type: event_count",
      "  rules: [6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0001]",
      "  timespan: 24h",
      "  condition: { gte: 3 }",
    ];
    await runRule(`${RULE}---\n${correlation.join("\n")}\n`);
    // The rule's seven findings are none of the sum: the correlation speaks for it.
    await page.getByText("2 Regeln, 8 Treffer, 1 Befund").waitFor();
    await page.getByText("Dreimal am Tag").first().click();
    await page.getByText("Korrelation über Schattenkopien gelöscht").waitFor();
    await page.getByRole("list").getByText("Schattenkopien gelöscht", { exact: true }).click();
    await page.getByText("Eine Korrelation spricht für diese Regel").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("backtest-correlation");
  });

  it("runs all loaded rules and keeps the result for who comes back", async () => {
    await signIn("/rueckschau");
    await page.getByLabel("Alle geladenen Regeln").check();
    await page.getByLabel("Letzte 30 Tage").check();
    await page.getByRole("button", { name: "Starten" }).click();
    await page.getByText(/^\d+ Regeln, /).waitFor();
    await page.reload();
    await page.getByText(/^\d+ Regeln, /).waitFor();
  });

  it("asks for what is missing before it starts", async () => {
    await signIn("/rueckschau");
    await page.getByRole("button", { name: "Starten" }).click();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("Regel wählen");
    await page.getByLabel("Alle geladenen Regeln").check();
    await page.getByLabel("Von – bis").check();
    await page.getByRole("button", { name: "Starten" }).click();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("Anfang und Ende");
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 320],
    ["dark", 320],
  ] as const)("has no axe violation and no sideways scrolling: %s, %d px", async (theme, width) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    await signIn("/rueckschau");
    expect(await axeViolations(), "form").toEqual([]);
    await runRule(RULE);
    await page.getByText("Als Tabelle").click();
    expect(await axeViolations(), "result").toEqual([]);
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(overflow).toBe(0);
    await picture(`backtest-${theme}-${width}`);
  });
});
