// The set `alarm`: what rules, sources, models and levels have raised on a day, and what of theirs was judged
// on it. An alarm of several sources counts with each; one of a model counts as its rule and as its model.
import type { FigureRow } from "../../store/figure-row.ts";
import type { Alarm, AlarmVerdict } from "../alarm.ts";
import type { DayCalendar } from "./day-calendar.ts";

const MS = 1000;

const MEASURES = {
  false_positive: "falseAlarms",
  true_positive: "truePositives",
  undetermined: "undetermined",
  benign_true_positive: "benignTruePositives",
  duplicate: "duplicates",
} as const satisfies Readonly<Record<AlarmVerdict, string>>;

type Measure = "raised" | (typeof MEASURES)[AlarmVerdict];
type Counts = Map<string, Record<Measure, number>>;

/** By day; a day without any alarm has none. */
export function alarmRows(
  tenant: string,
  alarms: readonly Alarm[],
  wanted: ReadonlySet<number>,
  days: DayCalendar,
): Map<number, FigureRow[]> {
  const counted = new Map<number, Counts>();
  const count = (at: number, alarm: Alarm, measure: Measure) => {
    const day = days.dayOf(at);
    if (!wanted.has(day)) return;
    const counts: Counts = counted.get(day) ?? new Map();
    counted.set(day, counts);
    for (const [per, name] of partsOf(alarm)) {
      const key = `${per} ${name}`;
      const numbers = counts.get(key) ?? none();
      counts.set(key, numbers);
      numbers[measure] += 1;
    }
  };
  for (const alarm of alarms) {
    count(alarm.raisedAt, alarm, "raised");
    if (alarm.judgedAt !== undefined && alarm.verdict !== undefined)
      count(alarm.judgedAt, alarm, MEASURES[alarm.verdict]);
  }
  return new Map(
    [...counted].map(([day, counts]) => [day, rowsOf(tenant, days.startOf(day) * MS, counts)]),
  );
}

function rowsOf(tenant: string, at: number, counts: Counts): FigureRow[] {
  return [...counts].map(([key, measures]) => {
    const space = key.indexOf(" ");
    const dimensions = { per: key.slice(0, space), name: key.slice(space + 1) };
    return { ...{ tenant, set: "alarm", at }, dimensions, measures };
  });
}

function partsOf({ rule, sources, level, isModel }: Alarm): (readonly [string, string])[] {
  return [
    ["rule", rule],
    ...(isModel ? [["model", rule] as const] : []),
    ["level", level],
    ...sources.map((source) => ["source", source] as const),
  ];
}

function none(): Record<Measure, number> {
  return {
    ...{ raised: 0, falseAlarms: 0, truePositives: 0 },
    ...{ undetermined: 0, benignTruePositives: 0, duplicates: 0 },
  };
}
