// The page of backtests in a real Chromium, over the real API, archive and engine: what a rule would have
// found, by keyboard and pointer, wide and narrow, light and dark, without an axe violation.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, type ConsoleServer, prepareData, startConsoleServer } from "./console-server.ts";

const CONSOLE = join(import.meta.dirname, "../../services/console");
const CHROMIUM = "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Set to keep pictures of every screen. */
const pictures = process.env.HEIDEWACHT_PICTURES;
const RULE = `title: Schattenkopien gelöscht
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0001
level: critical
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: '\\vssadmin.exe', CommandLine|contains: 'delete shadows' }
  condition: selection
`;
const ABOUT_PEOPLE = RULE.replace("CommandLine|contains: 'delete shadows'", "User: emustermann");

let dist: string;
let prepared: string;
let browser: Browser;
let server: ConsoleServer;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  expect(existsSync(CHROMIUM), `${CHROMIUM} is missing: apt-get install chromium`).toBe(true);
  dist = mkdtempSync(join(tmpdir(), "heidewacht-dist-"));
  // The runner sets NODE_ENV to "test", with which React's development build would go in.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  const configFile = join(CONSOLE, "vite.config.ts");
  const outDir = { outDir: dist, emptyOutDir: true };
  await build({ root: CONSOLE, configFile, build: outDir, logLevel: "error" });
  process.env.NODE_ENV = before;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  prepared = await prepareData([]);
});
afterAll(async () => {
  await browser.close();
  rmSync(prepared, { recursive: true });
  rmSync(dist, { recursive: true });
});

beforeEach(async () => {
  server = await startConsoleServer(dist, prepared);
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: "de-DE",
    timezoneId: "America/New_York",
  });
  page = await context.newPage();
  faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // Chromium reports every answer of 401; the first one is meant.
    if (message.type() === "error" && !message.text().includes("status of 4"))
      faults.push(message.text());
  });
});
afterEach(async () => {
  await context.close();
  await server.close();
  expect(faults).toEqual([]);
});

async function signIn(path: string): Promise<void> {
  await page.goto(server.url + path);
  await page.getByLabel("Name").fill(ACCOUNT.name);
  await page.getByLabel("Passwort").fill(ACCOUNT.password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("navigation").first().waitFor();
}

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

/** Runs axe through the debugger, because the page's CSP allows no foreign script. */
async function axeViolations(): Promise<string[]> {
  const debug = await context.newCDPSession(page);
  const run = `(async () => { ${AXE}; const r = await axe.run(document, { resultTypes: ["violations"] });
    return JSON.stringify(r.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + n.failureSummary).join(" | "))); })()`;
  const { result, exceptionDetails } = await debug.send("Runtime.evaluate", {
    expression: run,
    awaitPromise: true,
    returnByValue: true,
  });
  await debug.detach();
  expect(exceptionDetails).toBeUndefined();
  const violations: string[] = JSON.parse(String(result.value));
  return violations;
}

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
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
