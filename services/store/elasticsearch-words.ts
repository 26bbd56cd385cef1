// The words of a text, cut and folded as the full text index of the embedded store does it (unicode61 of
// SQLite's FTS5 without accents), so that no analyzer of the server is needed.

const SEARCH_CHARS_MAX = 1000;
const SEARCH_WORDS_MAX = 32;
/** Longer words are found by their beginning. */
const WORD_CHARS_MAX = 200;

/** Lower-case words without accents, each once. */
export function wordsOf(text: string): string[] {
  const folded = text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "");
  const words = folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, WORD_CHARS_MAX).toWellFormed()))];
}

/** The words of what a user typed, in order; the last one may be a beginning. Empty: no word in it. */
export function searchedWords(input: string): { whole: string[]; beginning: string } | undefined {
  const typed = input
    .slice(0, SEARCH_CHARS_MAX)
    .split(/[\s\0]+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, SEARCH_WORDS_MAX)
    .join(" ");
  const folded = typed
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "");
  const words = (folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []).map((word) =>
    word.slice(0, WORD_CHARS_MAX).toWellFormed(),
  );
  const beginning = words.pop();
  return beginning === undefined ? undefined : { whole: [...new Set(words)], beginning };
}
