// Section 3: the KPIs with everything that belongs to them: spread, what is left out, open cases, months,
// and what has changed in published figures.

import { CASE_MESSAGES } from "../../cases/case-messages.ts";
import type { Block, Section, Text } from "../../report-document/document.ts";
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import { periodWords, shareWords } from "../../store/kpi-words.ts";
import type { KpiData, KpiLine } from "../collect/kpi.ts";
import type { DocumentParts } from "./edition.ts";
import { KPI_SHORT, WORDS } from "./messages.ts";
import { KPI } from "./section-messages.ts";
import { code, commandLine, countWords, tableOf } from "./words.ts";

type KpiValue = KpiData["published"][number]["differences"][number]["now"];

const { names, excluded, leftOut, flags, falseAlarmText } = KPI_MESSAGES.de;
const { levels, categories } = CASE_MESSAGES.de;
const DURATIONS = ["corrective", "identification", "recovery"] as const;

export function kpiSection({ data, tenantCommand, shortOf }: DocumentParts): Section {
  const { kpi } = data.sections;
  const command = tenantCommand(`kpi show ${data.period.name}`);
  const [severity] = kpi.bySeverity;
  const [category] = kpi.byCategory;
  return {
    number: "3",
    title: KPI.title,
    startsPage: true,
    blocks: [
      durationTable(kpi),
      { kind: "list", items: otherLines(kpi) },
      commandLine(command),
      leftOutTable(kpi),
      openTable(kpi, shortOf),
      ...(kpi.months.length === 0
        ? []
        : [
            lineTable("kennzahlen-monate", KPI.months, KPI.month, kpi.months, (name) =>
              periodWords({ name }, "de"),
            ),
            commandLine(tenantCommand("kpi months")),
          ]),
      lineTable("kennzahlen-schwere", KPI.severities, KPI.severity, kpi.bySeverity, (name) =>
        nameOf(levels, name),
      ),
      ...(severity === undefined
        ? []
        : [commandLine(`${command} --severity ${severity.name}`, WORDS.againRow)]),
      lineTable("kennzahlen-art", KPI.categories, KPI.category, kpi.byCategory, (name) =>
        nameOf(categories, name),
      ),
      ...(category === undefined
        ? []
        : [commandLine(`${command} --category ${category.name}`, WORDS.againRow)]),
      ...publishedBlocks(kpi, data.period.timeZone, tenantCommand("kpi periods")),
    ],
  };
}

function durationTable({ figures }: KpiData): Block {
  return tableOf({
    id: "kennzahlen-dauern",
    caption: KPI.table,
    rows: DURATIONS,
    columns: (of) => [
      of.named(KPI.kpi, (name) => KPI_SHORT[name], 3),
      of.numbers(KPI.n, (name) => figures[name].n),
      of.spans(KPI.mean, (name) => figures[name].meanS),
      of.spans(KPI.median, (name) => figures[name].medianS),
      of.spans(KPI.p90, (name) => figures[name].p90S),
      of.spans(KPI.min, (name) => figures[name].minS),
      of.spans(KPI.max, (name) => figures[name].maxS),
      of.numbers(KPI.open, (name) => (name === "identification" ? null : figures[name].open.n)),
      of.spans(KPI.lowerBound, (name) =>
        name === "identification" ? null : figures[name].open.lowerBoundMeanS,
      ),
    ],
    note: WORDS.csvNote,
  });
}

function otherLines({ figures }: KpiData): Text[] {
  const { falseAlarms, containment } = figures;
  const { n, contained, wilson95 } = containment;
  const precision = falseAlarms?.precision ?? null;
  const share = (value: number) => shareWords(value, "de");
  return [
    ...(falseAlarms === null
      ? []
      : [
          KPI.falseAlarmLine(
            falseAlarmText(falseAlarms),
            precision === null ? WORDS.noData : share(precision),
          ),
        ]),
    KPI.contained(
      countWords(contained),
      countWords(n),
      wilson95 === null ? "" : KPI.interval(share(wilson95[0]), share(wilson95[1])),
    ),
  ];
}

function leftOutTable({ figures }: KpiData): Block {
  const rows = [
    ...figures.leftOut.map(({ reason, n }) => ({ where: KPI.all, reason: leftOut[reason], n })),
    ...DURATIONS.flatMap((name) =>
      figures[name].excluded.map(({ reason, n }) => ({
        ...{ where: names[name], reason: excluded[reason], n },
      })),
    ),
    ...Object.entries(countedFlags(figures.flags)).map(([flag, n]) => ({
      ...{ where: KPI.flags, reason: nameOf(flags, flag), n },
    })),
  ];
  return tableOf({
    id: "nicht-gezaehlt",
    caption: KPI.leftOut,
    rows,
    columns: (of) => [
      of.named(KPI.reason, ({ reason }) => reason),
      of.words(KPI.where, ({ where }) => where, 2),
      of.numbers(KPI.number, ({ n }) => n),
    ],
  });
}

function countedFlags(all: KpiData["figures"]["flags"]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { flag } of all) counts[flag] = (counts[flag] ?? 0) + 1;
  return counts;
}

function openTable({ figures }: KpiData, shortOf: DocumentParts["shortOf"]): Block {
  return tableOf({
    id: "offene-vorfaelle",
    caption: KPI.openCases,
    rows: figures.recovery.open.cases,
    columns: (of) => [
      of.ids(KPI.id, ({ id }) => id, shortOf, true),
      of.spans(KPI.age, ({ ageS }) => ageS),
    ],
    note: WORDS.idNote,
  });
}

function lineTable(
  id: string,
  caption: string,
  header: string,
  rows: readonly KpiLine[],
  nameFor: (name: string) => string,
): Block {
  return tableOf({
    ...{ id, caption, rows },
    columns: (of) => [
      of.named(header, ({ name }) => nameFor(name)),
      of.numbers(KPI.identified, ({ identified }) => identified),
      of.spans("K1", ({ correctiveS }) => correctiveS),
      of.spans("K2", ({ identificationS }) => identificationS),
      of.spans("K3", ({ recoveryS }) => recoveryS),
      of.ratios("K4", ({ falseAlarmsPerIncident }) => falseAlarmsPerIncident),
      of.shares("K5", ({ containedShare }) => containedShare),
      of.numbers(KPI.open, ({ open }) => open),
    ],
    emptyText: WORDS.noData,
  });
}

function publishedBlocks({ published }: KpiData, timeZone: string, command: string): Block[] {
  if (published.length === 0) return [{ kind: "paragraph", text: KPI.nothingPublished }];
  const rows = published.flatMap((one) => {
    const line = (figure: string, was?: KpiValue, is?: KpiValue) => ({
      ...one,
      ...{ figure, was: String(was ?? WORDS.none), is: String(is ?? WORDS.none) },
    });
    const changed = one.differences.map(({ figure, published: was, now }) =>
      line(figure, was, now),
    );
    // Whoever changed what was published made differences, too.
    if (!one.isIntact) return [line(KPI.damaged), ...changed];
    return changed.length === 0 ? [line(KPI.unchanged)] : changed;
  });
  return [
    tableOf({
      id: "veroeffentlichte-kennzahlen",
      caption: KPI.published,
      rows,
      columns: (of) => [
        of.named(KPI.period, ({ name }) => name, 1),
        of.times(KPI.publishedAt, timeZone, ({ publishedAt }) => publishedAt),
        of.words(KPI.figure, ({ figure }) => [code(figure)], 2),
        of.words(KPI.was, ({ was }) => was),
        of.words(KPI.is, ({ is }) => is),
      ],
    }),
    commandLine(command),
  ];
}

function nameOf(all: Readonly<Record<string, string>>, name: string): string {
  return all[name] ?? name;
}
