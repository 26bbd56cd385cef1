// Makes a full-text query of what a user typed. Everything is quoted: no character of the input has a
// meaning of its own to FTS5.

const TEXT_CHARS_MAX = 1000;
const WORDS_MAX = 32;

/**
 * An FTS5 query in which all words must occur, the last as the beginning of one.
 * @returns undefined when nothing in it is a word
 */
export function textQuery(input: string): string | undefined {
  const words = input
    .slice(0, TEXT_CHARS_MAX)
    .replaceAll("\0", " ")
    .split(/\s+/)
    // Without a letter or digit there is no token, and FTS5 would find nothing at all.
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, WORDS_MAX);
  if (words.length === 0) return undefined;
  return `${words.map((word) => `"${word.replaceAll('"', '""')}"`).join(" AND ")}*`;
}
