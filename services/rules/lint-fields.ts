// Checks that a rule's fields are ones that events of its log source have. Certain only where the events
// are documented (Windows' own); elsewhere a name is told of when it is nearly one that other rules of
// the same log source use.
import type { LogSourceTable } from "../../config/log-sources.ts";
import { itemsOf } from "../../detectors/sigma/leaf.ts";
import type { LogSource, SigmaRule } from "../../detectors/sigma/rule.ts";
import type { LintCode } from "./lint-finding.ts";
import { nearName } from "./near-name.ts";

/** `Security/4688`, `Sysmon/1` → names of the event's data (normalize/windows/windows-inserts.ts). */
export type EventFields = ReadonlyMap<string, readonly string[]>;

/** Rules of the same log source that must use a name before others are held against it. */
const USERS_OF_KNOWN_MIN = 5;
/** As many that make a name known where the documentation is silent. */
const USERS_OF_ACCEPTED_MIN = 3;
/** What every Windows event has, under the names of rules. */
const WINDOWS_HEADER =
  "EventID Channel Provider_Name Provider_Guid Computer ComputerName Level Keywords Task Opcode EventRecordID Message EventType UtcTime RuleName Hashes md5 sha1 sha256 Imphash";

/** What is to be said of a field; undefined: nothing. */
export type JudgeField = (
  source: LogSource,
  field: string,
) =>
  | { readonly code: Extract<LintCode, "field-misspelt">; readonly meant: string }
  | { readonly code: Extract<LintCode, "field-unknown">; readonly meant: "" }
  | undefined;

/** @param rules all that is loaded: what most of them call a field is right */
export function createFieldJudge(
  rules: readonly SigmaRule[],
  logSources: readonly LogSourceTable[],
  eventFields: EventFields,
): JudgeField {
  const users = countUsers(rules);
  const tableNames = namesByProduct(logSources);
  const knowledge = new Map<string, Knowledge>();
  const knowledgeOf = (source: LogSource): Knowledge => {
    const key = keyOf(source);
    const before = knowledge.get(key);
    if (before !== undefined) return before;
    const documented = documentedNames(source, logSources, eventFields);
    const counts = users.get(key) ?? new Map<string, number>();
    const common = [...counts].filter(([, count]) => count >= USERS_OF_KNOWN_MIN);
    const known = new Set([...common.map(([name]) => name), ...(documented ?? [])]);
    const made = { known, counts, isDocumented: documented !== undefined };
    knowledge.set(key, made);
    return made;
  };
  return (source, field) => {
    // The dotted names of ECS and of nested records are as many as there are sources.
    if (field.includes(".") || tableNames(source.product).has(field)) return undefined;
    const { known, counts, isDocumented } = knowledgeOf(source);
    if (known.has(field) || (counts.get(field) ?? 0) >= USERS_OF_ACCEPTED_MIN) return undefined;
    const meant = nearName(field, known);
    if (meant !== undefined) return { code: "field-misspelt", meant };
    return isDocumented ? { code: "field-unknown", meant: "" } : undefined;
  };
}

interface Knowledge {
  /** Names that others are held against. */
  readonly known: ReadonlySet<string>;
  /** Name → rules of the log source that use it. */
  readonly counts: ReadonlyMap<string, number>;
  /** Whether `known` holds all names that its events can have. */
  readonly isDocumented: boolean;
}

function countUsers(rules: readonly SigmaRule[]): Map<string, Map<string, number>> {
  const users = new Map<string, Map<string, number>>();
  for (const rule of rules) {
    const key = keyOf(rule.logSource);
    const counts = users.get(key) ?? new Map<string, number>();
    users.set(key, counts);
    const fields = new Set(itemsOf(rule.tree).flatMap(({ field }) => field ?? []));
    for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return users;
}

function keyOf({ product, category, service }: LogSource): string {
  return JSON.stringify([product, category, service]);
}

/** The names that the tables give fields of a product's records, and those that they lead to. */
function namesByProduct(
  logSources: readonly LogSourceTable[],
): (product: string | undefined) => ReadonlySet<string> {
  const names = new Map<string | undefined, Set<string>>();
  return (product) => {
    let known = names.get(product);
    if (known === undefined) {
      const tables = logSources.filter((one) => product === undefined || one.product === product);
      known = new Set(
        tables.flatMap(({ fields, decidedBy }) => [
          ...decidedBy,
          ...Object.entries(fields).flatMap(([name, places]) => [name, ...places]),
        ]),
      );
      names.set(product, known);
    }
    return known;
  };
}

/** All fields of the events that make up a category; undefined where one of them is not documented. */
function documentedNames(
  { product, category, service }: LogSource,
  logSources: readonly LogSourceTable[],
  eventFields: EventFields,
): ReadonlySet<string> | undefined {
  if (product !== "windows" || category === undefined || service !== undefined) return undefined;
  const routes = logSources
    .filter((table) => table.product === product)
    .flatMap((table) => table.routes)
    .filter((route) => route.category === category || route.also.includes(category));
  if (routes.length === 0) return undefined;
  const names = new Set(WINDOWS_HEADER.split(" "));
  for (const { when } of routes) {
    const log = String(when.Channel) === "Security" ? "Security" : sysmonLog(when.Channel);
    const fields = eventFields.get(`${log}/${when.EventID}`);
    if (fields === undefined) return undefined;
    for (const field of fields) names.add(field);
  }
  return names;
}

function sysmonLog(channel: string | number | undefined): string {
  return String(channel).toLowerCase().includes("sysmon") ? "Sysmon" : String(channel);
}
