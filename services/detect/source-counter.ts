// Gathers what this process sees of the log sources and publishes it every second. What a batch had is
// counted once the batch is done, so that one that comes again counts once; where a crash or another
// process repeats it, the source monitor tells by its place.
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import type { Bus, OutgoingRecord } from "../bus/bus.ts";
import { encodeSourceCounts, type SourceCounts } from "../bus/source-counts-record.ts";
import { addLag, mergeLags, noLags } from "./lag-window.ts";
import { addHost, addName } from "./source-health.ts";

const FLUSH_MS = 1000;
const SOURCES_MAX = 1000;
/** Times of receipt that are told one by one; a bulk request is one time. */
const TIMES_MAX = 512;

type Stretch = SourceCounts["stretch"];

/** What one batch has of the sources. */
export interface BatchCounts {
  parsed(
    source: string,
    record: { readonly format: string; readonly receivedAt: number; readonly eventAt: number },
  ): void;
  failed(source: string, reason: string, receivedAt: number): void;
  /** @param host whatever the event says; kept only where it is watched by name */
  host(source: string, host: unknown, receivedAt: number): void;
}

export interface SourceCounter {
  begin(): BatchCounts;
  /** The batch is done: its output is durable. */
  done(tenant: string, stretch: Stretch, batch: BatchCounts): void;
  /** Publishes what is there; before partitions go to somebody else. Never rejects: it comes again. */
  flush(): Promise<void>;
  /** Publishes the last of it. */
  close(): Promise<void>;
}

export interface SourceCounterParts {
  readonly bus: Pick<Bus, "publish">;
  /** Whether a host is watched by its name: machines that are named in the configuration, no others. */
  readonly isWatchedHost: (host: string) => boolean;
  readonly logger: Logger;
}

type Tally = {
  -readonly [Key in keyof Omit<SourceCounts, "source" | "stretch">]: SourceCounts[Key];
};
type Tallies = Map<string, Tally>;

interface Pending {
  stretch: Stretch;
  readonly tallies: Tallies;
}

/** Starts the rounds. */
export function startSourceCounter(parts: SourceCounterParts): SourceCounter {
  const batches = new WeakMap<BatchCounts, Tallies>();
  /** Tenant → raw partition → what is not published yet. Bounded: merged while the bus is away. */
  const pending = new Map<string, Map<number, Pending>>();
  let publishing = Promise.resolve();
  let isAway = false;
  const publish = async (): Promise<void> => {
    for (const [tenant, partitions] of pending) {
      const taken = [...partitions.values()];
      if (taken.length === 0) continue;
      pending.set(tenant, new Map());
      try {
        await parts.bus.publish(tenant, "source-counts", taken.flatMap(recordsOf));
        isAway = false;
      } catch (error) {
        const reason = messageOf(error);
        if (!isAway) parts.logger.warn({ tenant, reason }, "counts of sources wait for the bus");
        isAway = true;
        for (const one of taken) addPending(pending, tenant, one.stretch, one.tallies);
      }
    }
  };
  const flush = () => {
    publishing = publishing.then(publish);
    return publishing;
  };
  const timer = setInterval(flush, FLUSH_MS);
  timer.unref();
  return {
    begin() {
      const tallies: Tallies = new Map();
      const batch = batchCounts(tallies, parts.isWatchedHost);
      batches.set(batch, tallies);
      return batch;
    },
    done(tenant, stretch, batch) {
      const tallies = batches.get(batch);
      batches.delete(batch);
      if (tallies !== undefined) addPending(pending, tenant, stretch, tallies);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function batchCounts(tallies: Tallies, isWatchedHost: (host: string) => boolean): BatchCounts {
  return {
    parsed(source, { format, receivedAt, eventAt }) {
      const tally = tallyOf(tallies, source);
      if (tally === undefined) return;
      addReceived(tally, receivedAt);
      addName(tally.formats, format, 1);
      tally.lastEventAt = Math.max(tally.lastEventAt ?? eventAt, eventAt);
      addLag(tally.lags, receivedAt - eventAt);
    },
    failed(source, reason, receivedAt) {
      const tally = tallyOf(tallies, source);
      if (tally === undefined) return;
      addReceived(tally, receivedAt);
      tally.failed += 1;
      addName(tally.reasons, reason, 1);
    },
    host(source, host, receivedAt) {
      if (typeof host !== "string" || !isWatchedHost(host)) return;
      const tally = tallyOf(tallies, source);
      if (tally !== undefined) addHost(tally.hosts, host.toLowerCase(), receivedAt);
    },
  };
}

function tallyOf(tallies: Tallies, source: string): Tally | undefined {
  const known = tallies.get(source);
  if (known !== undefined || tallies.size >= SOURCES_MAX) return known;
  const made: Tally = {
    ...{ records: 0, failed: 0, formats: {}, reasons: {}, hosts: {} },
    ...{ receivedAt: [], lastEventAt: null, lags: noLags() },
  };
  tallies.set(source, made);
  return made;
}

function addReceived(tally: Tally, receivedAt: number): void {
  tally.records += 1;
  // Neighbours mostly came in one request.
  if (tally.receivedAt.at(-1) !== receivedAt) tally.receivedAt.push(receivedAt);
}

function addPending(
  pending: Map<string, Map<number, Pending>>,
  tenant: string,
  stretch: Stretch,
  tallies: Tallies,
): void {
  const partitions = pending.get(tenant) ?? new Map<number, Pending>();
  pending.set(tenant, partitions);
  const known = partitions.get(stretch.partition) ?? { stretch, tallies: new Map() };
  partitions.set(stretch.partition, known);
  if (stretch.appendedAt >= known.stretch.appendedAt) known.stretch = stretch;
  for (const [source, tally] of tallies) {
    const into = tallyOf(known.tallies, source);
    if (into !== undefined) mergeTally(into, tally);
  }
}

function mergeTally(into: Tally, tally: Tally): void {
  into.records += tally.records;
  into.failed += tally.failed;
  for (const [name, records] of Object.entries(tally.formats)) addName(into.formats, name, records);
  for (const [name, records] of Object.entries(tally.reasons)) addName(into.reasons, name, records);
  for (const [host, at] of Object.entries(tally.hosts)) addHost(into.hosts, host, at);
  into.receivedAt = thinned([...into.receivedAt, ...tally.receivedAt]);
  if (tally.lastEventAt !== null) {
    into.lastEventAt = Math.max(into.lastEventAt ?? tally.lastEventAt, tally.lastEventAt);
  }
  mergeLags(into.lags, tally.lags);
}

/** Ascending, each once, the first and the newest always. */
function thinned(times: readonly number[]): number[] {
  let kept = [...new Set(times)].sort((a, b) => a - b);
  while (kept.length > TIMES_MAX) {
    const last = kept.length - 1;
    kept = kept.filter((_, index) => index % 2 === 0 || index === last);
  }
  return kept;
}

function recordsOf({ stretch, tallies }: Pending): OutgoingRecord[] {
  return [...tallies].map(([source, tally]) => ({
    key: source,
    value: encodeSourceCounts({ source, stretch, ...tally }),
  }));
}
