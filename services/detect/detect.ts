// The detect stage: raw records from the bus are parsed, matched against the rules, freed of identities,
// archived, and what hit goes on as signals. Stateless: any process may take any partition. Clear text
// lives here in memory only.
import type { Logger } from "pino";
import { type AppError, isAppError, messageOf } from "../../config/errors.ts";
import type { LeveledLink } from "../../detectors/correlation/leveled-plan.ts";
import { type Level, levelRank, type Match, type Signal } from "../../detectors/detector.ts";
import type { EcsDocument, LogEvent } from "../../detectors/event.ts";
import type { Archive, ArchivedEvent } from "../archive/archive.ts";
import type { Batch, Bus, Consumer, IncomingRecord, OutgoingRecord } from "../bus/bus.ts";
import { decodeRaw, type RawRecord } from "../bus/raw-record.ts";
import { encodeSignal } from "../bus/signal-record.ts";
import type { Enricher } from "../enrich/enricher.ts";
import { ecsDocument } from "../normalize/ecs-document.ts";
import type { Format } from "../normalize/format.ts";
import type { Normalizer } from "../normalize/normalizer.ts";
import type { JoinableEvent, RecordJoiner } from "../normalize/record-joiner.ts";
import type { IdentityMap, Privacy } from "../privacy/privacy.ts";
import type { Activity } from "./activity.ts";
import { deadDocument, deadEventId, deadLetter } from "./dead-letter.ts";
import { withFormerNames } from "./former-names.ts";
import type { DetectMetrics } from "./metrics.ts";
import { observationsOf, type RawPlace } from "./observe.ts";
import type { RawProgress } from "./raw-progress.ts";
import { signalOf } from "./signal.ts";
import type { BatchCounts, SourceCounter } from "./source-counter.ts";
import { unusualOf } from "./unusual.ts";
import { type ActivityBlocks, createActivityBlocks } from "./unusual-record.ts";

/** The rules as the stage sees them; swapped between batches when rules change. */
export interface DetectRules {
  match(event: LogEvent): readonly Match[];
  /** Where hits of a rule go besides: correlations that join it. */
  linksOf(ruleId: string): readonly LeveledLink[];
  /** Rules that only feed correlations. */
  isSilenced(ruleId: string): boolean;
}

export interface DetectOptions {
  readonly minLevel: Level;
  readonly recordsPerBatchMax: number;
  readonly lingerMs: number;
  readonly retryDelayMs: number;
  readonly now: () => number;
}

export interface DetectParts {
  readonly bus: Bus;
  readonly archive: Archive;
  /** False: events are kept nowhere and no host is watched, so that only hits are written out. */
  readonly writesAll: boolean;
  readonly normalizer: Normalizer;
  /** Of this process: groups of records that are still open lie in it. */
  readonly joiner: RecordJoiner;
  readonly enricher: Pick<Enricher, "view" | "document">;
  readonly privacy: Privacy;
  /** Seals the names that privacy has seen, before anything with their pseudonyms goes out. */
  readonly keepNames: (tenant: string) => Promise<void>;
  readonly rules: () => DetectRules;
  /** Whether anomaly detectors get to see what events tell; only where all events are written. */
  readonly watchesBehaviour: boolean;
  /** The built-in detector beside the rules: what in an event is meant for those who read logs. */
  readonly manipulation: (event: LogEvent) => readonly Match[];
  readonly progress: RawProgress;
  readonly metrics: DetectMetrics;
  readonly activity: Activity;
  readonly sources: Pick<SourceCounter, "begin" | "done" | "flush">;
  /** Retention class that the configuration gives a source; undefined: what the format says. */
  readonly dataClassOf: (tenant: string, source: string) => Format["dataClass"] | undefined;
  readonly logger: Logger;
}

/** Starts the stage; closing it waits for the batch at hand. */
export function startDetect(
  tenants: readonly string[],
  parts: DetectParts,
  options: DetectOptions,
): Promise<Consumer> {
  return parts.bus.consume(tenants, {
    topic: "raw",
    group: "detect",
    recordsPerBatchMax: options.recordsPerBatchMax,
    lingerMs: options.lingerMs,
    retryDelayMs: options.retryDelayMs,
    handle: async (batch) => {
      try {
        await detectBatch(batch, parts, options);
      } catch (error) {
        parts.progress.failed(batch.tenant, batch.partition);
        throw error;
      }
    },
    onAssigned: (tenant, partitions) =>
      parts.bus.publish(tenant, "observations", parts.progress.assigned(tenant, partitions)),
    onRevoked: async (tenant, partitions) => {
      parts.progress.revoked(tenant, partitions);
      await parts.sources.flush();
    },
    onError: (error, batch) =>
      parts.logger.error(
        { err: error, topic: batch.topic, partition: batch.partition },
        "a batch could not be processed and comes again",
      ),
    onGap: (gap) =>
      parts.logger.error({ ...gap }, "records went before they could be searched for attacks"),
  });
}

const NO_COUNT = { offset: -1, index: 0 };

interface BatchOutput {
  readonly archived: { readonly offset: number; readonly event: ArchivedEvent }[];
  readonly signals: Signal[];
  readonly observations: OutgoingRecord[];
  /** Activities go into `observations`, several in a record. */
  readonly activities: ActivityBlocks;
  /** Observations of the record at hand so far. */
  count: { readonly offset: number; index: number };
  readonly dead: { readonly key: string; readonly value: Uint8Array }[];
  readonly sources: BatchCounts;
}

// The archive first, then signals and observations, then the dead-letter; the bus commits last. A crash in between
// repeats the batch: positions, signal ids and record ids make the repetition harmless.
async function detectBatch(
  batch: Batch,
  parts: DetectParts,
  options: DetectOptions,
): Promise<void> {
  const [first] = batch.records;
  const last = batch.records.at(-1);
  if (first === undefined || last === undefined) return;
  // One set of rules for the whole batch, whatever is swapped meanwhile.
  const rules = parts.rules();
  parts.progress.begin(batch.tenant, batch.partition);
  const observations: OutgoingRecord[] = [];
  const output: BatchOutput = {
    archived: [],
    signals: [],
    observations,
    activities: createActivityBlocks(batch.partition, observations),
    count: NO_COUNT,
    dead: [],
    sources: parts.sources.begin(),
  };
  for (const one of eventsOf(batch, parts, output)) {
    const record = batch.records[one.index];
    if (record !== undefined) processEvent(batch, record, one, rules, parts, options, output);
  }
  output.activities.end();
  await parts.keepNames(batch.tenant);
  await parts.archive.append(
    batch.tenant,
    {
      stream: `${batch.topic}/${batch.partition}`,
      firstOffset: first.offset,
      lastOffset: last.offset,
    },
    output.archived,
  );
  if (output.signals.length > 0) {
    await parts.bus.publish(
      batch.tenant,
      "signals",
      output.signals.map((signal) => ({ key: signal.groupKey, value: encodeSignal(signal) })),
    );
  }
  const hasObservations = output.observations.length > 0;
  const progress = parts.progress.end(batch.tenant, batch.partition, hasObservations);
  if (hasObservations || progress.length > 0) {
    await parts.bus.publish(batch.tenant, "observations", [...output.observations, ...progress]);
  }
  if (output.dead.length > 0) await parts.bus.publish(batch.tenant, "dead-letter", output.dead);
  const { partition } = batch;
  const stretch = { partition, lastOffset: last.offset, appendedAt: last.appendedAt };
  parts.sources.done(batch.tenant, stretch, output.sources);
  parts.activity.reached(batch.tenant, last.appendedAt);
  parts.metrics.signals.inc({ tenant: batch.tenant }, output.signals.length);
}

// In the order of the stream, by which observations are told from their repetition; what is not complete
// at the end stands behind all others, at the last record. Each event is given out before the next one is
// parsed, so that it can be forgotten at once: what lives for a whole batch costs the garbage collector more
// than all else here.
function* eventsOf(
  batch: Batch,
  parts: DetectParts,
  output: BatchOutput,
): Generator<JoinableEvent> {
  const joining = parts.joiner.begin();
  for (const [index, record] of batch.records.entries()) {
    const parsed = parseRecord(batch, record, index, parts, output);
    const event = parsed === undefined ? undefined : joining.add(parsed);
    if (event !== undefined) yield event;
  }
  for (const event of joining.end()) yield { ...event, index: batch.records.length - 1 };
}

function placeOf(batch: Batch, record: IncomingRecord): string {
  return `${batch.topic}/${batch.partition}/${record.offset}`;
}

// The record's event; undefined when it is none, or none could be made of it.
function parseRecord(
  batch: Batch,
  record: IncomingRecord,
  index: number,
  parts: DetectParts,
  output: BatchOutput,
): JoinableEvent | undefined {
  const place = placeOf(batch, record);
  let raw: RawRecord;
  try {
    raw = decodeRaw(record.value);
  } catch (error) {
    parts.logger.error({ err: error, place }, "a raw record can't be read");
    output.dead.push({ key: place, value: record.value });
    return undefined;
  }
  try {
    const parsed = parts.normalizer.normalize(raw, batch.tenant);
    if ("skipped" in parsed) return undefined;
    if ("event" in parsed) {
      const { event, format } = parsed;
      const eventAt = event.claimedTime ?? event.time;
      const seen = { format: format.id, receivedAt: raw.receivedAt, eventAt };
      output.sources.parsed(raw.source, seen);
      return { event, format, index };
    }
    giveUp(batch.tenant, record, raw, parsed.fault, place, parts, output);
  } catch (error) {
    giveUp(batch.tenant, record, raw, error, place, parts, output);
  }
  return undefined;
}

function processEvent(
  batch: Batch,
  record: IncomingRecord,
  { event, format, archiveId = event.id }: JoinableEvent,
  rules: DetectRules,
  parts: DetectParts,
  options: DetectOptions,
  output: BatchOutput,
): void {
  try {
    const matches = withOwn(rules.match(parts.enricher.view(event)), parts.manipulation(event));
    const { partition } = batch;
    const clock = parts.progress.reach(batch.tenant, partition, event.time, event.ingestedAt);
    const { offset, appendedAt } = record;
    const place = { partition, offset, appendedAt, clock };
    // Records that were joined may give several events.
    if (output.count.offset !== record.offset) output.count = { offset: record.offset, index: 0 };
    if (parts.writesAll || matches.length > 0) {
      const document = ecsDocument(event, format);
      parts.enricher.document(document, batch.tenant);
      const identities = parts.privacy.protectDocument(batch.tenant, document);
      output.archived.push({
        offset: record.offset,
        event: {
          id: archiveId,
          time: event.time,
          source: event.source,
          dataClass: parts.dataClassOf(batch.tenant, event.source) ?? format.dataClass,
          document,
        },
      });
      output.sources.host(event.source, document["host.name"], event.ingestedAt);
      if (parts.watchesBehaviour && parts.writesAll) {
        const unusual = unusualOf(document, event.shape.family, {
          ...{ id: archiveId, time: event.time, source: event.source },
          groupOf: (account) => parts.privacy.groupOf(batch.tenant, account),
        });
        if (unusual !== undefined) {
          const former = parts.privacy.formerOf(batch.tenant);
          output.activities.add(withFormerNames(unusual, former), place, output.count);
        }
      }
      raise(
        { event, archiveId, document, identities, place },
        matches,
        rules,
        parts,
        options,
        output,
      );
    }
    parts.metrics.events.inc({ tenant: batch.tenant, format: format.id });
    parts.activity.event(batch.tenant, event.source, options.now());
  } catch (error) {
    // A fault of ours in one event must not hold up the others: it is kept, counted and told.
    const raw = decodeRaw(record.value);
    giveUp(batch.tenant, record, raw, error, placeOf(batch, record), parts, output);
  }
}

// Hardly any event has hits of its own, so that the rules' list is mostly handed on as it is.
function withOwn(matches: readonly Match[], own: readonly Match[]): readonly Match[] {
  return own.length === 0 ? matches : [...matches, ...own];
}

/** An event with hits, as it is told to others. */
interface HitEvent {
  readonly event: LogEvent;
  readonly archiveId: string;
  readonly document: EcsDocument;
  readonly identities: IdentityMap;
  readonly place: RawPlace;
}

function raise(
  { event, archiveId, document, identities, place }: HitEvent,
  matches: readonly Match[],
  rules: DetectRules,
  parts: DetectParts,
  options: DetectOptions,
  output: BatchOutput,
): void {
  for (const match of matches) {
    const links = rules.linksOf(match.detector.id);
    if (links.length > 0) output.activities.end();
    output.observations.push(
      ...observationsOf(match, links, archiveId, place, output.count, parts.privacy, identities),
    );
    const isTold = levelRank(match.detector.level) >= levelRank(options.minLevel);
    if (!isTold || rules.isSilenced(match.detector.id)) continue;
    const raisedAt = options.now();
    output.signals.push(signalOf(match, document, identities, parts.privacy, raisedAt));
    parts.activity.hit(event.tenant, match.detector.id, raisedAt);
    parts.metrics.delay.observe(Math.max(0, raisedAt - event.ingestedAt) / 1000);
  }
}

function giveUp(
  tenant: string,
  record: IncomingRecord,
  raw: RawRecord,
  fault: AppError | unknown,
  place: string,
  parts: DetectParts,
  output: BatchOutput,
): void {
  const code = isAppError(fault) ? fault.code : "HW_PARSE_FAILED";
  parts.metrics.deadLetters.inc({ tenant, reason: code });
  parts.activity.failed(tenant, raw.source, raw.receivedAt);
  output.sources.failed(raw.source, code, raw.receivedAt);
  if (!isAppError(fault))
    parts.logger.error({ err: fault, place }, "an event could not be processed");
  output.dead.push({ key: raw.id, value: deadLetter(raw, code, messageOf(fault), place) });
  const document = deadDocument(tenant, raw, code, place);
  output.archived.push({
    offset: record.offset,
    event: {
      id: deadEventId(raw),
      time: raw.receivedAt,
      source: raw.source,
      dataClass: "security",
      document,
    },
  });
}
