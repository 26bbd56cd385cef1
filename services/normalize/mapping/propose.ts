// Proposes a mapping for lines that no format knows: looks for JSON keys, pairs, columns or a fixed
// skeleton, guesses names from names and values, and proves the proposal on the same lines.
import { isAppError } from "../../../config/errors.ts";
import type { Format } from "../format.ts";
import { looksLikeJson, parseJsonRecord } from "../json-text.ts";
import { readMapping } from "./mapping-folder.ts";
import {
  type Draft,
  draftCsv,
  draftJson,
  draftPairs,
  draftPatterns,
  type ProposalShape,
} from "./propose-draft.ts";
import { linesBehindSyslog } from "./propose-syslog.ts";
import { mappingYaml, type ProposeOptions, testsYaml, tryParse } from "./propose-yaml.ts";

/** Most lines that are looked at. */
export const PROPOSE_LINES_MAX = 2000;
/** Longest line that is looked at, in UTF-16 units. */
export const PROPOSE_LINE_CHARACTERS_MAX = 8000;

export interface Proposal {
  readonly id: string;
  readonly shape: ProposalShape;
  /** The mapping file. */
  readonly mapping: string;
  /** Its tests. */
  readonly tests: string;
  readonly format: Format;
  /** Lines that were looked at. */
  readonly lines: number;
  /** How many of them the mapping reads. */
  readonly parsed: number;
  /** How many of those have a time of their own. */
  readonly timed: number;
}

/** The best proposal; undefined when nothing reads at least half of the lines. */
export function proposeMapping(
  all: readonly string[],
  options: ProposeOptions,
): Proposal | undefined {
  const lines = all
    .slice(0, PROPOSE_LINES_MAX)
    .filter((line) => line.length <= PROPOSE_LINE_CHARACTERS_MAX);
  if (lines.length === 0) return undefined;
  const { texts, program, isFramed } = linesBehindSyslog(lines);
  const frame = { isFramed, program };
  const objects = texts.flatMap(objectOf);
  const ways: (() => Draft | undefined)[] =
    objects.length * 2 > texts.length
      ? [() => draftJson(objects)]
      : [() => draftPairs(texts), () => draftCsv(texts), () => draftPatterns(texts)];
  let best: Proposal | undefined;
  for (const way of ways) {
    const draft = way();
    const proposal = draft && proven({ ...draft, frame }, lines, options);
    if (proposal === undefined) continue;
    if (best === undefined || proposal.parsed > best.parsed) best = proposal;
    // The first way that reads nearly all lines says most about them.
    if (best.parsed >= lines.length * 0.9) break;
  }
  return best !== undefined && best.parsed * 2 >= lines.length ? best : undefined;
}

function objectOf(text: string) {
  if (!looksLikeJson(text)) return [];
  try {
    return [parseJsonRecord(text)];
  } catch (error) {
    if (isAppError(error)) return [];
    throw error;
  }
}

// What is proposed has been run: a mapping that does not compile or reads too little is not shown.
function proven(
  draft: Draft,
  lines: readonly string[],
  options: ProposeOptions,
): Proposal | undefined {
  const mapping = mappingYaml(draft, options);
  const read = readMapping(mapping, options.id, "en");
  if ("faults" in read) return undefined;
  const { format } = read;
  const good: string[] = [];
  let timed = 0;
  for (const line of lines) {
    if (format.isHeader?.(line) === true) continue;
    const parsed = tryParse(format, line, options.context);
    if (parsed === undefined) continue;
    good.push(line);
    if (parsed.time !== undefined) timed++;
  }
  const headers = lines.filter((line) => format.isHeader?.(line) === true).length;
  return {
    id: options.id,
    shape: draft.shape,
    mapping,
    tests: testsYaml(good, format, options),
    format,
    lines: lines.length,
    parsed: good.length + headers,
    timed: timed + headers,
  };
}
