// Finds invented people in texts, however long these are, and however their names are written there.
import { fold } from "../../services/privacy/fold.ts";
import type { Canary } from "./identities.ts";

/** Texts are looked through in pieces of this size, each with the end of the last one. */
export const PIECE_BYTES = 4 * 1024 * 1024;
export const NAME_CHARACTERS_MAX = 256;

/** People that a text names, by their folded surnames. */
export type NamesIn = (text: string) => ReadonlySet<string>;

export function namesIn(canaries: readonly Canary[]): NamesIn {
  // What is found is a part of the whole text and would keep it; what it is compared with does not.
  const telling = new Map(canaries.map(({ surname }) => [fold(surname), fold(surname)]));
  return (text) => {
    const named = new Set<string>();
    for (const [word] of fold(decoded(text)).matchAll(/zy[a-z]+/g)) {
      const surname = telling.get(word);
      if (surname !== undefined) named.add(surname);
    }
    return named;
  };
}

/** How many people these texts name. */
export function namesOf(names: NamesIn, texts: readonly string[]): number {
  const named = new Set<string>();
  for (const text of texts) {
    for (const piece of piecesOf(text)) for (const one of names(piece)) named.add(one);
  }
  return named.size;
}

/** A text that may be very long, in pieces that each begin with the end of the last one. */
function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE_BYTES) {
    yield text.slice(Math.max(0, at - NAME_CHARACTERS_MAX), at + PIECE_BYTES);
  }
}

/** What is percent-encoded is no less readable. */
function decoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll("%", ""), "hex").toString(),
  );
}
