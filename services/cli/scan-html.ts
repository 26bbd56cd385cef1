// The scan's report as one self-contained HTML file: no script, no network, a timeline picture, every
// finding with the fields that matched. Log values are hostile: all of them pass `escapeHtml`.
import type { Level } from "../../detectors/detector.ts";
import type { Evidence, Finding } from "../store/finding.ts";
import type { CliLanguage } from "./messages.ts";
import { REPORT_MESSAGES } from "./report-messages.ts";
import { reportStyle } from "./report-style.ts";
import { queueOrder, type ScanSummary } from "./scan-summary.ts";

const WIDTH = 1000;
const LANE_HEIGHT = 22;
const LANES_MAX = 40;
const LABEL_WIDTH = 260;
const FIELDS_SHOWN_MAX = 40;

/** The whole document. `timeZone` is an IANA name; times are shown in it. */
export function scanHtml(
  summary: ScanSummary,
  language: CliLanguage,
  timeZone: string,
  madeAt: number,
): string {
  const text = REPORT_MESSAGES[language];
  const findings = queueOrder(summary.findings);
  const format = new Intl.DateTimeFormat(text.locale, {
    timeZone,
    dateStyle: "medium",
    timeStyle: "medium",
  });
  const number = new Intl.NumberFormat(text.locale);
  const facts: [string, string][] = [
    [text.findings, number.format(findings.length)],
    [text.events, number.format(summary.events)],
    [text.files, number.format(summary.files)],
    [text.rules, number.format(summary.rules)],
    [text.unparsed, number.format(summary.unparsed)],
    [text.duration, `${number.format(summary.elapsedMs / 1000)} s`],
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(text.title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header><h1>${escapeHtml(text.title)}</h1><p>${escapeHtml(text.made(format.format(madeAt)))}</p></header>
<main>
<dl class="facts">${facts.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join("")}</dl>
<h2>${escapeHtml(text.timeline)}</h2>
${findings.length === 0 ? `<p>${escapeHtml(text.nothing)}</p>` : timeline(findings, text.timelineLabel, format)}
<h2>${escapeHtml(text.findings)}</h2>
${findings.map((finding) => article(finding, text, format)).join("\n")}
${summary.faults.length === 0 ? "" : faults(summary, text.unread)}
</main>
</body>
</html>
`;
}

type Text = (typeof REPORT_MESSAGES)["de"];

function article(finding: Finding, text: Text, format: Intl.DateTimeFormat): string {
  const { detector } = finding;
  const attack = [...detector.tactics, ...detector.techniques].map(
    (name) => `<li>${escapeHtml(name)}</li>`,
  );
  const parts = finding.scoreParts
    .map((part) => `${text.scorePart[part.key]} ${part.points}`)
    .join(" + ");
  return `<article id="f-${finding.id}">
<h3><span class="level ${detector.level}">${escapeHtml(text.level[detector.level])}</span> ${escapeHtml(detector.title)}</h3>
<p class="meta">${escapeHtml(text.score)} <strong>${finding.score}</strong> (${escapeHtml(parts)}) · ${escapeHtml(
    text.hits(finding.signalCount),
  )} · ${escapeHtml(format.format(finding.firstEventAt))} – ${escapeHtml(format.format(finding.lastEventAt))}</p>
<p>${escapeHtml(finding.summary)}</p>
<p>${escapeHtml(detector.description)}</p>
<ul class="attack">${attack.join("")}</ul>
${list(text.response, detector.response)}
<details><summary>${escapeHtml(text.evidence(finding.evidence.length))}</summary>
${finding.evidence.map((evidence) => evidenceTable(evidence, text, format)).join("\n")}
</details>
</article>`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  return `<h4>${escapeHtml(title)}</h4><ol>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ol>`;
}

function evidenceTable(evidence: Evidence, text: Text, format: Intl.DateTimeFormat): string {
  const matched = evidence.matched.map(
    (field) =>
      `<tr class="matched"><th scope="row">${escapeHtml(field.field)}</th><td>${mark(field.value, field.pattern)}</td></tr>`,
  );
  const values = new Set(evidence.matched.map((field) => field.value));
  const others = evidence.events
    .flatMap((event) => Object.entries(event.document))
    .filter(([, value]) => !values.has(String(value)))
    .slice(0, FIELDS_SHOWN_MAX)
    .map(
      ([name, value]) =>
        `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(String(value))}</td></tr>`,
    );
  return `<table><caption>${escapeHtml(format.format(evidence.time))} · ${escapeHtml(evidence.source)} · ${escapeHtml(
    text.event,
  )} ${escapeHtml(evidence.events.map((event) => event.id).join(", "))}</caption><tbody>${matched.join("")}${others.join(
    "",
  )}</tbody></table>`;
}

// Marks the part that a plain pattern names; other patterns mark the whole value.
function mark(value: string, pattern: string): string {
  const plain = pattern.replace(/^\*+|\*+$/g, "");
  const at = plain === "" ? -1 : value.toLowerCase().indexOf(plain.toLowerCase());
  if (at === -1) return `<mark>${escapeHtml(value)}</mark>`;
  const end = at + plain.length;
  return `${escapeHtml(value.slice(0, at))}<mark>${escapeHtml(value.slice(at, end))}</mark>${escapeHtml(value.slice(end))}`;
}

const MARK_OF_LEVEL: Readonly<Record<Level, string>> = {
  informational: "○",
  low: "◔",
  medium: "◑",
  high: "◕",
  critical: "●",
};

/** One lane a finding, from its first to its last event. */
function timeline(
  findings: readonly Finding[],
  label: string,
  format: Intl.DateTimeFormat,
): string {
  const shown = [...findings.slice(0, LANES_MAX)].sort((a, b) => a.firstEventAt - b.firstEventAt);
  const start = Math.min(...shown.map((finding) => finding.firstEventAt));
  const end = Math.max(...shown.map((finding) => finding.lastEventAt), start + 1);
  const x = (time: number) =>
    LABEL_WIDTH + ((time - start) / (end - start)) * (WIDTH - LABEL_WIDTH - 20);
  const height = shown.length * LANE_HEIGHT + 40;
  const lanes = shown.map((finding, index) => {
    const y = index * LANE_HEIGHT + 16;
    const title = `${MARK_OF_LEVEL[finding.detector.level]} ${finding.detector.title}`;
    const short = title.length > 38 ? `${title.slice(0, 37)}…` : title;
    const from = x(finding.firstEventAt);
    const dots = finding.evidence
      .map((evidence) => `<circle cx="${x(evidence.time).toFixed(1)}" cy="${y}" r="4"/>`)
      .join("");
    return `<g class="lane ${finding.detector.level}"><text x="0" y="${y + 4}">${escapeHtml(short)}</text><line x1="${from.toFixed(1)}" y1="${y}" x2="${x(finding.lastEventAt).toFixed(1)}" y2="${y}"/>${dots}</g>`;
  });
  const axis = `<text class="axis" x="${LABEL_WIDTH}" y="${height - 8}">${escapeHtml(format.format(start))}</text><text class="axis end" x="${WIDTH - 10}" y="${height - 8}">${escapeHtml(format.format(end))}</text>`;
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${WIDTH} ${height}">${lanes.join("")}${axis}</svg>`;
}

function faults(summary: ScanSummary, title: string): string {
  const rows = summary.faults.map(
    (fault) =>
      `<tr><th scope="row">${escapeHtml(fault.place)}</th><td>${escapeHtml(fault.reason)}</td></tr>`,
  );
  return `<h2>${escapeHtml(title)}</h2><table><tbody>${rows.join("")}</tbody></table>`;
}

// Markup is escaped; control, direction and zero-width characters are made visible.
function escapeHtml(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
      character === "\n" || character === "\t"
        ? " "
        : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
