// What is remembered of one pair of addresses, and how machine-like it is: the newest pauses between
// contacts and the newest sizes, exact, in two small rings. People's pauses spread over orders of magnitude;
// a programme's stay close to one length, or to twice or thrice it where a contact was lost.
import type { EventReference } from "../../keyed.ts";
import type { StateReader, StateWriter } from "../state.ts";

/** Pauses and sizes that are kept: enough for a judgement, little enough for a hundred thousand pairs. */
const SAMPLES_MAX = 128;
/** A contact that begins so soon after another one belongs to it: retries, parts of one page. */
const SAME_CONTACT_MS = 2_000;
const FIRST_SAMPLES = 8;
const EVENTS_KEPT = 4;

/** The mean deviation of a pair about which nothing is known: that of people's traffic. */
export const USUAL_DEVIATION = 0.65;
/** So many samples of the usual deviation are added to every pair, so that few samples prove little. */
const PRIOR_SAMPLES = 2;
/** Lost contacts that a pause may span. */
const MULTIPLE_MAX = 3;

/** The newest values, oldest overwritten; grows from few to `SAMPLES_MAX`. */
interface Ring {
  values: Float64Array;
  /** All that were ever added. */
  added: number;
}

export interface Contacts {
  readonly first: number;
  /** Begin of the newest contact. */
  last: number;
  readonly port: number;
  readonly source: string;
  readonly pauses: Ring;
  readonly sizes: Ring;
  readonly events: EventReference[];
  /** When it was last judged, and said. */
  judgedAt: number;
  saidAt: number;
  /** When it last became part of what is usual. */
  learntAt: number;
}

export function createContacts(time: number, port: number, source: string): Contacts {
  const ring = () => ({ values: new Float64Array(FIRST_SAMPLES), added: 0 });
  return {
    first: time,
    last: time,
    port,
    source,
    pauses: ring(),
    sizes: ring(),
    events: [],
    judgedAt: Number.NEGATIVE_INFINITY,
    saidAt: Number.NEGATIVE_INFINITY,
    learntAt: Number.NEGATIVE_INFINITY,
  };
}

/** One more connection. Times come in order; an earlier one counts as the same contact. */
export function addContact(contacts: Contacts, id: string, time: number, bytesOut: number): void {
  push(contacts.sizes, bytesOut);
  if (contacts.events.length >= EVENTS_KEPT) contacts.events.shift();
  contacts.events.push({ id, time, rule: 0 });
  const pause = time - contacts.last;
  if (contacts.sizes.added === 1 || pause < SAME_CONTACT_MS) return;
  push(contacts.pauses, pause);
  contacts.last = time;
}

function push(ring: Ring, value: number): void {
  const { length } = ring.values;
  if (ring.added === length && length < SAMPLES_MAX) {
    const larger = new Float64Array(length * 2);
    larger.set(ring.values);
    ring.values = larger;
  }
  ring.values[ring.added % ring.values.length] = value;
  ring.added += 1;
}

/** The kept values, oldest first. */
export function kept(ring: Ring): number[] {
  const { values, added } = ring;
  const count = Math.min(added, values.length);
  const out: number[] = [];
  for (let index = added - count; index < added; index += 1)
    out.push(values[index % values.length] ?? 0);
  return out;
}

export interface Regularity {
  /** Median pause, milliseconds. */
  readonly periodMs: number;
  /** Mean relative deviation of the pauses from the period, 0 (clockwork) to 1, drawn to the usual. */
  readonly pauseDeviation: number;
  /** The same of the bytes sent. */
  readonly sizeDeviation: number;
  readonly sizeMedian: number;
  readonly pauses: number;
}

export function regularity(contacts: Contacts): Regularity {
  const pauses = kept(contacts.pauses);
  const sizes = kept(contacts.sizes);
  const periodMs = median(pauses);
  const sizeMedian = median(sizes);
  let pauseSum = PRIOR_SAMPLES * USUAL_DEVIATION;
  for (const pause of pauses) pauseSum += pauseDeviation(pause / periodMs);
  let sizeSum = PRIOR_SAMPLES * USUAL_DEVIATION;
  // Connections without a byte (refused, probed) say nothing about a programme's message.
  for (const size of sizes)
    sizeSum += sizeMedian > 0 ? Math.min(1, Math.abs(size / sizeMedian - 1)) : USUAL_DEVIATION;
  return {
    periodMs,
    pauseDeviation: pauseSum / (pauses.length + PRIOR_SAMPLES),
    sizeDeviation: sizeSum / (sizes.length + PRIOR_SAMPLES),
    sizeMedian,
    pauses: pauses.length,
  };
}

/** Of a pause in periods, 0 to 1; a multiple counts as lost contacts, somewhat dearer than a single. */
function pauseDeviation(periods: number): number {
  const multiple = Math.min(MULTIPLE_MAX, Math.max(1, Math.round(periods)));
  const deviation = Math.abs(periods / multiple - 1);
  return Math.min(1, multiple === 1 ? deviation : deviation * 1.5);
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Writes a pair's state; `readContacts` gives it back exactly. */
export function writeContacts(writer: StateWriter, contacts: Contacts): void {
  const { first, last, port, judgedAt, saidAt, learntAt, source, events } = contacts;
  for (const value of [first, last, port, judgedAt, saidAt, learntAt]) writer.float(value);
  writer.text(source);
  for (const ring of [contacts.pauses, contacts.sizes]) {
    writer.count(ring.added);
    writer.floats(ring.values);
  }
  writer.count(events.length);
  for (const event of events) {
    writer.text(event.id);
    writer.float(event.time);
  }
}

export function readContacts(reader: StateReader): Contacts {
  const first = reader.float();
  const last = reader.float();
  const port = reader.float();
  const judgedAt = reader.float();
  const saidAt = reader.float();
  const learntAt = reader.float();
  const source = reader.text();
  const pauses: Ring = { added: reader.count(), values: reader.floats() };
  const sizes: Ring = { added: reader.count(), values: reader.floats() };
  const events: EventReference[] = [];
  for (let left = reader.count(); left > 0; left -= 1)
    events.push({ id: reader.text(), time: reader.float(), rule: 0 });
  return { first, last, port, source, pauses, sizes, events, judgedAt, saidAt, learntAt };
}
