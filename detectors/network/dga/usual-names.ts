// Usual names for a model where no site's own are at hand: put together from everyday words as companies,
// offices and clubs do it. Far poorer than what a site's own DNS log teaches.
import { between, pick, type Random, seededRandom } from "./seeded.ts";
import { WORDS } from "./words.ts";

const SUFFIXES = [
  ...[..."ccccccccc"].map(() => "com"),
  ...[
    "de",
    "de",
    "de",
    "de",
    "de",
    "org",
    "org",
    "net",
    "net",
    "net",
    "eu",
    "info",
    "at",
    "ch",
    "fr",
  ],
  ...[
    "nl",
    "it",
    "pl",
    "es",
    "co.uk",
    "uk",
    "io",
    "ru",
    "cn",
    "jp",
    "com.br",
    "in",
    "se",
    "dk",
    "edu",
  ],
  ...["gov", "us", "ca", "com.au", "biz", "tv", "me", "cz", "be", "app", "cloud"],
];
const ENDS = [
  ...[
    "shop",
    "online",
    "web",
    "net",
    "group",
    "service",
    "media",
    "tech",
    "soft",
    "hotel",
    "club",
    "blog",
  ],
  ...[
    "news",
    "bank",
    "auto",
    "haus",
    "welt",
    "markt",
    "verein",
    "verlag",
    "bau",
    "druck",
    "reisen",
    "city",
  ],
  ...[
    "er",
    "ly",
    "ify",
    "o",
    "a",
    "s",
    "ing",
    "en",
    "24",
    "1",
    "365",
    "de",
    "tv",
    "lab",
    "hub",
    "go",
  ],
] as const;
const BEGINS = [
  "my",
  "the",
  "e",
  "i",
  "go",
  "get",
  "mein",
  "die",
  "stadt",
  "kreis",
  "best",
  "all",
  "pro",
];
const COUNT = 12_000;
const SEED = 20;

/** The same list each time. */
export function ownUsualNames(): string[] {
  const random = seededRandom(SEED);
  return Array.from({ length: COUNT }, () => `${label(random)}.${anyOf(random, SUFFIXES)}`);
}

function label(random: Random): string {
  const word = () => anyOf(random, WORDS);
  switch (pick(random, [0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7])) {
    case 0:
      return word() + word();
    case 1:
      return word() + anyOf(random, ENDS);
    case 2:
      return `${word()}-${word()}`;
    case 3:
      return anyOf(random, BEGINS) + word();
    case 4:
      return word();
    case 5:
      // An abbreviation, as authorities and companies have them.
      return Array.from({ length: between(random, 2, 5) }, () => word()[0]).join("");
    case 6:
      return word().slice(0, between(random, 3, 4)) + word().slice(0, between(random, 2, 4));
    default:
      return word() + word().slice(0, 3) + anyOf(random, ENDS);
  }
}

function anyOf(random: Random, values: readonly string[]): string {
  return values[Math.floor(random() * values.length)] ?? "";
}
