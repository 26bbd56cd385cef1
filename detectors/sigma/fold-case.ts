// Upper and lower case made equal, as Sigma compares unless `cased` is asked for.

// These two become ASCII letters in lower case (the dotted capital I even two characters). To the systems
// that write logs they are other names; and the index may tell ASCII from the rest by the code alone.
const APART = /[\u0130\u212a]/;
const EXCEPT_APART = /[^\u0130\u212a]+/g;

/** The text in lower case; as long as it was, and ASCII exactly where it was. */
export function foldCase(text: string): string {
  return APART.test(text)
    ? text.replace(EXCEPT_APART, (run) => run.toLowerCase())
    : text.toLowerCase();
}
