// Anomalies as detectors give them, for tests of what is done with them.
import type { Anomaly } from "../../detectors/anomaly/anomaly.ts";

export function exampleAnomaly(more: Partial<Anomaly> = {}): Anomaly {
  return {
    ...{ detector: "volume", kind: "burst", source: "dc", tail: 1e-5 },
    entity: { type: "host", value: "pc17.kreis.local" },
    ...{ from: 1_780_300_000_000, time: 1_780_303_600_000 },
    drivers: [
      {
        ...{ feature: "volume.failed_logons", seen: 240, expected: 3.2, limit: 11 },
        ...{ against: "own", share: 0.8 },
      },
      {
        ...{ feature: "volume.hosts", seen: "srv-db", expected: ["srv-file", "srv-print"] },
        ...{ against: "peers", share: 0.2 },
      },
    ],
    events: [{ id: "e1", time: 1_780_303_600_000, rule: 0 }],
    ...more,
  };
}
