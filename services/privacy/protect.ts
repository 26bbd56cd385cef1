// Takes the identities out of ECS documents and matched fields. One pass over the identity fields finds
// the event's own names, a second pass replaces them (and names that stand by convention) in all texts.
import type { MatchedField } from "../../detectors/detector.ts";
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";
import { accountClass, isPersonalSid } from "./accounts.ts";
import { type FieldContent, fieldContent } from "./fields.ts";
import type { KeyRing } from "./keys.ts";
import type { IdentityMap, Privacy } from "./privacy.ts";
import { createPseudonyms, isPseudonym, needsPseudonym, type Pseudonyms } from "./pseudonym.ts";
import { protectText } from "./text.ts";

// Shorter names would replace parts of words all over a text; they are replaced in their own field only.
const NAME_IN_TEXT_MIN = 3;
const SID_LIKE = /^S-1-5-/i;
const SYSTEM_DOMAIN =
  /^(?:nt service|nt-dienst|nt authority|nt-autorität|font driver host|window manager)\\$/i;
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** The privacy library over a key ring. */
export function createPrivacy(keys: KeyRing): Privacy {
  const pseudonyms = createPseudonyms(keys);
  return {
    protectDocument: (tenant, document) => protectDocument(pseudonyms, tenant, document),
    protectMatched(tenant, identities, matched) {
      const own = identities instanceof Map ? identities : new Map(identities);
      return matched.map((field) => protectMatchedField(pseudonyms, tenant, own, field));
    },
    pseudonymOf: (tenant, name) => bareName(pseudonyms, tenant, name),
  };
}

function protectDocument(
  pseudonyms: Pseudonyms,
  tenant: string,
  document: EcsDocument,
): IdentityMap {
  let own: Map<string, string> | undefined;
  const learn = (name: string, replacement: string) => {
    if (name.length < NAME_IN_TEXT_MIN || name === replacement) return;
    own ??= new Map();
    own.set(name.toLowerCase(), replacement);
  };
  // Documents are large and most of their fields hold nothing personal: their names are gone through
  // once, and a field is written only when its value changed.
  const texts: string[] = [];
  for (const field of Object.keys(document)) {
    const content = fieldContent(field);
    if (content === "none") continue;
    if (content === "text") texts.push(field);
    else change(document, field, (text) => protectWhole(pseudonyms, tenant, content, text, learn));
  }
  const names = own ?? NO_NAMES;
  const inside = (text: string) => protectInside(pseudonyms, tenant, names, text);
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
  pseudonyms: Pseudonyms,
  tenant: string,
  own: ReadonlyMap<string, string>,
  field: MatchedField,
): MatchedField {
  const content = fieldContent(field.field);
  if (content === "none") return field;
  const value =
    content === "text"
      ? protectInside(pseudonyms, tenant, own, field.value)
      : protectWhole(pseudonyms, tenant, content, field.value, () => undefined);
  return value === field.value ? field : { ...field, value };
}

type Learn = (name: string, replacement: string) => void;

/** The value of a field that holds an identity as a whole. */
function protectWhole(
  pseudonyms: Pseudonyms,
  tenant: string,
  content: FieldContent,
  value: string,
  learn: Learn,
): string {
  if (content === "sid" || SID_LIKE.test(value)) {
    return isPersonalSid(value) ? sidPseudonym(pseudonyms, tenant, value) : value;
  }
  if (content === "person") {
    const name = value.trim();
    if (name === "" || !needsPseudonym(accountClass(name)) || isPseudonym(name)) return value;
    const replacement = pseudonyms.of(tenant, name, "user");
    learn(name, replacement);
    return replacement;
  }
  if (/[,;<]/.test(value)) return protectList(pseudonyms, tenant, value, learn);
  return protectAccount(pseudonyms, tenant, value, learn);
}

/** `DOMAIN\name`, `name@domain`, `name`: the domain stays, the name goes. */
function protectAccount(
  pseudonyms: Pseudonyms,
  tenant: string,
  value: string,
  learn: Learn,
): string {
  const text = value.trim();
  const slash = text.lastIndexOf("\\");
  const at = text.indexOf("@", slash + 1);
  const name = text.slice(slash + 1, at === -1 ? undefined : at);
  const prefix = text.slice(0, slash + 1);
  if (prefix !== "" && SYSTEM_DOMAIN.test(prefix)) return value;
  const replacement = bareName(pseudonyms, tenant, name);
  if (replacement === name) return value;
  learn(name, replacement);
  return prefix + replacement + (at === -1 ? "" : text.slice(at));
}

// Lists of addresses, `Erika Muster <e.muster@…>`, and distinguished names `CN=Erika Muster,OU=…`.
function protectList(pseudonyms: Pseudonyms, tenant: string, value: string, learn: Learn): string {
  return value
    .split(/([,;])/)
    .map((part) => {
      const distinguished = /^(\s*(?:CN|UID)=)([^=]{1,128})$/i.exec(part);
      if (distinguished !== null) {
        const name = distinguished[2] ?? "";
        const replacement = bareName(pseudonyms, tenant, name);
        if (replacement !== name) learn(name, replacement);
        return (distinguished[1] ?? "") + replacement;
      }
      if (/^\s*(?:OU|DC|O|C|L|ST)=/i.test(part) || part === "," || part === ";") return part;
      const open = part.indexOf("<");
      const close = part.indexOf(">", open);
      if (open !== -1 && close !== -1) {
        return `<${protectAccount(pseudonyms, tenant, part.slice(open + 1, close), learn)}>`;
      }
      return part.trim() === "" ? part : protectAccount(pseudonyms, tenant, part, learn);
    })
    .join("");
}

function bareName(pseudonyms: Pseudonyms, tenant: string, name: string): string {
  const kind = accountClass(name);
  if (!needsPseudonym(kind) || isPseudonym(name)) return name;
  return pseudonyms.of(tenant, name, kind);
}

/** A personal SID as a pseudonym that still reads as a domain account's SID. */
function sidPseudonym(pseudonyms: Pseudonyms, tenant: string, sid: string): string {
  return `S-1-5-21-${pseudonyms.of(tenant, sid, "user").slice("konto-".length)}`;
}

function protectInside(
  pseudonyms: Pseudonyms,
  tenant: string,
  own: ReadonlyMap<string, string>,
  text: string,
): string {
  return protectText(
    text,
    own,
    (name) => bareName(pseudonyms, tenant, name),
    (sid) => sidPseudonym(pseudonyms, tenant, sid),
  );
}
