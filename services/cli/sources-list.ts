// What `heidewacht sources list` prints: every configured source with its NDIG class, and a warning where
// it is missing.
import type { ConfiguredSource } from "../../config/sources.ts";
import type { CliLanguage } from "./messages.ts";
import { printable } from "./rules-text.ts";
import { SOURCES_MESSAGES } from "./sources-messages.ts";
import { tableLines } from "./text-table.ts";

/** What was seen of a source; undefined while that can't be read. */
export interface SeenSource {
  readonly tenant: string;
  readonly source: string;
  /** ms UTC. */
  readonly lastSeenAt: number;
  readonly records: number;
}

interface Row {
  readonly tenant: string;
  readonly source: string;
  readonly inputs: readonly string[];
  readonly ndigClass: number | undefined;
  readonly dataClass: string | undefined;
  readonly silenceMinutes: number | undefined;
  readonly lastSeenAt: number | undefined;
  readonly records: number | undefined;
}

/** One row a source, in the configuration's order; sources that only sent come last. */
export function sourceRows(
  configured: readonly ConfiguredSource[],
  seen: readonly SeenSource[] | undefined,
): Row[] {
  const keyOf = ({ tenant, source }: { tenant: string; source: string }) => `${tenant}\n${source}`;
  const keys = new Set([...configured, ...(seen ?? [])].map(keyOf));
  return [...keys].map((key) => {
    const bindings = configured.filter((one) => keyOf(one) === key);
    const found = seen?.find((one) => keyOf(one) === key);
    const [tenant = "", source = ""] = key.split("\n");
    const first = <Name extends "ndigClass" | "dataClass" | "silenceMinutes">(name: Name) =>
      bindings.find((binding) => binding[name] !== undefined)?.[name];
    return {
      ...{ tenant, source },
      inputs: [...new Set(bindings.map(({ input }) => input))],
      ndigClass: first("ndigClass"),
      dataClass: first("dataClass"),
      silenceMinutes: first("silenceMinutes"),
      lastSeenAt: found?.lastSeenAt,
      records: found?.records,
    };
  });
}

/** The table with its warnings, ending with a line break. */
export function sourceTable(
  rows: readonly Row[],
  isSeenKnown: boolean,
  language: CliLanguage,
  width: number,
): string {
  const text = SOURCES_MESSAGES[language];
  if (rows.length === 0) return `${text.none}\n`;
  const { columns } = text;
  const titles = [
    { title: columns.source, shrinks: true },
    { title: columns.tenant },
    { title: columns.inputs },
    { title: columns.ndig },
    { title: columns.dataClass },
    { title: columns.silence },
    ...(isSeenKnown
      ? [{ title: columns.lastSeen }, { title: columns.records, align: "right" as const }]
      : []),
  ];
  const cells = rows.map((row) => [
    printable(row.source),
    row.tenant,
    row.inputs.join(", "),
    row.ndigClass === undefined ? text.missing : String(row.ndigClass),
    row.dataClass ?? text.byFormat,
    row.silenceMinutes === undefined ? text.learned : text.minutes(row.silenceMinutes),
    row.lastSeenAt === undefined ? text.never : momentOf(row.lastSeenAt, language),
    String(row.records ?? 0),
  ]);
  const unclassed = rows.filter(({ ndigClass }) => ndigClass === undefined);
  const names = unclassed.map(({ source }) => printable(source)).join(", ");
  const lines = [
    ...tableLines(titles, cells, width),
    ...(unclassed.length === 0 ? [] : ["", text.unclassed(names)]),
    ...(isSeenKnown ? [] : ["", text.running]),
  ];
  return `${lines.join("\n")}\n`;
}

function momentOf(at: number, language: CliLanguage): string {
  return new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", {
    dateStyle: "short",
    timeStyle: "medium",
    timeZone: "Europe/Berlin",
  }).format(at);
}
