// Draws regular expressions from a small alphabet, so that matches are likely, with the values to try
// them on.
import fc from "fast-check";

const atom = fc.constantFrom(
  "a",
  "b",
  "A",
  "\\.",
  ".",
  "\\d",
  "\\w",
  "[ab]",
  "[^a]",
  "[a-c]",
  "[A-Z]",
  "[^\\s-]",
  "[\\w.]",
  "[0-9b]",
  "[!-_]",
  "[a-~]",
  "^",
  "$",
  "\\b",
  "-",
  "ab",
);
const repeat = fc.constantFrom(
  "",
  "",
  "",
  "",
  "*",
  "+",
  "?",
  "*?",
  "{2}",
  "{1,3}",
  "{2,}",
  "{0,2}",
);

const { pattern: drawn } = fc.letrec<{ pattern: string; branch: string; piece: string }>((tie) => ({
  pattern: fc
    .array(tie("branch"), { minLength: 1, maxLength: 3 })
    .map((branches) => branches.join("|")),
  branch: fc
    .array(fc.tuple(tie("piece"), repeat), { minLength: 1, maxLength: 4 })
    .map((pieces) =>
      pieces.map(([piece, times]) => (/^[\^$]|\\b$/.test(piece) ? piece : piece + times)).join(""),
    ),
  piece: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    { arbitrary: atom, weight: 6 },
    { arbitrary: tie("pattern").map((inner) => `(${inner})`), weight: 1 },
    { arbitrary: tie("pattern").map((inner) => `(?:${inner})`), weight: 1 },
  ),
}));

const REPEATS_MAX = 3;

/** Valid patterns without flags; few repeats, since the tests run them in V8 without a guard. */
export const pattern = drawn.filter(
  (source) => (source.match(/[*+{]/g)?.length ?? 0) <= REPEATS_MAX,
);

/** Values over the same signs. */
export const value = fc.string({
  unit: fc.constantFrom("a", "b", "c", "A", "B", "1", ".", "-", "_", " ", "ab", "\n"),
  maxLength: 7,
});
