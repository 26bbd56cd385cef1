// The head of the console in a real Chromium: on one line from the smallest usual screen of a desk on.
import { expect, it } from "vitest";
import { page, picture, setUpConsole, signIn } from "./console-browser.ts";

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

it.each([
  [1024, "de"],
  [1024, "en"],
  [1152, "de"],
  [1280, "de"],
  [1440, "de"],
] as const)("stays on one line at %d pixels, %s", async (width, language) => {
  await page.setViewportSize({ width, height: 768 });
  await signIn("/zustand");
  await page.evaluate(
    `localStorage.setItem("heidewacht.preferences", '{"language":"${language}"}')`,
  );
  await page.reload();
  await page.getByRole("navigation").first().waitFor();
  await picture(`header-${width}-${language}`);
  const head = await page.evaluate(HEAD);
  // One line of text is lower than two.
  expect(head).toMatchObject({ beyond: 0 });
  expect(head).toSatisfy(
    ({ spread, heights }: Record<string, number>) => (spread ?? 99) < 12 && (heights ?? 99) < 50,
  );
});
