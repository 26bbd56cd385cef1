// Which sentences a sequence model tells apart: the most frequent ones of its training each by itself, all
// others in a few buckets, so that a model is as large for a thousand sentences as for a million.

/** Stands for a sentence: a number by which it is recognised wherever it is written. 1 to 2³² − 1. */
export type Sign = number;

/** The begin or end of a session. No sentence has this sign. */
export const EDGE: Sign = 0;

const BUCKETS = 8;
/** A sentence that came less often is not learnt by itself. */
const SEEN_MIN = 5;

export interface Vocabulary {
  /** Number of tokens: 0 for the edge, then the buckets, then known sentences. */
  readonly tokens: number;
  /** Known sentences in the order of their tokens. */
  readonly signs: readonly Sign[];
  tokenOf(sign: Sign): number;
  /** The known sentence of a token; undefined: a bucket, or the edge. */
  signOf(token: number): Sign | undefined;
}

/** A number for a text (FNV-1a). */
export function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The sign of a sentence of a source, by the marks of both. */
export function signOf(source: number, sentence: number): Sign {
  let hash = Math.imul(source ^ (source >>> 15), 0x85ebca6b) ^ sentence;
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0 || 1;
}

/** A vocabulary of the sentences that came most often; of equals those with the smaller sign. */
export function chooseVocabulary(rows: Iterable<ArrayLike<Sign>>, knownMax: number): Vocabulary {
  const counts = new Map<Sign, number>();
  for (const row of rows)
    for (let at = 0; at < row.length; at += 1) {
      const sign = row[at] ?? EDGE;
      if (sign !== EDGE) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    }
  const signs = [...counts]
    .filter(([, count]) => count >= SEEN_MIN)
    .sort(([one, often], [other, otherOften]) => otherOften - often || one - other)
    .slice(0, knownMax)
    .map(([sign]) => sign);
  return createVocabulary(signs);
}

export function createVocabulary(signs: readonly Sign[]): Vocabulary {
  const known = new Map(signs.map((sign, place) => [sign, 1 + BUCKETS + place]));
  return {
    tokens: 1 + BUCKETS + signs.length,
    signs,
    tokenOf: (sign) => (sign === EDGE ? 0 : (known.get(sign) ?? 1 + (sign % BUCKETS))),
    signOf: (token) => signs[token - 1 - BUCKETS],
  };
}
