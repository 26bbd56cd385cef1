// How the query of GET /events becomes a query of the archive: words, and `field:value` for exact values.
import type { z } from "zod";
import type { ArchiveQuery } from "../archive/archive.ts";
import { checkSpan } from "./finding-search.ts";
import type { eventsQuery } from "./schemas.ts";

const DEFAULT_SPAN_MS = 86_400_000;
const SEARCH_TERMS_MAX = 20;
// An ECS name: a letter, then letters, digits, _, -, dots between. `C:\Windows` is no field: one letter
// before the colon is a drive.
const FIELD = /^[a-z@][\w@-]+(?:\.[\w@-]+)*$/i;

/**
 * The archive's query; without a span the last 24 hours.
 * @param now ms UTC
 * @throws ApiFault HW_REQUEST_INVALID when the span is reversed
 */
export function eventSearch(query: z.infer<typeof eventsQuery>, now: number): ArchiveQuery {
  const to = query.to ?? now + 1;
  const from = query.from ?? to - DEFAULT_SPAN_MS;
  checkSpan(from, to);
  const given = [query.terms ?? []].flat();
  const { terms, words } = splitTerms([...given, ...splitWords(query.text ?? "")]);
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

function splitTerms(parts: readonly string[]): { terms: Map<string, string>; words: string[] } {
  const terms = new Map<string, string>();
  const words: string[] = [];
  for (const part of parts) {
    const colon = part.indexOf(":");
    const field = part.slice(0, colon);
    const isTerm = colon > 0 && colon < part.length - 1 && FIELD.test(field);
    // A field that is asked for twice can't have both values: the second one is searched as a word.
    if (isTerm && terms.size < SEARCH_TERMS_MAX && !terms.has(field)) {
      terms.set(field, part.slice(colon + 1));
    } else words.push(part);
  }
  return { terms, words };
}
