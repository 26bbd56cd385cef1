// The page of the API in a real Chromium: it draws itself under its CSP and asks nobody else.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROUTE_ACCESS } from "../../../services/api/permissions.ts";
import { openWorld } from "./fixture.ts";

const CHROMIUM = "/usr/bin/chromium";

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
    expect(await page.locator(".opblock").count()).toBe(Object.keys(ROUTE_ACCESS).length);
    await page.getByText("Befund bewerten und schließen").click();
    await page.locator(".opblock-body").getByText("Request body").waitFor();
    expect(await page.title()).toBe("Heidewacht: Schnittstelle");
    expect(faults).toEqual([]);
  });
});
