// The console in a real Chromium, under the strict CSP: sign-in, queue, triage by keyboard, conflict,
// live changes, hostile texts, thousands of rows, and axe-core on every screen, theme and language.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { build } from "vite";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from "vitest";
import { finding, HOSTILE_TITLE, hostileFinding } from "./console-findings.ts";
import { ACCOUNT, type ConsoleServer, prepareData, startConsoleServer } from "./console-server.ts";

const CONSOLE = join(import.meta.dirname, "../../services/console");
const DIST = join(CONSOLE, "dist");
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
const FINDINGS = 5200;
/** Set to keep pictures of every screen. */
const pictures = process.env.HEIDEWACHT_PICTURES;

let browser: Browser;
let prepared: string;
let server: ConsoleServer;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  expect(existsSync(CHROMIUM), `${CHROMIUM} is missing: apt-get install chromium`).toBe(true);
  // The runner sets NODE_ENV to "test", with which React's development build would go in.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  await build({ root: CONSOLE, configFile: join(CONSOLE, "vite.config.ts"), logLevel: "error" });
  process.env.NODE_ENV = before;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  prepared = await prepareData(Array.from({ length: FINDINGS }, (_, n) => finding(n)));
});
afterAll(async () => {
  await browser.close();
  rmSync(prepared, { recursive: true });
});

beforeEach(async () => {
  server = await startConsoleServer(DIST, prepared);
  context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
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

async function signIn(path = "/"): Promise<void> {
  await page.goto(server.url + path);
  await page.getByLabel("Name").fill(ACCOUNT.name);
  await page.getByLabel("Passwort").fill(ACCOUNT.password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("navigation").first().waitFor();
}

const row = (id: string) => page.locator(`#finding-${id}`);
const heading = () => page.locator("#finding-title");
const openId = () => new URL(page.url()).pathname.split("/").at(-1);

/** Runs axe through the debugger, because the page's CSP allows no foreign script. */
async function axeViolations(): Promise<string[]> {
  const debug = await context.newCDPSession(page);
  const run = `(async () => { ${AXE}; const r = await axe.run(document, { resultTypes: ["violations"] });
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

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

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
    const first = await startConsoleServer(DIST);
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
    const grid = page.getByRole("grid");
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
    await expect.poll(() => page.getByRole("grid").getAttribute("aria-rowcount")).toBe("2");
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

describe("silences", () => {
  const inDialog = () => page.getByRole("dialog");

  it("are made from a finding after a look at what they would hide, and ended", async () => {
    await server.put(finding(0, { raisedAt: Date.UTC(2026, 10, 20, 9, 30) }));
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    await page.getByRole("button", { name: "Stummschalten …" }).click();
    await inDialog().waitFor();
    expect(await inDialog().getByLabel("Wert").first().inputValue()).toMatch(/^00000000-/);
    expect(await inDialog().getByLabel("Wert").nth(1).inputValue()).toBe("host:lk-dc01");
    await inDialog().getByText("In den letzten 7 Tagen").waitFor();
    await inDialog().getByText("1 offener Befund verlässt").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silence-dialog");
    // The machine's clock is not the server's, which is in its own time.
    await inDialog().getByLabel("Von", { exact: true }).fill("2026-11-20T10:00");
    await inDialog().getByLabel("Bis", { exact: true }).fill("2026-11-20T18:00");
    await inDialog().getByLabel("Grund").fill("Wartung der Sicherung");
    await inDialog().getByRole("button", { name: "Stummschalten" }).click();
    await expect.poll(async () => (await server.get("f-000000"))?.silencedBy?.length).toBe(1);
    await page.getByText("fiel in eine Stummschaltung").waitFor();
    await expect.poll(() => row("f-000000").count()).toBe(0);
    await picture("silenced-finding");
    await page.getByRole("button", { name: /^Stumm\s*1$/ }).click();
    await row("f-000000").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silenced-queue");

    await page.getByRole("link", { name: "Stummschaltungen", exact: true }).click();
    const line = page.locator("tbody tr");
    await expect.poll(() => line.textContent()).toContain("Aktiv");
    expect(await line.textContent()).toContain("Wartung der Sicherung");
    expect(await axeViolations()).toEqual([]);
    await picture("silences");
    await line.getByRole("button", { name: "Beenden" }).click();
    await inDialog().waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silence-end");
    await inDialog().getByRole("button", { name: "Zurücknehmen" }).click();
    await expect.poll(() => line.textContent()).toContain("zurückgenommen");
    expect((await server.get("f-000000"))?.silencedBy).toBeUndefined();
  });

  it("warn of what people found to be true and of the gravest hosts", async () => {
    const verdict = { verdict: "true_positive", at: 1, by: "a-2" } as const;
    const asset = { key: "asset", points: 6, detail: "" } as const;
    const raisedAt = Date.UTC(2026, 10, 20, 9, 30);
    await server.put(finding(0, { raisedAt, status: "closed", verdict, scoreParts: [asset] }));
    await signIn("/stummschaltungen");
    await page.getByText("Es gibt keine Stummschaltung.").waitFor();
    await page.getByRole("button", { name: "Neue Stummschaltung" }).click();
    await inDialog().getByText("Noch keine vollständige Bedingung").waitFor();
    await inDialog().getByLabel("Feld").fill("level");
    await inDialog().getByLabel("Wert").fill("critical");
    await inDialog().getByText("1 kritischer Befund auf").waitFor();
    await inDialog().getByText("1 Befund, der als richtig positiv").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("silence-warning");
    await inDialog().getByRole("button", { name: "Weitere Bedingung" }).click();
    await inDialog().getByRole("button", { name: "Bedingung 2 entfernen" }).click();
    await expect.poll(() => inDialog().getByLabel("Wert").count()).toBe(1);
  });

  it("leave alone what stands below a graver finding; both name each other", async () => {
    await server.put(finding(3, { inhibitedBy: ["f-000000"] }));
    await signIn("/warteschlange/f-000000");
    await page.getByRole("heading", { name: "Untergeordnete Befunde" }).waitFor();
    expect(await row("f-000003").count()).toBe(0);
    await page.getByText("24 Stunden").first().click();
    expect(await axeViolations()).toEqual([]);
    await page.getByRole("heading", { name: "Risiko der Objekte" }).scrollIntoViewIfNeeded();
    await picture("risk");
    await page.goto(`${server.url}/warteschlange/f-000003`);
    await page.getByRole("link", { name: "Übergeordneter Befund 1" }).click();
    await expect.poll(openId).toBe("f-000000");
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
