// Invented people: given names and surnames made of syllables from a seed, so that no list of real ones is
// needed and none of them is a word that logs are made of.
import type { DirectoryPerson } from "../../services/privacy/directory.ts";

const ONSETS = [
  "br",
  "dr",
  "f",
  "gr",
  "h",
  "j",
  "kl",
  "l",
  "m",
  "n",
  "p",
  "qu",
  "r",
  "schw",
  "tr",
  "w",
  "z",
];
const VOWELS = ["a", "e", "i", "o", "u", "ä", "ö", "ü", "ei", "au"];
const CODAS = ["lk", "mpf", "nz", "rd", "rsk", "ss", "tt", "x", "ß", "nd", "ff", "chs"];
const GIVEN = [
  "Anke",
  "Björn",
  "Çelik",
  "Dörte",
  "Elif",
  "Frauke",
  "Günther",
  "Hülya",
  "Ingo",
  "Jörg",
  "Käthe",
  "René",
];

/** One invented person with the account names that a German administration would give. */
export interface Canary extends DirectoryPerson {
  readonly account: string;
  readonly upn: string;
  readonly mail: string;
  readonly givenName: string;
  readonly surname: string;
  readonly displayName: string;
}

/** The person of this number; different numbers have different surnames. */
export function canaryOf(number: number): Canary {
  const surname = surnameOf(number);
  const givenName = GIVEN[number % GIVEN.length] ?? "Anke";
  const plain = transcribed(`${givenName}.${surname}`).toLowerCase();
  const account = `${plain.slice(0, 1)}.${transcribed(surname).toLowerCase()}`;
  return {
    account,
    upn: `${account}@lk-heide.example`,
    mail: `${plain}@lk-heide.example`,
    givenName,
    surname,
    displayName: `${surname}, ${givenName}`,
  };
}

function surnameOf(number: number): string {
  let rest = number;
  let name = "";
  for (let syllable = 0; syllable < 3; syllable += 1) {
    const onset = ONSETS[rest % ONSETS.length] ?? "";
    rest = Math.floor(rest / ONSETS.length);
    const vowel = VOWELS[(number + syllable * 3) % VOWELS.length] ?? "";
    name += onset + vowel;
  }
  name += CODAS[number % CODAS.length] ?? "";
  return `Zy${name}`;
}

/** ä as ae and so on, as account names are written. */
function transcribed(text: string): string {
  const pairs: Readonly<Record<string, string>> = {
    ä: "ae",
    ö: "oe",
    ü: "ue",
    ß: "ss",
    Ç: "C",
    é: "e",
  };
  return text.replace(/[äöüßÇé]/g, (char) => pairs[char] ?? char);
}
