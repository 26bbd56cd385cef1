// The console in a real Chromium for tests: built as it is shipped, over a real server, under the strict
// CSP; whatever the page reports as an error fails the test.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { finding } from "./console-findings.ts";
import { ACCOUNT, type ConsoleServer, prepareData, startConsoleServer } from "./console-server.ts";

const CONSOLE = join(import.meta.dirname, "../../services/console");
const CHROMIUM = "/usr/bin/chromium";
const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Set to keep pictures of every screen. */
const pictures = process.env.HEIDEWACHT_PICTURES;

// New ones for each test; importers see the present ones.
export let dist: string;
let browser: Browser;
export let server: ConsoleServer;
let context: BrowserContext;
export let page: Page;

/** Registers the hooks: one build and browser a file, a server with these findings and a page a test. */
export function setUpConsole(
  findings: readonly ReturnType<typeof finding>[],
  viewport = { width: 1440, height: 900 },
): void {
  let prepared: string;
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
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
    prepared = await prepareData(findings);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(prepared, { recursive: true });
    rmSync(dist, { recursive: true });
  });
  beforeEach(async () => {
    server = await startConsoleServer(dist, prepared);
    context = await browser.newContext({
      viewport,
      locale: "de-DE",
      timezoneId: "America/New_York",
    });
    page = await context.newPage();
    faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      // Chromium reports every answer of 401 and 409; these are meant.
      if (message.type() === "error" && !message.text().includes("status of 4"))
        faults.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    await server.close();
    expect(faults).toEqual([]);
  });
}

export async function signIn(path = "/", account = ACCOUNT): Promise<void> {
  await page.goto(server.url + path);
  await page.getByLabel("Name").fill(account.name);
  await page.getByLabel("Passwort").fill(account.password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("navigation").first().waitFor();
}

export const row = (id: string) => page.locator(`#finding-${id}`);
export const heading = () => page.locator("#finding-title");
export const openId = () => new URL(page.url()).pathname.split("/").at(-1);

/**
 * Runs axe through the debugger, because the page's CSP allows no foreign script. What fades in is looked at once
 * it is there: half faded, no text has its contrast.
 */
export async function axeViolations(): Promise<string[]> {
  const debug = await context.newCDPSession(page);
  const run = `(async () => { ${AXE};
    const ending = document.getAnimations().filter(a => Number.isFinite(a.effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map(a => a.finished));
    const r = await axe.run(document, { resultTypes: ["violations"] });
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

/** Where pictures are kept: of what is seen, or of the whole page. */
export async function picture(name: string, fullPage = false): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}
