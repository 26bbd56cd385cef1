// What a name looks like, in numbers: how well it fits the names that are usual here and those that
// algorithms make, how it is built, and under which suffix it lies. The network judges these.
import { GRAM_MAX, type GramTable } from "./gram-table.ts";
import type { DomainName } from "./name.ts";
import type { SuffixTable } from "./suffix-table.ts";

/** What is known of usual (benign) and of made names. */
export interface NameStatistics {
  readonly usual: GramTable;
  readonly made: GramTable;
  readonly usualSuffixes: SuffixTable;
  readonly madeSuffixes: SuffixTable;
}

/** Strength of the shorter context when the longer one is rarely seen. */
const BACK_OFF = 4;
/** Characters that labels may have, for what was never seen. */
const ALPHABET = 38;
/** Runs of a length count as seen from these counts on. */
const SEEN: readonly (readonly [length: number, count: number])[] = [
  ...([
    [3, 1],
    [3, 12],
    [4, 1],
    [4, 6],
    [5, 1],
    [5, 5],
    [6, 1],
    [6, 4],
  ] as const),
];
/** A piece of a usual name: so long, so often seen. */
const PIECE_CHARS_MIN = 3;
const PIECE_COUNT_MIN = 5;
const LOWEST_SHARE = 0.3;

const CHARACTER_FEATURES = 16;
const FIT_FEATURES = 13;
const SUFFIX_FEATURES = 5;
export const FEATURES = CHARACTER_FEATURES + FIT_FEATURES + SEEN.length + 2 + SUFFIX_FEATURES;

/** Writes the features of a name into `out` at `at`. */
export function writeFeatures(
  name: DomainName,
  statistics: NameStatistics,
  out: Float32Array,
  at: number,
): void {
  const values = [
    ...characterFeatures(name),
    ...fitFeatures(name.label, statistics),
    ...seenFeatures(name.label, statistics.usual),
    ...suffixFeatures(name, statistics),
  ];
  out.set(values, at);
}

function characterFeatures({ label, labels }: DomainName): number[] {
  const length = Math.max(1, label.length);
  const seen = new Map<string, number>();
  let [vowels, digits, hyphens, hex, others, pairs, changes] = [0, 0, 0, 0, 0, 0, 0];
  const runs = { vowel: 0, consonant: 0, digit: 0 };
  let run = 0;
  let before = "";
  let alternations = 0;
  for (let index = 0; index < label.length; index += 1) {
    const character = label[index] ?? "";
    const kind = kindOf(character);
    seen.set(character, (seen.get(character) ?? 0) + 1);
    if (kind === "vowel") vowels += 1;
    else if (kind === "digit") digits += 1;
    else if (character === "-") hyphens += 1;
    else if (kind === "other") others += 1;
    if (/[0-9a-f]/.test(character)) hex += 1;
    if (character === label[index - 1]) pairs += 1;
    if ((kind === "digit") !== (before === "digit") && before !== "") changes += 1;
    if (
      (kind === "vowel" && before === "consonant") ||
      (kind === "consonant" && before === "vowel")
    )
      alternations += 1;
    run = kind === before ? run + 1 : 1;
    before = kind;
    if (kind !== "other") runs[kind] = Math.max(runs[kind], run);
  }
  let entropy = 0;
  for (const count of seen.values()) entropy -= (count / length) * Math.log2(count / length);
  return [
    ...[length, Math.log(length), entropy, entropy / Math.max(1, Math.log2(length))],
    ...[seen.size / length, vowels / length, digits / length, Math.min(3, hyphens), hex / length],
    ...[pairs / length, changes, alternations / length],
    ...[runs.vowel, runs.consonant, runs.digit, Math.min(6, labels) + (others > 0 ? 1 : 0)],
  ];
}

type Kind = "vowel" | "consonant" | "digit" | "other";

function kindOf(character: string): Kind {
  if ("aeiouy".includes(character)) return "vowel";
  if (character >= "0" && character <= "9") return "digit";
  return character >= "a" && character <= "z" ? "consonant" : "other";
}

/** How probable the label is, character by character, among usual names and among made ones. */
function fitFeatures(label: string, { usual, made }: NameStatistics): number[] {
  const fits = logProbabilities(label, usual);
  const others = logProbabilities(label, made);
  const places = label.length + 1;
  const mean = (row: Float64Array) => row.reduce((sum, value) => sum + value, 0) / places;
  const four = [...(fits[3] ?? [])].sort((a, b) => a - b);
  const lowest = four.slice(0, Math.max(1, Math.round(places * LOWEST_SHARE)));
  const means = fits.map(mean);
  const otherMeans = others.map(mean);
  const difference = (order: number) => (otherMeans[order] ?? 0) - (means[order] ?? 0);
  return [
    ...means.slice(0, 5),
    four[0] ?? 0,
    lowest.reduce((sum, value) => sum + value, 0) / lowest.length,
    (means[3] ?? 0) - (means[0] ?? 0),
    (means[3] ?? 0) * places,
    ...[difference(1), difference(2), difference(3), difference(2) * places],
  ];
}

/** For contexts of none to four characters: the logarithms at each place of `label$`. */
function logProbabilities(label: string, table: GramTable): Float64Array[] {
  const counts = table.countsOf(label);
  const places = label.length + 1;
  const rows = Array.from({ length: 5 }, () => new Float64Array(places));
  for (let place = 1; place <= places; place += 1) {
    let probability = 1 / ALPHABET;
    for (let length = 1; length <= 5; length += 1) {
      const whole = length <= place + 1 ? (counts[place * GRAM_MAX + length - 1] ?? 0) : 0;
      const context =
        length === 1 ? table.total : (counts[(place - 1) * GRAM_MAX + length - 2] ?? 0);
      // Where two runs share a cell, a run may seem more frequent than what it begins with.
      const bounded = Math.min(Math.max(0, whole), context);
      probability = (bounded + BACK_OFF * probability) / (Math.max(0, context) + BACK_OFF);
      const row = rows[length - 1];
      if (row !== undefined) row[place - 1] = Math.log(probability);
    }
  }
  return rows;
}

/** Which share of its runs usual names have too, and into how few known pieces the label falls. */
function seenFeatures(label: string, usual: GramTable): number[] {
  const counts = usual.countsOf(label);
  const places = label.length + 2;
  const shares = SEEN.map(([length, least]) => {
    let seen = 0;
    for (let place = length - 1; place < places; place += 1)
      if ((counts[place * GRAM_MAX + length - 1] ?? 0) >= least) seen += 1;
    return seen / Math.max(1, places - length + 1);
  });
  const pieces = new Float64Array(label.length + 1);
  let longest = 0;
  for (let end = 1; end <= label.length; end += 1) {
    let fewest = (pieces[end - 1] ?? 0) + 1;
    for (let length = PIECE_CHARS_MIN; length <= GRAM_MAX && length <= end; length += 1) {
      if ((counts[end * GRAM_MAX + length - 1] ?? 0) < PIECE_COUNT_MIN) continue;
      longest = Math.max(longest, length);
      fewest = Math.min(fewest, (pieces[end - length] ?? 0) + 1);
    }
    pieces[end] = fewest;
  }
  return [...shares, (pieces[label.length] ?? 0) / Math.max(1, label.length), longest];
}

function suffixFeatures(name: DomainName, statistics: NameStatistics): number[] {
  const usual = statistics.usualSuffixes;
  const made = statistics.madeSuffixes;
  return [
    usual.logShare(name.topLevel),
    made.logShare(name.topLevel),
    usual.logShare(name.suffix),
    made.logShare(name.suffix),
    name.suffix === name.topLevel ? 0 : 1,
  ];
}
