// Writes counted repeats of single characters out (`a{2,4}` as `aa(?:a(?:a)?)?`), since V8's linear engine does
// not take larger counts. Repeats of groups stay as they are.

const REPEATS_MAX = 2048;
/** Optional repeats nest, one level each. */
const OPTIONAL_MAX = 200;

/** The same expression with counted repeats of one character or class written out, as far as allowed. */
export function unrollRepeats(source: string): string {
  let out = "";
  let left = REPEATS_MAX;
  let index = 0;
  while (index < source.length) {
    const atom = readAtom(source, index);
    index += atom.length;
    const repeat = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}(?![?+])/.exec(source.slice(index, index + 16));
    if (repeat === null || "()|^$*+?".includes(atom)) {
      out += atom;
      continue;
    }
    const min = Number(repeat[1]);
    const open = repeat[2] !== undefined && repeat[3] === "";
    const max = repeat[2] === undefined ? min : open ? min : Number(repeat[3]);
    if (max < min || max + 1 > left || max - min > OPTIONAL_MAX) return source;
    left -= max + 1;
    out += atom.repeat(min) + (open ? `${atom}*` : optional(atom, max - min));
    index += repeat[0].length;
  }
  return out;
}

// Nested and not side by side: `a?a?a?` could match the same text in many ways.
function optional(atom: string, count: number): string {
  return `(?:${atom}`.repeat(count) + ")?".repeat(count);
}

function readAtom(source: string, start: number): string {
  const character = source[start] ?? "";
  if (character === "\\") {
    const long = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/.exec(source.slice(start, start + 6));
    return long?.[0] ?? source.slice(start, start + 2);
  }
  if (character !== "[") return character;
  let end = start + 1;
  if (source[end] === "^") end += 1;
  if (source[end] === "]") end += 1;
  while (end < source.length && source[end] !== "]") end += source[end] === "\\" ? 2 : 1;
  return source.slice(start, end + 1);
}
