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
type Part = FigureRow["dimensions"];
/** By the very part: of what is the same there is one. */
type Counts = Map<Part, Record<Measure, number>>;

/** Up to its first hyphen, which is a word of its own for a search. */
const SHORT_ID_CHARACTERS = 8;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
    for (const part of partsOf(alarm)) {
      const known = counts.get(part) ?? none();
      counts.set(part, known);
      known[measure] += 1;
    }
  };
  const partsOf = partsReader();
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
  return [...counts].map(([dimensions, measures]) => ({
    ...{ tenant, set: "alarm", at },
    ...{ dimensions, measures },
  }));
}

/** What an alarm counts for. Of many alarms few differ in it. */
function partsReader(): (alarm: Alarm) => readonly Part[] {
  const parts = new Map<string, Part>();
  const partOf = (per: string, name: string, title?: string): Part => {
    const key = `${per} ${name}\0${title}`;
    const known = parts.get(key);
    if (known !== undefined) return known;
    const made = { per, name, ...(title === undefined ? {} : { title }) };
    parts.set(key, made);
    return made;
  };
  return ({ rule, title, sources, level, isModel }) => {
    const called = titleOf(rule, title);
    return [
      partOf("rule", rule, called),
      ...(isModel ? [partOf("model", rule, called)] : []),
      partOf("level", level),
      ...sources.map((name) => partOf("source", name)),
    ];
  };
}

/** Titles of rules are not unique: what a full text search finds the rule by stands behind. */
function titleOf(rule: string, title: string | undefined): string {
  const short = UUID.test(rule) ? rule.slice(0, SHORT_ID_CHARACTERS) : rule;
  return title === undefined ? short : `${title} (${short})`;
}

function none(): Record<Measure, number> {
  return {
    ...{ raised: 0, falseAlarms: 0, truePositives: 0 },
    ...{ undetermined: 0, benignTruePositives: 0, duplicates: 0 },
  };
}
