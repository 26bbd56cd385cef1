// How the query of GET /events becomes a query of the archive: words, and `field:value` for exact values.
import type { z } from "zod";
import type { ArchiveQuery } from "../archive/archive.ts";
import { checkSpan } from "./finding-search.ts";
import type { eventsQuery } from "./schemas.ts";

const DEFAULT_SPAN_MS = 86_400_000;
const SEARCH_TERMS_MAX = 20;
// Elastic Common Schema 8.17, field sets (https://www.elastic.co/docs/reference/ecs/ecs-field-reference), and
// what Beats add: only these make a typed word with a colon a field, or `example.org:443` would be one.
const FIELD_SETS = new Set(
  (
    "agent as auditd client cloud code_signature container data_stream destination device dll " +
    "dns ecs email error event faas file fortinet geo group hash heidewacht host http interface labels log " +
    "network observer orchestrator organization os package pe powershell process registry related " +
    "risk rule server service source sysmon system threat tls trace url user user_agent vlan winlog"
  ).split(" "),
);
const SET_NAME = /^[a-z_]+(?=\.)/;

/**
 * The archive's query; without a span the last 24 hours.
 * @param now ms UTC
 * @throws ApiFault HW_REQUEST_INVALID when the span is reversed
 */
export function eventSearch(query: z.infer<typeof eventsQuery>, now: number): ArchiveQuery {
  const to = query.to ?? now + 1;
  const from = query.from ?? to - DEFAULT_SPAN_MS;
  checkSpan(from, to);
  const terms = new Map<string, string>();
  for (const given of [query.terms ?? []].flat()) addTerm(terms, given);
  const words = splitWords(query.text ?? "").filter(
    (word) => !isField(word) || !addTerm(terms, word),
  );
  return {
    from,
    to,
    order: query.order,
    limit: query.limit,
    ...(terms.size === 0 ? {} : { terms: Object.fromEntries(terms) }),
    ...(words.length === 0 ? {} : { text: words.join(" ") }),
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  };
}

/** Blanks separate words, but not inside double quotes: `process.name:"a b.exe"`. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = "";
  let quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && /\s/.test(char)) {
      if (word !== "") words.push(word);
      word = "";
    } else word += char;
  }
  return word === "" ? words : [...words, word];
}

function isField(word: string): boolean {
  return /^(?:message|tags):/.test(word) || FIELD_SETS.has(SET_NAME.exec(word)?.[0] ?? "");
}

/**
 * Takes `field:value`. A field that is asked for twice can't have both values: the second stays a word.
 * @returns whether it was taken
 */
function addTerm(terms: Map<string, string>, part: string): boolean {
  const colon = part.indexOf(":");
  const field = part.slice(0, colon);
  if (colon < 1 || colon === part.length - 1) return false;
  if (terms.size >= SEARCH_TERMS_MAX || terms.has(field)) return false;
  terms.set(field, part.slice(colon + 1));
  return true;
}
