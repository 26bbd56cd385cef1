// Threat lists of MISP: events as the platform and its feeds write them, and answers to a search of
// attributes. https://www.misp-standard.org/rfc/misp-standard-core.html
import { TLP_LABELS, type TlpLabel } from "../../../config/enrichment.ts";
import { isObject, type JsonObject, objectsOf, own, textOf, timeOf } from "./json-values.ts";
import type { ListEntry } from "./read-list.ts";
import { addressSubject, domainSubject, hashSubject, type Subject, urlSubject } from "./subject.ts";

const EVENTS_DEPTH_MAX = 3;

type Read = (value: string) => Subject | undefined;

// Types of attributes of which something is looked for. Of two parts joined by `|` each is listed by itself,
// undefined for what says nothing alone.
const TYPES: ReadonlyMap<string, readonly (Read | undefined)[]> = new Map([
  ["ip-src", [addressSubject]],
  ["ip-dst", [addressSubject]],
  ["ip-src|port", [addressSubject, undefined]],
  ["ip-dst|port", [addressSubject, undefined]],
  ["domain", [domainSubject]],
  ["hostname", [domainSubject]],
  ["hostname|port", [domainSubject, undefined]],
  // The address of a name is often shared with harmless ones: the name alone is the indicator.
  ["domain|ip", [domainSubject, undefined]],
  ["url", [urlSubject]],
  ...["md5", "sha1", "sha256", "sha512"].flatMap((name): [string, (Read | undefined)[]][] => [
    [name, [hashSubject]],
    [`filename|${name}`, [undefined, hashSubject]],
  ]),
  ["malware-sample", [undefined, hashSubject]],
]);

/** @returns one entry an attribute; a single unreadable one for what is no MISP JSON */
export function* readMisp(content: unknown): Generator<ListEntry> {
  let isMisp = false;
  for (const holder of holdersOf(content, 0)) {
    isMisp = true;
    const tlp = tlpOf(holder);
    for (const attribute of attributesOf(holder)) yield entryOf(attribute, tlp);
  }
  if (!isMisp) yield "unreadable";
}

/** What holds attributes: events, however they are wrapped, or an answer to a search. */
function* holdersOf(content: unknown, depth: number): Generator<JsonObject> {
  if (depth > EVENTS_DEPTH_MAX) return;
  if (Array.isArray(content)) {
    for (const one of content) yield* holdersOf(one, depth + 1);
    return;
  }
  if (!isObject(content)) return;
  if (Array.isArray(own(content, "Attribute")) || Array.isArray(own(content, "Object"))) {
    yield content;
    return;
  }
  for (const key of ["Event", "response"]) {
    if (Object.hasOwn(content, key)) yield* holdersOf(content[key], depth + 1);
  }
}

function* attributesOf(holder: JsonObject): Generator<JsonObject> {
  yield* objectsOf(holder, "Attribute");
  for (const object of objectsOf(holder, "Object")) {
    if (own(object, "deleted") !== true) yield* objectsOf(object, "Attribute");
  }
}

function entryOf(attribute: JsonObject, eventTlp: TlpLabel | undefined): ListEntry {
  const toIds = own(attribute, "to_ids");
  const isMeant = toIds === true || toIds === 1 || toIds === "1";
  const readers = TYPES.get(textOf(attribute, "type") ?? "");
  if (readers === undefined) return "otherKind";
  if (!isMeant || own(attribute, "deleted") === true) return "unmeant";
  const parts = (textOf(attribute, "value") ?? "").split("|");
  const at = readers.findIndex((read) => read !== undefined);
  const value = parts.length === readers.length ? parts[at] : parts[0];
  const subject = at === -1 || value === undefined ? undefined : readers[at]?.(value.trim());
  if (subject === undefined) return "unreadable";
  return { subject, tlp: tlpOf(attribute) ?? eventTlp, seenAt: seenAt(attribute) };
}

// `timestamp` are seconds, as text or number; `last_seen` is an ISO time.
function seenAt(attribute: JsonObject): number | undefined {
  const last = timeOf(attribute, "last_seen");
  if (last !== undefined) return last;
  const seconds = Number(own(attribute, "timestamp") ?? Number.NaN);
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** By tags as `tlp:amber`; of several the strictest. */
function tlpOf(holder: JsonObject): TlpLabel | undefined {
  const labels = objectsOf(holder, "Tag").map((tag) => tlpLabel(textOf(tag, "name") ?? ""));
  return TLP_LABELS.findLast((label) => labels.includes(label));
}

/** `tlp:white` was the name of TLP:CLEAR until version 2.0. */
export function tlpLabel(text: string): TlpLabel | undefined {
  const name = text.toUpperCase().replace(/^TLP:/, "");
  return name === "WHITE" ? "CLEAR" : TLP_LABELS.find((label) => label === name);
}
