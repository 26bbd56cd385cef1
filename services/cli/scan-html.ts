// The scan's report as one self-contained HTML file: no script, no network, a timeline picture, every
// finding with the fields that matched. Log values are hostile: all of them pass `escapeHtml`.
import { levelRank } from "../../detectors/detector.ts";
import { tacticName } from "../console/model/term-name.ts";
import type { Evidence, Finding } from "../store/finding.ts";
import type { CliLanguage } from "./messages.ts";
import { REPORT_MESSAGES } from "./report-messages.ts";
import { reportStyle } from "./report-style.ts";
import { escapeHtml } from "./report-text.ts";
import { timelineSvg } from "./report-timeline.ts";
import { queueOrder, type ScanSummary } from "./scan-summary.ts";

const FIELDS_SHOWN_MAX = 25;

/** The whole document. `timeZone` is an IANA name; times are shown in it. */
export function scanHtml(
  summary: ScanSummary,
  language: CliLanguage,
  timeZone: string,
  madeAt: number,
): string {
  const text = REPORT_MESSAGES[language];
  const findings = queueOrder(summary.findings);
  // What is below medium would bury the rest; it stands behind one click.
  const isMain = (finding: Finding) => levelRank(finding.detector.level) >= levelRank("medium");
  const main = findings.filter(isMain);
  const minor = findings.filter((finding) => !isMain(finding));
  const format = new Intl.DateTimeFormat(text.locale, {
    timeZone,
    dateStyle: "medium",
    timeStyle: "medium",
  });
  const number = new Intl.NumberFormat(text.locale);
  const seconds = new Intl.NumberFormat(text.locale, { maximumFractionDigits: 1 });
  const facts: [string, string][] = [
    [text.findings, number.format(findings.length)],
    [text.events, number.format(summary.events)],
    [text.files, number.format(summary.files)],
    [text.rules, number.format(summary.rules)],
    [text.unparsed, number.format(summary.unparsed)],
    [text.duration, `${seconds.format(summary.elapsedMs / 1000)} s`],
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
${findings.length === 0 ? `<p>${escapeHtml(text.nothing)}</p>` : `<div class="picture" tabindex="0" role="group" aria-label="${escapeHtml(text.timeline)}">${timelineSvg(findings, text.timelineLabel, text.locale, timeZone)}</div>`}
<h2>${escapeHtml(text.findings)}</h2>
${main.map((finding) => article(finding, text, format)).join("\n")}
${minor.length === 0 ? "" : `<details class="minor"><summary>${escapeHtml(text.minor(minor.length))}</summary>${minor.map((finding) => article(finding, text, format)).join("\n")}</details>`}
${summary.faults.length === 0 ? "" : faults(summary, text.unread)}
</main>
</body>
</html>
`;
}

type Text = (typeof REPORT_MESSAGES)["de"];

function article(finding: Finding, text: Text, format: Intl.DateTimeFormat): string {
  const { detector } = finding;
  const tactics = detector.tactics.map((tactic) => tacticName(tactic, text));
  const attack = [...new Set(tactics), ...detector.techniques].map(
    (name) => `<li>${escapeHtml(name)}</li>`,
  );
  const parts = finding.scoreParts
    .map((part) => `${text.scorePart[part.key]} ${part.points}`)
    .join(" + ");
  return `<article id="f-${finding.id}">
<h3><span class="level ${detector.level}">${escapeHtml(text.level[detector.level])}</span> ${escapeHtml(detector.title)}</h3>
<p class="meta">${escapeHtml(text.score)} <strong>${finding.score}</strong> (${escapeHtml(parts)}) · ${escapeHtml(
    text.hits(finding.signalCount),
  )} · ${escapeHtml(format.formatRange(finding.firstEventAt, finding.lastEventAt))}</p>
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
    .sort(([a], [b]) => Number(isDetail(a)) - Number(isDetail(b)))
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

/** Said by other fields already, or of the shipper only: first to go when there are too many. */
function isDetail(field: string): boolean {
  return /^(?:winlog|agent|input|labels|log|ecs|organization)\.(?!event_data)/.test(field);
}

// Marks the part that a plain pattern names; other patterns mark the whole value.
function mark(value: string, pattern: string): string {
  const plain = pattern.replace(/^\*+|\*+$/g, "");
  const at = plain === "" ? -1 : value.toLowerCase().indexOf(plain.toLowerCase());
  if (at === -1) return `<mark>${escapeHtml(value)}</mark>`;
  const end = at + plain.length;
  return `${escapeHtml(value.slice(0, at))}<mark>${escapeHtml(value.slice(at, end))}</mark>${escapeHtml(value.slice(end))}`;
}

function faults(summary: ScanSummary, title: string): string {
  const rows = summary.faults.map(
    (fault) =>
      `<tr><th scope="row">${escapeHtml(fault.place)}</th><td>${escapeHtml(fault.reason)}</td></tr>`,
  );
  return `<h2>${escapeHtml(title)}</h2><table><tbody>${rows.join("")}</tbody></table>`;
}
