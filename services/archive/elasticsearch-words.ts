// The words by which Elasticsearch narrows a search down before query.ts decides: every longest run of
// letters, digits, `.`, `-` and `_` in a document's values, in lower case. What is asked for can then
// only be in a document whose words hold the runs of the question, so that nothing is missed and no
// index of all parts of words is needed.
import type { estypes } from "@elastic/elasticsearch";
import type { EcsDocument } from "../../detectors/event.ts";
import type { ArchiveQuery } from "./archive.ts";
import { words } from "./query.ts";

const FIELD = "archive.words";
// All that is not ASCII belongs to words: which of it are letters need not be known.
const RUN = /[a-z0-9._\u0080-\uffff-]+/g;
/** Longer runs are not indexed: as good as always encoded data. It fits the longest usual hash. */
const RUN_CHARS_MAX = 128;
const WORDS_PER_EVENT_MAX = 1000;
/** Stands among the words of an event of which some are missing; no run holds it. */
const INCOMPLETE = "*";
/** Shorter runs that may be a part of a word are in nearly every event. */
const PART_CHARS_MIN = 2;
/** Words of a question that narrow; the others are looked for in what is left. */
const NARROWING_MAX = 20;

/** The different words of a document, bounded in number and length. */
export function wordsOf(document: EcsDocument): string[] {
  const found = new Set<string>();
  for (const value of Object.values(document)) {
    for (const run of String(value).toLowerCase().match(RUN) ?? []) {
      if (found.size >= WORDS_PER_EVENT_MAX) return [...found, INCOMPLETE];
      found.add(run.length > RUN_CHARS_MAX || !run.isWellFormed() ? INCOMPLETE : run);
    }
  }
  return [...found];
}

/** A filter that lets through at least every event that the query is true of; undefined: all. */
export function wordsFilter(
  query: Pick<ArchiveQuery, "terms" | "text">,
): estypes.QueryDslQueryContainer | undefined {
  const narrowing = [
    ...Object.values(query.terms ?? {}).flatMap(exactRuns),
    ...words(query.text).flatMap(partRuns),
  ].slice(0, NARROWING_MAX);
  if (narrowing.length === 0) return undefined;
  const whole = { bool: { filter: narrowing } };
  return { bool: { should: [whole, { term: { [FIELD]: INCOMPLETE } }] } };
}

// The runs of a whole value are words of the event as they stand.
function exactRuns(value: string): estypes.QueryDslQueryContainer[] {
  return (value.toLowerCase().match(RUN) ?? []).map(exactly);
}

// A searched word may begin and end within a word of the event, but nowhere between.
function partRuns(word: string): estypes.QueryDslQueryContainer[] {
  return [...word.matchAll(RUN)].flatMap((match) => {
    const [run] = match;
    const atStart = match.index === 0;
    const atEnd = match.index + run.length === word.length;
    if (!atStart && !atEnd) return [exactly(run)];
    // Half a character at the edge may be the other half of one of the event's.
    if (!run.isWellFormed() || run.length < PART_CHARS_MIN) return [];
    if (run.length > RUN_CHARS_MAX) return [exactly(INCOMPLETE)];
    if (!atStart) return [{ prefix: { [FIELD]: run } }];
    return [{ wildcard: { [FIELD]: { value: `*${run}${atEnd ? "*" : ""}` } } }];
  });
}

function exactly(run: string): estypes.QueryDslQueryContainer {
  const indexed = run.length <= RUN_CHARS_MAX && run.isWellFormed();
  return { term: { [FIELD]: indexed ? run : INCOMPLETE } };
}
