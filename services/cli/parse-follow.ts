// `heidewacht parse --follow`: one row for each line of a live source, and what share of them has a
// format, until the source ends or somebody stops it.
import type { Readable } from "node:stream";
import type { EcsDocument } from "../../detectors/event.ts";
import { splitHeader } from "../normalize/header-lines.ts";
import { type Judge, surenessOf, type Verdict } from "./parse-judge.ts";
import { PARSE_MESSAGES } from "./parse-messages.ts";
import { countOf, formatTable, type ReportView, shareOf, sortedFormats } from "./parse-report.ts";
import { openLiveSource } from "./parse-source.ts";
import { createTally, type Tally } from "./parse-tally.ts";
import { printable } from "./rules-text.ts";
import { fitted } from "./text-table.ts";

const SHARE_EVERY_MS = 5000;
/** What a person can follow; above it lines are counted only. */
const ROWS_PER_SECOND_MAX = 40;
const SECOND_MS = 1000;
const FORMATS_SHOWN = 3;

export interface FollowOptions {
  readonly source: string;
  readonly stdin: Readable;
  readonly judge: Judge;
  readonly view: ReportView;
  readonly write: (text: string) => void;
  /** Resolves when reading shall end. */
  readonly stopped: Promise<unknown>;
}

/**
 * Reads along until the source ends or `stopped` resolves, then writes the summary.
 * @throws AppError HW_USAGE, HW_PLACE_TAKEN
 */
export async function followSource(options: FollowOptions): Promise<Tally> {
  const { judge, view, write } = options;
  const text = PARSE_MESSAGES[view.language];
  const tally = createTally(judge, 0);
  tally.openFile(options.source);
  const limit = createRowLimit();
  const take = (line: string) => {
    const verdict = tally.take(line, tally.lines + 1);
    if (verdict.kind === "header") return;
    if (limit.mayShow()) write(`${rowOf(line, verdict, judge, view)}\n`);
  };
  const source = await openLiveSource(options.source, options.stdin, view.language, take);
  write(`${text.following(source.name)}\n${rowLine(text.liveColumns, view)}\n`);
  const share = startShareLines(tally, options);
  await Promise.race([source.done, options.stopped]);
  await source.close();
  clearInterval(share);
  if (limit.hidden > 0) write(`${text.dropped(countOf(limit.hidden, view))}\n`);
  const end = tally.lines === 0 ? [text.nothing] : formatTable(tally, view);
  write(`\n${end.join("\n")}\n`);
  return tally;
}

function createRowLimit() {
  let second = 0;
  let rows = 0;
  let hidden = 0;
  return {
    get hidden() {
      return hidden;
    },
    mayShow(): boolean {
      const now = Math.floor(Date.now() / SECOND_MS);
      if (now !== second) {
        second = now;
        rows = 0;
      }
      rows++;
      if (rows <= ROWS_PER_SECOND_MAX) return true;
      hidden++;
      return false;
    },
  };
}

// Only when something came: a quiet source leaves a quiet screen.
function startShareLines(tally: Tally, { view, write }: FollowOptions): NodeJS.Timeout {
  const text = PARSE_MESSAGES[view.language];
  let before = 0;
  return setInterval(() => {
    const now = tally.lines;
    if (now === before) return;
    const perSecond = Math.round(((now - before) / SHARE_EVERY_MS) * SECOND_MS);
    const formats = sortedFormats(tally)
      .slice(0, FORMATS_SHOWN)
      .map(({ format, lines }) => `${format.id} ${shareOf(lines, now, view)}`);
    const share = shareOf(now - tally.unclaimed, now, view);
    const line = text.share(
      countOf(now, view),
      countOf(perSecond, view),
      share,
      formats.join(", "),
    );
    write(`${fitted(line, view.width)}\n`);
    before = now;
  }, SHARE_EVERY_MS);
}

function rowOf(line: string, verdict: Verdict, judge: Judge, view: ReportView): string {
  const text = PARSE_MESSAGES[view.language];
  if (verdict.kind !== "event") {
    const shown = judge.mask(splitHeader(line).line);
    return rowLine([clockOf(undefined, view), text.none, "", shown], view);
  }
  const { format, score, time } = verdict;
  const { after } = judge.show(line, verdict.document());
  const sure = score === undefined ? text.given : text.sureness[surenessOf(score)];
  return rowLine([clockOf(time, view), format.id, sure, keyFields(after)], view);
}

const CLOCK_WIDTH = 8;
const FORMAT_WIDTH = 14;
const SURE_WIDTH = 6;

function rowLine(cells: readonly string[], { width }: ReportView): string {
  const [clock = "", format = "", sure = "", rest = ""] = cells;
  const head = `${clock.padEnd(CLOCK_WIDTH)}  ${fitted(format, FORMAT_WIDTH).padEnd(FORMAT_WIDTH)}  ${fitted(sure, SURE_WIDTH).padEnd(SURE_WIDTH)}  `;
  return (head + fitted(rest, Math.max(10, width - head.length))).trimEnd();
}

function clockOf(time: number | undefined, { language, timeZone }: ReportView): string {
  if (time === undefined) return "–";
  const { locale } = PARSE_MESSAGES[language];
  return new Intl.DateTimeFormat(locale, { timeZone, timeStyle: "medium" }).format(time);
}

// What tells one event from another, the most telling first.
const KEY_FIELDS = [
  "event.action",
  "event.code",
  "event.outcome",
  "user.name",
  "source.ip",
  "destination.ip",
  "destination.port",
  "host.name",
  "process.name",
  "process.command_line",
  "url.original",
  "message",
];

/** What events of all formats have. */
const GENERAL = /^(?:@|ecs\.|event\.|organization\.|labels\.|log\.syslog\.)/;
const OWN_FIELDS_SHOWN = 5;

function keyFields(document: EcsDocument): string {
  const known = KEY_FIELDS.filter((name) => Object.hasOwn(document, name));
  const own = Object.keys(document).filter((name) => !GENERAL.test(name));
  return (known.length > 1 ? known : [...new Set([...known, ...own])].slice(0, OWN_FIELDS_SHOWN))
    .map((name) => `${name}=${printable(String(document[name]))}`)
    .join(" ");
}
