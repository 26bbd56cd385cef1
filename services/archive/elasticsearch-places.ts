// Which index an event belongs to. Each data class has an index for each day of event time, so that retention
// deletes whole indices. Times that are very old or in the future share one index for each day on which
// they came: no sender can make as many indices as there are days in a calendar.
import type { Elasticsearch } from "../elasticsearch/connection.ts";

export const DAY_MS = 24 * 3_600_000;
/** Older event times have no day of their own. */
const OWN_DAYS = 400;
/** Clocks that are further ahead are wrong. */
const AHEAD_MS = DAY_MS;
/** As services/detect gives them out; events of others are found by looking at what is there. */
const USUAL_CLASSES = ["security", "network", "content"];
const DAY_NAME = /^([a-z][a-z0-9_]*)-(?:(old|future)\.)?(\d{4})\.(\d\d)\.(\d\d)$/;

/** What the name of an index of events says. */
export interface EventIndex {
  readonly index: string;
  readonly dataClass: string;
  /** `day`: of event time; `old`, `future`: of appending, because of what the event times are. */
  readonly kind: "day" | "old" | "future";
  /** End of its day, ms UTC. */
  readonly end: number;
}

/** Names of one tenant's indices. */
export class EventPlaces {
  /** An exact alias of all of them; reading never needs a pattern that fits another tenant's. */
  readonly alias: string;

  constructor(elasticsearch: Pick<Elasticsearch, "prefix">, tenant: string) {
    this.alias = `${elasticsearch.prefix}-events-${tenant}`;
  }

  /** The index for an event that comes now. */
  indexOf(dataClass: string, time: number, now: number): string {
    if (time > now + AHEAD_MS) return this.#name(dataClass, now, "future.");
    if (time < now - OWN_DAYS * DAY_MS) return this.#name(dataClass, now, "old.");
    return this.#name(dataClass, time);
  }

  /** Where an event goes when its own index can't be made. */
  sharedIndexOf(dataClass: string, now: number): string {
    return this.#name(dataClass, now, "old.");
  }

  /** Where an event of this time lies if it came when it happened. */
  likelyIndices(time: number): string[] {
    if (Math.abs(time) > Date.UTC(9999, 0)) return [];
    return USUAL_CLASSES.map((dataClass) => this.#name(dataClass, time));
  }

  /** Whether an event of this time may lie there. */
  mayHold(one: EventIndex, time: number): boolean {
    return one.kind !== "day" || (time < one.end && time >= one.end - DAY_MS);
  }

  /** undefined for an index that is none of this tenant. */
  parse(index: string): EventIndex | undefined {
    const start = `${this.alias}-`;
    const match = index.startsWith(start) ? DAY_NAME.exec(index.slice(start.length)) : null;
    if (match === null) return undefined;
    const [, name = "", kind, year, month, day] = match;
    return {
      index,
      dataClass: name.replaceAll("_", "-"),
      kind: kind === "old" || kind === "future" ? kind : "day",
      end: Date.UTC(Number(year), Number(month) - 1, Number(day)) + DAY_MS,
    };
  }

  // Classes have hyphens as tenants have: without them `a` with `b-c` is not `a-b` with `c`.
  #name(dataClass: string, time: number, kind = ""): string {
    const day = new Date(time).toISOString().slice(0, "yyyy-mm-dd".length).replaceAll("-", ".");
    return `${this.alias}-${dataClass.replaceAll("-", "_")}-${kind}${day}`;
  }
}
