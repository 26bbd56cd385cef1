// The page of rules in a real Chromium: correlations, exceptions, what is not loaded and why, what the
// dearest rules are, and reading the rules anew; wide and narrow, light and dark, without an axe violation.
import { describe, expect, it } from "vitest";
import { axeViolations, page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { ADMIN } from "./console-server.ts";

setUpConsole([], { width: 1280, height: 900 });

async function signInAsAdmin(): Promise<void> {
  await page.goto(`${server.url}/regeln`);
  await page.getByLabel("Name").fill(ADMIN.name);
  await page.getByLabel("Passwort").fill(ADMIN.password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("heading", { name: "Regeln", exact: true }).waitFor();
}

const rule = (title: string) => page.getByRole("row", { name: new RegExp(`${title} `) });
/** Text without the marks that stand for hidden characters. */
const textOf = async (one: { textContent(): Promise<string | null> }) =>
  (await one.textContent())?.replace(/\s+/g, " ");

describe("the page of rules", () => {
  it("shows correlations with what they join, and who speaks for whom", async () => {
    await signIn("/regeln");
    await page.getByText("3 Regeln geladen, davon 1 Korrelation, 1 mit Fehlern").waitFor();
    const joining = rule("Protokoll gelöscht und Schattenkopien weg");
    expect(await textOf(joining)).toContain("Korrelation");
    expect(await textOf(joining)).toContain("zusammen aufgetreten, innerhalb von 30");
    expect(await joining.getByRole("listitem").allTextContents()).toEqual([
      "Löschung von Schattenkopien",
      "Protokoll gelöscht",
    ]);
    await page.getByText("Sie macht keine eigenen Befunde.").waitFor();
    expect(await page.getByText(/^Ausnahme: Wartung/).count()).toBe(1);
  });

  it("finds a correlation by what it joins", async () => {
    await signIn("/regeln");
    await page.getByLabel("Regeln filtern").fill("löschung von");
    await expect
      .poll(() => page.getByRole("table", { name: "Geladene Regeln" }).getByRole("row").count())
      .toBe(3);
  });

  it("says what is not loaded and why, and which exception is over", async () => {
    await signIn("/regeln");
    await page.getByText("Bewusst nicht geladen: 2 Regeln").click();
    await page.getByText(/Reife „.+“ wird nicht geladen\./).waitFor();
    await page.getByText("Kopien: Abgelöst durch „Löschung von Schattenkopien“.").waitFor();
    await page.getByRole("heading", { name: "Ausnahmen ansehen: 1 Hinweis" }).waitFor();
    await page.getByText(/Galt bis 2026-11-01 und wirkt nicht mehr\./).waitFor();
  });

  it("says plainly which processes have other rules", async () => {
    await signIn("/regeln");
    const said = page.getByRole("region", {
      name: "Die Prozesse arbeiten mit verschiedenen Regeln.",
    });
    const groups = await said.getByRole("listitem").allTextContents();
    expect(groups[0]).toBe("heide-app01-4711-a1b2, heide-app03-4713-e5f6: 3 Regeln");
    expect(groups[1]).toMatch(/^heide-app02.+4712-c3d4: 2 Regeln$/);
  });

  it("names the dearest rules", async () => {
    await signIn("/regeln");
    await page.getByText("Die teuersten Regeln").first().click();
    const dearest = page.getByRole("table", { name: "Die teuersten Regeln" }).getByRole("row");
    expect(await textOf(dearest.nth(1))).toMatch(/^Löschung von Schattenkopien41,2\s%3,4 µs$/);
  });

  it("reads the rules anew for administrators, by keyboard, and nobody else is asked", async () => {
    await signIn("/regeln");
    const button = page.getByRole("button", { name: "Regeln neu einlesen" });
    await page.getByRole("heading", { name: "Nicht geladene Regeln" }).waitFor();
    expect(await button.count()).toBe(0);
    await page.context().clearCookies();
    await signInAsAdmin();
    await button.focus();
    await page.keyboard.press("Enter");
    const said = page.getByRole("status").filter({ hasText: "Eingelesen:" });
    await said.waitFor();
    expect(await said.textContent()).toBe(
      "Eingelesen: 3 neu, 0 entfallen, 1 geändert. Sie gelten ab sofort.",
    );
    await picture("rules-reloaded");
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 320],
    ["dark", 320],
  ] as const)("has no axe violation and no sideways scrolling: %s, %d px", async (theme, width) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: width === 320 ? 2600 : 1100 });
    await signInAsAdmin();
    await page.getByText("Bewusst nicht geladen: 2 Regeln").click();
    await page.getByText("Die teuersten Regeln").first().click();
    await page.getByRole("button", { name: "Regeln neu einlesen" }).click();
    await page.getByText(/^Eingelesen/).waitFor();
    expect(await axeViolations()).toEqual([]);
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(overflow).toBe(0);
    await picture(`rules-${theme}-${width}`);
  });
});
