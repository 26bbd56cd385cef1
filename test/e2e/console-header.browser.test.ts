// The head of the console in a real Chromium: on one line from the smallest usual screen of a desk on.
import { expect, it } from "vitest";
import { markSimulated } from "../../services/store/simulated-mark.ts";
import { page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { TENANT } from "./console-server.ts";

setUpConsole([], { width: 1024, height: 768 });

/** The upper edges of the parts of the head that are seen, and how far it reaches beyond the window. */
const HEAD = `(() => {
  const parts = [...document.querySelectorAll(".top .brand, .main-nav li, .top-end > *")];
  const boxes = parts.map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 1);
  const middles = boxes.map(({ top, bottom }) => Math.round((top + bottom) / 2));
  const right = Math.max(...boxes.map((box) => box.right));
  return { spread: Math.max(...middles) - Math.min(...middles), beyond: Math.max(0, right - innerWidth),
    heights: Math.max(...boxes.map(({ height }) => height)) };
})()`;

/** Longer than there is room for. */
const LONG_NAME = `(tenant) => { tenant.textContent = "Samtgemeinde Heideblick am Walde (simuliert)"; }`;

it.each([
  [1024, "de", "own"],
  [1024, "en", "own"],
  [1152, "de", "own"],
  [1280, "de", "own"],
  [1440, "de", "own"],
  [1024, "de", "simulated"],
  [1200, "de", "simulated"],
  [1280, "de", "simulated"],
] as const)("stays on one line at %d pixels, %s, %s data", async (width, language, data) => {
  if (data === "simulated") await markSimulated(server.store, TENANT, Date.now());
  await page.setViewportSize({ width, height: 768 });
  await signIn("/zustand");
  await page.evaluate(
    `localStorage.setItem("heidewacht.preferences", '{"language":"${language}"}')`,
  );
  await page.reload();
  await page.getByRole("navigation").first().waitFor();
  if (data === "simulated") await page.locator(".tenant").evaluate(LONG_NAME);
  await picture(`header-${width}-${language}-${data}`);
  const head = await page.evaluate(HEAD);
  const note = page.getByRole("note").and(page.locator(".simulated"));
  expect(await note.count()).toBe(data === "simulated" ? 1 : 0);
  // One line of text is lower than two.
  expect(head).toMatchObject({ beyond: 0 });
  expect(head).toSatisfy(
    ({ spread, heights }: Record<string, number>) => (spread ?? 99) < 12 && (heights ?? 99) < 50,
  );
});
