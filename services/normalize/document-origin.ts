// What an archived document keeps of its origin, so that rules can be run over the archive: the format
// that wrote it, and what decided its Sigma log source where the document itself does not tell.
import type { EcsDocument, LogEvent } from "../../detectors/event.ts";
import { put, textOf } from "./document.ts";
import type { Format } from "./format.ts";
import { lookup } from "./lookup.ts";

/** Label of the format's id, where the data set is called otherwise. */
const FORMAT_LABEL = "labels.format";
/** Label of deciding fields: `kind=traffic`. */
const LOG_SOURCE_LABEL = "labels.log_source";

/**
 * Family → fields that decide the log source (config/log-sources/) or that rules ask for, and that
 * documents leave out.
 */
const HIDDEN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  auditd: ["classes", "created", "initiated"],
  "azure-logs": ["logKind"],
  cisco: ["kind", "blocked"],
  "exchange-tracking": ["directionality"],
  firewall: ["kind", "blocked"],
  fortigate: ["blocked"],
  "linux-auth": ["program", "USER"],
  "palo-alto": ["blocked"],
  zeek: ["_path"],
};
const VALUE_CHARACTERS_MAX = 200;

/** Adds the labels; the document has its `event.dataset` already. */
export function putOrigin(document: EcsDocument, event: LogEvent, format: Format): void {
  if (document["event.dataset"] !== format.id) document[FORMAT_LABEL] = format.id;
  const fields = lookup(HIDDEN_FIELDS, format.shape.family);
  if (fields === undefined) return;
  const noted = fields.flatMap((field) => {
    const value = event.record[field];
    const text = typeof value === "boolean" ? String(value) : textOf(value);
    return text === "" || text.length > VALUE_CHARACTERS_MAX ? [] : [`${field}=${text}`];
  });
  if (noted.length > 0) put(document, LOG_SOURCE_LABEL, noted);
}

/** Id of the format that wrote a document. */
export function formatIdOf(document: EcsDocument): string | undefined {
  const id = document[FORMAT_LABEL] ?? document["event.dataset"];
  return typeof id === "string" ? id : undefined;
}

/** The deciding fields that `putOrigin` noted. */
export function decidingFields(document: EcsDocument): (readonly [string, string])[] {
  const noted = document[LOG_SOURCE_LABEL];
  return [noted ?? []].flat().flatMap((one) => {
    const text = String(one);
    const equals = text.indexOf("=");
    return equals < 1 ? [] : [[text.slice(0, equals), text.slice(equals + 1)] as const];
  });
}
