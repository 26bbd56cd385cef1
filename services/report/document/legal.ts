// Section 7: the time limits of reports to authorities and whether they were kept.

import { CASE_MESSAGES } from "../../cases/case-messages.ts";
import type { Block, Section } from "../../report-document/document.ts";
import type { LegalData } from "../collect/legal.ts";
import type { DocumentParts } from "./edition.ts";
import { LEGAL } from "./evidence-messages.ts";
import { OUTCOME_WORDS, WORDS } from "./messages.ts";
import { commandLine, tableOf } from "./words.ts";

const { clocks } = CASE_MESSAGES.de;

export function legalSection({ data, command, shortOf }: DocumentParts): Section {
  const { legal } = data.sections;
  return {
    number: "7",
    title: LEGAL.title,
    startsPage: true,
    blocks: [
      { kind: "paragraph", text: LEGAL.note },
      ...(legal.clocks.length === 0
        ? [{ kind: "paragraph" as const, text: LEGAL.none }]
        : [countTable(legal), rowTable(legal, data.period.timeZone, shortOf)]),
      ...(legal.clocks.includes("ndig_26") && legal.ndigHours === null
        ? [{ kind: "paragraph" as const, text: LEGAL.noNdigHours }]
        : []),
      commandLine(command("7")),
    ],
  };
}

function countTable({ byClock }: LegalData): Block {
  return tableOf({
    id: "fristen",
    caption: LEGAL.clocks,
    rows: byClock,
    columns: (of) => [
      of.named(LEGAL.clock, ({ clock }) => clocks[clock]),
      of.numbers(LEGAL.started, ({ started }) => started),
      of.numbers(LEGAL.inTime, ({ inTime }) => inTime),
      of.numbers(LEGAL.late, ({ late }) => late),
      of.numbers(LEGAL.sent, ({ sent }) => sent),
      of.numbers(LEGAL.notRequired, ({ notRequired }) => notRequired),
      of.numbers(LEGAL.running, ({ running }) => running),
      of.numbers(LEGAL.overdue, ({ overdue }) => overdue),
      of.numbers(LEGAL.undated, ({ undated }) => undated),
    ],
  });
}

function rowTable({ rows }: LegalData, timeZone: string, shortOf: DocumentParts["shortOf"]): Block {
  return tableOf({
    id: "meldungen",
    caption: LEGAL.rows,
    rows,
    columns: (of) => [
      of.ids(LEGAL.incident, ({ incident }) => incident, shortOf, true),
      of.words(LEGAL.clock, ({ clock }) => clocks[clock], 1.5),
      of.times(LEGAL.startedAt, timeZone, ({ startedAt }) => startedAt),
      of.times(LEGAL.dueAt, timeZone, ({ dueAt }) => dueAt),
      of.times(LEGAL.sentAt, timeZone, ({ sentAt }) => sentAt),
      of.words(LEGAL.outcome, ({ outcome }) => OUTCOME_WORDS[outcome]),
      of.words(LEGAL.authority, ({ authority }) => authority ?? WORDS.none, 1.5),
    ],
    note: `${WORDS.idNote} ${WORDS.csvNote}`,
  });
}
