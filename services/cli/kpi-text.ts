// KPIs for a terminal: a table of the three durations, then false alarms and containment in words.
import type { z } from "zod";
import type { kpiAnswer, kpiMonths, kpiPeriods, kpiTargets } from "../api/kpi-schemas.ts";
import { KPI_MESSAGES } from "../store/kpi-messages.ts";
import { KPI_NAMES, type TargetCheck } from "../store/kpi-target.ts";
import { KPI_CLI_MESSAGES } from "./kpi-messages.ts";
import type { CliLanguage } from "./messages.ts";
import { tableLines, wrapped } from "./text-table.ts";

const DURATIONS = ["corrective", "identification", "recovery"] as const;
const DIFFERENCES_MAX = 20;
const LINES_MAX = 8;
const HOUR_S = 3600;

/** Ends with a line break, as all texts here. */
export function figuresText(
  answer: z.infer<typeof kpiAnswer>,
  language: CliLanguage,
  width: number,
): string {
  const { period, figures, falseAlarmText, definitionVersion, definitions } = answer;
  const text = KPI_CLI_MESSAGES[language];
  const { names, excluded, leftOut } = KPI_MESSAGES[language];
  const { columns } = text;
  const titles = [
    { title: columns.kpi, shrinks: true },
    ...[columns.n, columns.mean, columns.median, columns.p90, columns.open].map((title) => ({
      title,
      align: "right" as const,
    })),
  ];
  const rows = DURATIONS.map((name) => {
    const { n, meanS, medianS, p90S } = figures[name];
    const open = name === "identification" ? text.none : String(figures[name].open.n);
    return [names[name], String(n), ...[meanS, medianS, p90S].map(duration), open];
  });
  const { n, contained, wilson95 } = figures.containment;
  const [low = 0, high = 0] = (wilson95 ?? []).map((share) => Math.round(share * 100));
  const left = [
    ...DURATIONS.flatMap((name) =>
      figures[name].excluded.map(
        (one) => `${names[name].slice(0, 2)} ${excluded[one.reason]}: ${one.n}`,
      ),
    ),
    ...figures.leftOut.map((one) => `${leftOut[one.reason]}: ${one.n}`),
  ];
  const meanings = Object.values(definitions).flatMap((meaning, index) =>
    wrapped(`K${index + 1} ${meaning}`, width, LINES_MAX),
  );
  return lines([
    `${period.name} (${period.timeZone})`,
    ...tableLines(titles, rows, width),
    `${names.falseAlarms}: ${falseAlarmText ?? text.none}`,
    `${names.containment}: ${n === 0 ? text.noShare : text.share(contained, n, low, high)}`,
    ...(left.length === 0 ? [] : [`${text.excluded}: ${left.join(", ")}`]),
    ...targetLines(answer, language),
    "",
    text.definitionVersion(definitionVersion),
    ...meanings,
  ]);
}

/** What the tenant wants to reach, the newest target last; the one in force is marked. */
export function targetsText(
  { targets, inForce }: z.infer<typeof kpiTargets>,
  language: CliLanguage,
  width: number,
): string {
  const text = KPI_CLI_MESSAGES[language];
  if (targets.length === 0) return lines([text.noTargets]);
  const { targetColumns } = text;
  const titles = [
    { title: targetColumns.from },
    ...["K1", "K2", "K3", "K4", "K5"].map((title) => ({ title, align: "right" as const })),
    { title: "" },
    { title: targetColumns.reason, shrinks: true },
  ];
  const rows = targets.map((one) => {
    const { correctiveHours, identificationHours, recoveryHours } = one;
    return [
      one.validFrom,
      ...[correctiveHours, identificationHours, recoveryHours].map((hours) =>
        duration(hours === undefined ? null : hours * HOUR_S),
      ),
      String(one.falseAlarmsPerIncident ?? text.none),
      one.containedShare === undefined ? text.none : percent(one.containedShare, language),
      one.validFrom === inForce?.validFrom ? text.inForce : "",
      one.reason ?? "",
    ];
  });
  return lines(tableLines(titles, rows, width));
}

function targetLines(
  { targets, target }: z.infer<typeof kpiAnswer>,
  language: CliLanguage,
): string[] {
  if (targets === null) return [];
  const text = KPI_CLI_MESSAGES[language];
  if (target === null) return [text.noTarget];
  const { targetStates } = KPI_MESSAGES[language];
  const shown = KPI_NAMES.map((name, index) => {
    const one = targets[name];
    if (one.target === null) return `  K${index + 1} ${targetStates[one.state]}`;
    const bound = amount(one, one.target, language);
    const limit = one.unit === "share" ? text.atLeast(bound) : text.atMost(bound);
    const value = one.value === null ? "" : ` (${amount(one, one.value, language)})`;
    return `  K${index + 1} ${limit}: ${targetStates[one.state]}${value}`;
  });
  return [text.targetsSince(target.validFrom), ...shown];
}

function amount({ unit }: TargetCheck, value: number, language: CliLanguage): string {
  if (unit === "seconds") return duration(value);
  if (unit === "share") return percent(value, language);
  return value.toLocaleString(language);
}

function percent(share: number, language: CliLanguage): string {
  return `${(share * 100).toLocaleString(language, { maximumFractionDigits: 1 })} %`;
}

export function monthsText(
  { months }: z.infer<typeof kpiMonths>,
  language: CliLanguage,
  width: number,
): string {
  const { monthColumns } = KPI_CLI_MESSAGES[language];
  const titles = Object.values(monthColumns).map((title) => ({ title }));
  const rows = months.map(({ period, figures: { headline, falseAlarms } }) => [
    period.name,
    duration(headline.mttdS),
    duration(headline.mttrS),
    `${falseAlarms?.falseAlarms ?? 0} : ${falseAlarms?.incidents ?? 0}`,
  ]);
  return lines(tableLines(titles, rows, width));
}

export function periodsText(
  { periods }: z.infer<typeof kpiPeriods>,
  language: CliLanguage,
): string {
  const text = KPI_CLI_MESSAGES[language];
  if (periods.length === 0) return lines([text.nothing]);
  return lines(
    periods.flatMap(({ period, hash, isIntact, note, differences }) => [
      `${period.name}  ${note ?? text.unchanged}${isIntact ? "" : `  ${text.damaged}`}  ${hash}`,
      ...differences
        .slice(0, DIFFERENCES_MAX)
        .map((one) => `  ${one.figure}: ${one.published} → ${one.now}`),
    ]),
  );
}

/** `3 d 4 h`, `4 h 10 min`, `25 s`: the two greatest units. */
function duration(seconds: number | null): string {
  if (seconds === null) return "–";
  const whole = Math.round(seconds);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
