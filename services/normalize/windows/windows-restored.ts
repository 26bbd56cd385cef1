// The way back from an archived Windows event to a flat record: which of the event's own data names stands
// behind an ECS name depends on the event, and accounts and hashes are put together again.
import type { EcsDocument, EcsValue, ParsedRecord } from "../../../detectors/event.ts";
import type { Format } from "../format.ts";
import { lookup } from "../lookup.ts";
import { logOf } from "./windows-events.ts";
import { BY_EVENT, GENERAL } from "./windows-fields.ts";
import { HEADER_ECS, LEVELS, locateFlat } from "./windows-flat.ts";
import { INSERT_NAMES } from "./windows-inserts.ts";

type Mutable = Record<string, unknown>;

/** How the data of one kind of events is called. */
interface EventNames {
  /** ECS name → data names that may stand behind it, likeliest first. */
  readonly byEcs: ReadonlyMap<string, readonly string[]>;
  /** Data name of an account that was split into `user.domain` and `user.name`. */
  readonly account: string | undefined;
  /** Prefix of the ECS names of hashes: `process.hash`. */
  readonly hashes: string;
}

const DATA_PREFIX = "winlog.event_data.";
const LEVEL_NUMBERS = new Map([...LEVELS].map(([number, level]) => [level, number]));
const HASH_KINDS = ["md5", "sha1", "sha256"];
/** Kinds of events whose names are remembered. */
const EVENTS_MAX = 2000;
let remembered = new Map<string, EventNames>();

/** Whether a format lays Windows events out flat: data names are top-level keys. */
export function isFlatWindows(format: Format): boolean {
  return format.shape.locate === locateFlat;
}

/** The flat record behind a document that `flatWindowsDocument` wrote. */
export function restoreFlatWindows(document: EcsDocument): ParsedRecord {
  // Without a prototype: names come from logs. Such an object is a record of unknowns.
  const record = Object.create(null) as Mutable;
  const eventId = textOf(document["winlog.event_id"] ?? document["event.code"]);
  const names = namesOf(logOf(textOf(document["winlog.channel"])), eventId);
  for (const name of Object.keys(document)) {
    const value = document[name];
    if (value === undefined) continue;
    const header = lookup(HEADER_ECS, name);
    if (header === "Level") record.Level = LEVEL_NUMBERS.get(textOf(value)) ?? value;
    else if (header !== undefined) record[header] ??= value;
    else if (name.startsWith(DATA_PREFIX)) record[name.slice(DATA_PREFIX.length)] = value;
  }
  // After the event's own names: a name that was kept does not stand behind an ECS name as well.
  for (const [ecs, candidates] of names.byEcs) {
    const value = document[ecs];
    if (value === undefined) continue;
    const key = candidates.find((name) => record[name] === undefined);
    if (key !== undefined) record[key] = value;
  }
  if (names.account !== undefined) putAccount(record, names.account, document);
  putHashes(record, names.hashes, document);
  return record;
}

function putAccount(record: Mutable, name: string, document: EcsDocument): void {
  const user = document["user.name"];
  if (user === undefined || record[name] !== undefined) return;
  const domain = document["user.domain"];
  record[name] = domain === undefined ? user : `${String(domain)}\\${String(user)}`;
}

// As Sysmon writes them, in its order: `MD5=…,SHA256=…,IMPHASH=…`.
function putHashes(record: Mutable, prefix: string, document: EcsDocument): void {
  if (record.Hashes !== undefined) return;
  const parts = HASH_KINDS.flatMap((kind) => hashPart(kind, document[`${prefix}.${kind}`]));
  const imphash = document[`${prefix.replace(/hash$/, "pe")}.imphash`];
  parts.push(...hashPart("imphash", imphash));
  if (parts.length > 0) record.Hashes = parts.join(",");
}

function hashPart(kind: string, value: EcsValue | undefined): string[] {
  return value === undefined ? [] : [`${kind.toUpperCase()}=${String(value).toUpperCase()}`];
}

function namesOf(log: string, eventId: string): EventNames {
  const event = `${log}/${eventId}`;
  const known = remembered.get(event);
  if (known !== undefined) return known;
  if (remembered.size >= EVENTS_MAX) remembered = new Map();
  const made = makeNames(log, event);
  remembered.set(event, made);
  return made;
}

function makeNames(log: string, event: string): EventNames {
  const special = lookup(BY_EVENT, event) ?? {};
  const template = INSERT_NAMES.get(event);
  const isPossible = (name: string) => template === undefined || template.includes(name);
  // What the event calls in its own way comes first, then what events of the same log are known to have.
  const likely = namesOfLog(log);
  const general = Object.entries(GENERAL).filter(([name]) => !Object.hasOwn(special, name));
  const ecsByName = [
    ...Object.entries(special),
    ...general.filter(([name]) => likely.has(name)),
    ...general.filter(([name]) => !likely.has(name)),
  ];
  const byEcs = new Map<string, string[]>();
  let account: string | undefined;
  let hashes = "process.hash";
  for (const [name, ecs] of ecsByName) {
    if (ecs.startsWith("@")) {
      if (ecs !== "@account") hashes = ecs.slice(1);
      else if (isPossible(name) && (template !== undefined || log !== "Security")) account ??= name;
    } else if (isPossible(name) && !ecs.startsWith(DATA_PREFIX)) {
      byEcs.set(ecs, [...(byEcs.get(ecs) ?? []), name]);
    }
  }
  return { byEcs, account, hashes };
}

function namesOfLog(log: string): Set<string> {
  const templates = [...INSERT_NAMES].filter(([event]) => event.startsWith(`${log}/`));
  return new Set(templates.flatMap(([, names]) => names));
}

function textOf(value: EcsValue | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
