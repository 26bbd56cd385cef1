// What `heidewacht parse --json` prints for machines: one object, keys in English, times in UTC.
import type { Proposal } from "../normalize/mapping/propose.ts";
import { sortedFormats } from "./parse-report.ts";
import type { Tally } from "./parse-tally.ts";

/** The report as JSON, ended by a line break. */
export function parseJson(tally: Tally, proposal: Proposal | undefined): string {
  const { lines, headers, unclaimed } = tally;
  const report = {
    files: tally.files,
    lines,
    header_lines: headers,
    first_time: isoOf(tally.firstTime),
    last_time: isoOf(tally.lastTime),
    formats: sortedFormats(tally).map((one) => ({
      id: one.format.id,
      title: one.format.title,
      inside: one.carrier === one.format ? null : one.carrier.id,
      lines: one.lines,
      share: one.lines / lines,
      sure: one.scored === 0 ? null : one.scores / one.scored,
      without_time: one.timeless,
    })),
    unclaimed: {
      lines: unclaimed,
      share: lines === 0 ? 0 : unclaimed / lines,
      first: tally.firstUnclaimed.map(({ file, line, text, reason, claim }) => ({
        file,
        line,
        text,
        reason: reason ?? null,
        looked_like: claim?.id ?? null,
      })),
    },
    events: tally.events.map(({ file, line, format, before, after }) => ({
      file,
      line,
      format: format.id,
      before,
      after,
    })),
    proposal:
      proposal === undefined
        ? null
        : {
            shape: proposal.shape,
            lines: proposal.lines,
            parsed: proposal.parsed,
            timed: proposal.timed,
            mapping: proposal.mapping,
            tests: proposal.tests,
          },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function isoOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
