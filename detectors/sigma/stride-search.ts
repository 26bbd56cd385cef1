// Looks for literals in a value without reading every character: a literal of n characters holds n − 2
// triples of neighbours, so it can't hide from a look at every (n − 2)-th triple of the value. Made for
// few long literals that are looked for everywhere, as keywords are.
import { type GramEntry, type GramSink, standsAt } from "./gram-index.ts";
import { GRAM_HASH, SYMBOL_BITS, SYMBOL_OF, symbolsOf, UNSURE } from "./symbols.ts";

const LITERAL_CHARACTERS_MIN = 5;
const STRIDE_MAX = 16;
const TRIPLE = 3;
const FILTER_BITS = 13;
const SHIFT = 32 - FILTER_BITS;

interface Place {
  readonly text: string;
  /** Where in the literal the triple stands. */
  readonly offset: number;
  readonly owners: Int32Array;
}

/** Undefined when a literal is too short, or has letters whose cases can't be told. */
export function buildStrideSearch(
  entries: readonly GramEntry[],
): ((text: string, sink: GramSink) => void) | undefined {
  const shortest = Math.min(...entries.map(({ literal }) => literal.text.length));
  if (shortest < LITERAL_CHARACTERS_MIN) return undefined;
  if (entries.some(({ literal }) => symbolsOf(literal.text, false, false).includes(UNSURE))) {
    return undefined;
  }
  const stride = Math.min(STRIDE_MAX, shortest - TRIPLE + 1);
  const filter = new Uint8Array(1 << FILTER_BITS);
  const pairFilter = new Uint8Array(1 << (2 * SYMBOL_BITS));
  const places = new Map<number, Place[]>();
  for (const { literal, owners } of entries) {
    const { text } = literal;
    const symbols = symbolsOf(text, false, false);
    // Endings tell more than beginnings: `kerberos::ptt`.
    const from = text.length - TRIPLE - stride + 1;
    for (let offset = from; offset < from + stride; offset += 1) {
      const [one = 0, two = 0, three = 0] = symbols.slice(offset, offset + TRIPLE);
      const pair = (one << SYMBOL_BITS) | two;
      const triple = (pair << SYMBOL_BITS) | three;
      pairFilter[pair] = 1;
      filter[Math.imul(triple, GRAM_HASH) >>> SHIFT] = 1;
      const place = { text, offset, owners: Int32Array.from(owners) };
      const known = places.get(triple);
      if (known === undefined) places.set(triple, [place]);
      else known.push(place);
    }
  }
  return makeSearch(stride, pairFilter, filter, places);
}

function makeSearch(
  stride: number,
  pairFilter: Uint8Array,
  filter: Uint8Array,
  places: ReadonlyMap<number, readonly Place[]>,
): (text: string, sink: GramSink) => void {
  const symbolOf = SYMBOL_OF;
  const look = (pair: number, text: string, at: number, sink: GramSink) => {
    const triple = (pair << SYMBOL_BITS) | symbolAt(text, at + 2);
    if (filter[Math.imul(triple, GRAM_HASH) >>> SHIFT] === 0) return;
    const found = places.get(triple);
    if (found !== undefined) verify(found, text, at, sink);
  };
  return (text, sink) => {
    const last = text.length - TRIPLE;
    for (let at = stride - 1; at <= last; at += stride) {
      const first = text.charCodeAt(at);
      const second = text.charCodeAt(at + 1);
      // The table has 256 entries.
      const one = symbolOf[first & 0xff] as number;
      const two = symbolOf[second & 0xff] as number;
      const pair = (one << SYMBOL_BITS) | two;
      if (pairFilter[pair] !== 0) look(pair, text, at, sink);
    }
  };
}

function symbolAt(text: string, at: number): number {
  return SYMBOL_OF[text.charCodeAt(at) & 0xff] ?? 0;
}

function verify(places: readonly Place[], text: string, at: number, sink: GramSink): void {
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] as Place; // Within bounds.
    const start = at - place.offset;
    if (start < 0 || start + place.text.length > text.length) continue;
    if (standsAt(place.text, text, start)) sink.consider(place.owners);
  }
}
