// Triage whose process dies between any two writes: the real stage over the real embedded store, which does
// only so many writes and then no more, as after kill -9.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Signal } from "../../../detectors/detector.ts";
import type { Bus, ConsumeOptions } from "../../../services/bus/bus.ts";
import { encodeSignal } from "../../../services/bus/signal-record.ts";
import { DETECTOR_RECORD_KIND } from "../../../services/store/detector-record.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { PROPOSAL_KIND } from "../../../services/store/proposal.ts";
import type { Kind, RevisionResult, Store, Versioned } from "../../../services/store/store.ts";
import { startTriage, type TriageOptions } from "../../../services/triage/triage.ts";
import { HOUR_MS } from "./stage.ts";

const TENANT = "kreis";
const DOCUMENTS_MAX = 2000;

/** What a history leaves in the store: kind and id → document, as text. */
type Left = ReadonlyMap<string, string>;

/** What happens at a write: the process dies before it, or the store refuses it once. */
export interface Fault {
  readonly kind: "killed" | "refused";
  /** Number of the write, from 0 on. */
  readonly at: number;
}

export interface FaultyRun {
  readonly left: Left;
  readonly writes: number;
}

/** Folds the batches one after the other; what was not done when the fault came is given again. */
export async function runHistory(
  batches: readonly (readonly Signal[])[],
  options: Partial<TriageOptions>,
  fault?: Fault,
): Promise<FaultyRun> {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-kills-"));
  const store = openEmbeddedStore({ dataDir });
  const faulty = new FaultyWrites(fault);
  try {
    let handle = await startStage(faulty.over(store), options);
    for (const [offset, batch] of batches.entries()) {
      while (!(await handle(offset, batch).then(() => true, faulty.isOwn))) {
        if (fault?.kind === "killed") handle = await startStage(faulty.over(store), options);
      }
    }
    return { left: await leftIn(store), writes: faulty.writes };
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
}

class FaultyWrites {
  writes = 0;
  readonly #fault: Fault | undefined;
  readonly #error = new Error("the process is gone");

  constructor(fault: Fault | undefined) {
    this.#fault = fault;
  }

  /** False for the fault that was asked for; all others are thrown. */
  readonly isOwn = (error: unknown): false => {
    if (error !== this.#error) throw error;
    return false;
  };

  /** The store as one process has it: dead for it from its death on. */
  over(store: Store): Store {
    let isDead = false;
    const write = async <T>(doIt: () => Promise<T>): Promise<T> => {
      const number = this.writes;
      this.writes += 1;
      if (number === this.#fault?.at) isDead = this.#fault.kind === "killed";
      if (isDead || number === this.#fault?.at) throw this.#error;
      return doIt();
    };
    // Elsewhere each finding and each document is a write of its own, so it is here.
    const many = {
      recordSignals: async (
        ...[tenant, kind, groups, fold]: Parameters<Store["recordSignals"]>
      ) => {
        const changed = [];
        for (const one of groups) {
          changed.push(
            ...(await write(() => store.recordSignals(tenant, kind, new Map([one]), fold))),
          );
        }
        return changed;
      },
      async reviseAll<D>(...[tenant, kind, ids, revise]: Parameters<typeof store.reviseAll<D>>) {
        const results: RevisionResult[] = [];
        for (const id of ids) {
          results.push(...(await write(() => store.reviseAll(tenant, kind, [id], revise))));
        }
        return results;
      },
    };
    return {
      ...many,
      get: async (...asked) => (isDead ? Promise.reject(this.#error) : store.get(...asked)),
      search: async (...asked) => (isDead ? Promise.reject(this.#error) : store.search(...asked)),
      count: (...asked) => store.count(...asked),
      create: (...asked) => write(() => store.create(...asked)),
      replace: (...asked) => write(() => store.replace(...asked)),
      put: (...asked) => write(() => store.put(...asked)),
      remove: (...asked) => write(() => store.remove(...asked)),
      eraseAuditPayload: (...asked) => write(() => store.eraseAuditPayload(...asked)),
      appendAudit: (...asked) => write(() => store.appendAudit(...asked)),
      readAudit: (...asked) => store.readAudit(...asked),
      verifyAudit: (tenant) => store.verifyAudit(tenant),
      watch: (...asked) => store.watch(...asked),
      tenants: () => store.tenants(),
      close: async () => undefined,
    };
  }
}

async function startStage(store: Store, more: Partial<TriageOptions>) {
  const asked: ConsumeOptions[] = [];
  const bus: Pick<Bus, "consume"> = {
    async consume(_tenants, options) {
      asked.push(options);
      return { pause: () => undefined, resume: () => undefined, close: async () => undefined };
    },
  };
  const options = {
    ...{ findingWindowMs: HOUR_MS, inhibitions: [], riskThreshold: 0, recordsPerBatchMax: 100 },
    ...{ retryDelayMs: 10, language: "de" as const, timeZoneOf: () => "Europe/Berlin" },
    ...{ isCriticalHost: () => false, now: () => 0 },
    ...more,
  };
  // The stage only consumes.
  await startTriage(bus as Bus, store, [TENANT], options, pino({ level: "silent" }));
  return async (offset: number, signals: readonly Signal[]) => {
    const records = signals.map((one) => ({
      ...{ partition: 0, offset, key: undefined, value: encodeSignal(one) },
      ...{ headers: {}, appendedAt: 0 },
    }));
    const batch = { tenant: TENANT, topic: "signals", partition: 0, records };
    await asked[0]?.handle(batch, AbortSignal.timeout(60_000));
  };
}

async function leftIn(store: Store): Promise<Left> {
  const left = new Map<string, string>();
  const take = async <D>(kind: Kind<D>) => {
    const page = await store.search(TENANT, kind, { sort: [], limit: DOCUMENTS_MAX });
    for (const { id, document } of page.hits as readonly Versioned<D>[]) {
      left.set(`${kind.name} ${id}`, JSON.stringify(document));
    }
  };
  await take(FINDING_KIND);
  await take(PROPOSAL_KIND);
  await take(DETECTOR_RECORD_KIND);
  return left;
}
