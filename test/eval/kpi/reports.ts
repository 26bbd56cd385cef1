// What the report's JSON and its CSV say of the KPIs, against the KPI service's figures.
import assert from "node:assert/strict";
import { CASE_MESSAGES } from "../../../services/cases/case-messages.ts";
import { documentOf } from "../../../services/report/document/report-document.ts";
import { csvFiles } from "../../../services/report-document/csv.ts";
import type { KpiFigures } from "../../../services/store/kpi.ts";
import { periodWords } from "../../../services/store/kpi-words.ts";
import type { Shown } from "./installation.ts";
import type { Tally } from "./tally.ts";

export const EDITION = { author: "Landkreis Beispiel", reference: undefined } as const;
export const DURATIONS = ["corrective", "identification", "recovery"] as const;
const { levels, categories } = CASE_MESSAGES.de;

/** Figures under the name that the report has for them. */
interface Line {
  readonly name: string;
  readonly words: string;
  readonly figures: KpiFigures;
}

/** What the tables of lines must hold, by the part of the report's data and of the name of its CSV. */
export function linesOf({ months, scopes, quarter: { period } }: Shown): {
  readonly data: "months" | "bySeverity" | "byCategory";
  readonly csv: string;
  readonly caption: string;
  readonly lines: readonly Line[];
}[] {
  const scoped = (by: "severity" | "category", words: Readonly<Record<string, string>>) =>
    [...scopes[by]]
      .filter(([, { figures }]) => isAboutAnything(figures))
      .map(([name, { figures }]) => ({ name, words: words[name] ?? name, figures }));
  const within = months.filter(
    ({ period: { from, to } }) => from >= period.from && to <= period.to,
  );
  return [
    {
      ...{ data: "months", csv: "kennzahlen-monate.csv", caption: "Kennzahlen je Monat" },
      lines: within.toReversed().map(({ period: month, figures }) => {
        return { name: month.name, words: periodWords(month, "de"), figures };
      }),
    },
    {
      ...{ data: "bySeverity", csv: "kennzahlen-schwere.csv", caption: "Kennzahlen nach Schwere" },
      lines: scoped("severity", levels),
    },
    {
      ...{ data: "byCategory", csv: "kennzahlen-art.csv", caption: "Kennzahlen nach Art" },
      lines: scoped("category", categories),
    },
  ];
}

export function compareJson(shown: Shown, tally: Tally): void {
  const { name, report, quarter } = shown;
  const { kpi } = report.sections;
  tally.sameAll(`${name} JSON figures`, kpi.figures, quarter.figures);
  tally.same(`${name} JSON input`, kpi.inputHash, quarter.inputHash);
  tally.sameAll(
    `${name} JSON tiles`,
    kpi.tiles.map(({ value }) => value),
    tileValues(quarter.figures),
  );
  for (const { data, lines } of linesOf(shown)) {
    const meant = lines.map(({ name: key, figures }) => lineOf(figures, key));
    // A month before everything has no document.
    const told = kpi[data].filter(
      (line) => data !== "months" || lines.some((one) => one.name === line.name),
    );
    tally.sameAll(`${name} JSON ${data}`, told, meant);
  }
}

/** The five values in their order. */
export function tileValues(figures: KpiFigures): (number | null)[] {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return [
    ...[corrective.meanS, identification.meanS, recovery.meanS],
    ...[falseAlarms?.perIncident ?? null, containment.share],
  ];
}

/** Contents by the names of the files. */
export function csvOf({ report }: Shown): ReadonlyMap<string, string> {
  const files = csvFiles(documentOf(report, EDITION, "full"));
  return new Map(files.map(({ name, content }) => [name, content]));
}

export function compareCsv(shown: Shown, files: ReadonlyMap<string, string>, tally: Tally): void {
  const { name, quarter } = shown;
  const durations = cellsOf(files.get("kennzahlen-dauern.csv"));
  DURATIONS.forEach((kpi, at) => {
    const { n, meanS, medianS, p90S, minS, maxS } = quarter.figures[kpi];
    const open = kpi === "identification" ? undefined : quarter.figures[kpi].open;
    const meant = [n, meanS, medianS, p90S, minS, maxS, open?.n, open?.lowerBoundMeanS];
    tally.sameAll(`${name} CSV ${kpi}`, durations[at]?.slice(1), meant.map(csvText));
  });
  for (const { data, csv, lines } of linesOf(shown)) {
    const told = cellsOf(files.get(csv)).filter(
      ([words]) => data !== "months" || lines.some((one) => one.words === words),
    );
    const meant = lines.map(({ words, figures }) => [words, ...cellsOfLine(figures).map(csvText)]);
    tally.sameAll(`${name} CSV ${data}`, told, meant);
  }
}

function cellsOfLine(figures: KpiFigures): (number | null | undefined)[] {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return [
    identifiedOf(figures),
    ...[corrective.meanS, identification.meanS, recovery.meanS],
    ...[falseAlarms?.perIncident, containment.share, recovery.open.n],
  ];
}

function lineOf(figures: KpiFigures, name: string) {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return {
    ...{ name, identified: identifiedOf(figures) },
    ...{ correctiveS: corrective.meanS, correctiveN: corrective.n },
    ...{ identificationS: identification.meanS, identificationN: identification.n },
    ...{ recoveryS: recovery.meanS, recoveryN: recovery.n, open: recovery.open.n },
    falseAlarms: falseAlarms?.falseAlarms,
    falseAlarmsPerIncident: falseAlarms?.perIncident,
    ...{ contained: containment.contained, containedN: containment.n },
    containedShare: containment.share,
  };
}

/** K4 counts the same incidents, where there is K4. */
export function identifiedOf({ falseAlarms, identification }: KpiFigures): number {
  if (falseAlarms !== null) return falseAlarms.incidents;
  return identification.n + identification.excluded.reduce((sum, { n }) => sum + n, 0);
}

function isAboutAnything(figures: KpiFigures): boolean {
  const { corrective, recovery, falseAlarms, containment } = figures;
  const counts = [identifiedOf(figures), corrective.n, recovery.n, recovery.open.n, containment.n];
  return [...counts, falseAlarms?.falseAlarms ?? 0].some((n) => n > 0);
}

/** Rows behind the head; our own tables about KPIs have no cell that needs quoting. */
function cellsOf(csv: string | undefined): string[][] {
  assert(csv !== undefined, "the table has its CSV");
  const lines = csv.replace("\ufeff", "").split("\r\n").slice(1, -1);
  return lines.map((line) => line.split(";"));
}

function csvText(value: number | null | undefined): string {
  return value == null ? "" : String(value);
}
