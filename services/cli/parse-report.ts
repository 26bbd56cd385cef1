// What `heidewacht parse` prints for people: formats with their share, lines of no format, the first
// events before and after.
import type { EcsValue } from "../../detectors/event.ts";
import type { CliLanguage } from "./messages.ts";
import { surenessOf } from "./parse-judge.ts";
import { PARSE_MESSAGES } from "./parse-messages.ts";
import type { FormatCount, ShownEvent, Tally } from "./parse-tally.ts";
import { printable } from "./rules-text.ts";
import { fitted, tableLines, wrapped } from "./text-table.ts";

export interface ReportView {
  readonly language: CliLanguage;
  readonly timeZone: string;
  /** In characters. */
  readonly width: number;
  readonly isClear: boolean;
}

const BEFORE_LINES_MAX = 6;
const VALUE_LINES_MAX = 3;
const NAME_WIDTH_MAX = 34;
const FIELDS_SHOWN_MAX = 60;

/** The report, each line ended. */
export function parseReport(tally: Tally, view: ReportView): string {
  const text = PARSE_MESSAGES[view.language];
  if (tally.lines === 0) return `${headLine(tally, view)}\n${text.nothing}\n`;
  const blocks = [
    wrapped(headLine(tally, view), view.width, 3),
    formatTable(tally, view),
    unclaimedLines(tally, view),
    ...tally.events.map((event) => eventLines(event, tally, view)),
    view.isClear || tally.events.length === 0 ? [] : wrapped(text.pseudonyms, view.width, 3),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function headLine(tally: Tally, view: ReportView): string {
  const text = PARSE_MESSAGES[view.language];
  const [first] = tally.files;
  const name =
    tally.files.length === 1 ? printable(first?.path ?? "") : text.files(tally.files.length);
  const lines = text.summary(countOf(tally.lines, view), tally.headers);
  const { firstTime, lastTime } = tally;
  const span =
    firstTime === undefined || lastTime === undefined
      ? ""
      : `, ${text.span(timeText(firstTime, view), timeText(lastTime, view))}`;
  return `${name}: ${lines}${span}`;
}

/** The table of formats, the most frequent first. */
export function formatTable(tally: Tally, view: ReportView): string[] {
  const text = PARSE_MESSAGES[view.language];
  const formats = sortedFormats(tally);
  const [format, title, lines, share, sure] = text.columns;
  const rows = formats.map((one) => [
    one.format.id,
    titleOf(one, view),
    countOf(one.lines, view),
    shareOf(one.lines, tally.lines, view),
    sureOf(one, view),
  ]);
  if (tally.unclaimed > 0) {
    const part = shareOf(tally.unclaimed, tally.lines, view);
    rows.push([text.none, text.noneTitle, countOf(tally.unclaimed, view), part, ""]);
  }
  const columns = [
    { title: format },
    { title, shrinks: true },
    { title: lines, align: "right" as const },
    { title: share, align: "right" as const },
    { title: sure },
  ];
  const timeless = formats
    .filter((one) => one.timeless > 0)
    .flatMap((one) =>
      wrapped(text.timeless(one.format.id, countOf(one.timeless, view)), view.width, 3),
    );
  return [...tableLines(columns, rows, view.width), ...timeless];
}

/** The formats of a tally, the most frequent first. */
export function sortedFormats(tally: Tally): FormatCount[] {
  return [...tally.formats.values()].sort((one, other) => other.lines - one.lines);
}

function titleOf({ format, carrier }: FormatCount, { language }: ReportView): string {
  if (format === carrier) return format.title;
  return `${format.title} (${PARSE_MESSAGES[language].inside(carrier.id)})`;
}

function sureOf({ scores, scored }: FormatCount, view: ReportView): string {
  const text = PARSE_MESSAGES[view.language];
  if (scored === 0) return text.given;
  const score = scores / scored;
  const number = new Intl.NumberFormat(text.locale, { maximumFractionDigits: 1 }).format(score);
  return `${text.sureness[surenessOf(score)]} (${number})`;
}

function unclaimedLines(tally: Tally, view: ReportView): string[] {
  const text = PARSE_MESSAGES[view.language];
  if (tally.unclaimed === 0) return [];
  const places = tally.firstUnclaimed.map((one) => placeOf(one.file, one.line, tally));
  const size = Math.max(...places.map((place) => place.length));
  const lines = tally.firstUnclaimed.map((one, at) => {
    const claim = one.claim === undefined ? "" : `  (${text.claimed(one.claim.id)})`;
    const room = Math.max(20, view.width - size - 4 - claim.length);
    return `  ${(places[at] ?? "").padStart(size)}  ${fitted(one.text, room)}${claim}`;
  });
  const hint = view.isClear ? [] : [`  ${text.masked}`];
  return [text.unclaimed(countOf(tally.unclaimed, view)), ...lines, ...hint];
}

function placeOf(file: string, line: number, tally: Tally): string {
  return tally.files.length === 1 ? String(line) : `${printable(file)}:${line}`;
}

function eventLines(event: ShownEvent, tally: Tally, view: ReportView): string[] {
  const text = PARSE_MESSAGES[view.language];
  const title = text.event(placeOf(event.file, event.line, tally), event.format.id);
  const before = wrapped(printable(event.before), view.width - 2, BEFORE_LINES_MAX);
  return [
    title,
    ...[text.before, ...before.map((line) => `  ${line}`)],
    text.after,
    ...fieldLines(event.after, view),
  ];
}

function fieldLines(document: Readonly<Record<string, EcsValue>>, view: ReportView): string[] {
  const fields = Object.entries(document).filter(([name]) => !isOurs(name));
  const longest = Math.max(...fields.map(([name]) => name.length), 10);
  const size = Math.min(longest, NAME_WIDTH_MAX, Math.floor(view.width / 2));
  const shown = fields.sort(byName).slice(0, FIELDS_SHOWN_MAX);
  const lines = shown.flatMap(([name, value]) => {
    const room = Math.max(16, view.width - size - 4);
    const [first = "", ...more] = wrapped(printable(valueText(value)), room, VALUE_LINES_MAX);
    const indent = " ".repeat(size + 4);
    const label = printable(name);
    const head =
      label.length > size ? [`  ${label}`, indent + first] : [`  ${label.padEnd(size)}  ${first}`];
    return [...head, ...more.map((line) => indent + line)];
  });
  return fields.length > shown.length ? [...lines, `  … +${fields.length - shown.length}`] : lines;
}

// What Heidewacht adds to every event says nothing of the line.
function isOurs(name: string): boolean {
  return /^(?:ecs\.version|event\.(?:id|ingested)|organization\.id|labels\.source)$/.test(name);
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  if (one.startsWith("@") !== other.startsWith("@")) return one.startsWith("@") ? -1 : 1;
  return one < other ? -1 : 1;
}

function valueText(value: EcsValue): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** A number as people of the language write it. */
export function countOf(count: number, { language }: ReportView): string {
  return new Intl.NumberFormat(PARSE_MESSAGES[language].locale).format(count);
}

/** A share in percent; what is not all is never shown as 100 %. */
export function shareOf(part: number, whole: number, { language }: ReportView): string {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  const shown = part < whole ? Math.min(percent, 99.9) : percent;
  const number = new Intl.NumberFormat(PARSE_MESSAGES[language].locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return `${number.format(shown)} %`;
}

/** A moment in the zone of the report. */
function timeText(time: number, { language, timeZone }: ReportView): string {
  return new Intl.DateTimeFormat(PARSE_MESSAGES[language].locale, {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(time);
}
