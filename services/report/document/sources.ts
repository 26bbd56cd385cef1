// Section 5: which logs come, how they are, and what is not known of them.
import type { Section } from "../../report-document/document.ts";
import type { DocumentParts } from "./edition.ts";
import { SOURCE_WORDS, WORDS } from "./messages.ts";
import { SOURCES } from "./section-messages.ts";
import { commandLine, countWords, tableOf, timeWords } from "./words.ts";

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
      { kind: "paragraph", text: SOURCES.noHistory },
      tableOf({
        id: "quellen",
        caption: SOURCES.table,
        rows: state.sources,
        columns: (of) => [
          of.named(SOURCES.name, ({ name }) => name),
          of.words(SOURCES.state, (one) => SOURCE_WORDS[one.state]),
          of.words(SOURCES.class, ({ ndigClass }) => countWords(ndigClass)),
          of.words(SOURCES.retention, ({ dataClass }) => dataClass ?? WORDS.none),
          of.times(SOURCES.lastSeen, timeZone, ({ lastSeenAt }) => lastSeenAt),
          of.numbers(SOURCES.records, ({ records }) => records),
          of.numbers(SOURCES.failed, ({ failed }) => failed),
          of.milliseconds(SOURCES.lag, ({ lagMedianMs }) => lagMedianMs),
          of.milliseconds(SOURCES.skew, ({ skewMs }) => skewMs),
        ],
        note: `${WORDS.state(timeWords(data.at, timeZone))} ${WORDS.csvNote}`,
        emptyText: WORDS.noData,
      }),
      commandLine(command("5")),
    ],
  };
}
