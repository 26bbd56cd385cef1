// The console in a real Chromium, under the strict CSP: sign-in, queue, triage by keyboard, conflict,
// live changes, hostile texts, thousands of rows, and axe-core on every screen, theme and language.
import { describe, expect, it, onTestFinished } from "vitest";
import {
  axeViolations,
  dist,
  heading,
  openId,
  page,
  picture,
  row,
  server,
  setUpConsole,
  signIn,
} from "./console-browser.ts";
import { finding, HOSTILE_TITLE, hostileFinding } from "./console-findings.ts";
import { ACCOUNT, startConsoleServer } from "./console-server.ts";

const FINDINGS = 5200;

setUpConsole(Array.from({ length: FINDINGS }, (_, n) => finding(n)));

describe("sign-in", () => {
  it("refuses a wrong password in words and lets the right one in", async () => {
    await page.goto(server.url);
    await page.getByLabel("Name").fill(ACCOUNT.name);
    await page.getByLabel("Passwort").fill("falsch");
    await page.getByRole("button", { name: "Anmelden" }).click();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("stimmt nicht");
    await page.getByLabel("Passwort").fill(ACCOUNT.password);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await row("f-000000").waitFor();
  });

  it("sets up the first account with the one-time code", async () => {
    const first = await startConsoleServer(dist);
    onTestFinished(first.close);
    await page.goto(first.url);
    await page.getByRole("button", { name: "Erste Einrichtung" }).click();
    await page.getByLabel("Einmal-Code").fill(first.setupCode ?? "");
    await page.getByLabel("Name").fill("verwaltung");
    await page.getByLabel("Passwort").fill("noch-ein-langes-Passwort");
    await page.getByRole("button", { name: "Konto anlegen" }).click();
    await page.getByRole("navigation").first().waitFor();
    expect((await page.reload())?.status()).toBe(200);
    await page.getByRole("navigation").first().waitFor();
  });
});

describe("triage by keyboard", () => {
  it("judges findings with two keystrokes each and opens the next one", async () => {
    await signIn();
    await row("f-000000").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect.poll(openId).toBe("f-000000");
    await heading().waitFor();
    await page.keyboard.press("t");
    await expect.poll(openId).toBe("f-000001");
    expect((await server.get("f-000000"))?.verdict?.verdict).toBe("true_positive");
    await page.keyboard.press("f");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("4");
    await expect.poll(openId).not.toBe("f-000001");
    expect((await server.get("f-000001"))?.verdict).toMatchObject({
      verdict: "false_positive",
      reason: "threshold",
    });
    expect(await page.locator(".toast").textContent()).toContain("Fehlalarm");
    await page.keyboard.press("z");
    await expect.poll(openId).toBe("f-000001");
    expect((await server.get("f-000001"))?.verdict).toBeUndefined();
    await page.keyboard.press("s");
    await expect.poll(async () => (await server.get("f-000001"))?.status).toBe("in_progress");
  });

  it("asks for a sentence before a finding stays undecided", async () => {
    await signIn("/warteschlange/f-000001");
    await heading().waitFor();
    await page.keyboard.press("u");
    await page.getByRole("dialog").waitFor();
    // Typed blindly, as one does: a letter or a space must not become a command.
    await page.keyboard.type("Protokolle des Rechners fehlen.");
    await page.keyboard.press("Control+Enter");
    await expect
      .poll(async () => (await server.get("f-000001"))?.verdict?.comment)
      .toContain("fehlen");
  });

  it("leaves letters alone when single-key shortcuts are off", async () => {
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    await page.getByText("Darstellung").click();
    await page.getByLabel("Einzeltasten-Befehle").uncheck();
    await page.keyboard.press("Escape");
    await heading().click();
    await page.keyboard.press("t");
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("button", { name: "Harmlos richtig" }).click();
    await expect.poll(openId).toBe("f-000001");
    expect((await server.get("f-000000"))?.verdict?.verdict).toBe("benign_true_positive");
  });

  it("shows what changed when somebody else was first", async () => {
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    await page.route(
      "**/api/v1/findings/f-000000/verdict",
      async (route) => {
        const verdict = { verdict: "duplicate" as const, at: Date.now(), by: "a-2" };
        await server.put(finding(0, { status: "closed", verdict }));
        await route.continue();
      },
      { times: 1 },
    );
    await page.keyboard.press("t");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/Neu.*Erledigt.*Duplikat/s);
    expect(await axeViolations()).toEqual([]);
    await page.getByRole("button", { name: "Trotzdem bewerten" }).click();
    await expect
      .poll(async () => (await server.get("f-000000"))?.verdict?.verdict)
      .toBe("true_positive");
  });
});

describe("the list", () => {
  it("keeps the row under the eye where it is when findings come in", async () => {
    await signIn();
    await row("f-000000").waitFor();
    await page.keyboard.press("j");
    const before = await row("f-000000").boundingBox();
    await server.put({ ...finding(0), id: "f-fresh", score: 100 });
    await page.getByRole("button", { name: /1 neuer/ }).waitFor();
    expect(await row("f-000000").boundingBox()).toEqual(before);
    await page.keyboard.press("n");
    await row("f-fresh").waitFor();
  });

  it("shows a changed finding in its place", async () => {
    await signIn();
    await row("f-000000").waitFor();
    await server.put(finding(0, { signalCount: 4711 }));
    await expect.poll(() => row("f-000000").textContent()).toContain("4.711");
  });

  it("scrolls through thousands of rows with few of them in the page", async () => {
    await signIn();
    const grid = page.getByRole("treegrid");
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe(String(FINDINGS + 1));
    for (let step = 0; step < 200; step++) {
      if ((await grid.locator(`[aria-rowindex="${FINDINGS + 1}"]:not(.waiting)`).count()) > 0)
        break;
      await grid.hover();
      await page.mouse.wheel(0, 40_000);
      await page.waitForTimeout(30);
    }
    await grid.locator(`[aria-rowindex="${FINDINGS + 1}"]:not(.waiting)`).waitFor();
    expect(await grid.getByRole("row").count()).toBeLessThan(120);
  });

  it("keeps the filter in the address", async () => {
    await signIn();
    await row("f-000000").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("LSASS");
    await expect.poll(() => page.url()).toContain("text=LSASS");
    await expect.poll(() => page.getByRole("treegrid").getAttribute("aria-rowcount")).toBe("2");
    await page.reload();
    await row("f-000001").waitFor();
    expect(await page.getByLabel("Suche", { exact: true }).inputValue()).toBe("LSASS");
  });
});

describe("hostile log data", () => {
  it("is text only, and its invisible characters are seen", async () => {
    await server.put(hostileFinding(7));
    await signIn("/warteschlange/f-hostile");
    await heading().waitFor();
    const title = (await heading().textContent()) ?? "";
    expect(title).toContain("<img src=x onerror=");
    expect(title).toContain("⟨U+202E⟩");
    expect(title).toContain("⟨U+0000⟩");
    for (const char of ["\u202e", "\u200b", "\u0000", "\u2066", "\u0007"])
      expect(await page.locator("body").textContent()).not.toContain(char);
    expect(HOSTILE_TITLE).toContain("\u202e");
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.title()).toBe("Warteschlange · Heidewacht");
    expect(await page.locator("mark").first().textContent()).toBe("gpj.exe");
  });
});

describe("log sources", () => {
  it("are listed the worst first, filtered, and explained one by one", async () => {
    await signIn("/quellen");
    const names = page.locator("tbody th button");
    await expect.poll(() => names.count()).toBe(5);
    expect(await names.first().textContent()).toContain("firewall");
    await names.first().click();
    await page.getByText("so eingestellt").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("sources-open");
    await page.getByLabel("Zustand").selectOption({ label: "Uhr falsch" });
    await expect.poll(() => names.count()).toBe(1);
    await names.first().click();
    await page.getByText("vermutlich falsche Zeitzone").waitFor();
    await page.getByLabel("Name, Eingang oder Format").fill("gibtesnicht");
    await page.getByText("Keine Quelle passt").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("h1").click();
    await page.keyboard.press("g");
    await page.keyboard.press("z");
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/quellen");
  });
});

const SCREENS = [
  ["queue", "/warteschlange"],
  ["detail", "/warteschlange/f-000000"],
  ["hostile", "/warteschlange/f-hostile"],
  ["empty", "/warteschlange?text=gibtesnicht"],
  ["missing", "/warteschlange/nichts"],
  ["events", "/ereignisse"],
  ["rules", "/regeln"],
  ["silences", "/stummschaltungen"],
  ["sources", "/quellen"],
  ["status", "/zustand"],
  ["nowhere", "/nirgends"],
] as const;

describe("accessibility", () => {
  for (const theme of ["light", "dark"] as const) {
    for (const language of ["de", "en"] as const) {
      it(`has no axe violation: ${theme}, ${language}`, async () => {
        await server.put(hostileFinding(7));
        await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await signIn();
        await page.getByText("Darstellung").click();
        expect(await axeViolations()).toEqual([]);
        if (language === "en") await page.getByLabel("English").check();
        for (const [name, path] of SCREENS) {
          await page.goto(server.url + path);
          await page.locator("h1").first().waitFor();
          await page.waitForLoadState("load");
          await page.waitForTimeout(250);
          expect(await page.locator("html").getAttribute("lang")).toBe(language);
          expect(await axeViolations(), `${name} at ${path}`).toEqual([]);
          await picture(`${name}-${theme}-${language}`);
        }
      });
    }
  }

  it("has no axe violation in its dialogs, at sign-in and when narrow", async () => {
    await page.goto(server.url);
    await page.getByLabel("Name").waitFor();
    expect(await axeViolations()).toEqual([]);
    await page.getByRole("button", { name: "Erste Einrichtung" }).click();
    expect(await axeViolations()).toEqual([]);
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    for (const key of ["?", "f", "u"]) {
      await page.keyboard.press(key);
      await page.getByRole("dialog").waitFor();
      expect(await axeViolations(), key).toEqual([]);
      await page.keyboard.press("Escape");
    }
    // 400 % zoom of a screen 1280 wide (WCAG 1.4.10).
    await page.setViewportSize({ width: 320, height: 640 });
    for (const [name, path] of SCREENS) {
      await page.goto(server.url + path);
      await page.locator("#content").waitFor();
      await page.waitForTimeout(250);
      expect(await axeViolations(), name).toEqual([]);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow, `${name} scrolls sideways`).toBe(0);
      await picture(`${name}-narrow`);
    }
  });
});
