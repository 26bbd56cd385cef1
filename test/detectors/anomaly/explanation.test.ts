// The sentence and the picture of an anomaly, and that values of logs can't do anything in either.
import { describe, expect, it } from "vitest";
import { driverText, explainAnomaly } from "../../../detectors/anomaly/explanation.ts";
import { sparkline } from "../../../detectors/anomaly/sparkline.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const words = {
  features: { "volume.failed_logons": "Fehlanmeldungen je Stunde", "volume.hosts": "Zielrechner" },
  kinds: { burst: "plötzlich viel mehr als sonst" },
};
const picture = {
  ...{ feature: "volume.failed_logons", from: 0, stepMs: 3_600_000 },
  ...{ values: [3, 4, 2, 240], low: [0, 0, 0, 0], high: [11, 11, 11, 11] },
};

describe("the sentence", () => {
  it("says in German who, what, how much, against what, and how rare that is", () => {
    expect(explainAnomaly(exampleAnomaly(), words, "de")).toBe(
      "Ungewöhnliches Verhalten: Rechner „pc17.kreis.local“, plötzlich viel mehr als sonst. " +
        "Fehlanmeldungen je Stunde: 240, üblich sind nach der eigenen Vergangenheit etwa 3,2, Grenze 11; " +
        "Zielrechner: „srv-db“, üblich sind in der Vergleichsgruppe „srv-file“, „srv-print“. " +
        "Ohne besonderen Anlass kommt so etwas in höchstens 1 von 100.000 Fällen vor.",
    );
  });

  it("says the same in English, and names what has no words", () => {
    expect(explainAnomaly(exampleAnomaly(), { features: {}, kinds: {} }, "en")).toBe(
      "Unusual behaviour: host “pc17.kreis.local”. volume.failed_logons: 240, usual by its own past is " +
        "about 3.2, limit 11; volume.hosts: “srv-db”, usual in its peer group: “srv-file”, “srv-print”. " +
        "Without a special reason this happens in at most 1 of 100,000 cases.",
    );
  });

  it("says of what was never there before that it was not", () => {
    const driver = { feature: "x", seen: "mimikatz.exe", expected: undefined } as const;
    expect(driverText({ ...driver, against: "all", share: 1 }, "Programm", "de")).toBe(
      "Programm: „mimikatz.exe“, im ganzen Haus bisher nie gesehen",
    );
  });

  it.each([
    ["a megabyte", "x".repeat(1_000_000)],
    ["line breaks and control characters", "a\u0000b\r\nc\u2028d"],
    ["a turned writing direction", "exe.\u202Efdp"],
    ["quotation marks and markup", "“<script>”„<b>"],
    ["nothing", ""],
    ["half a character", "\ud800"],
  ])("quotes %s and stays one short line", (_, value) => {
    const anomaly = exampleAnomaly({ entity: { type: "account", value }, kind: "__proto__" });
    const drivers = [{ ...anomaly.drivers[0], feature: "constructor", seen: value }];
    // A driver of the example with another name and value is one.
    const text = explainAnomaly({ ...anomaly, drivers } as typeof anomaly, words, "de");
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028<>]/u);
    expect(text.length).toBeLessThan(500);
    expect(text.split("„").length).toBe(text.split("“").length);
  });

  it.each([Number.NaN, Infinity, -Infinity, 1e308])("bears the number %d", (seen) => {
    const [driver] = exampleAnomaly().drivers;
    const drivers = driver === undefined ? [] : [{ ...driver, seen }];
    const text = explainAnomaly(exampleAnomaly({ drivers, tail: 1e-300 }), words, "de");
    expect(text).not.toMatch(/NaN|Infinity|∞/);
  });
});

describe("the picture", () => {
  it("draws the series over its band and marks the last value", () => {
    const svg = sparkline(picture, "Fehlanmeldungen");
    expect(svg).toContain('d="M3 44.5L81 44.3L159 44.7L237 3"');
    expect(svg).toContain('<circle class="seen" cx="237" cy="3"');
    expect(svg).toContain('class="band"');
  });

  it("leaves a gap where a number is missing", () => {
    const svg = sparkline({ ...picture, values: [1, Number.NaN, 2, 3] }, "x");
    expect(svg?.match(/class="line"[^>]*d="([^"]*)"/)?.[1]?.split("M").length).toBe(3);
  });

  it("says a label that can't leave its attribute", () => {
    expect(sparkline(picture, '"><script>')).toContain('aria-label="&#34;&#62;&#60;script&#62;"');
  });

  it.each([
    ["no values", { values: [], low: [], high: [] }],
    ["nothing but NaN", { values: [Number.NaN], low: [], high: [] }],
  ])("is none of %s", (_, numbers) => {
    expect(sparkline({ ...picture, ...numbers }, "x")).toBeUndefined();
  });

  it.each([
    ["the greatest numbers", { values: [1e308, -1e308], low: [-Infinity, 0], high: [Infinity, 0] }],
    ["equal numbers", { values: [7, 7, 7], low: [7], high: [7] }],
    ["a single value", { values: [0], low: [0], high: [0] }],
    ["a very long series", { values: Array(1_000_000).fill(1), low: [], high: [] }],
  ])("is small and without NaN of %s", (_, numbers) => {
    const svg = sparkline({ ...picture, ...numbers }, "x") ?? "";
    expect(svg).toContain("<svg");
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg.length).toBeLessThan(10_000);
  });
});
