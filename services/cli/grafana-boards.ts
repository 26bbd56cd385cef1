// The boards that are part of the program, made fit for one tenant: the tenant's time zone, the address of its
// console.
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";

const ROOT = new URL("../../dashboards/generated/", import.meta.url);
/** Names of the constant and the data sources are those of dashboards/grafana. */
const CONSOLE_VARIABLE = "console";
export const SOURCES = { figures: "heidewacht-figures", metrics: "heidewacht-metrics" } as const;

const boardSchema = z.looseObject({
  uid: z.string(),
  title: z.string(),
  panels: z.array(z.looseObject({ datasource: z.object({ uid: z.string() }) })),
});
export type GrafanaBoard = z.infer<typeof boardSchema>;

export interface BoardPlace {
  readonly language: "de" | "en";
  readonly timeZone: string;
  /** Of the console, without a slash at its end. */
  readonly consoleUrl: string;
}

/** The boards that read one data source. */
export function boardsFor(source: keyof typeof SOURCES, place: BoardPlace): GrafanaBoard[] {
  const folder = new URL(`${place.language}/`, ROOT);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => boardSchema.parse(JSON.parse(readFileSync(new URL(name, folder), "utf8"))))
    .filter(({ panels }) => panels.every(({ datasource }) => datasource.uid === SOURCES[source]))
    .map((board) => boardSchema.parse(fitted(board, place)));
}

/** Zones stand at the board and at each of its buckets of time. */
function fitted(value: unknown, place: BoardPlace): unknown {
  if (Array.isArray(value)) return value.map((one) => fitted(one, place));
  if (typeof value !== "object" || value === null) return value;
  if ("name" in value && value.name === CONSOLE_VARIABLE && "query" in value) {
    const { consoleUrl: url } = place;
    return { ...value, query: url, current: { selected: true, text: url, value: url } };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) =>
      key === "timeZone" || key === "timezone" ? [key, place.timeZone] : [key, fitted(one, place)],
    ),
  );
}
