// The page of the state in a real Chromium: what runs, what fell silent, what waits; wide and narrow, light
// and dark, in both languages, without an axe violation.
import { describe, expect, it } from "vitest";
import { axeViolations, page, picture, setUpConsole, signIn } from "./console-browser.ts";

setUpConsole([], { width: 1280, height: 900 });

/** Text without the marks that stand for hidden characters. */
const textOf = async (one: { textContent(): Promise<string | null> }) =>
  (await one.textContent())?.replace(/\s+/g, " ");

describe("the page of the state", () => {
  it("lists the processes, and marks the one that is silent for a minute", async () => {
    await signIn("/zustand");
    const rows = page.getByRole("table", { name: "Prozesse" }).getByRole("row");
    await rows.nth(2).waitFor();
    expect(await rows.count()).toBe(3);
    expect(await textOf(rows.nth(1))).toMatch(
      /^heide-app01-4711-a1b2ingest, detectvor 1 Sekunde20\.11\.2026, /,
    );
    expect(await textOf(rows.nth(2))).toMatch(
      /4712-c3d4baseline, triage, apivor 1 Minute, meldet sich nicht–nicht überwacht$/,
    );
    expect(await rows.nth(1).locator("svg").count()).toBe(0);
    expect(await rows.nth(2).locator("svg").count()).toBe(1);
  });

  it("says that a watchdog asks, and what can't be paged about", async () => {
    await signIn("/zustand");
    const figure = (name: string) =>
      page.locator(".figures > div", { has: page.getByText(name, { exact: true }) }).locator("dd");
    await figure("Wächter").waitFor();
    expect(await textOf(figure("Wächter"))).toMatch(/^vor \d+ Sekunden abgefragt$/);
    expect(await textOf(figure("Alarmierung"))).toBe("2 Befunde nicht meldbar: Programmfehler");
  });

  it("says what waits in numbers that can be read", async () => {
    await signIn("/zustand");
    const rows = page.getByRole("table", { name: "Was auf Verarbeitung wartet" }).getByRole("row");
    await rows.nth(3).waitFor();
    expect(await Promise.all([1, 2, 3].map((at) => textOf(rows.nth(at))))).toEqual([
      "Erkennung1.204.331",
      "Korrelation0",
      "Bündelung zu Befunden12",
    ]);
    expect(
      await rows.getByRole("cell", { name: "0", exact: true }).getAttribute("class"),
    ).toContain("muted");
  });

  it("marks a lag of minutes", async () => {
    await signIn("/zustand");
    const lag = page.getByRole("definition").filter({ hasText: "Min." });
    await lag.waitFor();
    expect(await textOf(lag)).toBe("13 Min.");
    expect(await lag.locator("svg").count()).toBe(1);
  });

  it.each([
    ["light", 1280, "de"],
    ["dark", 1280, "en"],
    ["light", 320, "en"],
    ["dark", 320, "de"],
  ] as const)(
    "has no axe violation and no sideways scrolling: %s, %d px, %s",
    async (theme, width, language) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: width === 320 ? 2200 : 1300 });
      await signIn("/zustand");
      await page.evaluate(
        `localStorage.setItem("heidewacht.preferences", '{"language":"${language}"}')`,
      );
      await page.reload();
      const title = language === "de" ? "Prozesse" : "Processes";
      await page.getByRole("heading", { name: title }).waitFor();
      expect(await axeViolations()).toEqual([]);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow).toBe(0);
      await picture(`status-${theme}-${width}-${language}`);
    },
  );
});
