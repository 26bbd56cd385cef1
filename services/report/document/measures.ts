// Section 11: corrective actions that are open.
import type { Section } from "../../report-document/document.ts";
import type { DocumentParts } from "./edition.ts";
import { WORDS } from "./messages.ts";
import { MEASURES } from "./section-messages.ts";
import { commandLine, countWords, tableOf } from "./words.ts";

export function measuresSection({ data, command, shortOf }: DocumentParts): Section {
  const { completed, cancelled, open, notListed, overdue } = data.sections.measures;
  const yesNo = (is: boolean) => (is ? WORDS.yes : WORDS.no);
  return {
    number: "11",
    title: MEASURES.title,
    startsPage: true,
    blocks: [
      {
        kind: "paragraph",
        text: MEASURES.line(
          countWords(completed),
          countWords(open.length + notListed),
          countWords(overdue),
          countWords(cancelled),
        ),
      },
      tableOf({
        id: "massnahmen",
        caption: MEASURES.table,
        rows: open,
        columns: (of) => [
          of.named(MEASURES.action, ({ title }) => title, 3),
          of.ids(MEASURES.incident, ({ incident }) => incident, shortOf),
          of.words(MEASURES.required, ({ required }) => yesNo(required)),
          { ...of.times(MEASURES.due, data.period.timeZone, ({ dueAt }) => dueAt), weight: 1.5 },
          of.words(MEASURES.overdue, ({ isOverdue }) => yesNo(isOverdue)),
          of.words(MEASURES.assigned, ({ isAssigned }) => yesNo(isAssigned)),
        ],
        note: `${MEASURES.note} ${WORDS.idNote}`,
      }),
      commandLine(command("11")),
    ],
  };
}
