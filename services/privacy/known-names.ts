// The names that are known of each tenant: from its directory, and from account fields seen earlier. Both
// are looked for in texts; names of one person of the directory lead to one canonical account.
import { accountClass } from "./accounts.ts";
import { isCommonWord } from "./common-words.ts";
import type { DirectoryPerson } from "./directory.ts";
import { fold, withoutMarks } from "./fold.ts";
import { createNameIndex, type NameIndex, type NameReach } from "./name-index.ts";
import type { ReplaceCanonical, Scanned } from "./name-scan.ts";
import { wordsOf } from "./name-words.ts";
import { needsPseudonym } from "./pseudonym.ts";

/** Names seen in account fields that a tenant remembers. */
export const SEEN_NAMES_MAX = 200_000;
// Shorter words stand in too many texts for something else.
const WORD_ALONE_MIN = 4;
const ACCOUNT_ALONE_MIN = 3;
/** Accounts of a smaller group would be told by it. */
const GROUP_MIN = 5;

export interface KnownNames {
  /** The canonical name of a spelling, as the directory knows it. */
  canonicalOf(tenant: string, name: string): string | undefined;
  /** What the directory calls a canonical name, for people who may resolve it. */
  displayOf(tenant: string, canonical: string): string | undefined;
  /** The group of a canonical account; undefined for one that has none, or too few others in it. */
  groupOf(tenant: string, canonical: string): string | undefined;
  /** Whether a name is found in any text. */
  isKnown(tenant: string, name: string): boolean;
  /** Remembers a name of an account field; the one not seen for the longest time goes for it. */
  learn(tenant: string, name: string): void;
  /** Replaces the directory of a tenant. */
  setDirectory(tenant: string, people: readonly DirectoryPerson[]): void;
  /** Replaces all names of a text in one pass, and tells what else it saw. */
  scan(tenant: string, text: string, replacementOf: ReplaceCanonical): Scanned;
  /** Rises when spellings may lead to other names than before. */
  generation(tenant: string): number;
  /** Rises with every name that is found from now on, or no longer. */
  revision(tenant: string): number;
  counts(tenant: string): { readonly directory: number; readonly seen: number };
}

interface TenantNames {
  index: NameIndex;
  /** Canonical accounts of the directory → what it calls them. */
  displays: Map<string, string>;
  /** Canonical accounts of the directory → the group that they are compared with. */
  groups: ReadonlyMap<string, string>;
  people: number;
  /** Folded name as it was seen → words; in the order of the last sight. */
  readonly seen: Map<string, readonly string[]>;
  generation: number;
  revision: number;
}

/** Of nobody, for tenants without names: conventions are seen all the same. */
export const NO_NAMES: NameIndex = createNameIndex();

export function createKnownNames(seenMax = SEEN_NAMES_MAX): KnownNames {
  const tenants = new Map<string, TenantNames>();
  const of = (tenant: string): TenantNames => {
    let names = tenants.get(tenant);
    if (names === undefined) {
      const empty = { displays: new Map(), groups: new Map(), seen: new Map() };
      names = { index: createNameIndex(), ...empty, people: 0, generation: 0, revision: 0 };
      tenants.set(tenant, names);
    }
    return names;
  };
  return {
    canonicalOf(tenant, name) {
      const names = tenants.get(tenant);
      if (names === undefined || names.people === 0) return undefined;
      const canonical = names.index.find(wordsOf(name));
      return canonical !== undefined && names.displays.has(canonical) ? canonical : undefined;
    },
    displayOf: (tenant, canonical) => tenants.get(tenant)?.displays.get(canonical),
    groupOf: (tenant, canonical) => tenants.get(tenant)?.groups.get(canonical),
    isKnown: (tenant, name) => tenants.get(tenant)?.index.find(wordsOf(name)) !== undefined,
    learn: (tenant, name) => learn(of(tenant), name, seenMax),
    setDirectory(tenant, people) {
      const names = of(tenant);
      names.index = createNameIndex();
      names.displays = new Map();
      names.groups = groupsOf(people);
      names.people = people.length;
      // Accounts first: who has the name of another one's account is not that one.
      for (const person of people) addAccounts(names, person);
      addPersonNames(names, people);
      for (const [name, words] of names.seen) names.index.add(words, name, reachOf(words));
      names.generation += 1;
      names.revision += 1;
    },
    scan: (tenant, text, replacementOf) =>
      (tenants.get(tenant)?.index ?? NO_NAMES).scan(text, replacementOf),
    generation: (tenant) => tenants.get(tenant)?.generation ?? 0,
    revision: (tenant) => tenants.get(tenant)?.revision ?? 0,
    counts: (tenant) => ({
      directory: tenants.get(tenant)?.people ?? 0,
      seen: tenants.get(tenant)?.seen.size ?? 0,
    }),
  };
}

function learn(names: TenantNames, given: string, seenMax: number): void {
  const name = fold(given.trim());
  const known = names.seen.get(name);
  if (known !== undefined) {
    names.seen.delete(name);
    names.seen.set(name, known);
    return;
  }
  const words = wordsOf(name);
  if (words.length === 0 || words.join("").length < ACCOUNT_ALONE_MIN) return;
  if (names.seen.size >= seenMax) forgetOldest(names);
  names.seen.set(name, words);
  names.index.add(words, name, reachOf(words));
  names.revision += 1;
}

function forgetOldest({ seen, index }: TenantNames): void {
  const [oldest] = seen;
  if (oldest === undefined) return;
  const [name, words] = oldest;
  seen.delete(name);
  // The directory's names stay, whoever was seen.
  if (index.find(words) === name) index.remove(words);
}

function addAccounts({ index, displays }: TenantNames, person: DirectoryPerson): void {
  const canonical = canonicalAccount(person);
  if (canonical === undefined) return;
  const display = person.displayName ?? [person.givenName, person.surname].join(" ").trim();
  displays.set(canonical, display);
  for (const account of [person.account, person.upn, person.mail]) {
    if (account === undefined) continue;
    const words = wordsOf(localPart(account));
    if (words.join("").length >= ACCOUNT_ALONE_MIN) index.add(words, canonical, reachOf(words));
  }
}

function groupsOf(people: readonly DirectoryPerson[]): Map<string, string> {
  const members = new Map<string, Set<string>>();
  for (const person of people) {
    const canonical = canonicalAccount(person);
    const group = fold((person.group ?? "").trim());
    if (canonical === undefined || group === "") continue;
    const all = members.get(group) ?? new Set();
    members.set(group, all.add(canonical));
  }
  const groups = new Map<string, string>();
  for (const [group, all] of members) {
    if (all.size < GROUP_MIN) continue;
    for (const canonical of all) groups.set(canonical, group);
  }
  return groups;
}

/** The account that all spellings of a person lead to; undefined for accounts that stay readable. */
function canonicalAccount(person: DirectoryPerson): string | undefined {
  const account = person.account ?? person.upn ?? person.mail;
  if (account === undefined) return undefined;
  const name = fold(localPart(account).trim());
  return needsPseudonym(accountClass(name)) ? name : undefined;
}

function localPart(account: string): string {
  const at = account.indexOf("@");
  return account.slice(account.lastIndexOf("\\") + 1, at === -1 ? undefined : at);
}

// Full names both ways round; a surname alone only where it is no ordinary word. Where several people have
// a name it stands for none of them, but is no less a name.
function addPersonNames({ index }: TenantNames, people: readonly DirectoryPerson[]): void {
  const owners = new Map<string, Set<string>>();
  const spelled = new Map<string, readonly string[]>();
  for (const person of people) {
    const canonical = canonicalAccount(person) ?? fold(person.displayName ?? "");
    if (canonical === "" || (person.account !== undefined && !canonicalAccount(person))) continue;
    for (const words of spellingsOf(person)) {
      const key = words.join(" ");
      spelled.set(key, words);
      const all = owners.get(key) ?? new Set();
      owners.set(key, all.add(canonical));
    }
  }
  for (const [key, words] of spelled) {
    const [only, ...others] = owners.get(key) ?? [];
    if (only === undefined) continue;
    index.add(words, others.length === 0 ? only : key, "everywhere");
  }
}

function spellingsOf(person: DirectoryPerson): string[][] {
  const all: string[][] = [];
  for (const form of [person, bareForm(person)]) {
    const given = wordsOf(form.givenName ?? "");
    const surname = wordsOf(form.surname ?? "");
    const display = wordsOf((form.displayName ?? "").replace(/\([^)]*\)/g, " "));
    if (display.length > 1) all.push(display);
    if (surname.length === 0) continue;
    if (given.length > 0) {
      all.push([...given, ...surname], [...surname, ...given]);
      const [first] = given;
      if (first !== undefined && given.length > 1)
        all.push([first, ...surname], [...surname, first]);
    }
    if (surname.length > 1 || isTelling(surname[0] ?? "")) all.push(surname);
  }
  return all;
}

function bareForm(person: DirectoryPerson): DirectoryPerson {
  const bare = (text: string | undefined) => (text === undefined ? undefined : withoutMarks(text));
  return {
    ...person,
    givenName: bare(person.givenName),
    surname: bare(person.surname),
    displayName: bare(person.displayName),
  };
}

function isTelling(word: string): boolean {
  return word.length >= WORD_ALONE_MIN && !isCommonWord(word) && !/^\d+$/.test(word);
}

function reachOf(words: readonly string[]): NameReach {
  const [only = ""] = words;
  if (words.length > 1) return "everywhere";
  return isCommonWord(only) || /^\d+$/.test(only) ? "account" : "everywhere";
}
