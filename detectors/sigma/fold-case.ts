// Upper and lower case made equal, as Sigma compares unless `cased` is asked for.

// These two become ASCII letters in lower case (the dotted capital I even two characters). To the systems
// that write logs they are other names; and the index may tell ASCII from the rest by the code alone.
const APART = /[\u0130\u212a]/;
const EXCEPT_APART = /[^\u0130\u212a]+/g;

// In lower case it depends on its neighbours (at the end of a word it is another letter), so that a part of
// a text would not be found in the whole.
const CAPITAL_SIGMA = "\u03a3";
const SIGMA = "\u03c3";

/** The text in lower case, sign by sign; as long as it was, and ASCII exactly where it was. */
export function foldCase(text: string): string {
  const one = text.includes(CAPITAL_SIGMA) ? text.replaceAll(CAPITAL_SIGMA, SIGMA) : text;
  return APART.test(one)
    ? one.replace(EXCEPT_APART, (run) => run.toLowerCase())
    : one.toLowerCase();
}
