// Counts what `heidewacht parse` sees: lines by format, with how sure they were claimed, the first events
// of each format, and lines that no format takes.
import type { EcsDocument } from "../../detectors/event.ts";
import type { Format } from "../normalize/format.ts";
import { splitHeader } from "../normalize/header-lines.ts";
import { PROPOSE_LINE_CHARACTERS_MAX, PROPOSE_LINES_MAX } from "../normalize/mapping/propose.ts";
import type { Judge, Verdict } from "./parse-judge.ts";

/** Lines of one format. */
export interface FormatCount {
  readonly format: Format;
  /** The format that carried them; the same where they stand for themselves. */
  readonly carrier: Format;
  lines: number;
  /** Lines without a time of their own. */
  timeless: number;
  /** Sum of the claims, of lines whose format was found out. */
  scores: number;
  scored: number;
}

/** An event before and after, as it may be shown. */
export interface ShownEvent {
  readonly file: string;
  readonly line: number;
  readonly format: Format;
  readonly before: string;
  readonly after: EcsDocument;
}

/** A line that no format takes. */
interface UnclaimedLine {
  readonly file: string;
  readonly line: number;
  /** Masked unless clear text was asked for. */
  readonly text: string;
  /** Undefined unless clear text was asked for. */
  readonly reason: string | undefined;
  /** The format that claimed it and then refused it. */
  readonly claim: Format | undefined;
}

interface FileCount {
  readonly path: string;
  lines: number;
}

export interface Tally {
  readonly files: readonly FileCount[];
  readonly formats: ReadonlyMap<string, FormatCount>;
  readonly lines: number;
  readonly headers: number;
  readonly unclaimed: number;
  readonly firstUnclaimed: readonly UnclaimedLine[];
  readonly events: readonly ShownEvent[];
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  /** Lines of no format, the first ones, for a proposal. */
  readonly unknown: readonly string[];
  /** Lines of catch-all formats by format, likewise. */
  readonly vague: ReadonlyMap<string, readonly string[]>;
  openFile(path: string): void;
  /** Counts a line; gives back what it turned out to be. */
  take(text: string, line: number): Verdict;
}

const UNCLAIMED_SHOWN_MAX = 5;
const EVENTS_SHOWN_MAX = 100;
/** Formats whose lines say nothing of the product: a mapping would find more in them. */
const CATCH_ALLS: ReadonlySet<string> = new Set(["json", "key-value", "syslog", "plain"]);

/** @param eventsMax events that are shown; each format shows one at least */
export function createTally(judge: Judge, eventsMax: number): Tally {
  const files: FileCount[] = [];
  const formats = new Map<string, FormatCount>();
  const firstUnclaimed: UnclaimedLine[] = [];
  const events: ShownEvent[] = [];
  const unknown: string[] = [];
  const vague = new Map<string, string[]>();
  const counts = { lines: 0, headers: 0, unclaimed: 0 };
  const times: { first: number | undefined; last: number | undefined } = {
    first: undefined,
    last: undefined,
  };
  const keep = (kept: string[], text: string) => {
    const { line } = splitHeader(text);
    const fits = line.length <= PROPOSE_LINE_CHARACTERS_MAX;
    if (fits && kept.length < PROPOSE_LINES_MAX) kept.push(line);
  };
  const countTime = (time: number | undefined) => {
    if (time === undefined) return;
    times.first = Math.min(times.first ?? time, time);
    times.last = Math.max(times.last ?? time, time);
  };
  return {
    files,
    formats,
    firstUnclaimed,
    events,
    unknown,
    vague,
    get lines() {
      return counts.lines;
    },
    get headers() {
      return counts.headers;
    },
    get unclaimed() {
      return counts.unclaimed;
    },
    get firstTime() {
      return times.first;
    },
    get lastTime() {
      return times.last;
    },
    openFile(path) {
      files.push({ path, lines: 0 });
    },
    take(text, line) {
      const file = files.at(-1);
      const path = file?.path ?? "";
      const verdict = judge.judge(text, path);
      if (verdict.kind === "header") {
        counts.headers++;
        return verdict;
      }
      counts.lines++;
      if (file !== undefined) file.lines++;
      if (verdict.kind === "refused") {
        counts.unclaimed++;
        keep(unknown, text);
        if (firstUnclaimed.length < UNCLAIMED_SHOWN_MAX) {
          const shown = judge.mask(splitHeader(text).line);
          const { claim } = verdict;
          // A fault may quote the line (`JSON.parse` does).
          const reason = judge.isClear ? verdict.reason : undefined;
          firstUnclaimed.push({ file: path, line, text: shown, reason, claim });
        }
        return verdict;
      }
      const { format, carrier, score, time } = verdict;
      const isFirst = count(formats, format, carrier, score, time);
      countTime(time);
      if (CATCH_ALLS.has(format.id)) {
        const kept = vague.get(format.id) ?? [];
        vague.set(format.id, kept);
        keep(kept, text);
      }
      const isWanted = events.length < eventsMax || (isFirst && eventsMax > 0);
      if (isWanted && events.length < EVENTS_SHOWN_MAX) {
        events.push({ file: path, line, format, ...judge.show(text, verdict.document()) });
      }
      return verdict;
    },
  };
}

/** Whether it is the format's first line. */
function count(
  formats: Map<string, FormatCount>,
  format: Format,
  carrier: Format,
  score: number | undefined,
  time: number | undefined,
): boolean {
  const key = `${carrier.id}/${format.id}`;
  let known = formats.get(key);
  const isFirst = known === undefined;
  if (known === undefined) {
    known = { format, carrier, lines: 0, timeless: 0, scores: 0, scored: 0 };
    formats.set(key, known);
  }
  known.lines++;
  if (time === undefined) known.timeless++;
  if (score !== undefined) {
    known.scores += score;
    known.scored++;
  }
  return isFirst;
}
