// What is another figure in one edition of a report than in the one before. What tells of the moment at which
// a report was made, and not of its period, lies under `state` and is not compared.
import type { ReportDifference } from "../store/report.ts";
import type { ReportData } from "./report.ts";

type Value = ReportDifference["now"];

/** Sorted by figure; empty: nothing has changed. */
export function differencesOf(before: ReportData, now: ReportData): ReportDifference[] {
  const [old, present] = [flattened(before), flattened(now)];
  const figures = [...new Set([...old.keys(), ...present.keys()])].sort();
  return figures.flatMap((figure) => {
    const [was = null, is = null] = [old.get(figure), present.get(figure)];
    return was === is ? [] : [{ figure, before: was, now: is }];
  });
}

function flattened({ sections }: ReportData): Map<string, Value> {
  const flat = new Map<string, Value>();
  const walk = (path: string, value: unknown): void => {
    if (Array.isArray(value)) {
      for (const [index, part] of value.entries()) walk(`${path}[${keyOf(part, index)}]`, part);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, part] of Object.entries(value)) {
        if (isCompared(path, key)) walk(path === "" ? key : `${path}.${key}`, part);
      }
    } else if (
      typeof value === "number" ||
      typeof value === "string" ||
      typeof value === "boolean" ||
      value === null
    ) {
      flat.set(path, value);
    }
  };
  walk("", sections);
  return flat;
}

/** What is told of published figures, and the sentences, follow from figures that are compared themselves. */
function isCompared(path: string, key: string): boolean {
  if (key === "state" && path.split(".").length === 1 && path !== "") return false;
  if (path === "response.paging" && key === "state") return false;
  if (path === "kpi" && ["published", "sentences", "inputHash"].includes(key)) return false;
  return !(path.startsWith("controls") && key === "evidence");
}

/** Entries of lists by what names them, so that a new one does not move the others. */
function keyOf(part: unknown, index: number): string {
  if (typeof part !== "object" || part === null) return String(index);
  const named = part as Readonly<Record<string, unknown>>; // Any object has keys.
  const names = ["standard", "incident", "id", "action", "clock", "name", "kpi", "reason", "flag"];
  const more = ["kind", "state", "priority", "channel", "schedule", "at", "version"];
  const found = [...names, ...more].flatMap((name) =>
    typeof named[name] === "string" || (name === "at" && typeof named[name] === "number")
      ? [String(named[name])]
      : [],
  );
  const [first, second] = found;
  if (first === undefined) return String(index);
  return typeof named.incident === "string" || typeof named.standard === "string"
    ? `${first} ${second ?? index}`
    : first;
}
