// Compiles the regular expressions of rules so that no pattern and no line can stall the process: V8
// where its linear engine could take over, re2 (linear, pure JavaScript) otherwise, refusal for the rest.
import { RE2JS } from "re2js";
import { isLinear } from "./regex-guard.ts";
import { allRequiredOf, requiredOf } from "./regex-literal.ts";
import { unrollRepeats } from "./regex-unroll.ts";

export interface CompiledRegex {
  readonly test: (value: string) => boolean;
  /** Lower-case texts, one of which every matching value contains; undefined: unknown. */
  readonly literals: readonly string[] | undefined;
  /** Of each list, every matching value contains one text in some case. */
  readonly everyOf: readonly (readonly string[])[];
  readonly engine: "v8" | "re2";
}

// Longest value for the fast engine. Loops over one character cost it 13 ms at worst where there is one
// (`a+b`), 37 ms where there are more (`a*a*b`); loops over groups multiply. The rest is linear.
const ONE_LOOP_CHARACTERS_MAX = 4000;
const FAST_CHARACTERS_MAX = 1000;

/** Thrown for a pattern that neither engine can run in linear time; the message says why. */
export class UnsafePattern extends Error {}

/**
 * @param flags any of `i`, `m`, `s`; inline flags at the beginning are understood too
 * @throws UnsafePattern
 */
export function compileRegex(source: string, flags: string): CompiledRegex {
  const inline = /^\(\?([ims]+)\)/.exec(source);
  // At the very end more of the same changes nothing: `.{1000,}` needs no endless loop.
  const body = source.slice(inline?.[0].length ?? 0).replace(/(?<!\\)\{(\d+),\}$/, "{$1}");
  const all = new Set([...flags, ...(inline?.[1] ?? "")]);
  const { literals, lengthMin } = requiredOf(body);
  const everyOf = allRequiredOf(body);
  const v8Flags = [...all].filter((flag) => flag !== "i").join("");
  const unrolled = unrollRepeats(body);
  const v8Source = all.has("i") ? expandCase(unrolled) : unrolled;
  if (v8Source !== undefined && !readsOtherwise(body) && isLinear(v8Source, v8Flags)) {
    // Without the flag `l`: the fast engine first, the linear one when it backtracks too much. V8 does not
    // count the steps of loops over one character (`a+b` is quadratic), so long values go to the linear one
    // at once.
    const fast = new RegExp(v8Source, v8Flags);
    const linear = new RegExp(v8Source, `${v8Flags}l`);
    const fastMax = readsWrongly(body) ? 0 : fastCharactersMax(body);
    return {
      test: (value) =>
        value.length >= lengthMin && (value.length > fastMax ? linear : fast).test(value),
      literals,
      everyOf,
      engine: "v8",
    };
  }
  try {
    const regex = RE2JS.compile(body.replaceAll(/\(\?<(?=[A-Za-z])/g, "(?P<"), re2Flags(all));
    const test = (value: string) => value.length >= lengthMin && regex.matcher(value).find();
    return { test, literals, everyOf, engine: "re2" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnsafePattern(`the pattern can't be run in linear time: ${reason}`);
  }
}

// Sigma's patterns are PCRE. JavaScript reads these without complaint, but as something else: `\A` as the
// letter A, `[]a]` as an empty class, `[[:alpha:]]` as a class of letters of its name, a sign outside the
// basic plane as two. re2 reads them as PCRE does, or refuses them.
function readsOtherwise(source: string): boolean {
  return (
    /(?<!\\)(?:\\\\)*(?:\\[AaCEeGHhKNQRXZz]|\[\^?\])/.test(source) ||
    source.includes("[[:") ||
    /[\ud800-\udfff]/.test(source)
  );
}

// V8's fast engine (14.6, Node 26) never tries a later place for `1|[^]*?x^a`, and misses the 1 in "a1"; the
// linear one reads every such assertion well. Rules hardly ever have one that is not at a beginning.
function readsWrongly(source: string): boolean {
  const outline = source
    .replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, "c")
    .replace(/\(\?[^a-zA-Z^]*/g, "(");
  return /[^(|^]\^/.test(outline);
}

function fastCharactersMax(source: string): number {
  const outline = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, "c");
  if (/\)(?:[*+]|\{)/.test(outline)) return FAST_CHARACTERS_MAX;
  const endless = outline.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  if (endless > 1) return FAST_CHARACTERS_MAX;
  return endless === 1 ? ONE_LOOP_CHARACTERS_MAX : Number.POSITIVE_INFINITY;
}

function re2Flags(flags: ReadonlySet<string>): number {
  return (
    (flags.has("i") ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.has("m") ? RE2JS.MULTILINE : 0) |
    (flags.has("s") ? RE2JS.DOTALL : 0)
  );
}

/**
 * The pattern with every letter as a class of both cases, since V8's linear engine does not take the
 * flag `i`. Undefined where that is not certain to mean the same.
 */
function expandCase(source: string): string | undefined {
  let out = "";
  let inClass = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] ?? "";
    if (character === "\\") {
      const next = source[index + 1] ?? "";
      if (/[xucpPk0-9]/.test(next) || (inClass && isRange(source, index + 2))) return undefined;
      out += character + next;
      index += 1;
    } else if (/[a-zA-Z]/.test(character)) {
      const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
      const range = inClass ? /^-([a-zA-Z])/.exec(source.slice(index + 1)) : null;
      if (range !== null) {
        const end = range[1] ?? "";
        // A range from one case into the other holds signs too.
        if ((character === lower) !== (end === end.toLowerCase())) return undefined;
        out += `${lower}-${end.toLowerCase()}${upper}-${end.toUpperCase()}`;
        index += 2;
      } else if (inClass && isRange(source, index + 1)) return undefined;
      else out += inClass ? lower + upper : `[${lower}${upper}]`;
    } else if (character === "(" && !inClass && source[index + 1] === "?") {
      const group = /^\(\?(?::|<[A-Za-z]\w*>)/.exec(source.slice(index));
      if (group === null) return undefined;
      out += group[0];
      index += group[0].length - 1;
    } else if (character.charCodeAt(0) > 127 || (inClass && spansLetters(source, index))) {
      return undefined;
    } else {
      if (character === "[" && !inClass) inClass = true;
      else if (character === "]") inClass = false;
      out += character;
    }
  }
  return out;
}

function isRange(source: string, dash: number): boolean {
  return source[dash] === "-" && source[dash + 1] !== "]";
}

// Ranges such as `[!-_]` hold letters of one case only, without naming one. Digits are safe.
function spansLetters(source: string, start: number): boolean {
  return isRange(source, start + 1) && !/^\d-\d/.test(source.slice(start, start + 3));
}
