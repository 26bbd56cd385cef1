// The page of models in a real Chromium, over the real API and store: the alarm budget with its days, drift, versions
// in force and in the shadow, and what a human does with them; wide and narrow, light and dark.
import { describe, expect, it } from "vitest";
import { ANOMALY_DRIFT_KIND, type StoredDrift } from "../../services/store/anomaly-drift.ts";
import {
  MODEL_COMPARISON_KIND,
  MODEL_KIND,
  type Model,
  type ModelComparison,
  type ModelVersion,
} from "../../services/store/model.ts";
import { axeViolations, page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { finding } from "./console-findings.ts";
import { ADMIN } from "./console-server.ts";

const TENANT = "lklg";
const NOW = Date.UTC(2026, 10, 20, 9, 40);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Turns the direction of what follows. */
const MARK = "\u202e";

/** Anomalies by detector, days ago; three a day are the budget. */
const DAYS: readonly (readonly string[])[] = [
  ["logons-travel"],
  ["rarity-program", "logons-odd_hour"],
  ["beacon-beacon", "rarity-program", "volume-bytes", "volume-bytes", "drift-rarity-program"],
  [],
  ["dga-names"],
];
const anomalies = DAYS.flatMap((kinds, days) => kinds.map((kind) => ({ kind, days })));
setUpConsole(
  anomalies.map(({ kind, days }, n) => {
    const usual = finding(n);
    const detector = { ...usual.detector, id: `anomaly-${kind}`, kind: "anomaly" as const };
    return finding(n, { detector, firstEventAt: NOW - days * DAY_MS - n });
  }),
  { width: 1280, height: 900 },
);

const metrics = {
  ...{ recallAtFpr1pct: 0.9312, auroc: 0.9871, flaggedUsual: 0.0021, flaggedMade: 0.8725 },
  ...{ usual: 1204, made: 5000 },
};
function version(number: number, changes: Partial<ModelVersion>): ModelVersion {
  const trainedAt = NOW - (5 - number) * 7 * DAY_MS;
  return {
    ...{ version: number, state: "retired", trainedAt, trainedBy: "a-9", features: 44, seed: 1 },
    window: { from: trainedAt - 30 * DAY_MS, to: trainedAt },
    examples: { site: 1600 + number * 200, own: 20_000 },
    ...{ backend: "wasm", trainingMs: 15_200, metrics, evaluations: [], bytes: 420_100 },
    hash: String(number).repeat(64),
    ...changes,
  };
}
const MODEL: Model = {
  ...{ tenant: TENANT, name: "dga", past: [1, 2], next: 5, changedAt: NOW - DAY_MS },
  versions: [
    version(1, {}),
    version(2, { promotedAt: NOW - 20 * DAY_MS, promotedBy: "a-9" }),
    version(3, {
      ...{ state: "active", promotedAt: NOW - 13 * DAY_MS, promotedBy: "a-9" },
      evaluations: [
        {
          at: NOW - 2 * DAY_MS,
          window: { from: NOW - 9 * DAY_MS, to: NOW - 2 * DAY_MS },
          metrics: { ...metrics, recallAtFpr1pct: 0.9 },
        },
      ],
    }),
    version(4, { state: "shadow", metrics: { ...metrics, recallAtFpr1pct: 0.951, auroc: 0.99 } }),
  ],
};
const COMPARISON: ModelComparison = {
  ...{ tenant: TENANT, active: 3, shadow: 4, since: NOW - 6 * DAY_MS, changedAt: NOW - HOUR_MS },
  ...{ judged: 12_345, activeFlagged: 42, shadowFlagged: 50, bothFlagged: 40 },
  onlyActive: ["cdn-7f3a.example.net", "x2k9.example.org"],
  onlyShadow: Array.from({ length: 10 }, (_, n) => `q${n}zk${MARK}vw8<img src=x>.example.com`),
};
const BINS = [1, 0.5, 0.2, 0.1, 0.01, 0.001, 0.0001];
const DRIFT: StoredDrift = {
  ...{ detector: "rarity", state: "drift", day: NOW - 10 * HOUR_MS, since: NOW - 2 * DAY_MS },
  ...{ scores: 812, scoresUsual: 15_320, psi: 0.41, psiLimit: 0.25, ks: 0.22, ksLimit: 0.1 },
  ...{ bins: BINS, before: [0.5, 0.3, 0.1, 0.09, 0.009, 0.0009, 0.0001] },
  after: [0.3, 0.25, 0.15, 0.14, 0.1, 0.05, 0.01],
  ...{ held: 4, heldTotal: 9, changedAt: NOW },
};

async function fill(): Promise<void> {
  await server.store.put(TENANT, MODEL_KIND, "dga", MODEL);
  await server.store.put(TENANT, MODEL_COMPARISON_KIND, "dga", COMPARISON);
  const steady = { ...DRIFT, detector: "volume", state: "steady" as const, psi: 0.02, ks: 0.01 };
  const { since: _since, ...rest } = steady;
  for (const one of [DRIFT, { ...rest, held: 0, heldTotal: 0 }])
    await server.store.put(TENANT, ANOMALY_DRIFT_KIND, one.detector, one);
}

const model = () => page.getByRole("region", { name: /^Errechnete Namen/ });
const button = (name: string | RegExp) => page.getByRole("button", { name });
const dialog = () => page.getByRole("dialog");
const versionRow = (number: number) =>
  model()
    .locator(".version-table tr")
    .filter({ has: page.getByRole("rowheader", { name: `Fassung ${number}` }) });
/** Text without the marks that stand for hidden characters. */
const textOf = async (one: { textContent(): Promise<string | null> }) =>
  (await one.textContent())?.replace(/\s+/g, " ");

async function openPage(account?: typeof ADMIN): Promise<void> {
  await signIn("/modelle", account);
  await page.getByRole("heading", { name: "Modelle", exact: true }).waitFor();
  await model().waitFor();
}

describe("the page of models", () => {
  it("shows the budget, how many were told on the last days, and drift", async () => {
    await fill();
    await signIn("/regeln");
    await page.getByRole("link", { name: "Modelle" }).click();
    await page.getByText("14 Tage: 8 Befunde, im Mittel 0,5 am Tag, an 1 Tag mehr").waitFor();
    const days = page.getByRole("table", { name: "Befunde der letzten Tage" }).getByRole("row");
    expect(await textOf(days.nth(1))).toMatch(/^20\.11\.2026bis jetzt1Anmeldungen 1$/);
    expect(await textOf(days.nth(3))).toMatch(
      /^18\.11\.20264über dem BudgetMengen 2, Regelmäßige Verbindungen 1, .*Umfeld verändert: 1 Meldung$/,
    );
    const drift = page.getByRole("table", { name: /^Detektoren und ob/ }).getByRole("row");
    expect(await textOf(drift.nth(1))).toMatch(
      /^Neues und Seltenesverändertseit 18\.11\.2026.*0,41, Grenze 0,25.*4 seit Beginn, 9 insgesamt$/,
    );
    await page.getByRole("img", { name: "Neues und Seltenes: vorher und zuletzt" }).waitFor();
  });

  it("tells which version is in force, what the one in the shadow would have told, and their worth", async () => {
    await fill();
    await openPage();
    await model()
      .getByText(/^Fassung 3 gilt seit 07\.11\.2026.* Fassung 4 läuft verdeckt/)
      .waitFor();
    await model().getByText("Einig bei 99,9 %.").waitFor();
    const rows = model().getByRole("table", { name: "Was gemeldet worden wäre" }).getByRole("row");
    expect(await Promise.all((await rows.all()).slice(1).map(textOf))).toEqual([
      "beide Fassungen400,32 %",
      "nur Fassung 3, die gilt20,016 %",
      "nur Fassung 4, verdeckt100,081 %",
      "keine12.29399,6 %",
    ]);
    await model().getByText("Beispiele: nur Fassung 4, verdeckt (die letzten 10)").click();
    const samples = model().locator(".model-samples li");
    expect(await samples.first().textContent()).toContain("vw8<img src=x>");
    expect(await page.locator("img").count()).toBe(0);
    expect(await textOf(versionRow(4))).toMatch(/läuft verdeckt.*Erkannt bei 1 % Fehlalarmen95,1/);
    expect(await textOf(versionRow(1))).toContain("Nur 1.800 eigene Beispiele");
    await model().getByText("Einzelheiten zu Fassung 3").click();
    await model().getByText("3".repeat(64)).waitFor();
    await model()
      .getByText(/^Geprüft 18\.11\.2026/)
      .waitFor();
    // An analyst reads, and changes nothing.
    await page.getByText("darf die Verwaltung").waitFor();
    expect(await button(/…$/).count()).toBe(0);
  });

  it("asks a human before a version is in force, says what will change, and goes back", async () => {
    await fill();
    await openPage(ADMIN);
    await model().getByRole("group", { name: "Schritte: Errechnete Namen" }).waitFor();
    await button("Fassung 4 in Kraft setzen …").first().focus();
    await page.keyboard.press("Enter");
    await dialog().getByText("Fassung 4 gilt dann statt Fassung 3.").waitFor();
    await dialog().getByText("Davon hätte sie 10 gemeldet, die").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("models-promote");
    await dialog().getByRole("button", { name: "In Kraft setzen" }).click();
    await page.getByText("Fassung 4 gilt jetzt.").waitFor();
    await model()
      .getByText(/^Fassung 4 gilt seit/)
      .waitFor();
    await button("Zurück zu Fassung 3 …").click();
    await dialog().getByRole("button", { name: "Zurückkehren" }).click();
    await model()
      .getByText(/^Fassung 3 gilt seit/)
      .waitFor();
    const actions = (await server.store.readAudit(TENANT, 1, 50)).map(({ action }) => action);
    expect(actions.filter((one) => one.startsWith("model."))).toEqual([
      "model.promote",
      "model.rollback",
    ]);
  });

  it("says when somebody else was faster", async () => {
    await fill();
    await openPage(ADMIN);
    await button("Fassung 4 in Kraft setzen …").first().click();
    const versions = MODEL.versions.filter((one) => one.version !== 4);
    await server.store.put(TENANT, MODEL_KIND, "dga", { ...MODEL, versions });
    await dialog().getByRole("button", { name: "In Kraft setzen" }).click();
    await dialog().getByText("Diese Fassung gibt es nicht mehr.").waitFor();
  });

  it("goes back once though another has gone back meanwhile", async () => {
    await fill();
    await openPage(ADMIN);
    await button(/^Zurück zu Fassung 2/).click();
    await server.store.put(TENANT, MODEL_KIND, "dga", { ...MODEL, past: [1] });
    await dialog().getByRole("button", { name: "Zurückkehren" }).click();
    await dialog().getByText("Der Stand hat sich inzwischen geändert.").waitFor();
  });

  it("trains the first version, which then runs in the shadow alone", async () => {
    await openPage(ADMIN);
    await model()
      .getByText(/^Noch nichts gelernt/)
      .waitFor();
    await model().getByRole("button", { name: "Neue Fassung lernen …" }).click();
    await dialog().getByLabel("Wie viele Tage").fill("400");
    await dialog().getByRole("button", { name: "Lernen" }).click();
    // The browser itself refuses the number.
    expect(await dialog().isVisible()).toBe(true);
    await dialog().getByLabel("Wie viele Tage").fill("10");
    await dialog().getByRole("button", { name: "Lernen" }).click();
    await model().getByText("Lernen fertig: Fassung 1 läuft jetzt verdeckt mit.").waitFor();
    await model()
      .getByText(/^Keine Fassung gilt/)
      .waitFor();
    await button("Fassung prüfen …").click();
    await dialog().getByRole("button", { name: "Prüfen" }).click();
    await model().getByText("Prüfen fertig: Fassung 1").waitFor();
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 400],
    ["dark", 400],
    ["light", 320],
  ] as const)("has no axe violation and no sideways scrolling: %s, %d px", async (theme, width) => {
    await fill();
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    await openPage(ADMIN);
    await model()
      .getByText(/^Beispiele: nur Fassung 4/)
      .click();
    await model().getByText("Einzelheiten zu Fassung 3").click();
    expect(await axeViolations()).toEqual([]);
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(overflow).toBe(0);
    await picture(`models-${theme}-${width}`, true);
    await button("Fassung 4 in Kraft setzen …").first().click();
    await dialog().waitFor();
    await picture(`models-promote-${theme}-${width}`);
  });

  it("can be read with forced colours", async () => {
    await fill();
    await page.emulateMedia({ forcedColors: "active" });
    await openPage();
    await page.locator(".budget-bar").first().waitFor();
    const colour = await page.evaluate(
      "getComputedStyle(document.querySelector('.budget-bar')).fill",
    );
    expect(colour).not.toBe("none");
    await picture("models-forced", true);
  });
});
