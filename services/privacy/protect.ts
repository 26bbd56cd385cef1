// Takes the identities out of ECS documents and matched fields. One pass over the identity fields finds
// the event's own names, a second pass replaces them (and names that stand by convention) in all texts.
import type { MatchedField } from "../../detectors/detector.ts";
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";
import { accountClass, isPersonalSid } from "./accounts.ts";
import { type FieldContent, fieldContent } from "./fields.ts";
import type { KeyRing } from "./keys.ts";
import type { KnownNames } from "./known-names.ts";
import type { IdentityMap, Privacy } from "./privacy.ts";
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
import { lowered, mayHoldOwn, protectText } from "./text.ts";
import {
  CACHED_CHARACTERS_MAX,
  createTextCaches,
  ownCopy,
  type Protected,
  type SeenText,
  type TextCache,
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

interface Parts {
  readonly pseudonyms: Pseudonyms;
  readonly names: KnownNames | undefined;
  readonly seen: SeenNames;
  readonly onUnknown: (tenant: string) => void;
  readonly cacheOf: (tenant: string) => TextCache;
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
  });
  const onUnknown = options.onUnknown ?? (() => undefined);
  const stateOf = (tenant: string) =>
    `${epochs.current(tenant).epoch}/${names?.revision(tenant) ?? 0}`;
  const cacheOf = createTextCaches(stateOf, options.cacheBytesMax);
  const parts = { pseudonyms, names, seen: createSeenNames(names), onUnknown, cacheOf };
  return {
    protectDocument: (tenant, document) => protectDocument(parts, tenant, document),
    protectMatched(tenant, identities, matched) {
      const own = identities instanceof Map ? identities : new Map(identities);
      const inside = createInside(parts, tenant, own);
      return matched.map((field) => protectMatchedField(parts, tenant, inside, field));
    },
    pseudonymOf: (tenant, name) => bareName(parts, tenant, name),
    formerOf(tenant) {
      const ending = epochs.previous(tenant);
      if (ending === undefined) return undefined;
      return { begin: ending.begin, end: ending.end, names: pseudonyms.former(tenant) };
    },
  };
}

function protectDocument(parts: Parts, tenant: string, document: EcsDocument): IdentityMap {
  let own: Map<string, string> | undefined;
  let isMail = false;
  const learn = (name: string, replacement: string) => {
    if (name.length < NAME_IN_TEXT_MIN || name === replacement) return;
    own ??= new Map();
    own.set(name.toLowerCase(), replacement);
    parts.seen.learn(tenant, name, isMail);
  };
  // Documents are large and most of their fields hold nothing personal: their names are gone through
  // once, and a field is written only when its value changed.
  const texts: string[] = [];
  for (const field of Object.keys(document)) {
    const content = fieldContent(field);
    if (content === "none") continue;
    if (content === "text") texts.push(field);
    else {
      change(document, field, (text) => {
        isMail = text.includes("@");
        return protectWhole(parts, tenant, content, text, learn);
      });
    }
  }
  const names = own ?? NO_NAMES;
  const inside = createInside(parts, tenant, names);
  for (const field of texts) change(document, field, inside);
  return names;
}

function change(document: EcsDocument, field: string, protect: (text: string) => string): void {
  const value = document[field];
  if (typeof value === "string") {
    const changed = protect(value);
    if (changed !== value) document[field] = changed;
  } else if (Array.isArray(value)) document[field] = mapStrings(value, protect);
}

function mapStrings(values: readonly (string | number)[], protect: (text: string) => string) {
  // An array of an EcsValue holds strings only or numbers only, and stays so.
  return values.map((item) => (typeof item === "string" ? protect(item) : item)) as EcsValue;
}

function protectMatchedField(
  parts: Parts,
  tenant: string,
  inside: (text: string) => string,
  field: MatchedField,
): MatchedField {
  const content = fieldContent(field.field);
  if (content === "none") return field;
  const value =
    content === "text"
      ? inside(field.value)
      : protectWhole(parts, tenant, content, field.value, () => undefined);
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

/** Protects the texts of one event; names and keys must not change while it is used. */
function createInside(
  parts: Parts,
  tenant: string,
  own: ReadonlyMap<string, string>,
): (text: string) => string {
  const cache = parts.cacheOf(tenant);
  const ownNames = own.size === 0 ? "" : Array.from(own, (pair) => pair.join("\n")).join("\n");
  return (text) => {
    const { text: changed, unknown } = protectRepeated(parts, tenant, cache, text, own, ownNames);
    for (let count = 0; count < unknown; count += 1) parts.onUnknown(tenant);
    return changed ?? text;
  };
}

function protectRepeated(
  parts: Parts,
  tenant: string,
  cache: TextCache,
  text: string,
  own: ReadonlyMap<string, string>,
  ownNames: string,
): Protected {
  if (text.length > CACHED_CHARACTERS_MAX) return protectLong(parts, tenant, text, own);
  let seen = cache.text(text);
  if (seen === undefined) {
    seen = protectFirst(parts, tenant, text);
    cache.keep(text, seen);
  }
  if (own.size === 0 || seen.ownNames === ownNames) return own.size === 0 ? seen : seen.own;
  seen.lower ??= lowered(seen.known);
  const result = mayHoldOwn(seen.lower, own)
    ? protectKnown(parts, tenant, text, seen.known, own)
    : seen;
  seen.ownNames = ownNames;
  seen.own = result;
  return result;
}

function protectFirst(parts: Parts, tenant: string, text: string): SeenText {
  const known = ownCopy(replaceKnown(parts, tenant, text));
  const { text: changed, unknown } = protectKnown(parts, tenant, text, known, NO_NAMES);
  const result = { text: changed === undefined ? undefined : ownCopy(changed), unknown };
  return { ...result, known, lower: undefined, ownNames: "", own: result };
}

function protectLong(
  parts: Parts,
  tenant: string,
  text: string,
  own: ReadonlyMap<string, string>,
): Protected {
  return protectKnown(parts, tenant, text, replaceKnown(parts, tenant, text), own);
}

function replaceKnown(parts: Parts, tenant: string, text: string): string {
  if (parts.names === undefined) return text;
  return parts.names.replace(tenant, text, (canonical) => {
    const replacement = bareName(parts, tenant, canonical);
    return replacement === canonical ? undefined : replacement;
  });
}

/** What is left to do when the known names of a text are replaced. */
function protectKnown(
  parts: Parts,
  tenant: string,
  text: string,
  known: string,
  own: ReadonlyMap<string, string>,
): Protected {
  let unknown = 0;
  const result = protectText(
    known,
    own,
    (name) => {
      const replacement = bareName(parts, tenant, name);
      if (replacement !== name && parts.names?.isKnown(tenant, name) !== true) unknown += 1;
      return replacement;
    },
    (sid) => sidPseudonym(parts, tenant, sid),
  );
  return { text: result === text ? undefined : result, unknown };
}
