// The page of the API in a real Chromium: it draws itself under its CSP and asks nobody else.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROUTE_ACCESS } from "../../../services/api/permissions.ts";
import { openWorld } from "./fixture.ts";

const CHROMIUM = "/usr/bin/chromium";
const ROUTES = Object.keys(ROUTE_ACCESS).length;
/** Less than a screen, so that none is passed over. */
const WHEEL_PX = 300;
const SETTLE_MS = 50;
const TURNS_MAX = 400;

describe("the page of the API", () => {
  it("shows every route, without a fault and without a request to elsewhere", async () => {
    expect(existsSync(CHROMIUM), `${CHROMIUM} is missing: apt-get install chromium`).toBe(true);
    const { api } = await openWorld();
    const url = await api.listen({ host: "127.0.0.1", port: 0 });
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--headless", "--no-sandbox", "--disable-gpu"],
    });
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ locale: "de-DE" });
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith("data:"))
        faults.push(request.url());
    });
    await page.goto(`${url}/api/docs`);
    await page.locator(".opblock").first().waitFor();
    const seen = new Set<string>();
    // Only what is in sight is drawn; the group of a route stands above it.
    for (let turn = 0; turn < TURNS_MAX && seen.size < ROUTES; turn += 1) {
      for (const text of await page.locator(".opblock-summary").allInnerTexts()) seen.add(text);
      await page.mouse.wheel(0, WHEEL_PX);
      await page.waitForTimeout(SETTLE_MS);
    }
    expect(seen.size).toBe(ROUTES);
    await page.mouse.wheel(0, -TURNS_MAX * WHEEL_PX);
    const judging = page.getByText("Befund bewerten und schließen");
    for (let turn = 0; turn < TURNS_MAX && (await judging.count()) === 0; turn += 1) {
      await page.mouse.wheel(0, WHEEL_PX);
      await page.waitForTimeout(SETTLE_MS);
    }
    await judging.click();
    await page.locator(".opblock-body").getByText("Request body").waitFor();
    expect(await page.title()).toBe("Heidewacht: Schnittstelle");
    expect(faults).toEqual([]);
  });
});
