// The names under which detectors remember accounts and groups: their own, made here and told to nobody, so
// that a pseudonym that gets another form when keys rotate stays the same account to all of them. What was
// learnt moves by changing one entry, and when the overlap is over no former pseudonym is left anywhere.
import type { Renaming } from "../keyed.ts";
import { createStateWriter, readState } from "../network/state.ts";
import { RecencyMap } from "../recency-map.ts";

// As privacy makes them (services/privacy/pseudonym.ts); the SID of a person has the same symbols as its name.
const NAME = /\b(?:konto|admin|dienst|gruppe)-[0-9a-z]{10}(?![0-9a-z])/g;
const SID = /\b([Ss]-1-5-21-)([0-9a-z]{10})(?![0-9a-z-])/g;
const SID_CLASS = "konto-";
/** No pseudonym has an o behind its class. */
const OWN_MARK = "o";
const OWN_DIGITS = 9;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STATE_VERSION = 1;

interface NameOptions {
  /** Names seen on one day alone; a flood of made names pushes out others of those. */
  readonly freshMax: number;
  /** Names seen on several days. */
  readonly knownMax: number;
}

const NAME_DEFAULTS: NameOptions = { freshMax: 100_000, knownMax: 200_000 };

interface RememberedNames {
  /** The text with own names instead of pseudonyms; those unknown so far get one. */
  inward(text: string, time: number): string;
  /** The way back; what is forgotten stays. */
  outward(text: string): string;
  /** From now on the present names are those of what the former ones were. */
  rename(renaming: Renaming, time: number): void;
  /** Forgets former names when their overlap is over, and what nobody has seen since it began. */
  advance(time: number): void;
  readonly size: number;
  /** Names forgotten because there were too many. */
  readonly evicted: number;
  state(): readonly Uint8Array[];
  /** @throws AppError HW_STORE_VERSION, HW_STORE_CORRUPT */
  restore(pieces: readonly Uint8Array[]): void;
}

interface Entry {
  readonly own: string;
  name: string;
  /** While the overlap lasts: late events come under it. */
  former: string | undefined;
  readonly first: number;
  seen: number;
  /** Begin of the overlap in which it was seen under its present name. */
  confirmed: number;
}

/** All pseudonyms in a text, those of groups among them. */
export function namesIn(text: string): readonly string[] {
  if (!text.includes("-")) return [];
  const sids = [...text.matchAll(SID)].map(([, , symbols]) => `${SID_CLASS}${symbols}`);
  return [...(text.match(NAME) ?? []), ...sids];
}

export function createRememberedNames(options: Partial<NameOptions> = {}): RememberedNames {
  return new Names({ ...NAME_DEFAULTS, ...options });
}

class Names implements RememberedNames {
  readonly #options: NameOptions;
  readonly #byName = new Map<string, Entry>();
  /** By own name, those not seen for longest first. */
  readonly #fresh = new RecencyMap<string, Entry>();
  readonly #known = new RecencyMap<string, Entry>();
  #made = 0;
  #overlap = { begin: Number.NEGATIVE_INFINITY, end: Number.NEGATIVE_INFINITY };
  evicted = 0;

  constructor(options: NameOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#fresh.size + this.#known.size;
  }

  inward(text: string, time: number): string {
    if (!text.includes("-")) return text;
    const whole = this.#byName.get(text);
    if (whole !== undefined) return this.#touch(whole, time).own;
    const ownOf = (name: string) => this.#touch(this.#entryOf(name, time), time).own;
    return replaced(text, ownOf);
  }

  outward(text: string): string {
    if (!text.includes("-")) return text;
    return replaced(text, (own) => this.#entryOfOwn(own)?.name ?? own);
  }

  rename({ former, present, begin, end }: Renaming, time: number): void {
    if (end <= this.#overlap.end && time >= this.#overlap.end) return;
    if (begin > this.#overlap.begin) {
      // The overlap before was not seen to its end.
      if (this.#overlap.begin > Number.NEGATIVE_INFINITY) this.#endOverlap();
      this.#overlap = { begin, end };
    }
    for (const [at, name] of present.entries()) this.#renameOne(former[at] ?? name, name, time);
  }

  #renameOne(former: string, present: string, time: number): void {
    const [before, now] = [this.#byName.get(former), this.#byName.get(present)];
    const entry = before ?? now ?? this.#entryOf(present, time);
    entry.confirmed = this.#overlap.begin;
    if (now === entry && entry.former === former) return;
    // What came under the present name alone knows less than what came before.
    if (now !== undefined && now !== entry) this.#forget(now);
    entry.name = present;
    entry.former = former;
    this.#byName.set(former, entry);
    this.#byName.set(present, entry);
  }

  advance(time: number): void {
    if (time < this.#overlap.end || this.#overlap.begin === Number.NEGATIVE_INFINITY) return;
    this.#endOverlap();
    this.#overlap = { ...this.#overlap, begin: Number.NEGATIVE_INFINITY };
  }

  #endOverlap(): void {
    for (const entries of [this.#fresh, this.#known])
      for (const entry of [...entries.values()]) {
        if (entry.confirmed < this.#overlap.begin) this.#forget(entry);
        if (entry.former !== undefined) this.#byName.delete(entry.former);
        entry.former = undefined;
      }
  }

  #entryOfOwn(own: string): Entry | undefined {
    return this.#known.get(own) ?? this.#fresh.get(own);
  }

  #entryOf(name: string, time: number): Entry {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    this.#made += 1;
    const digits = this.#made.toString(36).padStart(OWN_DIGITS, "0");
    const own = `${name.slice(0, name.indexOf("-") + 1)}${OWN_MARK}${digits}`;
    const confirmed = Number.NEGATIVE_INFINITY;
    const entry: Entry = { own, name, former: undefined, first: time, seen: time, confirmed };
    this.#byName.set(name, entry);
    this.#fresh.set(own, entry);
    if (this.#fresh.size > this.#options.freshMax) this.#evict(this.#fresh);
    return entry;
  }

  #touch(entry: Entry, time: number): Entry {
    const since = time - entry.seen;
    if (!(since > 0)) return entry;
    const isFresh = this.#fresh.has(entry.own);
    if (isFresh && time - entry.first >= DAY_MS) {
      this.#fresh.delete(entry.own);
      this.#known.set(entry.own, entry);
      if (this.#known.size > this.#options.knownMax) this.#evict(this.#known);
    } else if (since < HOUR_MS) return entry;
    else {
      const entries = isFresh ? this.#fresh : this.#known;
      entries.touch(entry.own);
    }
    entry.seen = time;
    return entry;
  }

  #evict(entries: RecencyMap<string, Entry>): void {
    const entry = entries.get(entries.oldest ?? "");
    if (entry === undefined) return;
    this.#forget(entry);
    this.evicted += 1;
  }

  #forget(entry: Entry): void {
    for (const name of [entry.name, entry.former])
      if (name !== undefined && this.#byName.get(name) === entry) this.#byName.delete(name);
    this.#fresh.delete(entry.own);
    this.#known.delete(entry.own);
  }

  state(): readonly Uint8Array[] {
    const writer = createStateWriter(STATE_VERSION);
    for (const number of [this.#made, this.evicted, this.#overlap.begin, this.#overlap.end])
      writer.float(number);
    for (const entries of [this.#fresh, this.#known]) {
      writer.count(entries.size);
      for (const { own, name, former, first, seen, confirmed } of entries.values()) {
        for (const text of [own, name, former ?? ""]) writer.text(text);
        for (const number of [first, seen, confirmed]) writer.float(number);
      }
    }
    return writer.pieces();
  }

  restore(pieces: readonly Uint8Array[]): void {
    readState(pieces, STATE_VERSION, "names", (reader) => {
      this.#made = reader.float();
      this.evicted = reader.float();
      this.#overlap = { begin: reader.float(), end: reader.float() };
      this.#byName.clear();
      for (const entries of [this.#fresh, this.#known]) {
        entries.clear();
        for (let left = reader.count(); left > 0; left -= 1) {
          const [own, name, former] = [reader.text(), reader.text(), reader.text()];
          const [first, seen, confirmed] = [reader.float(), reader.float(), reader.float()];
          const entry = { own, name, former: former || undefined, first, seen, confirmed };
          entries.set(own, entry);
          for (const one of [name, former]) if (one !== "") this.#byName.set(one, entry);
        }
      }
    });
  }
}

function replaced(text: string, other: (name: string) => string): string {
  return text
    .replace(NAME, other)
    .replace(
      SID,
      (_, start: string, symbols: string) =>
        start + other(SID_CLASS + symbols).slice(SID_CLASS.length),
    );
}
