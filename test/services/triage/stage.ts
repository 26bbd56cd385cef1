// Runs the triage stage on the real bus and store over signals in batches, and gives back the findings.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Level, Signal } from "../../../detectors/detector.ts";
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";
import { encodeSignal } from "../../../services/bus/signal-record.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { EXCEPTION_KIND, type Exception } from "../../../services/store/exception.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND, SILENCE_KIND } from "../../../services/store/kinds.ts";
import { MAINTENANCE_KIND, type Maintenance } from "../../../services/store/maintenance.ts";
import type { Silence } from "../../../services/store/silence.ts";
import type { Store } from "../../../services/store/store.ts";
import { startTriage, type TriageOptions } from "../../../services/triage/triage.ts";

export const NOON = Date.UTC(2026, 10, 21, 12);
export const HOUR_MS = 3_600_000;
const TENANT = "kreis";

export interface StageRun {
  readonly options?: Partial<TriageOptions>;
  readonly silences?: readonly Silence[];
  readonly exceptions?: readonly Exception[];
  readonly maintenance?: readonly Maintenance[];
  /** Whether the stage is stopped and started again after each batch. */
  readonly interrupt?: boolean;
  /** Done after each batch but the last one. */
  readonly between?: (store: Store) => Promise<void>;
  /** Looked at or changed before the store is closed. */
  readonly after?: (store: Store) => Promise<void>;
}

/** All findings by id, after the batches were folded one after the other. */
export async function runStage(
  batches: readonly (readonly Signal[])[],
  run: StageRun = {},
): Promise<Finding[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-triage-"));
  const limits = { retentionMs: 1e9, retentionBytes: 1e9, backlogBytesMax: 1e9 };
  const topics = [{ name: "signals", partitions: 1, compacted: false, ...limits }];
  const bus = openEmbeddedBus({ dataDir, topics, sealedTopics: [] });
  const store = openEmbeddedStore({ dataDir });
  const options: TriageOptions = {
    findingWindowMs: HOUR_MS,
    inhibitions: [],
    riskThreshold: 0,
    recordsPerBatchMax: 100,
    retryDelayMs: 10,
    language: "de",
    timeZoneOf: () => "Europe/Berlin",
    isCriticalHost: () => false,
    ...run.options,
  };
  const start = () => startTriage(bus, store, [TENANT], options, pino({ level: "silent" }));
  try {
    for (const silence of run.silences ?? []) {
      await store.create(TENANT, SILENCE_KIND, silence.id, silence);
    }
    for (const exception of run.exceptions ?? []) {
      await store.create(TENANT, EXCEPTION_KIND, exception.id, exception);
    }
    for (const window of run.maintenance ?? []) {
      await store.create(TENANT, MAINTENANCE_KIND, window.id, window);
    }
    let stage = await start();
    for (const [index, batch] of batches.entries()) {
      if (index > 0) await run.between?.(store);
      const records = batch.map((one) => ({ key: undefined, value: encodeSignal(one) }));
      await bus.publish(TENANT, "signals", records);
      while ((await bus.lag(TENANT, "signals", "triage")).records > 0) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      if (run.interrupt === true) {
        await stage.close();
        stage = await start();
      }
    }
    await stage.close();
    await run.after?.(store);
    return await findingsIn(store);
  } finally {
    await bus.close();
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
}

/** All findings of the store, by id. */
export async function findingsIn(store: Store): Promise<Finding[]> {
  const page = await store.search(TENANT, FINDING_KIND, { sort: [], limit: 1000 });
  return page.hits.map((hit) => hit.document).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A signal `n` minutes after noon; raised when it happened. */
export function stageSignal(
  rule: string,
  host: string,
  level: Level,
  n: number,
  more: Partial<Signal> = {},
): Signal {
  const time = NOON + n * 60_000;
  return {
    id: `${rule}-${host}-${n}`,
    tenant: TENANT,
    detector: {
      id: rule,
      kind: "sigma",
      title: rule,
      description: "",
      level,
      status: "test",
      techniques: [],
      tactics: [`tactic-${rule}`],
      falsePositives: [],
      references: [],
      response: [],
      origin: "x.yml",
    },
    time,
    raisedAt: time,
    entities: [{ type: "host", value: host }],
    groupKey: `host:${host}`,
    source: "s",
    matched: [],
    events: [{ id: `e-${rule}-${host}-${n}`, time, document: { "host.name": host } }],
    ...more,
  };
}

export function silenceOf(id: string, matchers: Silence["matchers"], more: Partial<Silence> = {}) {
  const span = { from: NOON, until: NOON + HOUR_MS };
  const made = { createdAt: NOON, createdBy: "acc-1", reason: "Wartung" };
  return { id, tenant: TENANT, matchers, ...span, ...made, ...more };
}

const CONSENT = {
  ...{ proposedAt: NOON, proposedBy: "acc-1", needs: [], truePositives: [] },
};

/** About one detector, an hour from noon. */
export function exceptionOf(
  id: string,
  detector: string,
  matchers: Exception["matchers"],
  more: Partial<Exception> = {},
): Exception {
  return {
    ...{ id, tenant: TENANT, detector, title: detector, matchers, finding: "fp" },
    ...{ from: NOON, until: NOON + HOUR_MS, reason: "Fehlalarm", owner: "acc-1" },
    consent: CONSENT,
    ...more,
  };
}

/** An hour from noon, once. */
export function maintenanceOf(
  id: string,
  matchers: Maintenance["matchers"],
  more: Partial<Maintenance> = {},
): Maintenance {
  return {
    ...{ id, tenant: TENANT, matchers, from: NOON, until: NOON + HOUR_MS },
    ...{ timeZone: "Europe/Berlin", reason: "Wartung", owner: "acc-1", consent: CONSENT },
    ...more,
  };
}
