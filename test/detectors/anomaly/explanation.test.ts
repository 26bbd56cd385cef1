// The sentence of an anomaly, and that values of logs can't do anything in it.
import { describe, expect, it } from "vitest";
import { driverText, explainAnomaly } from "../../../detectors/anomaly/explanation.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const words = {
  features: { "volume.failed_logons": "Fehlanmeldungen je Stunde", "volume.hosts": "Zielrechner" },
  kinds: { burst: "plötzlich viel mehr als sonst" },
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

  it.each([1e-15, 1e-300, 0, -1])("counts no further than a thousand million: %d", (tail) => {
    const text = explainAnomaly(exampleAnomaly({ tail }), words, "de");
    expect(text).toMatch(/in höchstens 1 von 1\.000\.000\.000 Fällen vor\.$/);
  });

  it("makes nothing rare of a probability that is none", () => {
    const text = explainAnomaly(exampleAnomaly({ tail: Number.NaN }), words, "de");
    expect(text).toMatch(/in höchstens 1 von 1 Fällen vor\.$/);
  });

  it("tells estimates to three digits, and begins sentences with a capital", () => {
    const [driver] = exampleAnomaly().drivers;
    if (driver === undefined) throw new Error("no driver");
    const numbers = { ...driver, seen: 1369, expected: 22.5806, limit: 1237.6195 };
    const small = { ...words, features: { "volume.failed_logons": "umbenannte Dateien" } };
    expect(explainAnomaly(exampleAnomaly({ drivers: [numbers] }), small, "de")).toContain(
      "Umbenannte Dateien: 1.369, üblich sind nach der eigenen Vergangenheit etwa 22,6, Grenze 1.240.",
    );
  });

  it.each([Number.NaN, Infinity, -Infinity, 1e308])("bears the number %d", (seen) => {
    const [driver] = exampleAnomaly().drivers;
    const drivers = driver === undefined ? [] : [{ ...driver, seen }];
    const text = explainAnomaly(exampleAnomaly({ drivers, tail: 1e-300 }), words, "de");
    expect(text).not.toMatch(/NaN|Infinity|∞/);
  });
});
