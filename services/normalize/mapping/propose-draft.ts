// Drafts of mappings for unknown lines, one function a shape: JSON, pairs, columns, patterns.
import type { JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { readPairs } from "../key-values.ts";
import { splitCsv } from "./csv-line.ts";
import {
  guessIdentity,
  guessNames,
  guessOutcome,
  guessTime,
  type SeenField,
} from "./name-guess.ts";
import { findSkeletons, type Skeleton, type SkeletonPart, timeOfLines } from "./skeleton.ts";
import { isWritten, kindOf, timeFormatOf } from "./value-kind.ts";

export type ProposalShape = "json" | "keyValue" | "csv" | "pattern";

/** What will be written as a mapping file. */
export interface Draft {
  readonly shape: ProposalShape;
  /** `pattern`, `csv`, `keyValue` or `json` with what belongs to it. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly time:
    | { readonly field: string | readonly string[]; readonly format: string }
    | undefined;
  readonly identity: string | undefined;
  /** ECS name → field. */
  readonly fields: Readonly<Record<string, string>>;
  readonly translate: Readonly<Record<string, unknown>>;
  /** JSON paths by which the records are recognised. */
  readonly keys: readonly string[];
  readonly frame?: { readonly isFramed: boolean; readonly program: string | undefined };
}

/** Field → its values, in the order in which the fields were seen. */
type Columns = Map<string, unknown[]>;

const FIELDS_MAX = 200;
const JSON_DEPTH_MAX = 6;
const PAIRS_MIN = 3;
/** Share of the lines that have to agree on a shape. */
const AGREEMENT = 0.6;

/** For JSON objects. */
export function draftJson(objects: readonly JsonRecord[]): Draft | undefined {
  const columns: Columns = new Map();
  for (const object of objects) collect(object, "", columns, 0);
  const common = [...columns].filter(([, values]) => values.length === objects.length);
  const draft = draftOf("json", { json: {} }, columns);
  const time = typeof draft.time?.field === "string" ? draft.time.field : undefined;
  const own = common.map(([name]) => name).filter((name) => name !== time);
  return { ...draft, keys: [...(time === undefined ? [] : [time]), ...own].slice(0, 3) };
}

function collect(value: JsonRecord, prefix: string, columns: Columns, depth: number): void {
  for (const [key, child] of Object.entries(value)) {
    const path = prefix + key;
    if (isRecord(child)) {
      if (depth < JSON_DEPTH_MAX) collect(child, `${path}.`, columns, depth + 1);
    } else if (child !== null && !Array.isArray(child)) add(columns, path, child);
  }
}

/** For lines of pairs, with or without something fixed before them. */
export function draftPairs(lines: readonly string[]): Draft | undefined {
  const blank = pairsBy(lines, (line, take) => {
    const start = line.search(/(?<![^\s[({,;|])[\p{L}_][\p{L}\p{Nd}_.-]{0,60}=/u);
    if (start !== -1) readPairs(line, start, true, (key, value) => take(key, value, start));
  });
  const ways = [
    { body: { delimiter: " ", assign: "=" }, ...blank },
    ...[";", "|", "\t", ","].flatMap((delimiter) =>
      ["=", ":"].map((assign) => ({
        body: { delimiter: delimiter === "\t" ? "\\t" : delimiter, assign },
        ...pairsBy(lines, (line, take) => {
          for (const part of line.split(delimiter)) {
            const middle = part.indexOf(assign);
            const key = part.slice(0, Math.max(0, middle)).trim();
            if (/^[\p{L}_][\p{L}\p{Nd}_. -]{0,40}$/u.test(key)) {
              take(key, part.slice(middle + 1).trim(), 0);
            }
          }
        }),
      })),
    ),
  ];
  const best = ways.reduce((one, other) => (other.share > one.share ? other : one));
  if (best.share < AGREEMENT) return undefined;
  const heads = lines.map((line, at) => line.slice(0, best.starts[at] ?? 0));
  const draft = draftOf("keyValue", { keyValue: best.body }, best.columns);
  return heads.filter((head) => head !== "").length * 2 > heads.length
    ? withHead(draft, heads, best.body)
    : draft;
}

interface FoundPairs {
  readonly share: number;
  readonly columns: Columns;
  /** Where the first pair of each line begins. */
  readonly starts: readonly number[];
}

function pairsBy(
  lines: readonly string[],
  read: (line: string, take: (key: string, value: string, start: number) => void) => void,
): FoundPairs {
  const columns: Columns = new Map();
  const starts: number[] = [];
  let good = 0;
  for (const line of lines) {
    let pairs = 0;
    let characters = 0;
    let start = 0;
    read(line, (key, value, from) => {
      if (pairs++ === 0) start = from;
      characters += key.length + value.length + 1;
      add(columns, key, value);
    });
    starts.push(start);
    if (pairs >= PAIRS_MIN && characters >= (line.length - start) * AGREEMENT) good++;
  }
  return { share: good / lines.length, columns, starts };
}

// `2026-11-21 05:38:16 INFO user=… ip=…`: patterns for what stands before the pairs.
function withHead(
  draft: Draft,
  heads: readonly string[],
  pairs: Readonly<Record<string, unknown>>,
): Draft | undefined {
  const time = timeOfLines(heads);
  const skeletons = findSkeletons(heads, time, true);
  const named = nameParts(skeletons, new Set(Object.values(draft.fields)));
  if (named.patterns.length === 0) return undefined;
  const isTimed = time !== undefined && named.hasTime;
  return {
    ...draft,
    body: { pattern: named.patterns.map((one) => `${one}%{KEYVALUE}`), keyValue: pairs },
    time: isTimed ? { field: "zeit", format: time.format } : draft.time,
    fields: Object.fromEntries(
      Object.entries(draft.fields).filter(([name]) => !named.names.has(name)),
    ),
  };
}

const DELIMITERS = [";", "\t", "|", ","];
const COLUMNS_MIN = 3;

/** For lines with columns. */
export function draftCsv(lines: readonly string[]): Draft | undefined {
  const ways = DELIMITERS.map((delimiter) => {
    const rows = lines.map((line) => splitCsv(line, delimiter, '"'));
    const counts = [...Map.groupBy(rows, (row) => row.length)];
    const [count, same] = counts.sort((one, other) => other[1].length - one[1].length)[0] ?? [
      0,
      [],
    ];
    return { delimiter, count, rows: same, share: same.length / lines.length };
  }).filter(({ count, share }) => count >= COLUMNS_MIN && share >= 0.9);
  const best = ways.sort((one, other) => other.count - one.count)[0];
  const [first] = best?.rows ?? [];
  if (best === undefined || first === undefined) return undefined;
  const isHead = isHeadRow(first, best.rows.slice(1));
  const rows = isHead ? best.rows.slice(1) : best.rows;
  if (rows.length === 0) return undefined;
  const names = columnNames(first, rows, isHead);
  const columns: Columns = new Map(names.map((name) => [name, []]));
  for (const row of rows) {
    for (const [at, name] of names.entries()) {
      const value = row[at] ?? "";
      if (value !== "") columns.get(name)?.push(value);
    }
  }
  const delimiter = best.delimiter === "\t" ? "\\t" : best.delimiter;
  const head = lines.find((line) => splitCsv(line, best.delimiter, '"').length === best.count);
  const isRenamed = isHead && names.some((name, at) => name !== first[at]);
  const csv = { delimiter, columns: names, ...(isRenamed ? { header: head } : {}) };
  return draftOf("csv", { csv }, columns);
}

function isHeadRow(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const isNamed = first.every((one) => /^[\p{L}_][\p{L}\p{Nd}_ .()/#-]{0,60}$/u.test(one));
  const isDistinct = new Set(first).size === first.length;
  return isNamed && isDistinct && rest.some((row) => row.some((one) => /\d/.test(one)));
}

function columnNames(
  first: readonly string[],
  rows: readonly (readonly string[])[],
  isHead: boolean,
): string[] {
  const used = new Set<string>();
  return first.map((title, at) => {
    const values = rows.map((row) => row[at] ?? "").filter((value) => value !== "");
    const kind = timeFormatOf(values) === undefined ? kindOf(values) : "zeit";
    const bare = isHead ? title.trim() : kind === "text" ? `spalte${at + 1}` : kind;
    let name = bare;
    for (let more = 2; used.has(name); more++) name = `${bare}${more}`;
    used.add(name);
    return name;
  });
}

/** For lines of text: what is fixed in them, and what changes. */
export function draftPatterns(lines: readonly string[]): Draft | undefined {
  const time = timeOfLines(lines);
  const skeletons = findSkeletons(lines, time);
  const { patterns, hasTime } = nameParts(skeletons, new Set());
  if (patterns.length === 0) return undefined;
  const when = time !== undefined && hasTime ? { field: "zeit", format: time.format } : undefined;
  return {
    shape: "pattern",
    body: { pattern: patterns },
    time: when,
    identity: undefined,
    fields: {},
    translate: {},
    keys: [],
  };
}

/** Patterns with a name for each value: an ECS name where one is likely, else the log's own word. */
function nameParts(skeletons: readonly Skeleton[], taken: ReadonlySet<string>) {
  const names = new Set<string>();
  let hasTime = false;
  const patterns = skeletons.map(({ parts }) => {
    const seen = parts.map((part, at): SeenField | undefined =>
      "piece" in part && part.piece !== "TIME" && part.piece !== "SPACE"
        ? { name: part.hint ?? `feld${at + 1}`, kind: kindOfPart(part), isUnique: false }
        : undefined,
    );
    // Two values may well have one hint: what is named is the place.
    const places = seen.flatMap((field, at) => (field === undefined ? [] : [{ ...field, at }]));
    const guessed = new Map<number, string>();
    for (const place of places) {
      const free = guessNames([place]);
      for (const [ecs] of free) {
        const other = ecs === "source.ip" ? "destination.ip" : undefined;
        const name = [...guessed.values()].includes(ecs) ? other : ecs;
        if (name !== undefined && !taken.has(name)) guessed.set(place.at, name);
      }
    }
    const used = new Set<string>(guessed.values());
    return parts
      .map((part, at) => {
        if ("literal" in part) return part.literal;
        if (part.piece === "SPACE") return "%{SPACE}";
        if (part.piece === "TIME") hasTime = true;
        const own = part.piece === "TIME" ? "zeit" : (part.hint ?? `feld${at + 1}`);
        let name = guessed.get(at) ?? own;
        for (let more = 2; guessed.get(at) === undefined && used.has(name); more++) {
          name = `${own}${more}`;
        }
        used.add(name);
        names.add(name);
        return `%{${pieceFor(name, part.piece)}:${name}}`;
      })
      .join("");
  });
  return { patterns: [...new Set(patterns)], names, hasTime };
}

// Other accounts than those seen have points, hyphens and domains.
function pieceFor(name: string, piece: string): string {
  return name === "user.name" && (piece === "WORD" || piece === "HOST") ? "USER" : piece;
}

function kindOfPart(part: Extract<SkeletonPart, { piece: string }>): SeenField["kind"] {
  return part.piece === "GREEDYDATA" ? "text" : kindOf(part.values);
}

function draftOf(
  shape: ProposalShape,
  body: Readonly<Record<string, unknown>>,
  columns: Columns,
): Draft {
  const times = new Map<string, string>();
  for (const [name, values] of columns) {
    const format = timeFormatOf(values.slice(0, 500));
    if (format !== undefined) times.set(name, format);
  }
  const timeName = guessTime([...times.keys()]) ?? undefined;
  const pair = timeName === undefined ? dateAndTime(columns) : undefined;
  const isTime = new Set([timeName, ...(pair?.fields ?? [])]);
  const seen = [...columns]
    .filter(([name]) => !isTime.has(name))
    .map(([name, values]): SeenField => {
      const isUnique = values.length > 1 && new Set(values).size === values.length;
      return { name, kind: kindOf(values.slice(0, 500)), isUnique };
    });
  const identity = guessIdentity(seen);
  const translate: Record<string, unknown> = {};
  for (const { name } of seen) {
    const map = guessOutcome(name, columns.get(name) ?? []);
    if (map !== undefined) translate["event.outcome"] ??= { from: name, map };
  }
  const fields = guessNames(seen.filter(({ name }) => name !== identity));
  const format = timeName === undefined ? pair?.format : times.get(timeName);
  const field = timeName ?? pair?.fields;
  return {
    shape,
    body,
    time: field === undefined || format === undefined ? undefined : { field, format },
    identity,
    fields: Object.fromEntries(fields),
    translate,
    keys: [],
  };
}

const DATES = ["dd.MM.yyyy", "yyyy-MM-dd", "dd/MM/yyyy", "yyyy/MM/dd", "yyyyMMdd"];
const CLOCKS = ["HH:mm:ss,SSS", "HH:mm:ss.SSS", "HH:mm:ss", "HH:mm"];

/** Two neighbouring fields that hold date and time of day. */
function dateAndTime(columns: Columns) {
  const all = [...columns];
  for (const [at, [name, values]] of all.entries()) {
    const [otherName, others = []] = all[at + 1] ?? [];
    if (otherName === undefined) continue;
    const both = values
      .slice(0, 200)
      .map((value, row) => `${String(value)} ${String(others[row])}`);
    for (const date of DATES) {
      const format = CLOCKS.map((clock) => `${date} ${clock}`).find((one) => isWritten(both, one));
      if (format !== undefined) return { fields: [name, otherName], format };
    }
  }
  return undefined;
}

function add(columns: Columns, name: string, value: unknown): void {
  const values = columns.get(name);
  if (values !== undefined) values.push(value);
  else if (columns.size < FIELDS_MAX) columns.set(name, [value]);
}
