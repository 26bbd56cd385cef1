// Takes the identities out of ECS documents and matched fields. One pass over the identity fields finds
// the event's own names, a second pass replaces them (and names that stand by convention) in all texts.
import type { MatchedField } from "../../detectors/detector.ts";
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";
import { accountClass, isPersonalSid } from "./accounts.ts";
import type { FieldContent } from "./fields.ts";
import type { KeyRing } from "./keys.ts";
import type { KnownNames } from "./known-names.ts";
import type { IdentityMap, Privacy } from "./privacy.ts";
import { createInside, type Inside, type TextParts } from "./protect-text.ts";
import {
  createPseudonyms,
  derivedKeys,
  type FirstSight,
  isPseudonym,
  needsPseudonym,
  type PseudonymKeys,
  type Pseudonyms,
} from "./pseudonym.ts";
import { createSeenNames, type SeenNames } from "./seen-names.ts";
import {
  createTenantMemories,
  type FieldMemory,
  keepWhole,
  type LearnedName,
  type SeenWhole,
  type TenantMemory,
} from "./text-cache.ts";

// Shorter names would replace parts of words all over a text; they are replaced in their own field only.
const NAME_IN_TEXT_MIN = 3;
const SID_LIKE = /^S-1-5-/i;
const SYSTEM_DOMAIN =
  /^(?:nt service|nt-dienst|nt authority|nt-autorität|font driver host|window manager)\\$/i;
const NO_NAMES: ReadonlyMap<string, string> = new Map();

export interface PrivacyOptions {
  /** Names that are found in texts; without them only those of the same event are. */
  readonly names?: KnownNames;
  /** Keys that rotate; without them they are derived from the master key. */
  readonly epochs?: PseudonymKeys;
  /** Told of each name once, for the vault. */
  readonly onFirstSight?: (sight: FirstSight) => void;
  /** Told of names that stood in a text by convention only and were not known. */
  readonly onUnknown?: (tenant: string) => void;
  /** Of what is remembered of repeated texts, per tenant. */
  readonly cacheBytesMax?: number;
}

interface Parts extends TextParts {
  readonly pseudonyms: Pseudonyms;
  readonly seen: SeenNames;
  readonly memoryOf: (tenant: string) => TenantMemory;
}

/** The privacy library over a key ring. */
export function createPrivacy(keys: KeyRing, options: PrivacyOptions = {}): Privacy {
  const { names } = options;
  const epochs = options.epochs ?? derivedKeys(keys);
  const pseudonyms = createPseudonyms({
    keys: epochs,
    canonicalOf: names?.canonicalOf ?? (() => undefined),
    generation: names?.generation ?? (() => 0),
    onFirstSight: options.onFirstSight ?? (() => undefined),
    groupOf: names?.groupOf,
  });
  const onUnknown = options.onUnknown ?? (() => undefined);
  const memoryOf = createTenantMemories(
    (tenant) => epochs.current(tenant).epoch,
    (tenant) => names?.revision(tenant) ?? 0,
    options.cacheBytesMax,
  );
  const parts: Parts = {
    ...{ pseudonyms, names, onUnknown, memoryOf },
    seen: createSeenNames(names),
    nameOf: (tenant, name) => bareName(parts, tenant, name),
    sidOf: (tenant, sid) => sidPseudonym(parts, tenant, sid),
  };
  return {
    protectDocument: (tenant, document) => protectDocument(parts, tenant, document),
    protectMatched(tenant, identities, matched) {
      const own = identities instanceof Map ? identities : new Map(identities);
      const memory = memoryOf(tenant);
      const inside = createInside(parts, tenant, memory, own);
      return matched.map((field) => protectMatchedField(parts, tenant, memory, inside, field));
    },
    pseudonymOf: (tenant, name) => bareName(parts, tenant, name),
    groupOf: (tenant, pseudonym) => pseudonyms.group(tenant, pseudonym),
    formerOf(tenant) {
      const ending = epochs.previous(tenant);
      if (ending === undefined) return undefined;
      return { begin: ending.begin, end: ending.end, names: pseudonyms.former(tenant) };
    },
  };
}

function protectDocument(parts: Parts, tenant: string, document: EcsDocument): IdentityMap {
  let own: Map<string, string> | undefined;
  const before = parts.memoryOf(tenant);
  // Documents are large and most of their fields hold nothing personal: their names are gone through
  // once, and a field is written only when its value changed.
  const texts: FieldMemory[] = [];
  let named: FieldMemory[] | undefined;
  for (const field of Object.keys(document)) {
    const one = before.field(field);
    if (one.knownPart < field.length) {
      named ??= [];
      named.push(one);
    }
    if (one.content === "none") continue;
    if (one.content === "text") {
      texts.push(one);
      continue;
    }
    const names = changeWhole(parts, tenant, before, document, one);
    for (const { name, lower, replacement, isMail } of names) {
      own ??= new Map();
      own.set(lower, replacement);
      parts.seen.learn(tenant, name, isMail);
    }
  }
  const names = own ?? NO_NAMES;
  // What was learned just now is looked for in this event's texts already.
  const memory = parts.memoryOf(tenant);
  const inside = createInside(parts, tenant, memory, names);
  for (const one of texts) {
    const field = memory === before ? one : memory.field(one.field);
    const value = document[field.field];
    if (typeof value === "string") {
      const changed = inside(field, value);
      if (changed !== value) document[field.field] = changed;
    } else if (Array.isArray(value)) {
      document[field.field] = mapStrings(value, (text) => inside(field, text));
    }
  }
  for (const one of named ?? []) protectName(document, one, memory, inside);
  return names;
}

/** The names of metrics are texts as well. */
function protectName(
  document: EcsDocument,
  { field, knownPart }: FieldMemory,
  memory: TenantMemory,
  inside: Inside,
): void {
  const root = field.slice(0, knownPart);
  const name = root + inside(memory.field(root), field.slice(knownPart));
  const value = document[field];
  if (name === field || value === undefined) return;
  delete document[field];
  document[name] = value;
}

/** Replaces what an account field names; gives back what is to be looked for in texts. */
function changeWhole(
  parts: Parts,
  tenant: string,
  memory: TenantMemory,
  document: EcsDocument,
  { field, content }: FieldMemory,
): readonly LearnedName[] {
  const value = document[field];
  if (typeof value === "string") {
    const seen = seenWhole(parts, tenant, memory, content, value);
    if (seen.value !== value) document[field] = seen.value;
    return seen.learned;
  }
  if (!Array.isArray(value)) return NOTHING_LEARNED;
  const learned: LearnedName[] = [];
  document[field] = mapStrings(value, (text) => {
    const seen = seenWhole(parts, tenant, memory, content, text);
    learned.push(...seen.learned);
    return seen.value;
  });
  return learned;
}

function seenWhole(
  parts: Parts,
  tenant: string,
  memory: TenantMemory,
  content: FieldContent,
  value: string,
): SeenWhole {
  // The first letter of the content tells them apart: account, person, sid.
  const key = content.charAt(0) + value;
  const known = memory.wholes.get(key);
  if (known !== undefined) return known;
  const isMail = value.includes("@");
  const learned: LearnedName[] = [];
  const changed = protectWhole(parts, tenant, content, value, (name, replacement) => {
    if (name.length < NAME_IN_TEXT_MIN || name === replacement) return;
    learned.push({ name, lower: name.toLowerCase(), replacement, isMail });
  });
  const seen = { value: changed, learned: learned.length === 0 ? NOTHING_LEARNED : learned };
  keepWhole(memory.wholes, key, seen);
  return seen;
}

const NOTHING_LEARNED: readonly LearnedName[] = [];

function mapStrings(values: readonly (string | number)[], protect: (text: string) => string) {
  // An array of an EcsValue holds strings only or numbers only, and stays so.
  return values.map((item) => (typeof item === "string" ? protect(item) : item)) as EcsValue;
}

function protectMatchedField(
  parts: Parts,
  tenant: string,
  memory: TenantMemory,
  inside: Inside,
  field: MatchedField,
): MatchedField {
  const one = memory.field(field.field);
  if (one.content === "none") return field;
  const value =
    one.content === "text"
      ? inside(one, field.value)
      : seenWhole(parts, tenant, memory, one.content, field.value).value;
  return value === field.value ? field : { ...field, value };
}

type Learn = (name: string, replacement: string) => void;

/** The value of a field that holds an identity as a whole. */
function protectWhole(
  parts: Parts,
  tenant: string,
  content: FieldContent,
  value: string,
  learn: Learn,
): string {
  if (content === "sid" || SID_LIKE.test(value)) {
    return isPersonalSid(value) ? sidPseudonym(parts, tenant, value) : value;
  }
  if (content === "person") {
    const name = value.trim();
    if (name === "" || !needsPseudonym(accountClass(name)) || isPseudonym(name)) return value;
    const replacement = parts.pseudonyms.of(tenant, name, "user");
    learn(name, replacement);
    return replacement;
  }
  if (/[,;<]/.test(value)) return protectList(parts, tenant, value, learn);
  return protectAccount(parts, tenant, value, learn);
}

/** `DOMAIN\name`, `name@domain`, `name`: the domain stays, the name goes. */
function protectAccount(parts: Parts, tenant: string, value: string, learn: Learn): string {
  const text = value.trim();
  const slash = text.lastIndexOf("\\");
  const at = text.indexOf("@", slash + 1);
  const name = text.slice(slash + 1, at === -1 ? undefined : at);
  const prefix = text.slice(0, slash + 1);
  if (prefix !== "" && SYSTEM_DOMAIN.test(prefix)) return value;
  const replacement = bareName(parts, tenant, name);
  if (replacement === name) return value;
  learn(name, replacement);
  return prefix + replacement + (at === -1 ? "" : text.slice(at));
}

// Lists of addresses, `Erika Muster <e.muster@…>`, and distinguished names `CN=Erika Muster,OU=…`.
function protectList(parts: Parts, tenant: string, value: string, learn: Learn): string {
  return value
    .split(/([,;])/)
    .map((part) => {
      const distinguished = /^(\s*(?:CN|UID)=)([^=]{1,128})$/i.exec(part);
      if (distinguished !== null) {
        const name = distinguished[2] ?? "";
        const replacement = bareName(parts, tenant, name);
        if (replacement !== name) learn(name, replacement);
        return (distinguished[1] ?? "") + replacement;
      }
      if (/^\s*(?:OU|DC|O|C|L|ST)=/i.test(part) || part === "," || part === ";") return part;
      const open = part.indexOf("<");
      const close = part.indexOf(">", open);
      if (open !== -1 && close !== -1) {
        return `<${protectAccount(parts, tenant, part.slice(open + 1, close), learn)}>`;
      }
      return part.trim() === "" ? part : protectAccount(parts, tenant, part, learn);
    })
    .join("");
}

function bareName(parts: Parts, tenant: string, name: string): string {
  const kind = accountClass(name);
  if (!needsPseudonym(kind) || isPseudonym(name)) return name;
  return parts.pseudonyms.of(tenant, name, kind);
}

/** A personal SID as a pseudonym that still reads as a domain account's SID. */
function sidPseudonym(parts: Parts, tenant: string, sid: string): string {
  return `S-1-5-21-${parts.pseudonyms.of(tenant, sid, "user").slice("konto-".length)}`;
}
