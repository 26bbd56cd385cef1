// Section 12: whether the audit chain holds, where its head was at the end of the period, and what has
// changed since the edition before.
import type { Block, Section } from "../../report-document/document.ts";
import type { IntegrityData } from "../collect/audit.ts";
import type { DocumentParts } from "./edition.ts";
import { INTEGRITY } from "./evidence-messages.ts";
import { WORDS } from "./messages.ts";
import { code, countWords, tableOf, timeWords } from "./words.ts";

export function integritySection({ data, edition, tenantCommand }: DocumentParts): Section {
  const { byAction, state, headAtEnd } = data.sections.integrity;
  const { timeZone } = data.period;
  return {
    number: "12",
    title: INTEGRITY.title,
    startsPage: true,
    blocks: [
      chainNote(state),
      ...headBlocks(INTEGRITY.headAtEnd, headAtEnd, timeZone),
      ...headBlocks(INTEGRITY.head, state.head, timeZone),
      {
        kind: "paragraph",
        text:
          state.anchoredOn === null ? INTEGRITY.notAnchored : INTEGRITY.anchored(state.anchoredOn),
      },
      { kind: "paragraph", text: INTEGRITY.verify },
      {
        kind: "code",
        text: [tenantCommand("audit verify"), tenantCommand("report verify")].join("\n"),
      },
      tableOf({
        id: "pruefprotokoll",
        caption: INTEGRITY.actions,
        rows: byAction,
        columns: (of) => [
          of.named(INTEGRITY.action, ({ name }) => [code(name)], 3),
          of.numbers(INTEGRITY.count, ({ n }) => n),
        ],
        emptyText: WORDS.noRecord,
      }),
      { kind: "heading", text: INTEGRITY.chain },
      ...editionBlocks(edition),
    ],
  };
}

function chainNote({ head, brokenAt }: IntegrityData["state"]): Block {
  if (head === null) {
    return { kind: "note", tone: "info", title: WORDS.noRecord, text: INTEGRITY.empty };
  }
  const title = INTEGRITY.title;
  return brokenAt === null
    ? { kind: "note", tone: "success", title, text: INTEGRITY.holds }
    : { kind: "note", tone: "danger", title, text: INTEGRITY.broken(countWords(brokenAt)) };
}

function headBlocks(title: string, head: IntegrityData["headAtEnd"], timeZone: string): Block[] {
  if (head === null) return [];
  const line = INTEGRITY.line(countWords(head.sequence), timeWords(head.at, timeZone));
  return [
    { kind: "paragraph", text: `${title}: ${line}` },
    { kind: "code", text: head.hash },
  ];
}

function editionBlocks({ published }: DocumentParts["edition"]): Block[] {
  if (published === undefined) return [{ kind: "paragraph", text: INTEGRITY.chainDraft }];
  const { sequence, revision, differences, differencesLeftOut } = published;
  const line = INTEGRITY.chainLine(countWords(sequence), countWords(revision));
  if (revision === 1) return [{ kind: "paragraph", text: line }];
  const shown = (value: unknown) => (value === null ? WORDS.none : String(value));
  return [
    { kind: "paragraph", text: line },
    tableOf({
      id: "aenderungen",
      caption: INTEGRITY.differences,
      rows: differences,
      columns: (of) => [
        of.named(INTEGRITY.figure, ({ figure }) => [code(figure)], 3),
        of.words(INTEGRITY.was, ({ before }) => shown(before)),
        of.words(INTEGRITY.is, ({ now }) => shown(now)),
      ],
    }),
    ...(differencesLeftOut === 0
      ? []
      : [{ kind: "paragraph" as const, text: INTEGRITY.beyond(countWords(differencesLeftOut)) }]),
  ];
}
