// Section 2: how many findings and incidents there were, of which kind, and the incidents one by one.

import { CASE_MESSAGES } from "../../cases/case-messages.ts";
import type { Block, Section } from "../../report-document/document.ts";
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import { periodWords } from "../../store/kpi-words.ts";
import type { IncidentRow } from "../collect/incidents.ts";
import type { KpiLine } from "../collect/kpi.ts";
import type { DocumentParts } from "./edition.ts";
import { STATUS_WORDS, VERDICT_WORDS, WORDS } from "./messages.ts";
import { SITUATION } from "./section-messages.ts";
import { commandLine, countWords, tableOf } from "./words.ts";

const { levels, categories, impacts } = CASE_MESSAGES.de;

export function situationSection({ data, command, shortOf }: DocumentParts): Section {
  const { incidents, findings } = data.sections.situation;
  const { bySeverity, byCategory } = data.sections.kpi;
  return {
    number: "2",
    title: SITUATION.title,
    startsPage: true,
    blocks: [
      {
        kind: "paragraph",
        text: SITUATION.findings(countWords(findings.raised), countWords(findings.simulated)),
      },
      countTable("befunde-schwere", SITUATION.levels, SITUATION.level, findings.byLevel, levels),
      countTable(
        "bewertungen",
        SITUATION.verdicts,
        SITUATION.verdict,
        findings.byVerdict,
        VERDICT_WORDS,
      ),
      lineTable("vorfaelle-schwere", SITUATION.bySeverity, SITUATION.level, bySeverity, levels),
      lineTable("vorfaelle-art", SITUATION.byCategory, SITUATION.category, byCategory, categories),
      ...monthChart(data.sections.kpi.months),
      incidentTable(incidents, data.period.timeZone, shortOf),
      ...(incidents.notListed === 0
        ? []
        : [
            { kind: "paragraph" as const, text: SITUATION.beyond(countWords(incidents.notListed)) },
          ]),
      commandLine(command("2")),
    ],
  };
}

function countTable(
  id: string,
  caption: string,
  header: string,
  rows: readonly { readonly name: string; readonly n: number }[],
  names: Readonly<Record<string, string>>,
): Block {
  return tableOf({
    ...{ id, caption, rows },
    columns: (of) => [
      of.named(header, ({ name }) => names[name] ?? name),
      of.numbers(SITUATION.number, ({ n }) => n),
    ],
    emptyText: WORDS.noData,
  });
}

function lineTable(
  id: string,
  caption: string,
  header: string,
  rows: readonly KpiLine[],
  names: Readonly<Record<string, string>>,
): Block {
  return tableOf({
    ...{ id, caption, rows },
    columns: (of) => [
      of.named(header, ({ name }) => names[name] ?? name),
      of.numbers(SITUATION.identified, ({ identified }) => identified),
      of.numbers(SITUATION.recovered, ({ recoveryN }) => recoveryN),
      of.numbers(SITUATION.open, ({ open }) => open),
    ],
    emptyText: WORDS.noData,
  });
}

function monthChart(months: readonly KpiLine[]): Block[] {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined || months.length < 2) return [];
  return [
    {
      kind: "chart",
      id: "vorfaelle-monate",
      shape: "bar",
      title: SITUATION.chart,
      alt: SITUATION.chartAlt(countWords(first.identified), countWords(last.identified)),
      unit: SITUATION.incidents,
      pointsName: SITUATION.month,
      points: months.map(({ name }) => periodWords({ name }, "de")),
      series: [{ name: SITUATION.identified, values: months.map(({ identified }) => identified) }],
    },
  ];
}

function incidentTable(
  incidents: DocumentParts["data"]["sections"]["situation"]["incidents"],
  timeZone: string,
  shortOf: DocumentParts["shortOf"],
): Block {
  const { rows, exercises, simulated } = incidents;
  return tableOf<IncidentRow>({
    id: "vorfaelle",
    caption: SITUATION.incidents,
    rows,
    columns: (of) => [
      of.ids(SITUATION.id, ({ id }) => id, shortOf, true),
      of.words(SITUATION.name, titleWords, 2.4),
      of.words(SITUATION.level, ({ severity }) => levels[severity], 1.3),
      of.words(SITUATION.category, ({ category }) => categories[category], 1.5),
      of.words(SITUATION.status, ({ status }) => STATUS_WORDS[status], 1.7),
      of.times(SITUATION.identifiedAt, timeZone, ({ identifiedAt }) => identifiedAt),
      of.times(SITUATION.containedAt, timeZone, ({ containedAt }) => containedAt),
      of.times(SITUATION.recoveredAt, timeZone, ({ recoveredAt }) => recoveredAt),
      of.words(SITUATION.impact, ({ impact }) => impacts[impact], 1.3),
      of.words(SITUATION.counts, countsWords, 1.3),
    ],
    note: `${SITUATION.excludedNote(countWords(exercises), countWords(simulated))} ${WORDS.idNote} ${WORDS.csvNote}`,
    emptyText: WORDS.noData,
  });
}

/** Made-up ones say so. */
function titleWords({ title, isSimulated }: IncidentRow): string {
  return isSimulated ? `${title} (${WORDS.simulated})` : title;
}

/** Whether it is in the KPIs, else why not. */
function countsWords({ leftOut }: IncidentRow): string {
  return leftOut === null ? WORDS.yes : KPI_MESSAGES.de.leftOut[leftOut];
}
