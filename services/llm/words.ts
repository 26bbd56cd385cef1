// Texts as rows of plain words, so that sentences can be compared with what stands in logs.

/** Words of a text: case, accents, umlauts' spelling and everything between letters aside. */
export function wordsOf(text: string): string[] {
  const folded = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss")
    .normalize("NFD")
    .replace(/\p{M}|\p{Cf}/gu, "");
  return folded.match(/\p{L}+/gu) ?? [];
}

/** A text with `%41` and `+` as in URLs decoded; what is no such code stays. */
function percentDecoded(text: string): string {
  return text
    .replace(/\+/g, " ")
    .replace(/(?:%[\da-f]{2})+/gi, (codes) =>
      Buffer.from(codes.replaceAll("%", ""), "hex").toString("utf8"),
    );
}

/** How many words in a row make a text recognisable. */
const ROW_WORDS = 4;

/** All rows of four words of the texts, joined by blanks. */
export function rowsOf(texts: Iterable<string>): ReadonlySet<string> {
  const rows = new Set<string>();
  for (const text of texts) {
    for (const row of wordRows(wordsOf(text))) rows.add(row);
    if (/%[\da-f]{2}|\+/i.test(text)) {
      for (const row of wordRows(wordsOf(percentDecoded(text)))) rows.add(row);
    }
  }
  return rows;
}

/** Every four words in a row. */
export function* wordRows(words: readonly string[]): Generator<string> {
  for (let at = 0; at + ROW_WORDS <= words.length; at += 1) {
    yield words.slice(at, at + ROW_WORDS).join(" ");
  }
}
