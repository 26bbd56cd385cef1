// Takes identities out of the texts of one event's fields: known names, the event's own names, and names that
// stand by convention. What was found out about a text is remembered, because most come again.
import { type KnownNames, NO_NAMES } from "./known-names.ts";
import type { ReplaceCanonical, Scanned } from "./name-scan.ts";
import { lowered, mayHoldOwn, mayHoldUserSwitch, protectText } from "./text.ts";
import {
  type FieldMemory,
  isRemembered,
  noteLookUp,
  ownCopy,
  type Protected,
  type SeenText,
  type TenantMemory,
} from "./text-cache.ts";

export interface TextParts {
  readonly names: KnownNames | undefined;
  /** The name's pseudonym, or the name where it needs none. */
  readonly nameOf: (tenant: string, name: string) => string;
  readonly sidOf: (tenant: string, sid: string) => string;
  readonly onUnknown: (tenant: string) => void;
}

/** Protects one text of a field. */
export type Inside = (field: FieldMemory, text: string) => string;

const NO_OWN: ReadonlyMap<string, string> = new Map();
const UNITS_IN_NAME_MIN = 3;
const DIGITS_MAX = 20;
const COVERED_MAX = 20_000;

/** Protects the texts of one event; names and keys must not change while it is used. */
export function createInside(
  parts: TextParts,
  tenant: string,
  memory: TenantMemory,
  own: ReadonlyMap<string, string>,
): Inside {
  const names = ownNamesOf(parts, tenant, memory, own);
  return (field, text) => {
    if (isTooShort(text) || isNumber(text)) return text;
    const { text: changed, unknown } = protectField(parts, tenant, memory, field, text, names);
    for (let count = 0; count < unknown; count += 1) parts.onUnknown(tenant);
    return changed ?? text;
  };
}

// Letters beyond ASCII may be transcribed by several.
function isTooShort(text: string): boolean {
  const { length } = text;
  if (length >= UNITS_IN_NAME_MIN) return false;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) >= 128) return false;
  return true;
}

// A number is nobody's name: accounts of digits alone are known in the form `DOMAIN\4711` only.
function isNumber(text: string): boolean {
  if (text.length > DIGITS_MAX) return false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 48 || unit > 57) return false;
  }
  return true;
}

/** The names that an event carries in its account fields. */
interface OwnNames {
  readonly names: ReadonlyMap<string, string>;
  /** All of them are found as known names, wherever no character is encoded. */
  readonly areCovered: boolean;
  key: string | undefined;
}

function ownNamesOf(
  parts: TextParts,
  tenant: string,
  memory: TenantMemory,
  names: ReadonlyMap<string, string>,
): OwnNames {
  let areCovered = true;
  for (const name of names.keys()) {
    let isCovered = memory.covered.get(name);
    if (isCovered === undefined) {
      const { text, isPlain } = replaceKnown(parts, tenant, name);
      isCovered = isPlain && isOneReplacement(parts, tenant, name, text);
      if (memory.covered.size >= COVERED_MAX) memory.covered.clear();
      memory.covered.set(name, isCovered);
    }
    if (!isCovered) areCovered = false;
  }
  return { names, areCovered, key: undefined };
}

// The name has gone as a whole, and not in pieces.
function isOneReplacement(parts: TextParts, tenant: string, name: string, text: string): boolean {
  let count = 0;
  scanKnown(parts, tenant, name, (canonical) => {
    const replacement = parts.nameOf(tenant, canonical);
    if (replacement === canonical) return undefined;
    count += replacement === text ? 1 : 2;
    return replacement;
  });
  return count === 1;
}

function protectField(
  parts: TextParts,
  tenant: string,
  memory: TenantMemory,
  field: FieldMemory,
  text: string,
  own: OwnNames,
): Protected {
  let seen = field.last;
  if (seen === undefined || seen.given !== text) {
    if (!isRemembered(field, text)) return protectOnce(parts, tenant, text, own);
    seen = memory.text(text);
    noteLookUp(field, text, seen !== undefined);
    if (seen === undefined) {
      seen = protectFirst(parts, tenant, text);
      memory.keep(seen);
    }
    field.last = seen;
  }
  if (own.names.size === 0 || (own.areCovered && seen.isPlain)) return seen;
  own.key ??= Array.from(own.names, (pair) => pair.join("\n")).join("\n");
  if (seen.ownNames === own.key) return seen.own;
  seen.lower ??= lowered(seen.known);
  const result = mayHoldOwn(seen.lower, own.names)
    ? protectKnown(parts, tenant, text, { ...seen, text: seen.known }, own.names)
    : seen;
  seen.ownNames = own.key;
  seen.own = result;
  return result;
}

function protectFirst(parts: TextParts, tenant: string, text: string): SeenText {
  const given = ownCopy(text);
  const scanned = replaceKnown(parts, tenant, text);
  const known = scanned.text === text ? given : ownCopy(scanned.text);
  const found = protectKnown(parts, tenant, text, scanned, NO_OWN);
  const result = {
    text: found.text === undefined ? undefined : ownCopy(found.text),
    unknown: found.unknown,
  };
  const { isPlain, mayHoldConvention } = scanned;
  return {
    ...result,
    ...{ given, known, isPlain, mayHoldConvention },
    ...{ lower: undefined, ownNames: "", own: result },
  };
}

function protectOnce(parts: TextParts, tenant: string, text: string, own: OwnNames): Protected {
  const scanned = replaceKnown(parts, tenant, text);
  const names = own.areCovered && scanned.isPlain ? NO_OWN : own.names;
  return protectKnown(parts, tenant, text, scanned, names);
}

function replaceKnown(parts: TextParts, tenant: string, text: string): Scanned {
  return scanKnown(parts, tenant, text, (canonical) => {
    const replacement = parts.nameOf(tenant, canonical);
    return replacement === canonical ? undefined : replacement;
  });
}

function scanKnown(
  parts: TextParts,
  tenant: string,
  text: string,
  replacementOf: ReplaceCanonical,
): Scanned {
  if (parts.names === undefined) return NO_NAMES.scan(text, replacementOf);
  return parts.names.scan(tenant, text, replacementOf);
}

/** What is left to do when the known names of a text are replaced. */
function protectKnown(
  parts: TextParts,
  tenant: string,
  text: string,
  { text: known, mayHoldConvention }: Pick<Scanned, "text" | "mayHoldConvention">,
  own: ReadonlyMap<string, string>,
): Protected {
  let unknown = 0;
  const result = protectText(known, {
    own,
    mayHoldConvention: mayHoldConvention || mayHoldUserSwitch(known),
    replaceName(name) {
      const replacement = parts.nameOf(tenant, name);
      if (replacement !== name && parts.names?.isKnown(tenant, name) !== true) unknown += 1;
      return replacement;
    },
    replaceSid: (sid) => parts.sidOf(tenant, sid),
  });
  return { text: result === text ? undefined : result, unknown };
}
