// Writes the event data of a Windows event under ECS names. Used for flat records, Event XML, and to
// complete Winlogbeat documents, whose ECS names Elastic's ingest pipelines would otherwise have added.
import type { EcsDocument } from "../../../detectors/event.ts";
import { has, put, textOf } from "../document.ts";
import { ecsValue } from "../field-table.ts";
import { hasPowerShellContext, readPowerShellContext } from "./powershell-context.ts";
import { LOGON_TYPES, logOf, MEANINGS } from "./windows-events.ts";
import { BY_EVENT, GENERAL } from "./windows-fields.ts";

/** The parts of a Windows event that say how its data is to be read. */
export interface WindowsHeader {
  readonly eventId: string;
  readonly channel: string;
  /** `Keywords` in any of its forms: a mask as hexadecimal text or number, or words. */
  readonly keywords: unknown;
}

/** Adds what event id, channel and keywords mean: action, category, type, outcome. */
export function putMeaning(
  document: EcsDocument,
  header: WindowsHeader,
  data: Readonly<Record<string, unknown>>,
): void {
  const meaning = MEANINGS.get(`${logOf(header.channel)}/${header.eventId}`);
  if (meaning !== undefined) {
    putAbsent(document, "event.action", meaning.action);
    putAbsent(document, "event.category", meaning.category);
    putAbsent(document, "event.type", meaning.type);
  }
  const outcome = meaning?.outcome ?? outcomeOf(header.keywords, data);
  if (outcome !== undefined) putAbsent(document, "event.outcome", outcome);
}

/**
 * Adds one event's data under ECS names. What has none, or whose name is taken already, goes under
 * `winlog.event_data.<name>`, as text.
 */
export function putEventData(
  document: EcsDocument,
  header: WindowsHeader,
  data: Readonly<Record<string, unknown>>,
  skip: ReadonlySet<string>,
): void {
  const log = logOf(header.channel);
  const special = BY_EVENT[`${log}/${header.eventId}`];
  for (const name of Object.keys(data)) {
    if (skip.has(name)) continue;
    const value = data[name];
    if (value === null || value === undefined || value === "") continue;
    const ecs = nameIn(special, name) ?? nameIn(GENERAL, name);
    if (ecs === undefined || value === "-" || !putMapped(document, ecs, value)) {
      putRaw(document, name, value);
    }
  }
  if (hasPowerShellContext(log, header.eventId)) {
    readPowerShellContext(data, (ecs, value) => putMapped(document, ecs, value));
  }
}

/** Puts a value where nothing stands yet; says whether it did. */
export function putAbsent(document: EcsDocument, name: string, value: unknown): boolean {
  if (has(document, name)) return false;
  put(document, name, value);
  return has(document, name);
}

function putMapped(document: EcsDocument, ecs: string, value: unknown): boolean {
  if (ecs === "@account") return putAccount(document, value);
  if (ecs.startsWith("@")) return putHashes(document, ecs.slice(1), value);
  if (ecs === "winlog.logon.type") {
    putAbsent(document, ecs, LOGON_TYPES.get(textOf(value)) ?? textOf(value));
    return false;
  }
  return putAbsent(document, ecs, ecsValue(ecs, value));
}

function putRaw(document: EcsDocument, name: string, value: unknown): void {
  const isNested = typeof value === "object";
  putAbsent(document, `winlog.event_data.${name}`, isNested ? value : String(value));
}

/** `DOMAIN\name` to its two parts; a name without domain as it is. */
export function putAccount(document: EcsDocument, value: unknown): boolean {
  if (typeof value !== "string") return false;
  const slash = value.indexOf("\\");
  if (!putAbsent(document, "user.name", value.slice(slash + 1))) return false;
  if (slash > 0) putAbsent(document, "user.domain", value.slice(0, slash));
  return true;
}

/** Sysmon's `MD5=…,SHA256=…,IMPHASH=…`. */
function putHashes(document: EcsDocument, prefix: string, value: unknown): boolean {
  if (typeof value !== "string") return false;
  let found = false;
  for (const part of value.split(",", 10)) {
    const equals = part.indexOf("=");
    const kind = part.slice(0, equals).trim().toLowerCase();
    const hash = part
      .slice(equals + 1)
      .trim()
      .toLowerCase();
    if (!/^(?:md5|sha1|sha256|imphash)$/.test(kind) || !/^[0-9a-f]{1,64}$/.test(hash)) continue;
    const name =
      kind === "imphash" ? `${prefix.replace(/hash$/, "pe")}.imphash` : `${prefix}.${kind}`;
    found = putAbsent(document, name, hash) || found;
  }
  return found;
}

// Bits of the Keywords mask (winmeta.h): audit failure 0x10000000000000, audit success 0x20000000000000.
function outcomeOf(
  keywords: unknown,
  data: Readonly<Record<string, unknown>>,
): "success" | "failure" | undefined {
  const status = data.Status;
  if (
    typeof status === "string" &&
    /^0x[0-9a-f]{1,8}$/i.test(status) &&
    data.IpAddress !== undefined
  ) {
    return Number(status) === 0 ? "success" : "failure";
  }
  const type = data.EventType;
  if (type === "AUDIT_SUCCESS") return "success";
  if (type === "AUDIT_FAILURE") return "failure";
  const words = Array.isArray(keywords) ? keywords.map(textOf).join(" ") : textOf(keywords);
  if (/audit success/i.test(words) || /^0x80[2a]0/i.test(words)) return "success";
  return /audit failure/i.test(words) || /^0x8[01]10/i.test(words) ? "failure" : undefined;
}

function nameIn(
  table: Readonly<Record<string, string>> | undefined,
  name: string,
): string | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
