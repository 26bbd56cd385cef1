// Which names of account fields are worth to be looked for in other texts. What anybody may write into such
// a field must not blank out words that logs are made of.
import { isTechnicalWord } from "./common-words.ts";
import { type KnownNames, SEEN_NAMES_MAX } from "./known-names.ts";
import { wordsOf } from "./name-words.ts";

const NAME_CHARACTERS_MAX = 64;
const NAME_WORDS_MAX = 4;
/** After so many sights all are told anew, so that those that are still seen stay. */
const SIGHTS_PER_ROUND = 500_000;

export interface SeenNames {
  /** @param isMail the name is the local part of a mail address */
  learn(tenant: string, name: string, isMail: boolean): void;
}

/** Tells the known names of each name once a round. */
export function createSeenNames(names: KnownNames | undefined): SeenNames {
  if (names === undefined) return { learn: () => undefined };
  const told = new Map<string, Set<string>>();
  let sights = 0;
  return {
    learn(tenant, name, isMail) {
      sights += 1;
      if (sights > SIGHTS_PER_ROUND) {
        told.clear();
        sights = 0;
      }
      let known = told.get(tenant);
      if (known === undefined) {
        known = new Set();
        told.set(tenant, known);
      }
      if (known.has(name)) return;
      if (known.size >= SEEN_NAMES_MAX) known.clear();
      known.add(name);
      if (isLearnable(name, isMail)) names.learn(tenant, name);
    },
  };
}

/**
 * Whether a name of an account field is looked for in texts: not what names a program or an action, and of
 * mail addresses, which anybody writes from, only what is made of several words.
 */
function isLearnable(name: string, isMail: boolean): boolean {
  if (name.length > NAME_CHARACTERS_MAX) return false;
  const words = wordsOf(name);
  if (words.length === 0 || words.length > NAME_WORDS_MAX) return false;
  if (isMail && words.length < 2) return false;
  return words.length === 1 || !words.some(isTechnicalWord);
}
