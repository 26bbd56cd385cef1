// Reads one file of a threat list, whatever of the three forms it has, and counts what could not be used.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Confidence, TlpLabel } from "../../../config/enrichment.ts";
import type { IndicatorFacts } from "./indicator-set.ts";
import { readMisp } from "./read-misp.ts";
import { readPlain } from "./read-plain.ts";
import { readStix } from "./read-stix.ts";
import type { Subject } from "./subject.ts";

/** Indicators read at a stretch: other work gets its turn in between. */
const INDICATORS_PER_TURN = 2000;
const SECONDS_MAX = 0xffff_ffff;

/** What became of the entries of a list. */
export interface ListTally {
  taken: number;
  /** Their time is over. */
  expired: number;
  /** By the list itself not meant for detection, deleted or revoked. */
  unmeant: number;
  /** Kinds of which nothing is looked for: mail addresses, registry keys, file names. */
  otherKind: number;
  /** What can't be read, or is too wide to say anything. */
  unreadable: number;
  /** Over the limit of all lists together. */
  overLimit: number;
}

export function emptyTally(): ListTally {
  return { taken: 0, expired: 0, unmeant: 0, otherKind: 0, unreadable: 0, overLimit: 0 };
}

/** What a reader found; what it does not say, the configuration says. */
interface FoundIndicator {
  readonly subject: Subject;
  readonly confidence?: Confidence | undefined;
  readonly tlp?: TlpLabel | undefined;
  /** ms UTC: when it was last true. */
  readonly seenAt?: number | undefined;
  /** ms UTC, where the list says when it ends. */
  readonly endsAt?: number | undefined;
}

/** One entry of a list: indicators, or the reason why there is none. */
export type ListEntry =
  | FoundIndicator
  | keyof Pick<ListTally, "unmeant" | "otherKind" | "unreadable">;

export interface ListReading {
  readonly defaults: { readonly confidence: Confidence; readonly tlp: TlpLabel };
  readonly expiryMs: number;
  /** ms UTC. */
  readonly now: number;
  /** Last change of the file, ms UTC. */
  readonly changedAt: number;
  /** @returns false when there is no room */
  readonly add: (subject: Subject, facts: IndicatorFacts) => boolean;
  readonly tally: ListTally;
  /** For text from outside: refuses what is nested too deep. */
  readonly parseJson: (text: string) => unknown;
}

/** @throws what is no JSON though it begins like some */
export async function readList(text: string, reading: ListReading): Promise<void> {
  let read = 0;
  for (const entry of entriesOf(text, reading)) {
    if (typeof entry === "string") reading.tally[entry] += 1;
    else take(entry, reading);
    read += 1;
    if (read % INDICATORS_PER_TURN === 0) await nextTurn();
  }
}

function entriesOf(text: string, { parseJson }: ListReading): Iterable<ListEntry> {
  const start = text.search(/[^\s\ufeff]/);
  const looksLikeJson =
    text[start] === "{" || /^\[\s*(?:\{|\])/.test(text.slice(start, start + 99));
  if (!looksLikeJson) return readPlain(text);
  const content = parseJson(start === 0 ? text : text.slice(start));
  return readStix(content) ?? readMisp(content);
}

function take(found: FoundIndicator, { defaults, expiryMs, now, changedAt, ...to }: ListReading) {
  const { subject, confidence, tlp, seenAt, endsAt } = found;
  const until = endsAt ?? (seenAt ?? changedAt) + expiryMs;
  if (until <= now) {
    to.tally.expired += 1;
    return;
  }
  const isTaken = to.add(subject, {
    confidence: confidence ?? defaults.confidence,
    tlp: tlp ?? defaults.tlp,
    expiresAt: Math.min(SECONDS_MAX, Math.floor(until / 1000)),
  });
  if (isTaken) to.tally.taken += 1;
  else to.tally.overLimit += 1;
}
