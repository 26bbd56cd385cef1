// What values of dimensions are called on screens. Values without a name (titles of rules, sources) stand as
// they are.
import type { Text } from "./board.ts";

const VALUE_LABELS: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  severity: {
    critical: { de: "kritisch", en: "critical" },
    high: { de: "hoch", en: "high" },
    medium: { de: "mittel", en: "medium" },
    low: { de: "niedrig", en: "low" },
    informational: { de: "Hinweis", en: "informational" },
  },
  title: {
    // Titles of findings about accumulated risk name the entity, and so are no title here.
    "heidewacht-risk": { de: "Risiko-Häufung", en: "Risk accumulated" },
  },
  weekday: {
    1: { de: "Montag", en: "Monday" },
    2: { de: "Dienstag", en: "Tuesday" },
    3: { de: "Mittwoch", en: "Wednesday" },
    4: { de: "Donnerstag", en: "Thursday" },
    5: { de: "Freitag", en: "Friday" },
    6: { de: "Samstag", en: "Saturday" },
    7: { de: "Sonntag", en: "Sunday" },
  },
};

/** Names of dimensions themselves, as heads of tables. */
export const DIMENSION_LABELS: Readonly<Record<string, Text>> = {
  name: { de: "Name", en: "Name" },
  title: { de: "Titel", en: "Title" },
  incident: { de: "Vorfall", en: "Incident" },
  priority: { de: "Priorität", en: "Priority" },
  severity: { de: "Schwere", en: "Severity" },
  category: { de: "Art", en: "Category" },
  hourOfDay: { de: "Stunde", en: "Hour" },
  weekday: { de: "Wochentag", en: "Day of the week" },
};

/** Dimensions whose values are ids that are told by their beginning; links keep the whole. */
export const SHORTENED_DIMENSIONS: ReadonlySet<string> = new Set(["incident"]);
/** A UUID and its beginning. */
export const LONG_ID = /^([0-9a-f]{8})-[0-9a-f-]{27}$/;

/** Dimensions whose values have an order of their own. */
export const ORDERED_DIMENSIONS: ReadonlySet<string> = new Set(["hourOfDay", "weekday"]);

/** Labels of the values of a dimension in a panel; levels are called as severities are. */
export function valueLabels(
  dimension: string,
  where: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, Text>> {
  const isLevel = dimension === "name" && where.per === "level";
  return VALUE_LABELS[isLevel ? "severity" : dimension] ?? {};
}
