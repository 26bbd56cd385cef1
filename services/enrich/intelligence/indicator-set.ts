// A million indicators in some 30 MB: of each only a fingerprint of 64 bits, keyed with a number that is
// drawn at start, and what is said of it. A value that was never listed is taken for one of a million with a
// probability of 5·10⁻¹⁴ (10⁶ / 2⁶⁴), and nobody outside can choose one that is.
import { getRandomValues } from "node:crypto";
import {
  CONFIDENCES,
  type Confidence,
  TLP_LABELS,
  type TlpLabel,
} from "../../../config/enrichment.ts";
import { type AddressTable, createAddressTable } from "../address-table.ts";
import type { Subject, SubjectKind } from "./subject.ts";

/** What a list says of an indicator. */
export interface IndicatorFacts {
  readonly confidence: Confidence;
  readonly tlp: TlpLabel;
  /** Seconds since 1970 UTC; from then on it is not found any more. */
  readonly expiresAt: number;
}

export interface IndicatorSet {
  /** Of several facts about the same the surest, the strictest and the longest hold. @returns false when full */
  add(subject: Subject, facts: IndicatorFacts): boolean;
  find(print: Fingerprint, nowSeconds: number): IndicatorFacts | undefined;
  findNetwork(address: string, nowSeconds: number): IndicatorFacts | undefined;
  has(kind: SubjectKind): boolean;
  readonly size: number;
  readonly networks: number;
}

const NETWORKS_MAX = 100_000;
const CAPACITY_MIN = 1024;
const LOAD_MAX = 0.6;
const KIND_SALT: Readonly<Record<SubjectKind, number>> = { ip: 1, domain: 2, url: 3, hash: 4 };
const SEEDS = getRandomValues(new Uint32Array(2));

/** Two words of 32 bits, used again for every look-up. */
export class Fingerprint {
  kind: SubjectKind = "ip";
  one = 0;
  two = 0;
  #first = 0;
  #second = 0;

  of(kind: SubjectKind, key: string): this {
    this.begin(kind);
    for (let at = key.length - 1; at >= 0; at -= 1) this.take(key.charCodeAt(at));
    return this.end();
  }

  /** The same as `of("ip", …)` with the bytes as characters. */
  ofAddress(bytes: Uint8Array): this {
    this.begin("ip");
    for (let at = bytes.length - 1; at >= 0; at -= 1) this.take(bytes[at] ?? 0);
    return this.end();
  }

  /** Keys are read from their end, so that on the way a name's parents come by. */
  begin(kind: SubjectKind): void {
    this.kind = kind;
    this.#first = (SEEDS[0] ?? 0) ^ KIND_SALT[kind];
    this.#second = (SEEDS[1] ?? 0) ^ Math.imul(KIND_SALT[kind], 0x9e3779b1);
  }

  take(code: number): void {
    const first = Math.imul(this.#first ^ code, 0x85ebca6b);
    this.#first = first ^ (first >>> 15);
    const second = Math.imul(this.#second ^ code, 0xc2b2ae35);
    this.#second = second ^ (second >>> 13);
  }

  /** The fingerprint of what was taken so far; more may be taken after it. */
  end(): this {
    this.one = mixed(this.#first ^ Math.imul(this.#second, 0x27d4eb2f));
    this.two = mixed(this.#second ^ Math.imul(this.#first, 0x165667b1));
    return this;
  }
}

// The last step of MurmurHash3 (32 bits): every bit of the input moves every bit of the output.
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** @param indicatorsMax further ones are refused */
export function createIndicatorSet(indicatorsMax: number): IndicatorSet {
  const networks = createAddressTable<IndicatorFacts>();
  const print = new Fingerprint();
  const kinds = new Set<SubjectKind>();
  let slots = new Slots(CAPACITY_MIN);
  const addNetwork = (key: string, facts: IndicatorFacts) => {
    if (slots.size + networks.size >= indicatorsMax || networks.size >= NETWORKS_MAX) return false;
    kinds.add("ip");
    return networks.add(key, facts);
  };
  return {
    add({ kind, key }, facts) {
      if (kind === "network") return addNetwork(key, facts);
      print.of(kind, key);
      const found = slots.placeOf(print);
      if (!slots.isFree(found)) {
        slots.set(found, print, merged(slots.get(found), facts));
        return true;
      }
      if (slots.size + networks.size >= indicatorsMax) return false;
      if (slots.isFull()) slots = slots.grown();
      slots.set(slots.placeOf(print), print, facts);
      kinds.add(kind);
      return true;
    },
    find(print, nowSeconds) {
      const place = slots.placeOf(print);
      if (slots.isFree(place)) return undefined;
      const facts = slots.get(place);
      return facts.expiresAt > nowSeconds ? facts : undefined;
    },
    findNetwork: (address, nowSeconds) => inForce(networks, address, nowSeconds),
    has: (kind) => kinds.has(kind),
    get size() {
      return slots.size + networks.size;
    },
    get networks() {
      return networks.size;
    },
  };
}

function inForce(networks: AddressTable<IndicatorFacts>, address: string, nowSeconds: number) {
  const facts = networks.find(address);
  return facts !== undefined && facts.expiresAt > nowSeconds ? facts : undefined;
}

function merged(one: IndicatorFacts, other: IndicatorFacts): IndicatorFacts {
  const rank = (facts: IndicatorFacts) => CONFIDENCES.indexOf(facts.confidence);
  const strictness = (facts: IndicatorFacts) => TLP_LABELS.indexOf(facts.tlp);
  return {
    confidence: rank(one) >= rank(other) ? one.confidence : other.confidence,
    tlp: strictness(one) >= strictness(other) ? one.tlp : other.tlp,
    expiresAt: Math.max(one.expiresAt, other.expiresAt),
  };
}

/** Open addressing with linear probing; 13 bytes a slot. */
class Slots {
  size = 0;
  readonly #mask: number;
  readonly #one: Uint32Array;
  readonly #two: Uint32Array;
  readonly #expires: Uint32Array;
  /** 0: free; else 1 + confidence × number of labels + label. */
  readonly #facts: Uint8Array;

  constructor(capacity: number) {
    this.#mask = capacity - 1;
    this.#one = new Uint32Array(capacity);
    this.#two = new Uint32Array(capacity);
    this.#expires = new Uint32Array(capacity);
    this.#facts = new Uint8Array(capacity);
  }

  /** Where it lies, or the free slot where it belongs. */
  placeOf({ one, two }: Fingerprint): number {
    let place = one & this.#mask;
    while (this.#facts[place] !== 0 && (this.#one[place] !== one || this.#two[place] !== two)) {
      place = (place + 1) & this.#mask;
    }
    return place;
  }

  isFree(place: number): boolean {
    return this.#facts[place] === 0;
  }

  isFull(): boolean {
    return this.size >= this.#facts.length * LOAD_MAX;
  }

  get(place: number): IndicatorFacts {
    const code = (this.#facts[place] ?? 1) - 1;
    return {
      confidence: CONFIDENCES[Math.floor(code / TLP_LABELS.length)] ?? "none",
      tlp: TLP_LABELS[code % TLP_LABELS.length] ?? "RED",
      expiresAt: this.#expires[place] ?? 0,
    };
  }

  set(place: number, { one, two }: Fingerprint, facts: IndicatorFacts): void {
    if (this.isFree(place)) this.size += 1;
    const labels = TLP_LABELS.length;
    this.#one[place] = one;
    this.#two[place] = two;
    this.#expires[place] = facts.expiresAt;
    this.#facts[place] =
      1 + CONFIDENCES.indexOf(facts.confidence) * labels + TLP_LABELS.indexOf(facts.tlp);
  }

  grown(): Slots {
    const next = new Slots(this.#facts.length * 2);
    const print = new Fingerprint();
    for (let place = 0; place < this.#facts.length; place += 1) {
      if (this.isFree(place)) continue;
      print.one = this.#one[place] ?? 0;
      print.two = this.#two[place] ?? 0;
      next.set(next.placeOf(print), print, this.get(place));
    }
    return next;
  }
}
