// Checks the form of rules, correlations and filters: keys, types of values, dates, ids, relations.
// Source: JSON schemas of the Sigma specification 2.1 (detection rule, correlation, filter).
import { RELATIONS } from "../../detectors/sigma/attributes.ts";
import { isRecord, type Path } from "../../detectors/sigma/rule-document.ts";
import type { LintDocument, Report } from "./lint-document.ts";
import { nearName } from "./near-name.ts";

type Kind = "text" | "texts" | "map" | "maps" | "date" | "flag";

/** Keys that all kinds of documents may have; the last ones are attributes of our own. */
const COMMON: Readonly<Record<string, Kind>> = {
  title: "text",
  id: "text",
  name: "text",
  related: "maps",
  taxonomy: "text",
  status: "text",
  description: "text",
  license: "text",
  author: "text",
  references: "texts",
  date: "date",
  modified: "date",
  falsepositives: "texts",
  level: "text",
  tags: "texts",
  scope: "texts",
  fields: "texts",
  response: "texts",
  heidewacht: "map",
  suppress: "map",
  owner: "text",
  expires: "date",
};
const LOG_SOURCE: Readonly<Record<string, Kind>> = {
  product: "text",
  category: "text",
  service: "text",
  definition: "text",
};
const CORRELATION: Readonly<Record<string, Kind>> = {
  type: "text",
  rules: "texts",
  aliases: "map",
  "group-by": "texts",
  timespan: "text",
  generate: "flag",
};
const RULE_KEYS = { ...COMMON, logsource: "map", detection: "map" } as const;
const CORRELATION_KEYS = { ...COMMON, correlation: "map", generate: "flag" } as const;
const FILTER_KEYS = { ...COMMON, logsource: "map", filter: "map" } as const;

/** Keys of one map that are looked at; finding a place takes longer the more there are. */
const KEYS_MAX = 500;
const TITLE_CHARACTERS_MAX = 256;
const SHOWN_CHARACTERS_MAX = 100;
const STATUSES = ["stable", "test", "experimental", "deprecated", "unsupported"];
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The form of a whole document. */
export function lintSchema({ value }: LintDocument, report: Report): void {
  const keys: Readonly<Record<string, Kind>> =
    "correlation" in value ? CORRELATION_KEYS : "filter" in value ? FILTER_KEYS : RULE_KEYS;
  for (const [key, one] of Object.entries(value).slice(0, KEYS_MAX)) {
    if (Object.hasOwn(keys, key)) {
      // An id of another type is no UUID, which is told of anyway.
      if (key !== "id") checkKind(one, keys[key] ?? "text", [key], report);
    } else {
      // Sigma lets everybody add keys: only what looks like one of its own is told of.
      const meant = nearName(key, Object.keys(keys));
      if (meant !== undefined && !Object.hasOwn(value, meant)) {
        report("key-misspelt", [key], key, meant);
      }
    }
  }
  closedMap(value.logsource, LOG_SOURCE, ["logsource"], report);
  if (isRecord(value.correlation)) {
    const { condition: _, ...body } = value.correlation;
    closedMap(body, CORRELATION, ["correlation"], report);
  }
  if (typeof value.title === "string" && value.title.length > TITLE_CHARACTERS_MAX) {
    report("title-long", ["title"], String(value.title.length));
  }
  // What is no rule at all lacks more than its id.
  if (["detection", "correlation", "filter"].some((key) => key in value)) {
    lintIdentity(value, report);
  }
  lintRelated(value.related, report);
}

function lintIdentity(value: LintDocument["value"], report: Report): void {
  const { id, status } = value;
  if (id === undefined) report("id-missing", ["id"]);
  else if (!UUID.test(String(id))) report("id-no-uuid", ["id"], shown(id));
  if ("filter" in value) return;
  if (status === undefined) report("status-missing", ["status"]);
  else if (!STATUSES.includes(String(status))) {
    report("status-unknown", ["status"], shown(status), nearName(String(status), STATUSES));
  } else if (status === "deprecated" || status === "unsupported") {
    report("status-idle", ["status"], status);
  }
  if (value.level === undefined) report("level-missing", ["level"]);
  if (typeof value.description !== "string" || value.description.trim() === "") {
    report("description-missing", ["description"]);
  }
  const { falsepositives } = value;
  if (falsepositives === undefined || (Array.isArray(falsepositives) && !falsepositives.length)) {
    report("falsepositives-missing", ["falsepositives"]);
  }
}

function lintRelated(related: unknown, report: Report): void {
  if (!Array.isArray(related)) return;
  for (const [index, one] of related.entries()) {
    if (!isRecord(one)) continue;
    const { id, type } = one;
    if (!UUID.test(String(id))) report("related-invalid", ["related", index, "id"], shown(id));
    if (!RELATIONS.some((one) => one === type)) {
      const meant = nearName(String(type), RELATIONS) ?? RELATIONS.join(", ");
      report("related-invalid", ["related", index, "type"], shown(type), meant);
    }
  }
}

/** A map in which other keys mean nothing. */
function closedMap(
  value: unknown,
  keys: Readonly<Record<string, Kind>>,
  at: Path,
  report: Report,
): void {
  if (!isRecord(value)) return;
  for (const [key, one] of Object.entries(value).slice(0, KEYS_MAX)) {
    const path = [...at, key];
    if (Object.hasOwn(keys, key)) checkKind(one, keys[key] ?? "text", path, report);
    else report("key-unknown", path, key, nearName(key, Object.keys(keys)));
  }
}

function checkKind(value: unknown, kind: Kind, path: Path, report: Report): void {
  if (kind === "date") {
    if (!isDate(value)) report("date-invalid", path, shown(value));
  } else if (!isOfKind(value, kind)) {
    report("value-type", path, String(path.at(-1)), kind);
  } else if (kind === "texts" && Array.isArray(value)) {
    const index = value.findIndex((one, at) => value.indexOf(one) !== at);
    if (index !== -1) report("value-repeated", [...path, index], shown(value[index]));
  }
}

function isOfKind(value: unknown, kind: Exclude<Kind, "date">): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "map":
      return isRecord(value);
    case "maps":
      return Array.isArray(value) && value.every(isRecord);
    case "texts":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
  }
}

// A day of the calendar: 2026-02-30 is none.
function isDate(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.slice(0, SHOWN_CHARACTERS_MAX);
}
