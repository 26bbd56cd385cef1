// What a model found, on the page of its finding in a real Chromium: the sentence, the picture with a text of
// the same content, and what drove it.
import { describe, expect, it } from "vitest";
import {
  axeViolations,
  heading,
  page,
  picture,
  server,
  setUpConsole,
  signIn,
} from "./console-browser.ts";
import { finding } from "./console-findings.ts";

const SENTENCE =
  "Ungewöhnliches Verhalten: Konto „konto-7k2m9x4bqe“, weit mehr Anmeldungen als sonst.";
const HOUR_MS = 3_600_000;
const first = Date.UTC(2026, 10, 19, 8);
const values = [4, 6, 5, null, 7, 5, 61];
const anomaly = {
  ...{ detector: "volume", kind: "many_logons", tail: 1e-7, sentence: SENTENCE },
  entity: { type: "account" as const, value: "konto-7k2m9x4bqe" },
  ...{ from: first, time: first + 7 * HOUR_MS },
  drivers: [
    {
      ...{ feature: "volume.logons_hour", name: "Anmeldungen in der Stunde", seen: "61" },
      ...{ expected: "5", limit: "12", against: "own" as const, share: 0.75 },
    },
    {
      ...{ feature: "rarity.host", name: "Zielrechner", seen: "„<img src=x>\u202efs01“" },
      ...{ against: "peers" as const, share: 0.25 },
    },
  ],
  picture: {
    ...{ name: "Anmeldungen in der Stunde", from: first, stepMs: HOUR_MS },
    ...{ values, low: values.map(() => 0), high: values.map(() => 12) },
  },
};
const detector = { ...finding(2).detector, kind: "anomaly" as const };

setUpConsole([finding(0, { detector, anomaly })]);

describe("what a model found", () => {
  it("is told in a sentence, a picture with its text, and a table of what drove it", async () => {
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    const part = page.locator(".unusual");
    expect(await part.textContent()).toContain(SENTENCE);
    const shown = part.getByRole("img", { name: /Anmeldungen in der Stunde: 7 Werte/ });
    expect(await shown.count()).toBe(1);
    expect(await part.locator("figcaption").textContent()).toMatch(
      /Kleinster Wert [\d,]+, größter 61\. Zuletzt 61, außerhalb des Üblichen \(0 bis 12\)\.$/,
    );
    expect(await part.locator(".unusual-outside").count()).toBe(1);
    const rows = await part.locator("tbody tr").allTextContents();
    expect(rows[0]).toMatch(
      /Anmeldungen in der Stunde61.*5.*\(Grenze 12\)der eigenen Vergangenheit75/,
    );
    expect(rows[1]).toMatch(/nie gesehender Vergleichsgruppe25/);
    expect(await part.locator("img").count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await picture("anomaly");
  });

  it("without a picture or drivers is told in the sentence alone", async () => {
    const { picture: _none, ...rest } = anomaly;
    await server.put(finding(0, { detector, anomaly: { ...rest, drivers: [] } }));
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    const part = page.locator(".unusual");
    expect(await part.textContent()).toBe(SENTENCE);
    expect(await axeViolations()).toEqual([]);
  });

  it("tells the sentence once where the summary has it, and stacks its table on a small screen", async () => {
    await server.put(finding(0, { detector, anomaly, summary: `Anomalie. ${SENTENCE}` }));
    await page.setViewportSize({ width: 320, height: 900 });
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    expect(await page.locator("article").getByText(SENTENCE).count()).toBe(1);
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(overflow).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await page.locator(".unusual").scrollIntoViewIfNeeded();
    await picture("anomaly-320");
  });

  it("of changed surroundings is told with examples, and without the marks of a rule", async () => {
    const said = "Verändertes Umfeld: 34 Objekte weichen zugleich auf dieselbe Weise ab.";
    const [evidence] = finding(0).evidence;
    if (evidence === undefined) throw new Error("no evidence");
    const matched = [
      { field: "explanation", value: said, operator: "unusual", pattern: "" },
      { field: "rarity.host", value: "lk-\u202efs03", operator: "unusual", pattern: "Rechner" },
    ];
    await server.put(finding(0, { detector, evidence: [{ ...evidence, matched }] }));
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    const part = page.locator(".unusual");
    await part.getByText(said).waitFor();
    expect(await part.locator("tbody tr").textContent()).toMatch(/^Rechnerlk-.*fs03$/);
    expect(await part.locator("mark").count()).toBe(0);
    expect(await part.getByText("unusual").count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
  });
});
