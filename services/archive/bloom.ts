// A small Bloom filter per frame: says which frames can't hold a value, so that a search skips them.

// 16 bits and 4 probes per term: about 0.24 % false "maybe" (Bloom 1970, (1 − e^(−kn/m))^k).
const BITS_PER_TERM = 16;
const PROBES = 4;
const BITS_MIN = 64;

/** Bits of a filter over these terms. */
export function makeBloom(terms: ReadonlySet<string>): Uint8Array {
  const bits = 2 ** Math.ceil(Math.log2(Math.max(BITS_MIN, terms.size * BITS_PER_TERM)));
  const filter = new Uint8Array(bits / 8);
  for (const term of terms) {
    probe(term, bits, (bit) => {
      filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
      return true;
    });
  }
  return filter;
}

/** False: certainly not in it. */
export function mayContain(filter: Uint8Array, term: string): boolean {
  if (filter.length === 0) return true;
  return probe(
    term,
    filter.length * 8,
    (bit) => ((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0,
  );
}

// Double hashing (Kirsch and Mitzenmacher 2006) over two FNV-1a sums with different starts.
function probe(term: string, bits: number, visit: (bit: number) => boolean): boolean {
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (let index = 0; index < term.length; index += 1) {
    const code = term.charCodeAt(index);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x85ebca6b);
  }
  second |= 1;
  for (let round = 0; round < PROBES; round += 1) {
    const bit = ((first + Math.imul(round, second)) >>> 0) & (bits - 1);
    if (!visit(bit)) return false;
  }
  return true;
}
