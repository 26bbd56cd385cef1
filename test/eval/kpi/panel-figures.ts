// What the boards' panels show of a history, against the KPI service's figures: months as the API gives them,
// judged alarms as its tuning tells them, and of all others what the console shows by the same definition.
import { strict as assert } from "node:assert";
import { BOARDS } from "../../../dashboards/boards.ts";
import { TIME_ZONE } from "../../../dashboards/grafana/elasticsearch.ts";
import { DIMENSION_LABELS } from "../../../dashboards/value-labels.ts";
import { FIGURES_OF_ROWS } from "../../dashboards/grafana/kpi-figures.ts";
import {
  figurePanels,
  meant,
  type Shown as PanelShown,
} from "../../dashboards/grafana/panel-answers.ts";
import type { Range } from "../../support/grafana-query.ts";
import { NOW, type Shown } from "./installation.ts";
import type { Tally } from "./tally.ts";

const RANGE: Range = { from: 0, to: NOW };
const TUNED = ["falseAlarms", "truePositives", "undetermined", "benignTruePositives"] as const;

const PANELS = BOARDS.flatMap((board) =>
  figurePanels(board).map((one) => ({ ...one, name: `${board.id}/${one.panel.id}` })),
);
type FigurePanel = (typeof PANELS)[number];

/** A panel, and the range of time that it is looked at with. */
export interface Look {
  readonly panel: FigurePanel;
  readonly range: Range;
}

/** Every panel over all time; those that the API tells of a quarter over that quarter, too. */
export function looksAt({ quarter, withHours }: Shown): Look[] {
  const { from, to } = quarter.period;
  return PANELS.filter(({ query }) => withHours || query.set !== "hour").flatMap((panel) => [
    { panel, range: RANGE },
    ...(tuningOf(panel) === undefined ? [] : [{ panel, range: { from, to: to - 1 } }]),
  ]);
}

export function comparePanel(shown: Shown, look: Look, answer: PanelShown, tally: Tally): void {
  const { panel, range } = look;
  const { name, query } = panel;
  const where = `${shown.name} panel ${name}`;
  const expected = meant(panel.panel, query, shown.rows, { ...range, timeZone: TIME_ZONE });
  tally.sameAll(where, plain(answer), plain(expected));
  if (range === RANGE) {
    if (query.set === "kpi" && query.by === undefined) compareMonths(shown, panel, answer, tally);
    return;
  }
  const per = tuningOf(panel);
  if (per !== undefined) compareTuning(shown, { panel, per }, answer, tally);
}

function plain({ series, rows }: PanelShown): unknown {
  return { rows, series: Object.fromEntries(series) };
}

function compareMonths(
  { name, months }: Shown,
  panel: FigurePanel,
  { series }: PanelShown,
  tally: Tally,
): void {
  for (const { name: measure, label } of panel.query.measures) {
    const figureOf = FIGURES_OF_ROWS[measure];
    if (figureOf === undefined) throw new RangeError(`which figure of a document is ${measure}?`);
    const points = new Map(series.get(label.de));
    tally.same(`${name} panel ${panel.name} ${measure} months`, points.size, months.length);
    for (const { period, figures } of months) {
      const where = `${name} panel ${panel.name} ${measure} ${period.name}`;
      tally.same(where, points.get(period.from), figureOf(figures));
    }
  }
}

/** By what a table counts judged alarms as the API does; undefined: it does not. */
function tuningOf({ query }: FigurePanel): "rule" | "source" | undefined {
  const per = query.where?.per;
  const isTable = query.interval === undefined && query.by !== undefined;
  return query.set === "alarm" && isTable && (per === "rule" || per === "source") ? per : undefined;
}

function compareTuning(
  { name, tuning }: Shown,
  { panel, per }: { readonly panel: FigurePanel; readonly per: "rule" | "source" },
  { rows }: PanelShown,
  tally: Tally,
): void {
  const head = DIMENSION_LABELS[panel.query.by?.dimension ?? ""]?.de;
  assert(head !== undefined, "the column of names has a head");
  const told = new Map(tuning[per].map((row) => [row.name, row]));
  const drawn = Map.groupBy(rows, (row) => idOf(String(row[head])));
  for (const { name: measure, label, how } of panel.query.measures) {
    const column = TUNED.find((one) => one === measure);
    if (column === undefined || how !== "sum") continue;
    for (const key of new Set([...told.keys(), ...drawn.keys()])) {
      const where = `${name} panel ${panel.name} ${measure} ${key}`;
      // A rule whose alarms were judged in another quarter is in the table with zeros.
      const shown = (drawn.get(key) ?? []).reduce((sum, row) => sum + Number(row[label.de]), 0);
      tally.same(where, shown, told.get(key)?.[column] ?? 0);
    }
  }
}

/** A rule's title has its id behind it; a source's name has nothing. */
function idOf(shown: string): string {
  return /\(([^()]+)\)$/.exec(shown)?.[1] ?? shown;
}
