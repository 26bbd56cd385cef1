// Section 10: requirements of the standards, each with links to the sections that show evidence, or
// "kein Nachweis"; what nobody has confirmed says so.
import type { Block, Run, Section, Text } from "../../report-document/document.ts";
import type { ReportSections } from "../report.ts";
import type { DocumentParts } from "./edition.ts";
import { CONTROLS } from "./evidence-messages.ts";
import { EVIDENCE_WORDS, WORDS } from "./messages.ts";
import { commandLine, countWords, tableOf } from "./words.ts";

type ControlRow = ReportSections["controls"]["rows"][number];

export function controlsSection({ data, command }: DocumentParts): Section {
  const { rows } = data.sections.controls;
  const standards = [...new Set(rows.map(({ standard }) => standard))];
  const without = rows.filter(({ evidence }) => evidence.length === 0).length;
  const unchecked = rows.filter(({ isConfirmed }) => !isConfirmed).length;
  return {
    number: "10",
    title: CONTROLS.title,
    startsPage: true,
    blocks: [
      { kind: "paragraph", text: CONTROLS.intro },
      {
        kind: "paragraph",
        text: CONTROLS.summary(countWords(rows.length), countWords(without), countWords(unchecked)),
      },
      ...standards.map((standard, index) =>
        controlTable(
          `anforderungen-${index + 1}`,
          standard,
          rows.filter((row) => row.standard === standard),
        ),
      ),
      commandLine(command("10")),
    ],
  };
}

function controlTable(id: string, caption: string, rows: readonly ControlRow[]): Block {
  return tableOf({
    ...{ id, caption, rows },
    columns: (of) => [
      of.named(CONTROLS.id, (row) => row.id, 1),
      of.words(CONTROLS.requirement, ({ title }) => title, 3),
      of.words(CONTROLS.evidence, evidenceText, 3),
      of.words(CONTROLS.checked, ({ isConfirmed }) =>
        isConfirmed ? CONTROLS.confirmed : CONTROLS.unconfirmed,
      ),
    ],
  });
}

function evidenceText({ evidence }: ControlRow): Text {
  if (evidence.length === 0) return WORDS.noRecord;
  return evidence.flatMap(({ key, section }, index): Run[] => [
    ...(index === 0 ? [] : [{ text: ", " }]),
    { text: CONTROLS.section(nameOf(key), section), link: { section } },
  ]);
}

function nameOf(key: string): string {
  const names: Readonly<Record<string, string>> = EVIDENCE_WORDS;
  return names[key] ?? key;
}
