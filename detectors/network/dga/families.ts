// Draws families of made names as malware makes them, each with an alphabet, lengths and suffixes of its
// own: letters from arithmetic, digits of hashes, syllables, words, and names of others with a slip. Nothing
// of any real family is in here; what a model has to learn is the kind, not the family.
import { between, pick, type Random, seededRandom } from "./seeded.ts";
import { DYNAMIC_SUFFIXES, SUFFIXES, WORDS } from "./words.ts";

export interface Family {
  readonly family: string;
  readonly names: readonly string[];
}

/** Makes one label after another. */
type Maker = () => string;
type Kind = (random: Random, usualLabels: readonly string[]) => Maker;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const VOWELS = "aeiouy";
const CONSONANTS = "bcdfghjklmnpqrstvwxz";

const KINDS: Readonly<Record<string, Kind>> = {
  letters: (random) => spelled(random, LETTERS, 5, 26),
  few_letters: (random) => spelled(random, sample(random, LETTERS, between(random, 8, 18)), 6, 20),
  fixed_letters: (random) => {
    const length = between(random, 6, 20);
    return spelled(random, LETTERS, length, length);
  },
  skewed_letters(random) {
    const weights = [...LETTERS].map((letter) => letter.repeat(between(random, 1, 6))).join("");
    return spelled(random, weights, 6, 16);
  },
  hex: (random) => {
    const length = between(random, 8, 32);
    return spelled(random, `${DIGITS}abcdef`, length, length);
  },
  base32: (random) => spelled(random, `${LETTERS}234567`, 10, 28),
  letters_digits: (random) => spelled(random, LETTERS + DIGITS, 8, 24),
  digits: (random) => spelled(random, DIGITS, 6, 14),
  letters_then_digits(random) {
    const letters = spelled(random, LETTERS, 3, 9);
    const digits = spelled(random, DIGITS, 1, 5);
    return () => letters() + digits();
  },
  alternating(random) {
    const [from, to] = lengths(random, 5, 14);
    const begin = between(random, 0, 1);
    return () =>
      Array.from({ length: between(random, from, to) }, (_, place) =>
        one(random, (place + begin) % 2 === 0 ? CONSONANTS : VOWELS),
      ).join("");
  },
  syllables(random) {
    const shapes = Array.from({ length: between(random, 20, 60) }, () =>
      [...pick(random, ["cv", "cvc", "vc", "ccv", "cvv"])]
        .map((place) => one(random, place === "c" ? CONSONANTS : VOWELS))
        .join(""),
    );
    const [from, to] = lengths(random, 2, 5);
    return () => repeated(between(random, from, to), () => anyOf(random, shapes));
  },
  pronounceable(random, usual) {
    const next = transitions(usual);
    const [from, to] = lengths(random, 6, 14);
    return () => {
      let label = one(random, LETTERS);
      for (let left = between(random, from, to); left > 1; left -= 1)
        label += one(random, next.get(label.at(-1) ?? "") ?? VOWELS);
      return label;
    };
  },
  words: (random) => joinedWords(random, WORDS, pick(random, ["", "", "", "-"])),
  own_words(random) {
    const list = Array.from({ length: between(random, 30, 150) }, () => anyOf(random, WORDS));
    return joinedWords(random, list, "");
  },
  words_of_others(random, usual) {
    const list = Array.from({ length: between(random, 60, 300) }, () => {
      const label = anyOf(random, usual);
      const from = between(random, 0, Math.max(0, label.length - 5));
      return label.slice(from, from + between(random, 4, 8));
    });
    return joinedWords(random, list, "");
  },
  word_and_digits(random) {
    const digits = spelled(random, DIGITS, 1, 4);
    return () => anyOf(random, WORDS) + digits();
  },
  word_and_letters(random) {
    const letters = spelled(random, LETTERS, 3, 8);
    return () =>
      random() < 0.5 ? anyOf(random, WORDS) + letters() : letters() + anyOf(random, WORDS);
  },
  halves(random) {
    const half = () => {
      const word = anyOf(random, WORDS);
      const middle = Math.ceil(word.length / 2);
      return random() < 0.5 ? word.slice(0, middle) : word.slice(middle);
    };
    return () => repeated(between(random, 2, 4), half);
  },
  fixed_end(random) {
    const end = repeated(between(random, 2, 3), () => anyOf(random, WORDS)).slice(2);
    const begin = spelled(random, LETTERS, 3, 6);
    return () => begin() + end;
  },
  mutated(random, usual) {
    const alphabet = pick(random, [LETTERS, LETTERS + DIGITS]);
    const slips = between(random, 1, 3);
    return () => {
      const characters = [...anyOf(random, usual)];
      for (let left = slips; left > 0; left -= 1)
        characters[between(random, 0, characters.length - 1)] = one(random, alphabet);
      return characters.join("");
    };
  },
  dated(random) {
    const begin = spelled(random, LETTERS, 2, 6);
    return () =>
      `${begin()}${between(random, 2015, 2026)}${between(random, 10, 12)}${between(random, 10, 28)}`;
  },
};

/** Families of all kinds in turn, `perFamily` names each; the same seed gives the same. */
export function drawFamilies(
  count: number,
  perFamily: number,
  usualLabels: readonly string[],
  seed: number,
): Family[] {
  const random = seededRandom(seed);
  const kinds = Object.entries(KINDS);
  const usual = usualLabels.filter((label) => label.length > 4);
  const families: Family[] = [];
  for (let number = 0; number < count; number += 1) {
    const [kind, make] = kinds[number % kinds.length] ?? [
      "letters",
      (r) => spelled(r, LETTERS, 5, 26),
    ];
    const label = make(random, usual.length > 0 ? usual : WORDS);
    const suffixes = suffixesOf(random);
    const names = Array.from({ length: perFamily }, () => `${label()}.${anyOf(random, suffixes)}`);
    families.push({ family: `${kind}-${number}`, names });
  }
  return families;
}

/** Most families have few suffixes, frequent ones more often than rare ones. */
function suffixesOf(random: Random): string[] {
  const list = random() < 0.08 ? DYNAMIC_SUFFIXES : SUFFIXES;
  const count = pick(random, [1, 1, 2, 3, 4, 6, 10]);
  return Array.from(
    { length: count },
    () => list[Math.floor(list.length * random() ** 2)] ?? "com",
  );
}

function lengths(random: Random, from: number, to: number): [number, number] {
  const shortest = between(random, from, to);
  return [shortest, Math.min(to, shortest + between(random, 0, 6))];
}

function spelled(random: Random, alphabet: string, from: number, to: number): Maker {
  const [shortest, longest] = lengths(random, from, to);
  return () => repeated(between(random, shortest, longest), () => one(random, alphabet));
}

function joinedWords(random: Random, words: readonly string[], between_: string): Maker {
  const count = pick(random, [2, 2, 3]);
  return () => Array.from({ length: count }, () => anyOf(random, words)).join(between_);
}

function transitions(labels: readonly string[]): Map<string, string> {
  const next = new Map<string, string>();
  for (const label of labels.slice(0, 2000))
    for (let index = 1; index < label.length; index += 1) {
      const before = label[index - 1] ?? "";
      next.set(before, (next.get(before) ?? "") + (label[index] ?? ""));
    }
  return next;
}

function sample(random: Random, alphabet: string, count: number): string {
  return repeated(count, () => one(random, alphabet));
}

function repeated(count: number, make: Maker): string {
  let text = "";
  for (let left = count; left > 0; left -= 1) text += make();
  return text;
}

function one(random: Random, alphabet: string): string {
  return alphabet[Math.floor(random() * alphabet.length)] ?? "a";
}

function anyOf(random: Random, values: readonly string[]): string {
  return values[Math.floor(random() * values.length)] ?? "a";
}
