// The pairs of addresses that a beacon detector remembers, in bounded memory, and how rare their destinations
// are. Pairs with few contacts live apart: a scan that makes a million of them pushes out no old beacon.
import type { FlowActivity } from "../../anomaly/activity.ts";
import { boundedKey, createRecentTable, type RecentTable, soundAmount } from "../recent-table.ts";
import type { StateReader, StateWriter } from "../state.ts";
import {
  addContact,
  type Contacts,
  createContacts,
  readContacts,
  writeContacts,
} from "./contacts.ts";
import { createDestinations } from "./destinations.ts";
import type { Rarity } from "./suspicion.ts";

/** Between the addresses of a pair: no address holds it. */
const BETWEEN = ">";

export interface PairMemoryOptions {
  /** Pairs of addresses that are remembered with enough contacts to be judged, and those before that. */
  readonly pairsMax: number;
  readonly newPairsMax: number;
  readonly destinationsMax: number;
  /** Pauses that a judgement needs. */
  readonly pausesMin: number;
}

export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly contacts: Contacts;
}

export interface PairMemory {
  add(flow: FlowActivity): void;
  /** Pairs with enough contacts, the one that was silent for the longest time first. */
  judgeable(): Generator<Pair>;
  tooYoung(): Generator<Pair>;
  rarity(to: string, time: number): Rarity;
  /** Forgets pairs and destinations without a contact since then. */
  forgetBefore(time: number): void;
  store(writer: StateWriter): void;
  restore(reader: StateReader): void;
  /** Time of the first flow; NaN before it. */
  readonly begin: number;
  readonly keys: number;
  readonly evicted: number;
}

export function createPairMemory(options: PairMemoryOptions): PairMemory {
  const pairs: RecentTable<Contacts> = createRecentTable(options.pairsMax);
  const young: RecentTable<Contacts> = createRecentTable(options.newPairsMax);
  const destinations = createDestinations(options.destinationsMax, options.pairsMax);
  let begin = Number.NaN;
  const contactsOf = (flow: FlowActivity, from: string, to: string, key: string): Contacts => {
    const known = pairs.get(key);
    if (known !== undefined) {
      pairs.touch(key);
      return known;
    }
    let contacts = young.get(key);
    if (contacts !== undefined) {
      young.touch(key);
      return contacts;
    }
    destinations.reach(from, to, flow.time);
    contacts = createContacts(flow.time, flow.port, flow.source);
    young.set(key, contacts);
    return contacts;
  };
  return {
    add(flow) {
      if (Number.isNaN(begin)) begin = flow.time;
      const from = boundedKey(flow.from);
      const to = boundedKey(flow.to);
      const key = `${from}${BETWEEN}${to}`;
      const contacts = contactsOf(flow, from, to, key);
      addContact(contacts, flow.id, flow.time, soundAmount(flow.bytesOut));
      destinations.touch(to, flow.time);
      if (contacts.pauses.added !== options.pausesMin || young.get(key) !== contacts) return;
      young.delete(key);
      pairs.set(key, contacts);
    },
    judgeable: () => entriesOf(pairs),
    tooYoung: () => entriesOf(young),
    rarity(to, time) {
      const since = destinations.knownSince(to) ?? time;
      return {
        prevalence: destinations.prevalence(to),
        sources: destinations.sources,
        knownForMs: Math.max(0, time - since),
      };
    },
    forgetBefore(time) {
      for (const table of [pairs, young])
        for (const [key, { last }] of table.entries()) {
          // They are in the order of their last contact.
          if (last >= time) break;
          table.delete(key);
        }
      destinations.forgetBefore(time);
    },
    store(writer) {
      writer.float(begin);
      destinations.store(writer);
      for (const table of [pairs, young]) {
        writer.count(table.evicted);
        writer.count(table.size);
        for (const [key, contacts] of table.entries()) {
          writer.text(key);
          writeContacts(writer, contacts);
        }
      }
    },
    restore(reader) {
      begin = reader.float();
      destinations.restore(reader);
      for (const table of [pairs, young]) {
        table.clear();
        table.evicted = reader.count();
        for (let left = reader.count(); left > 0; left -= 1)
          table.set(reader.text(), readContacts(reader));
      }
    },
    get begin() {
      return begin;
    },
    get keys() {
      return pairs.size + young.size + destinations.size;
    },
    get evicted() {
      return pairs.evicted + young.evicted + destinations.evicted;
    },
  };
}

function* entriesOf(table: RecentTable<Contacts>): Generator<Pair> {
  for (const [key, contacts] of table.entries()) {
    const at = key.indexOf(BETWEEN);
    yield { from: key.slice(0, at), to: key.slice(at + 1), contacts };
  }
}
