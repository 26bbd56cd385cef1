// The picture of the scan report: one lane a rule, so that what fires all day takes one line, with every
// event that the findings keep as a dot.
import type { Level } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import { escapeHtml } from "./report-text.ts";

const WIDTH = 1120;
const LANE_HEIGHT = 22;
const LANES_MAX = 40;
const LABEL_WIDTH = 430;
const LABEL_CHARACTERS_MAX = 58;
const RIGHT_MARGIN = 24;
const TICKS = 5;

const MARK_OF_LEVEL: Readonly<Record<Level, string>> = {
  informational: "○",
  low: "◔",
  medium: "◑",
  high: "◕",
  critical: "●",
};

interface Lane {
  /** In the order of the queue; the first one is what the lane links to. */
  readonly findings: Finding[];
  readonly top: Finding;
  readonly from: number;
}

/** An SVG of the findings over time, in this order of importance. `timeZone` is an IANA name. */
export function timelineSvg(
  findings: readonly Finding[],
  label: string,
  locale: string,
  timeZone: string,
): string {
  const lanes = lanesOf(findings);
  const shown = lanes.flatMap((lane) => lane.findings);
  const start = shown.reduce((least, one) => Math.min(least, one.firstEventAt), Infinity);
  const end = shown.reduce((most, one) => Math.max(most, one.lastEventAt), start + 1);
  const x = (time: number) =>
    (LABEL_WIDTH + ((time - start) / (end - start)) * (WIDTH - LABEL_WIDTH - RIGHT_MARGIN)).toFixed(
      1,
    );
  const height = lanes.length * LANE_HEIGHT + 34;
  const axis = axisOf(start, end, x, height, locale, timeZone);
  const rows = lanes.map((lane, index) => laneOf(lane, index * LANE_HEIGHT + 16, x));
  return `<svg role="group" aria-label="${escapeHtml(label)}" viewBox="0 0 ${WIDTH} ${height}">${axis}${rows.join("")}</svg>`;
}

function lanesOf(findings: readonly Finding[]): Lane[] {
  const byRule = new Map<string, Lane>();
  for (const finding of findings) {
    const known = byRule.get(finding.detector.id);
    if (known === undefined) {
      if (byRule.size >= LANES_MAX) continue;
      const from = finding.firstEventAt;
      byRule.set(finding.detector.id, { findings: [finding], top: finding, from });
    } else {
      known.findings.push(finding);
      const from = Math.min(known.from, finding.firstEventAt);
      byRule.set(finding.detector.id, { ...known, from });
    }
  }
  return [...byRule.values()].sort((a, b) => a.from - b.from);
}

function laneOf({ findings, top, from }: Lane, y: number, x: (time: number) => string): string {
  const { level, title } = top.detector;
  const many = findings.length > 1 ? ` (${findings.length})` : "";
  const room = LABEL_CHARACTERS_MAX - many.length;
  const name = title.length > room ? `${title.slice(0, room - 1)}…` : title;
  const lines = findings.map(
    (one) => `<line x1="${x(one.firstEventAt)}" y1="${y}" x2="${x(one.lastEventAt)}" y2="${y}"/>`,
  );
  const times = new Set(findings.flatMap((one) => one.evidence.map((evidence) => evidence.time)));
  const dots = [...new Set([...times, from].map(x))].map(
    (at) => `<circle cx="${at}" cy="${y}" r="4"/>`,
  );
  return `<g class="lane ${level}"><a href="#f-${top.id}"><text x="8" y="${y + 4}">${MARK_OF_LEVEL[level]} ${escapeHtml(name)}${many}</text></a>${lines.join("")}${dots.join("")}</g>`;
}

function axisOf(
  start: number,
  end: number,
  x: (time: number) => string,
  height: number,
  locale: string,
  timeZone: string,
): string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    day: "2-digit",
    month: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const ticks = Array.from(
    { length: TICKS },
    (_, at) => start + ((end - start) * at) / (TICKS - 1),
  );
  const bottom = height - 22;
  return ticks
    .map((time, at) => {
      const place = at === 0 ? "start" : at === TICKS - 1 ? "end" : "middle";
      return `<line class="grid" x1="${x(time)}" y1="4" x2="${x(time)}" y2="${bottom}"/><text class="axis ${place}" x="${x(time)}" y="${height - 8}">${escapeHtml(format.format(time))}</text>`;
    })
    .join("");
}
