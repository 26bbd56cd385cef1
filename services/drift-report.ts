// Tells how the scores of the anomaly detectors stand to those of before: on /metrics, and as documents for
// whoever shows them, written by the process that owns the detectors' state.
import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import { messageOf } from "../config/errors.ts";
import type { ScoreDrift } from "../detectors/anomaly/score-drift.ts";
import { merged } from "./models/merged-calls.ts";
import { ANOMALY_DRIFT_KIND } from "./store/anomaly-drift.ts";
import type { Store } from "./store/store.ts";

const ROUND_MS = 30_000;

interface DriftReportParts {
  readonly tenants: readonly string[];
  readonly drifts: (tenant: string) => readonly ScoreDrift[];
  readonly store: Pick<Store, "put">;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

interface DriftReport {
  /** Writes what has changed; a store that is away is told of once, and gets it the next time. Never rejects. */
  write(): Promise<void>;
  /** Writes once more. */
  close(): Promise<void>;
}

export function startDriftReport(parts: DriftReportParts): DriftReport {
  registerMetrics(parts);
  /** Tenant and detector → what was written last. */
  const written = new Map<string, string>();
  let isAway = false;
  const writeAll = async () => {
    try {
      for (const tenant of parts.tenants)
        for (const drift of parts.drifts(tenant)) await writeOne(parts, written, tenant, drift);
      isAway = false;
    } catch (error) {
      const reason = messageOf(error);
      if (!isAway) parts.logger.error({ reason }, "drift of anomaly detectors can't be written");
      isAway = true;
    }
  };
  const write = merged(writeAll);
  const timer = setInterval(write, ROUND_MS);
  timer.unref();
  return {
    write,
    close: () => {
      clearInterval(timer);
      return write();
    },
  };
}

async function writeOne(
  { store, now }: DriftReportParts,
  written: Map<string, string>,
  tenant: string,
  drift: ScoreDrift,
): Promise<void> {
  const { detector, bins, before, after } = drift;
  const key = `${tenant}\n${detector}`;
  const text = JSON.stringify(drift);
  if (written.get(key) === text) return;
  const picture = { bins: [...bins], before: [...before], after: [...after] };
  await store.put(tenant, ANOMALY_DRIFT_KIND, detector, { ...drift, ...picture, changedAt: now() });
  written.set(key, text);
}

const FIGURES = [
  [
    "heidewacht_anomaly_drift",
    "Whether the scores of an anomaly detector are others than in the weeks before (1)",
    ({ state }: ScoreDrift) => (state === "drift" ? 1 : 0),
  ],
  [
    "heidewacht_anomaly_drift_psi",
    "Population stability index of a detector's last day against the weeks before",
    ({ psi }: ScoreDrift) => psi,
  ],
  [
    "heidewacht_anomaly_drift_ks",
    "Largest distance of the two distributions of scores (Kolmogorov-Smirnov)",
    ({ ks }: ScoreDrift) => ks,
  ],
] as const;

function registerMetrics({ registry, tenants, drifts }: DriftReportParts): void {
  const labelNames = ["tenant", "detector"] as const;
  for (const [name, help, figureOf] of FIGURES)
    new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      collect() {
        this.reset();
        for (const tenant of tenants)
          for (const one of drifts(tenant))
            this.set({ tenant, detector: one.detector }, figureOf(one));
      },
    });
  new Counter({
    name: "heidewacht_anomaly_drift_held_findings_total",
    help: "Findings of a drifting detector that were held back, because the day had had its budget",
    ...{ labelNames, registers: [registry] },
    collect() {
      this.reset();
      for (const tenant of tenants)
        for (const { detector, heldTotal } of drifts(tenant))
          this.inc({ tenant, detector }, heldTotal);
    },
  });
}
