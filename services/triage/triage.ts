// The triage stage: signals from the bus become findings in the store, scored and summarised.
import type { Logger } from "pino";
import type { Inhibition } from "../../config/suppression.ts";
import type { Signal } from "../../detectors/detector.ts";
import type { Batch, Bus, Consumer } from "../bus/bus.ts";
import { decodeSignal } from "../bus/signal-record.ts";
import { noteLateSignals } from "../cases/late-signals.ts";
import type { OpenPaging } from "../paging/open.ts";
import type { Finding } from "../store/finding.ts";
import type { Hiding } from "../store/hiding.ts";
import { movesIn, renamed } from "../store/identity-moves.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { reopenedEntry } from "../store/reopened-entry.ts";
import type { Revised, Store } from "../store/store.ts";
import { findingId } from "./finding-id.ts";
import { type FoldOptions, foldSignals } from "./fold.ts";
import { compileInhibitions } from "./inhibition.ts";
import { createOutlook, type Outlook } from "./outlook.ts";
import { proposalsOf, writeProposals } from "./proposals.ts";
import { createQuiet, type Quiet, withQuiet } from "./quiet.ts";
import { createRiskWatch, type RiskWatch } from "./risk.ts";

export interface TriageOptions extends Omit<FoldOptions, "timeZone"> {
  /** IANA zone in which a tenant's summaries tell times. */
  readonly timeZoneOf: (tenant: string) => string;
  /** Hits of one detector on one entity within this window are one finding. */
  readonly findingWindowMs: number;
  readonly inhibitions: readonly Inhibition[];
  /** Risk of an entity within 24 hours from which on there is a finding; 0: never. */
  readonly riskThreshold: number;
  readonly recordsPerBatchMax: number;
  readonly retryDelayMs: number;
  readonly onFindings?: (tenant: string, count: number) => void;
  /** Of audit entries, ms UTC; left out: the system's clock. */
  readonly now?: () => number;
  /** Asked about each finding before it is written; left out: nobody is paged. */
  readonly openPaging?: OpenPaging;
}

interface Parts {
  readonly store: Store;
  readonly outlook: Outlook;
  readonly quiet: Quiet;
  readonly risk: RiskWatch;
  readonly options: TriageOptions;
  readonly logger: Logger;
}

/** Starts the stage; closing it waits for the batch at hand. */
export async function startTriage(
  bus: Bus,
  store: Store,
  tenants: readonly string[],
  options: TriageOptions,
  logger: Logger,
): Promise<Consumer> {
  const outlook = createOutlook(store, options);
  const quiet = createQuiet(
    store,
    compileInhibitions(options.inhibitions),
    (tenant, changed) => writeProposals(store, tenant, proposalsOf(changed), options),
    options.openPaging,
  );
  const risk = createRiskWatch(store, quiet, options);
  const parts: Parts = { store, outlook, quiet, risk, options, logger };
  const forget = () => {
    outlook.forget();
    risk.forget();
  };
  for (const tenant of tenants) await quiet.refreshAll(tenant);
  return bus.consume(tenants, {
    topic: "signals",
    group: "triage",
    recordsPerBatchMax: options.recordsPerBatchMax,
    lingerMs: 0,
    retryDelayMs: options.retryDelayMs,
    // After a failure the repeated batch finds half of its writes done, as after a crash: all is read anew.
    handle: (batch) =>
      triageBatch(batch, parts).catch((error: unknown) => {
        forget();
        throw error;
      }),
    // What is remembered of entities holds only as long as nobody else works on their findings.
    onAssigned: async () => forget(),
    onError: (error, batch) =>
      logger.error({ err: error, topic: batch.topic, partition: batch.partition }, "triage failed"),
    onGap: (gap) => logger.error({ ...gap }, "signals went before they became findings"),
  });
}

async function triageBatch(batch: Batch, parts: Parts): Promise<void> {
  const { store, outlook, quiet, risk, options, logger } = parts;
  const { tenant } = batch;
  const signals = readSignals(batch, logger);
  const named = groupSignals(tenant, signals, options.findingWindowMs);
  if (named.size === 0) return;
  const groups = await continued(store, tenant, named, options.findingWindowMs);
  const since = signals.reduce((least, { raisedAt }) => Math.min(least, raisedAt), Infinity);
  const hiding = await quiet.hiding(tenant, since);
  const changed = await store.recordSignals(tenant, FINDING_KIND, groups, (existing, fresh) =>
    foldOne(tenant, existing, fresh, hiding, options),
  );
  // Also after a crash between the two writes: a repeated batch gives the same groups again.
  const risks = await risk.refresh(tenant, await findingsOf(store, tenant, [...groups.keys()]));
  const written = [...new Set([...groups.keys(), ...risks])];
  // Before places are written: whether a finding is hidden decides whether what it is part of is shown.
  await quiet.refresh(tenant, written);
  const findings = await findingsOf(store, tenant, written);
  await outlook.refresh(tenant, findings);
  await noteLateSignals(store, tenant, findings, options.now?.() ?? Date.now());
  options.onFindings?.(tenant, changed.length);
}

async function findingsOf(
  store: Store,
  tenant: string,
  ids: readonly string[],
): Promise<readonly Finding[]> {
  const found = await Promise.all(ids.map((id) => store.get(tenant, FINDING_KIND, id)));
  return found.flatMap((one) => (one === undefined ? [] : [one.document]));
}

// What is hidden is so from its first moment on: nobody is paged in between.
function foldOne(
  tenant: string,
  existing: Finding | undefined,
  fresh: readonly Signal[],
  hiding: Hiding,
  options: TriageOptions,
): Revised<Finding> {
  const [signal] = fresh;
  if (signal === undefined) throw new RangeError("nothing fresh to fold");
  const id = existing?.id ?? idOf(tenant, signal, options.findingWindowMs);
  const timeZone = options.timeZoneOf(tenant);
  const folded = foldSignals(id, existing, fresh, { ...options, timeZone });
  const seen = withQuiet(folded, hiding(folded), folded.inhibitedBy ?? []);
  const document = options.openPaging?.(seen, existing) ?? seen;
  if (existing === undefined) return { document };
  const at = options.now?.() ?? Date.now();
  const audit = reopenedEntry(
    existing,
    document,
    at,
    fresh.map((one) => one.id),
  );
  return { document, ...(audit === undefined ? {} : { audit }) };
}

function readSignals(batch: Batch, logger: Logger): Signal[] {
  return batch.records.flatMap((record) => {
    try {
      return [decodeSignal(record.value)];
    } catch (error) {
      const place = `${batch.topic}/${batch.partition}/${record.offset}`;
      logger.error({ err: error, place }, "a signal record can't be read and is left out");
      return [];
    }
  });
}

/** Finding id → its signals, in the order given. */
export function groupSignals(
  tenant: string,
  signals: readonly Signal[],
  windowMs: number,
): Map<string, Signal[]> {
  const groups = new Map<string, Signal[]>();
  for (const signal of signals) {
    const id = idOf(tenant, signal, windowMs);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [signal]);
    else group.push(signal);
  }
  return groups;
}

/** Findings that began under an account's pseudonym of the ending epoch go on as the same ones. */
async function continued(
  store: Store,
  tenant: string,
  groups: ReadonlyMap<string, Signal[]>,
  windowMs: number,
): Promise<ReadonlyMap<string, Signal[]>> {
  const keys = [...groups.values()].flatMap(([first]) => first?.groupKey ?? []);
  const { back } = await movesIn(store, tenant, keys);
  if (back.size === 0) return groups;
  const result = new Map<string, Signal[]>();
  for (const [id, signals] of groups) {
    const [first] = signals;
    const formerKey = first && renamed(first.groupKey, back);
    const former = first && idOf(tenant, { ...first, groupKey: formerKey ?? "" }, windowMs);
    const isBegun =
      former !== undefined &&
      (await store.get(tenant, FINDING_KIND, id)) === undefined &&
      (await store.get(tenant, FINDING_KIND, former)) !== undefined;
    const target = isBegun ? former : id;
    result.set(target, [...(result.get(target) ?? []), ...signals]);
  }
  return result;
}

function idOf(
  tenant: string,
  signal: Pick<Signal, "detector" | "groupKey" | "groupWindowMs" | "time">,
  windowMs: number,
): string {
  const window = signal.groupWindowMs ?? windowMs;
  return findingId(tenant, signal.detector.id, signal.groupKey, signal.time, window);
}
