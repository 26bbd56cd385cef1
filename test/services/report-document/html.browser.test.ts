// The page in a real Chromium, wide and narrow: no axe violation, no script, nothing loaded, and paper that
// repeats the heads of tables.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { renderHtml } from "../../../services/report-document/html.ts";
import { readPdf } from "../../support/pdf-text.ts";
import { hostileDocument, sampleDocument } from "./sample-document.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "heidewacht-report-"));
  writeFileSync(join(folder, "sample.html"), renderHtml(sampleDocument({ tables: 1, rows: 90 })));
  writeFileSync(join(folder, "hostile.html"), renderHtml(hostileDocument()));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  args.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function opened(name: string, width: number): Promise<{ page: Page; asked: string[] }> {
  // axe is evaluated in the page, which its own policy would forbid.
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", (dialog) => asked.push(dialog.message()));
  await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
  return { page, asked };
}

async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(`(async () => { ${AXE};
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return JSON.stringify(violations.map((one) => one.id + ": " + one.nodes[0]?.html)); })()`);
  return z.array(z.string()).parse(JSON.parse(String(found)));
}

describe.each([
  ["sample", 1280],
  ["sample", 360],
  ["hostile", 1280],
] as const)("the page %s, %i wide", (name, width) => {
  it("has no axe violation, asks for nothing and does not scroll sideways", async () => {
    const { page, asked } = await opened(name, width);
    expect(await violations(page)).toEqual([]);
    expect(asked).toHaveLength(1);
    const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(over)).toBe(0);
    const pictures = process.env.HEIDEWACHT_PICTURES;
    if (pictures !== undefined)
      await page.screenshot({
        path: join(pictures, `report-${name}-${width}.png`),
        fullPage: true,
      });
    await page.context().close();
  });
});

describe("the page on paper", () => {
  it("repeats the heads of tables and begins sections on a page of their own", async () => {
    const { page } = await opened("sample", 1280);
    const { pages } = await readPdf(await page.pdf({ preferCSSPageSize: true }));
    const parts = pages.filter((one) => /V-1-00\d\d/.test(one));
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part).toContain("Kennung Art Schwere");
    expect(pages.some((one) => one.startsWith("2 Lage"))).toBe(true);
    await page.context().close();
  });
});
