// Finds the fixed skeleton of unknown lines of text: which words stand in all of them, and where addresses,
// numbers, names and times change. What it finds becomes the patterns of a proposed mapping.

import { namesPerson } from "./name-guess.ts";
import { PIECES } from "./pieces.ts";
import { endOfTime, KNOWN_TIMES, type KnownTime, LEVELS } from "./value-kind.ts";

/** A part of a line: fixed text, or a value of some kind. */
interface Token {
  readonly text: string;
  /** Name of the piece that reads it; undefined for blanks and marks. */
  readonly piece: string | undefined;
}

/** A part of a found skeleton. */
export type SkeletonPart =
  | { readonly literal: string }
  | {
      readonly piece: string;
      /** Name that the text before it suggests. */
      readonly hint: string | undefined;
      /** Some of its values. */
      readonly values: readonly string[];
    };

export interface Skeleton {
  readonly parts: readonly SkeletonPart[];
  /** Lines that have it. */
  readonly lines: number;
}

const TOKENS_MAX = 120;
const SKELETONS_MAX = 8;
/** Lines of a shape that tell enough about it. */
const LINES_MIN = 2;
const VALUES_KEPT = 200;
/** Different words that may stand for different kinds of records. */
const BRANCHES_MAX = 6;
/** Share of the lines that agree in the beginning that all share. */
const HEAD_AGREEMENT = 0.9;

/** How the lines' times are written: the way that most lines have somewhere in their beginning. */
export function timeOfLines(lines: readonly string[]): KnownTime | undefined {
  const counts = new Map<KnownTime, number>();
  for (const line of lines.slice(0, 200)) {
    const found = timeAnywhere(line);
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}

function timeAnywhere(line: string): KnownTime | undefined {
  for (let at = 0; at < Math.min(line.length, 120); at++) {
    if (!isStart(line, at)) continue;
    const known = KNOWN_TIMES.find((one) => isWhole(endOfTime(one, line, at), line));
    if (known !== undefined) return known;
  }
  return undefined;
}

/**
 * The skeletons of the lines, the most frequent first. The last one takes every line with the common
 * beginning, and the rest of it as one text; not so where the lines are only heads of others (`isHead`).
 */
export function findSkeletons(
  lines: readonly string[],
  time: KnownTime | undefined,
  isHead = false,
): Skeleton[] {
  const tokens = lines.map((line) => tokensOf(line, time));
  const groups = [...Map.groupBy(tokens, shapeOf).values()]
    .flatMap(branch)
    .filter((group) => group.length >= LINES_MIN)
    .sort((one, other) => other.length - one.length);
  // Many shapes are sentences: then only those count that many lines share.
  const least = groups.length > SKELETONS_MAX ? tokens.length / 10 : LINES_MIN;
  const found = groups
    .filter((group) => group.length >= least)
    .slice(0, SKELETONS_MAX)
    .map((group) => ({ parts: withoutSentence(partsOf(group)), lines: group.length }));
  const taken = found.reduce((sum, { lines: count }) => sum + count, 0);
  const rest = isHead ? undefined : headOf(tokens);
  const isTimed = rest?.parts.some((part) => "piece" in part && part.piece === "TIME") ?? false;
  // Where there are several kinds of lines, others will come; with their time they are worth being read.
  const isOpen = isTimed && found.length > 1;
  return rest !== undefined && (taken < tokens.length || isOpen) ? [...found, rest] : found;
}

/** The skeleton of what the lines have in common at their beginning; the rest is one text. */
function headOf(tokens: readonly (readonly Token[])[]): Skeleton | undefined {
  let group = tokens;
  let length = 0;
  for (; length < TOKENS_MAX; length++) {
    const at = length;
    const kinds = Map.groupBy(
      group.filter((one) => one.length > at + 1),
      (one) => kindAt(one, at),
    );
    const [best] = [...kinds.values()].sort((one, other) => other.length - one.length);
    if (best === undefined || best.length < tokens.length * HEAD_AGREEMENT) break;
    group = best;
  }
  // Words that change from line to line belong to the text, not to the head.
  while (length > 0 && isLoose(group, length - 1)) length--;
  if (length === 0) return undefined;
  const parts = partsOf(group.map((one) => one.slice(0, length)));
  const open: SkeletonPart = { piece: "GREEDYDATA", hint: "message", values: [] };
  const last = parts.at(-1);
  // Programs fill short words up with blanks.
  const blanks: SkeletonPart[] =
    last !== undefined && "piece" in last ? [{ piece: "SPACE", hint: undefined, values: [] }] : [];
  return { parts: [...parts, ...blanks, open], lines: group.length };
}

function isLoose(group: readonly (readonly Token[])[], at: number): boolean {
  const piece = group[0]?.[at]?.piece;
  if (piece === undefined) return group[0]?.[at]?.text === " " && isLoose(group, at - 1);
  return piece === "WORD" && new Set(group.map((one) => one[at]?.text)).size > 1;
}

function tokensOf(line: string, time: KnownTime | undefined): Token[] {
  const tokens: Token[] = [];
  let hasTime = false;
  let hasLevel = false;
  for (let at = 0; at < line.length && tokens.length < TOKENS_MAX; ) {
    const read = tokenAt(line, at, hasTime ? undefined : time);
    // A second word like this is one of the sentence.
    const found: Token = hasLevel && read.piece === "LEVEL" ? { ...read, piece: "WORD" } : read;
    hasTime ||= found.piece === "TIME";
    hasLevel ||= found.piece === "LEVEL";
    const before = tokens.at(-1);
    if (found.piece === undefined && before?.piece === undefined && before !== undefined) {
      tokens.pop();
      tokens.push({ text: before.text + found.text, piece: undefined });
    } else tokens.push(found);
    at += found.text.length;
  }
  const length = tokens.reduce((sum, { text }) => sum + text.length, 0);
  if (length < line.length) tokens.push({ text: line.slice(length), piece: "GREEDYDATA" });
  return tokens;
}

const WHOLE_PIECES = ["UUID", "SID", "EMAIL", "MAC", "IP", "QUOTED"];
const WORD = /[\p{L}\p{Nd}_](?:[\p{L}\p{Nd}_$-]|[.\\@/:](?=[\p{L}\p{Nd}_]))*/uy;
const MARK = /[^\p{L}\p{Nd}_]/uy;

function tokenAt(line: string, at: number, time: KnownTime | undefined): Token {
  if (isStart(line, at)) {
    const when = time === undefined ? undefined : endOfTime(time, line, at);
    if (when !== undefined && isWhole(when, line)) {
      return { text: line.slice(at, when), piece: "TIME" };
    }
    for (const piece of WHOLE_PIECES) {
      const end = PIECES[piece]?.read(line, at)?.end;
      if (end !== undefined && isWhole(end, line)) return { text: line.slice(at, end), piece };
    }
    const uri = /^[a-z][a-z\d+.-]{1,20}:\/\/[^\s"'<>]{1,2000}/i.exec(
      line.slice(at, at + 2030),
    )?.[0];
    if (uri !== undefined) return { text: uri, piece: "URI" };
    const path = /^(?:[a-zA-Z]:\\|\\\\|\/)[^\s"'<>|,;]{1,500}/.exec(line.slice(at, at + 510))?.[0];
    if (path !== undefined) return { text: path, piece: "PATH" };
    const number = /^\d{1,18}(?:[.,]\d{1,12})?(?![\p{L}\p{Nd}_.:/\\@-])/u.exec(
      line.slice(at, at + 40),
    )?.[0];
    if (number !== undefined) {
      return { text: number, piece: /[.,]/.test(number) ? "NUMBER" : "INT" };
    }
  }
  WORD.lastIndex = at;
  const word = WORD.exec(line)?.[0];
  if (word !== undefined) return { text: word, piece: pieceOfWord(word) };
  MARK.lastIndex = at;
  return { text: MARK.exec(line)?.[0] ?? line.slice(at, at + 1), piece: undefined };
}

// Each word has to be one that its piece reads whole.
function pieceOfWord(word: string): string {
  if (LEVELS.has(word.toLowerCase())) return "LEVEL";
  if (/^[\p{L}\p{Nd}_]+$/u.test(word)) return "WORD";
  if (/^[\p{L}\p{Nd}_.-]+$/u.test(word)) return "HOST";
  return /^[\p{L}\p{Nd}_.@\\$/-]+$/u.test(word) ? "USER" : "NOTSPACE";
}

function isStart(line: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{Nd}_]/u.test(line[at - 1] ?? "");
}

function isWhole(end: number | undefined, line: string): boolean {
  return end !== undefined && !/[\p{L}\p{Nd}_]/u.test(line[end] ?? "");
}

const SOFT = new Set(["WORD", "HOST", "USER", "NOTSPACE", "LEVEL"]);

function kindAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  if (token === undefined) return "";
  if (token.piece === undefined) return `=${token.text}`;
  if (token.piece === "INT") return "%NUMBER";
  return SOFT.has(token.piece) ? "%WORD" : `%${token.piece}`;
}

function shapeOf(tokens: readonly Token[]): string {
  return tokens.map((_token, at) => kindAt(tokens, at)).join("\0");
}

// `anmeldung ok` and `export fehler` have one shape, and still are two kinds of records if other words
// hang on the first.
function branch(group: readonly (readonly Token[])[]): (readonly (readonly Token[])[])[] {
  const [first] = group;
  if (first === undefined) return [];
  const fixed = (some: readonly (readonly Token[])[]) =>
    first.filter(
      (token, at) => isSoft(token) && new Set(some.map((one) => one[at]?.text)).size === 1,
    ).length;
  const before = fixed(group);
  for (const [at, token] of first.entries()) {
    if (!isSoft(token)) continue;
    const branches = [...Map.groupBy(group, (one) => one[at]?.text).values()];
    const isFew = branches.length > 1 && branches.length <= BRANCHES_MAX;
    if (!isFew || branches.some((one) => one.length < LINES_MIN * 2)) continue;
    // The word itself is fixed in each branch; more than that has to be.
    if (branches.every((one) => fixed(one) > before + 1)) return branches.flatMap(branch);
  }
  return [group];
}

function isSoft(token: Token): boolean {
  return token.piece !== undefined && SOFT.has(token.piece) && token.piece !== "LEVEL";
}

function partsOf(group: readonly (readonly Token[])[]): SkeletonPart[] {
  const parts: SkeletonPart[] = [];
  for (const [at, token] of (group[0] ?? []).entries()) {
    const values = group.slice(0, VALUES_KEPT).map((one) => one[at]?.text ?? "");
    const isSame = new Set(values).size === 1 && (group.length >= 3 || token.piece === "WORD");
    // What names a person is never written into a pattern, however often it comes.
    const isFixed = isSame && !/[\\@]/.test(token.text) && !namesPerson(hintOf(parts));
    if (token.piece === undefined || (isSoft(token) && isFixed)) {
      const before = parts.at(-1);
      const text = token.text.replaceAll("%{", "%%{");
      if (before !== undefined && "literal" in before) parts.pop();
      const start = before !== undefined && "literal" in before ? before.literal : "";
      parts.push({ literal: start + text });
    } else {
      const pieces = new Set(group.map((one) => one[at]?.piece ?? "NOTSPACE"));
      parts.push({ piece: commonPiece(pieces), hint: hintOf(parts), values });
    }
  }
  return parts;
}

/** Words in a row that change from line to line, without a name before them, are a sentence. */
const SENTENCE_WORDS = 2;

function withoutSentence(parts: readonly SkeletonPart[]): SkeletonPart[] {
  let words = 0;
  for (const [at, part] of parts.entries()) {
    if ("literal" in part) {
      if (part.literal !== " ") words = 0;
      continue;
    }
    const isLooseWord = SOFT.has(part.piece) && part.piece !== "LEVEL" && part.hint === undefined;
    words = isLooseWord && new Set(part.values).size > 2 ? words + 1 : 0;
    if (words < SENTENCE_WORDS) continue;
    const start = at - 2 * (SENTENCE_WORDS - 1);
    return [...parts.slice(0, start), { piece: "GREEDYDATA", hint: "message", values: [] }];
  }
  return [...parts];
}

function commonPiece(pieces: ReadonlySet<string>): string {
  const [only] = pieces;
  if (pieces.size === 1 && only !== undefined) return only;
  if ([...pieces].every((one) => one === "INT" || one === "NUMBER")) return "NUMBER";
  if (pieces.has("NOTSPACE")) return "NOTSPACE";
  return pieces.has("USER") ? "USER" : "HOST";
}

// `user=`, `Benutzer `, `[client `: the last word of the fixed text right before a value.
function hintOf(parts: readonly SkeletonPart[]): string | undefined {
  const before = parts.at(-1);
  if (before === undefined || !("literal" in before)) return undefined;
  const found = /([\p{L}_][\p{L}\p{Nd}_]{0,40})([\s=:"'([{<]{1,4})$/u.exec(
    before.literal.slice(-60),
  );
  const [, word = "", marks = ""] = found ?? [];
  return word === "" || (marks.trim() === "" && VERBS.test(word)) ? undefined : word;
}

// `login=…` names an account, `Login failed` does not.
const VERBS = /^(?:login|logon|subject|owner|actor|principal|to|type|event)$/i;
