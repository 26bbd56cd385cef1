// The boards in a real Chromium, over rows that the KPI stage has written and a memory of real metrics: wide
// and narrow, light and dark, for each role what it may see.
import { describe, expect, it } from "vitest";
import { BOARDS } from "../../dashboards/boards.ts";
import { axeViolations, page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { fillYear, writeFigures } from "./console-figures.ts";
import { MANAGEMENT } from "./console-server.ts";

setUpConsole([], { width: 1440, height: 900 });

const NOW = Date.UTC(2026, 10, 20, 9, 40);
const panel = (name: string) => page.getByRole("region", { name, exact: true });
const textOf = async (one: { textContent(): Promise<string | null> }) =>
  (await one.textContent())?.replace(/\s+/g, " ");

async function open(path: string): Promise<void> {
  // Boards show the time until now: of the browser, which is told that of the figures.
  await page.clock.setFixedTime(NOW);
  await fillYear(server.store);
  await writeFigures(server.store, NOW);
  await signIn(path);
}

describe("the boards", () => {
  it("are listed, and each leads to its panels", async () => {
    await open("/lage");
    await page.getByRole("link", { name: "Tafeln" }).click();
    await page.getByRole("heading", { name: "Tafeln" }).waitFor();
    expect(await page.locator(".board-list").getByRole("link").count()).toBe(BOARDS.length);
    await page.getByRole("link", { name: /^1 / }).click();
    await page.waitForURL("**/tafeln/kpi");
    await panel("K3 Erkennung bis Behebung").first().waitFor();
  });

  it("show the numbers of the KPI service, with target and moment", async () => {
    await open("/tafeln/kpi");
    const numbers = page.getByRole("region", { name: /^K3 / }).first();
    await numbers.getByText("Oktober 2026").first().waitFor();
    expect(await textOf(numbers)).toMatch(/2 Tage 14 h/);
    const course = page.getByRole("region", { name: /^K3 / }).last();
    await course.getByText("Als Tabelle").click();
    const row = course.getByRole("row", { name: /^Oktober 2026/ });
    expect(await textOf(row)).toMatch(/^Oktober 20262 Tage 14 h17 h15 Tage 20 h/);
  });

  it("keep the span in the address", async () => {
    await open("/tafeln/operations");
    await page.getByRole("link", { name: "12 Monate" }).click();
    await page.waitForURL("**/tafeln/operations?spanne=12M");
    await page.getByRole("img").first().waitFor();
    const chosen = page.getByRole("navigation", { name: "Zeitraum" }).locator("[aria-current]");
    expect(await chosen.allTextContents()).toEqual(["12 Monate"]);
  });

  it("lead from a row to its incident", async () => {
    await open("/tafeln/times");
    await page.getByRole("link", { name: "V-2026-11-091" }).first().click();
    await page.waitForURL("**/vorfaelle/V-2026-11-091");
  });

  it("show the process's own metrics, and since when", async () => {
    await open("/tafeln/health?spanne=24h");
    const memory = panel("Speicher je Prozess");
    await memory.getByText(/^Werte seit 20\.11\.2026/).waitFor();
    await memory.getByText("heidewacht-1", { exact: true }).waitFor();
  });

  it("show the management what is in figures, and nothing of rules, sources or the process", async () => {
    await page.clock.setFixedTime(NOW);
    await fillYear(server.store);
    await writeFigures(server.store, NOW);
    await signIn("/tafeln", MANAGEMENT);
    await page.locator(".board-list").getByRole("link").first().waitFor();
    const titles = await page.locator(".board-list").getByRole("link").allTextContents();
    expect(titles.map((title) => title.slice(0, 1))).toEqual(["1", "2", "4"]);
    await page.goto(`${server.url}/tafeln/times`);
    await page.getByText("V-2026-11-091").first().waitFor();
    expect(await page.getByRole("link", { name: "V-2026-11-091" }).count()).toBe(0);
    expect(await page.locator("body").textContent()).not.toMatch(/Geheim|lolbin|regel-\d/);
    const path = "/api/v1/boards/detection/panels/rules?from=1&to=2";
    expect(await page.evaluate(`fetch("${path}").then((answer) => answer.status)`)).toBe(403);
  });

  it("say when there is no such board", async () => {
    await signIn("/tafeln/gibt-es-nicht");
    await page.getByRole("heading", { name: "Diese Seite gibt es nicht." }).waitFor();
  });

  it.each(BOARDS.flatMap(({ id }) => [[id, "light", 1440] as const, [id, "dark", 360] as const]))(
    "%s can be read in %s colours, %i pixels wide",
    async (id, colorScheme, width) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await open(`/tafeln/${id}`);
      await page.locator(".board-panel").first().waitFor();
      await page.waitForLoadState("networkidle");
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await axeViolations()).toEqual([]);
      await picture(`board-${id}-${width}-${colorScheme}`, true);
    },
  );
});
