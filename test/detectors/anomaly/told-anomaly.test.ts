// What a finding keeps of an anomaly: words, values and numbers that fit its schema after a way through JSON,
// and stay small, whatever a model says.
import { describe, expect, it } from "vitest";
import type { Anomaly, Driver } from "../../../detectors/anomaly/anomaly.ts";
import { toldAnomaly, toldAnomalySchema } from "../../../detectors/anomaly/told-anomaly.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const words = {
  features: { "volume.failed_logons": "Fehlanmeldungen", "volume.hosts": "Zielrechner" },
  kinds: { burst: "plötzlich viel mehr als sonst" },
};
const picture = {
  ...{ feature: "volume.failed_logons", from: 1000, stepMs: 100 },
  ...{ values: [3, 4.123456, 240], low: [0, 0, 0], high: [11, 11, 11] },
};
const told = (more: Partial<Anomaly>) => toldAnomaly(exampleAnomaly(more), words, "de");

describe("what a finding keeps of an anomaly", () => {
  it("are the sentence, the drivers in words, and the picture", () => {
    const kept = told({ picture });
    expect(kept.sentence).toContain("Fehlanmeldungen: 240");
    expect(kept.drivers).toEqual([
      {
        ...{ feature: "volume.failed_logons", name: "Fehlanmeldungen", seen: "240" },
        ...{ expected: "3,2", limit: "11", against: "own", share: 0.8 },
      },
      {
        ...{ feature: "volume.hosts", name: "Zielrechner", seen: "„srv-db“" },
        ...{ expected: "„srv-file“, „srv-print“", against: "peers", share: 0.2 },
      },
    ]);
    expect(kept.picture).toEqual({
      ...{ name: "Fehlanmeldungen", from: 1000, stepMs: 100 },
      ...{ values: [3, 4.123, 240], low: [0, 0, 0], high: [11, 11, 11] },
    });
  });

  it("is the newest part of a long series, with the time of its first value", () => {
    const long = Array.from({ length: 1000 }, (_, at) => at);
    const kept = told({ picture: { ...picture, values: long, low: long, high: long } }).picture;
    expect(kept?.values.length).toBe(120);
    expect(kept?.values.at(-1)).toBe(999);
    expect(kept?.from).toBe(1000 + 880 * 100);
    expect(kept?.low).toEqual(kept?.values);
  });

  it.each([
    ["a driver that was never seen", [{ expected: undefined }]],
    ["no usual values", [{ expected: [] }]],
    [
      "numbers that JSON does not know",
      [{ seen: Infinity, expected: Number.NaN, limit: -Infinity }],
    ],
    ["a megabyte", [{ feature: "x".repeat(1_000_000), seen: "y".repeat(1_000_000) }]],
    ["a name of every object", [{ feature: "__proto__", seen: "constructor" }]],
    ["a thousand drivers", Array.from({ length: 1000 }, () => ({ share: Number.NaN }))],
  ])("fits its schema after a way through JSON and stays small with %s", (_, changes) => {
    const [driver] = exampleAnomaly().drivers;
    // The example's driver with other values is one.
    const drivers = changes.map((change) => ({ ...driver, ...change }) as Driver);
    const values = [Number.NaN, Infinity, -1e308, ...Array(500).fill(1e308)];
    const hostile = { ...picture, values, low: values, high: [] };
    const text = JSON.stringify(
      told({ drivers, picture: hostile, tail: Number.NaN, time: Number.NaN }),
    );
    expect(toldAnomalySchema.safeParse(JSON.parse(text)).success).toBe(true);
    expect(text.length).toBeLessThan(12_000);
  });

  it.each([Number.NaN, Infinity, 0, -5])("leaves out a picture with the distance %d", (stepMs) => {
    expect(told({ picture: { ...picture, stepMs } }).picture).toBeUndefined();
  });
});
