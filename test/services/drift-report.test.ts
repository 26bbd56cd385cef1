// How the scores of detectors stand is on /metrics, and written where it is shown: once per change, and later
// where the store was away.
import pino from "pino";
import { Registry } from "prom-client";
import { expect, it } from "vitest";
import type { ScoreDrift } from "../../detectors/anomaly/score-drift.ts";
import { startDriftReport } from "../../services/drift-report.ts";
import type { StoredDrift } from "../../services/store/anomaly-drift.ts";
import { anomalyDriftSchema } from "../../services/store/anomaly-drift.ts";

const DRIFT: ScoreDrift = {
  ...{ detector: "volume", state: "drift", day: 1000, since: 500, scores: 150, scoresUsual: 2000 },
  ...{ psi: 0.75, psiLimit: 0.25, ks: 0.35, ksLimit: 0.18, bins: [1, 0.5], before: [0.9, 0.1] },
  ...{ after: [0.5, 0.5], held: 3, heldTotal: 7 },
};

it("does not pile up rounds while the store is slow", async () => {
  let puts = 0;
  const open = Promise.withResolvers<void>();
  const report = startDriftReport({
    ...{ tenants: ["kreis"], registry: new Registry(), logger: pino({ level: "silent" }) },
    drifts: () => [{ ...DRIFT, held: puts }],
    now: () => 42,
    store: {
      put: async () => {
        puts += 1;
        await open.promise;
      },
    },
  });
  const first = report.write();
  while (puts === 0) await new Promise((resolve) => setImmediate(resolve));
  const later = Array.from({ length: 100 }, () => report.write());
  open.resolve();
  await Promise.all([first, ...later]);
  expect(puts).toBe(2);
  await report.close();
});

it("tells of drift on /metrics and in the store, again only when it has changed", async () => {
  const registry = new Registry();
  let drifts: readonly ScoreDrift[] = [];
  let isAway = true;
  const documents: [string, string, StoredDrift][] = [];
  const report = startDriftReport({
    ...{ tenants: ["kreis"], registry, logger: pino({ level: "silent" }), now: () => 42 },
    drifts: () => drifts,
    store: {
      async put(tenant, _kind, id, document) {
        if (isAway) throw new Error("away");
        // The only kind that is written here.
        documents.push([tenant, id, document as unknown as StoredDrift]);
      },
    },
  });
  await report.write();
  expect(await registry.metrics()).not.toContain('detector="volume"');
  drifts = [DRIFT];
  await report.write();
  isAway = false;
  await report.write();
  await report.write();
  expect(documents).toEqual([["kreis", "volume", { ...DRIFT, changedAt: 42 }]]);
  expect(anomalyDriftSchema.parse(documents[0]?.[2])).toEqual(DRIFT);
  const text = await registry.metrics();
  const labels = '{tenant="kreis",detector="volume"}';
  expect(text).toContain(`heidewacht_anomaly_drift${labels} 1\n`);
  expect(text).toContain(`heidewacht_anomaly_drift_psi${labels} 0.75\n`);
  expect(text).toContain(`heidewacht_anomaly_drift_ks${labels} 0.35\n`);
  expect(text).toContain(`heidewacht_anomaly_drift_held_findings_total${labels} 7\n`);
  const { since: _since, ...steady } = DRIFT;
  drifts = [{ ...steady, state: "steady", held: 0 }];
  await report.close();
  expect(documents).toHaveLength(2);
  expect(await registry.metrics()).toContain(`heidewacht_anomaly_drift${labels} 0\n`);
});
