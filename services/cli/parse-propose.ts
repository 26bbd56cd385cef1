// The proposal of `heidewacht parse` for lines that no format knows, printed or written as files.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../../config/errors.ts";
import { ecsDocument } from "../normalize/ecs-document.ts";
import { type Proposal, proposeMapping } from "../normalize/mapping/propose.ts";
import { tryParse } from "../normalize/mapping/propose-yaml.ts";
import type { Judge } from "./parse-judge.ts";
import { PARSE_MESSAGES } from "./parse-messages.ts";
import { countOf, type ReportView } from "./parse-report.ts";
import type { Tally } from "./parse-tally.ts";

/** Unknown lines are worth a proposal from so many, or such a share of all lines, on. */
const LINES_MIN = 5;
const SHARE_MIN = 0.2;
/** Lines of a catch-all format are, where most lines are of it. */
const VAGUE_SHARE_MIN = 0.5;
/** Many programs behind one syslog sender have no common shape: only where it is asked for. */
const MIXED_FORMAT = "syslog";

/** The lines that a mapping is proposed for; none when they are few. */
export function linesToPropose(tally: Tally, isAsked: boolean): readonly string[] {
  const { unknown, lines } = tally;
  const isMany = unknown.length >= LINES_MIN || unknown.length >= lines * SHARE_MIN;
  if (unknown.length > 0 && isMany) return unknown;
  for (const { format, lines: own } of tally.formats.values()) {
    const kept = tally.vague.get(format.id);
    const isMixed = format.id === MIXED_FORMAT && !isAsked;
    if (kept !== undefined && !isMixed && own >= lines * VAGUE_SHARE_MIN) return kept;
  }
  return [];
}

/** The proposal for unknown lines; undefined when they have nothing in common. */
export function proposalFor(
  unknown: readonly string[],
  tally: Tally,
  judge: Judge,
  view: ReportView,
): Proposal | undefined {
  const context = { timeZone: view.timeZone, receivedAt: Date.now() };
  const text = PARSE_MESSAGES[view.language];
  return proposeMapping(unknown, {
    id: idOf(tally.files[0]?.path ?? ""),
    title: text.proposalTitle,
    comment: text.proposalComment,
    context,
    protectLine(line, format) {
      const parsed = tryParse(format, line, context);
      if (parsed === undefined) return line;
      const { record, time = context.receivedAt } = parsed;
      const event = {
        id: "line",
        tenant: "parse",
        source: "parse",
        time,
        ingestedAt: context.receivedAt,
        shape: format.shape,
        record,
        text: line,
      };
      return judge.show(line, ecsDocument(event, format)).before;
    },
  });
}

// `fachverfahren-2026-11-21.log.gz` → `fachverfahren`
function idOf(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/\..*$/, "")
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/(?:-\d+)+$/, "")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 60);
  // A name of its own: formats that come along may be called the same.
  return name === "" ? "eigenes-format" : `${name}-eigen`;
}

/** The proposal as it is printed. */
export function proposalReport(proposal: Proposal, view: ReportView): string {
  const text = PARSE_MESSAGES[view.language];
  const { lines, shape, parsed, timed } = proposal;
  return [
    `${text.proposal(countOf(lines, view), text.shapes[shape])} ${text.proven(countOf(parsed, view), countOf(timed, view))}`,
    "",
    proposal.mapping.trimEnd(),
  ].join("\n");
}

/**
 * Writes mapping and tests into a folder, and overwrites nothing.
 * @returns what to print
 * @throws AppError HW_EXISTS
 */
export function writeProposal(proposal: Proposal, folder: string, view: ReportView): string {
  const text = PARSE_MESSAGES[view.language];
  const mapping = join(folder, `${proposal.id}.yml`);
  const tests = join(folder, `${proposal.id}.tests.yml`);
  for (const path of [mapping, tests]) {
    if (!existsSync(path)) continue;
    throw new AppError("HW_EXISTS", text.exists(path), { place: path, mend: text.existsMend });
  }
  mkdirSync(folder, { recursive: true });
  // They hold lines of logs: nobody else on the machine needs to read them.
  writeFileSync(mapping, proposal.mapping, { mode: 0o600 });
  if (proposal.tests !== "") writeFileSync(tests, proposal.tests, { mode: 0o600 });
  const written = proposal.tests === "" ? [mapping] : [mapping, tests];
  return `${text.written(written.join(", "))}\n${text.howToUse(folder, proposal.id)}`;
}
