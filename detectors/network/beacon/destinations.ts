// How common a destination is: from how many different sources it was ever reached, and since when it is
// known. What nobody else reaches is rare; updates, time and monitoring are reached by many.
import { createRecentTable, hashText, type RecentTable } from "../recent-table.ts";
import type { StateReader, StateWriter } from "../state.ts";

/** More sources than this are not told apart: the destination is common. */
const SOURCES_COUNTED_MAX = 256;

interface Destination {
  readonly first: number;
  last: number;
  readonly sources: Set<number>;
}

/** Names of destinations are of bounded length already. */
export interface Destinations {
  /** A source reaches a destination; asked only when the pair is new. */
  reach(from: string, to: string, time: number): void;
  /** Still in use. */
  touch(to: string, time: number): void;
  /** Different sources of a destination, at most 256. */
  prevalence(to: string): number;
  /** Since when it is known, milliseconds since 1970 UTC. */
  knownSince(to: string): number | undefined;
  /** Different sources of all destinations, at most `sourcesMax`. */
  readonly sources: number;
  /** Forgets what was not reached since then. */
  forgetBefore(time: number): void;
  store(writer: StateWriter): void;
  restore(reader: StateReader): void;
  readonly size: number;
  readonly evicted: number;
}

export function createDestinations(destinationsMax: number, sourcesMax: number): Destinations {
  const table: RecentTable<Destination> = createRecentTable(destinationsMax);
  const sources = new Set<number>();
  return {
    reach(from, to, time) {
      const source = hashText(from);
      if (sources.size < sourcesMax) sources.add(source);
      let destination = table.get(to);
      if (destination === undefined) {
        destination = { first: time, last: time, sources: new Set() };
        table.set(to, destination);
      }
      if (destination.sources.size < SOURCES_COUNTED_MAX) destination.sources.add(source);
    },
    touch(to, time) {
      const destination = table.get(to);
      if (destination === undefined) return;
      destination.last = time;
      table.touch(to);
    },
    prevalence: (to) => table.get(to)?.sources.size ?? 1,
    knownSince: (to) => table.get(to)?.first,
    forgetBefore(time) {
      for (const [key, { last }] of table.entries()) {
        // They are in the order of their last use.
        if (last >= time) break;
        table.delete(key);
      }
    },
    store(writer) {
      writer.count(sources.size);
      for (const source of sources) writer.count(source);
      writer.count(table.evicted);
      writer.count(table.size);
      for (const [key, destination] of table.entries()) {
        writer.text(key);
        writer.float(destination.first);
        writer.float(destination.last);
        writer.count(destination.sources.size);
        for (const source of destination.sources) writer.count(source);
      }
    },
    restore(reader) {
      sources.clear();
      table.clear();
      for (let left = reader.count(); left > 0; left -= 1) sources.add(reader.count());
      table.evicted = reader.count();
      for (let left = reader.count(); left > 0; left -= 1) {
        const key = reader.text();
        const first = reader.float();
        const destination: Destination = { first, last: reader.float(), sources: new Set() };
        for (let rest = reader.count(); rest > 0; rest -= 1)
          destination.sources.add(reader.count());
        table.set(key, destination);
      }
    },
    get sources() {
      return sources.size;
    },
    get size() {
      return table.size;
    },
    get evicted() {
      return table.evicted;
    },
  };
}
