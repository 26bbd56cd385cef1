// Section 5: which logs come, how they are, and what is not known of them.
import type { Block, Section } from "../../report-document/document.ts";
import type { SourcesData } from "../collect/sources.ts";
import type { DocumentParts } from "./edition.ts";
import { SOURCE_WORDS, WORDS } from "./messages.ts";
import { SOURCES } from "./section-messages.ts";
import { commandLine, countWords, entryWords, knownWords, tableOf, timeWords } from "./words.ts";

export function sourcesSection({ data, command }: DocumentParts): Section {
  const { silences, unreadable, state } = data.sections.sources;
  const { timeZone } = data.period;
  const count = countWords;
  return {
    number: "5",
    title: SOURCES.title,
    startsPage: true,
    blocks: [
      {
        kind: "paragraph",
        text:
          state.sources.length === 0
            ? WORDS.noData
            : SOURCES.line(
                count(state.expected),
                count(state.seen),
                count(state.silent),
                count(state.withoutClass),
                count(state.wrongClock),
              ),
      },
      { kind: "paragraph", text: SOURCES.period(count(silences), count(unreadable)) },
      tableOf({
        id: "quellen",
        caption: SOURCES.table,
        rows: state.sources,
        columns: (of) => [
          of.named(SOURCES.name, ({ name }) => name),
          of.words(SOURCES.state, (one) => SOURCE_WORDS[one.state], 1.3),
          of.words(SOURCES.class, ({ ndigClass }) => countWords(ndigClass)),
          of.words(SOURCES.retention, ({ dataClass }) => dataClassWords(dataClass), 1.3),
          of.times(SOURCES.lastSeen, timeZone, ({ lastSeenAt }) => lastSeenAt),
          of.numbers(SOURCES.records, ({ records }) => records),
          of.numbers(SOURCES.failed, ({ failed }) => failed),
          of.milliseconds(SOURCES.lag, ({ lagMedianMs }) => lagMedianMs),
          of.milliseconds(SOURCES.skew, ({ skewMs }) => skewMs),
        ],
        note: `${WORDS.state(timeWords(data.at, timeZone))} ${WORDS.csvNote}`,
        emptyText: WORDS.noData,
      }),
      gapTable(data),
      gapRowTable(data.sections.sources, timeZone),
      commandLine(command("5")),
    ],
  };
}

function dataClassWords(dataClass: string | null): string {
  if (dataClass === null) return WORDS.none;
  const names: Readonly<Record<string, string>> = SOURCES.dataClasses;
  return names[dataClass] ?? dataClass;
}

/** All sources that were watched before the period ended: without a gap they have 0 hours. */
function gapTable({ sections, period, at }: DocumentParts["data"]): Block {
  const { gaps, state } = sections.sources;
  const end = Math.min(period.to, at);
  const watched = new Map(state.sources.map(({ name, firstSeenAt }) => [name, firstSeenAt]));
  const names = new Set([...watched.keys(), ...gaps.bySource.map(({ source }) => source)]);
  const rows = [...names].sort().map((source) => {
    const since = watched.get(source) ?? null;
    const found = gaps.bySource.find((one) => one.source === source);
    const none = since !== null && since < end ? { gaps: 0, hours: 0, longestHours: 0 } : undefined;
    return { source, since, known: found ?? none };
  });
  return tableOf({
    id: "luecken",
    caption: SOURCES.gaps,
    rows,
    columns: (of) => [
      of.named(SOURCES.name, ({ source }) => source),
      of.times(SOURCES.watchedSince, period.timeZone, ({ since }) => since),
      {
        header: SOURCES.gapCount,
        align: "right",
        text: (row) => knownWords(row.known?.gaps ?? null),
      },
      of.hours(SOURCES.gapHours, ({ known }) => known?.hours ?? null),
      of.hours(SOURCES.longest, ({ known }) => known?.longestHours ?? null),
    ],
    note: SOURCES.gapNote,
    emptyText: WORDS.noData,
  });
}

function gapRowTable({ gaps }: SourcesData, timeZone: string): Block {
  return tableOf({
    id: "luecken-einzeln",
    caption: SOURCES.gapRows,
    rows: gaps.rows,
    columns: (of) => [
      of.named(SOURCES.name, ({ source }) => source),
      of.times(SOURCES.gapFrom, timeZone, ({ from }) => from),
      {
        ...of.times(SOURCES.gapUntil, timeZone, ({ until }) => until),
        text: ({ until }) => (until === null ? SOURCES.gapLasts : timeWords(until, timeZone)),
      },
      of.hours(SOURCES.gapHours, ({ hours }) => hours),
      of.words(SOURCES.entry, ({ entry }) => entryWords(entry)),
    ],
  });
}
