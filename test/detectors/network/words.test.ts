import { describe, expect, it } from "vitest";
import type { Anomaly } from "../../../detectors/anomaly/anomaly.ts";
import { wordsOf } from "../../../detectors/anomaly/catalogue.ts";
import { explainAnomaly } from "../../../detectors/anomaly/explanation.ts";
import { createScanDetector } from "../../../detectors/network/scan/scan.ts";

describe("the words of network detectors", () => {
  it("explain what a detector says, feature by feature, in both languages", () => {
    const detector = createScanDetector();
    const flow = (time: number, from: string, to: string, allowed: boolean) =>
      detector.observe({
        ...{ kind: "flow", id: `f${time}`, time, source: "firewall", from, to, port: 445 },
        ...{ protocol: "tcp", bytesOut: 1, bytesIn: 1, durationMs: 1, allowed },
      });
    for (let place = 0; place < 9000; place += 1)
      flow(place * 2000, `10.0.1.${place % 10}`, `10.2.0.${(place * 7) % 200}`, true);
    for (let place = 0; place < 900; place += 1)
      flow(18_000_000 + place, "10.0.1.3", `10.3.${place >> 8}.${place & 255}`, false);
    const said: readonly Anomaly[] = detector.advance(18_600_000);
    expect(said).toHaveLength(1);
    for (const anomaly of said) {
      for (const language of ["de", "en"] as const) {
        const words = wordsOf(anomaly.detector, language);
        expect(Object.keys(words.kinds)).toContain(anomaly.kind);
        expect(Object.keys(words.features)).toEqual(
          expect.arrayContaining(anomaly.drivers.map(({ feature }) => feature)),
        );
      }
      expect(explainAnomaly(anomaly, wordsOf("scan", "de"), "de")).toContain("10.0.1.3");
    }
  });
});
