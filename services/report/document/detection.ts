// Section 4: how good detection is, what keeps findings out of sight, and what the rules cover.
import type { Section } from "../../report-document/document.ts";
import { RISK_DETECTOR } from "../../store/finding.ts";
import { tacticWords } from "../../store/tactic-words.ts";
import type { DetectionData } from "../collect/detection.ts";
import type { DocumentParts } from "./edition.ts";
import { EXCEPTION_WORDS, WORDS } from "./messages.ts";
import { DETECTION } from "./section-messages.ts";
import {
  type Column,
  type Columns,
  commandLine,
  countWords,
  entryWords,
  tableOf,
  timeWords,
} from "./words.ts";

export function detectionSection({ data, command }: DocumentParts): Section {
  const { detection } = data.sections;
  const { exceptions, silences, maintenance, state } = detection;
  const { timeZone } = data.period;
  const count = countWords;
  return {
    number: "4",
    title: DETECTION.title,
    startsPage: true,
    blocks: [
      tableOf({
        id: "fehlalarme-regeln",
        caption: DETECTION.rules,
        rows: detection.rules,
        columns: (of) => [of.named(DETECTION.rule, ruleWords, 4), ...tuningColumns(of)],
        emptyText: WORDS.noData,
      }),
      tableOf({
        id: "fehlalarme-quellen",
        caption: DETECTION.sources,
        rows: detection.sources,
        columns: (of) => [
          of.named(DETECTION.source, ({ name }: TuningRow) => name, 3),
          ...tuningColumns(of),
        ],
        emptyText: WORDS.noData,
      }),
      {
        kind: "paragraph",
        text: DETECTION.exceptionsLine(
          ...([
            count(exceptions.active),
            count(exceptions.ending),
            count(exceptions.waiting),
            count(exceptions.expired),
            count(exceptions.withdrawn),
          ] as const),
        ),
      },
      exceptionTable(detection, timeZone),
      {
        kind: "paragraph",
        text: DETECTION.quiet(
          count(silences.made),
          count(silences.activeAtEnd),
          count(maintenance.proposed),
          count(maintenance.findingsHidden),
        ),
      },
      { kind: "paragraph", text: DETECTION.changes(count(detection.ruleChanges)) },
      { kind: "heading", text: DETECTION.coverage },
      {
        kind: "paragraph",
        text: `${DETECTION.coverageLine(
          count(state.rules),
          count(state.techniques),
          count(state.weakTechniques),
          count(state.faults),
          count(state.leftOut),
        )} ${WORDS.state(timeWords(data.at, timeZone))}`,
      },
      tableOf({
        id: "attack-abdeckung",
        caption: DETECTION.coverage,
        rows: state.tactics,
        columns: (of) => [
          of.named(DETECTION.tactic, ({ name }) => tacticWords(name, "de") ?? name),
          of.numbers(DETECTION.ruleCount, ({ rules }) => rules),
          of.numbers(DETECTION.techniques, ({ techniques }) => techniques),
        ],
        emptyText: WORDS.noData,
      }),
      { kind: "paragraph", text: testsLine(detection, timeZone) },
      commandLine(command("4")),
    ],
  };
}

function testsLine({ ruleTests }: DetectionData, timeZone: string): string {
  if (ruleTests === null || ruleTests.last === null) return DETECTION.noTests;
  const { n, last, rules, samples, failures, faults, untested } = ruleTests;
  const [all, ...figures] = [n, rules, samples, failures + faults, untested].map(countWords);
  return DETECTION.tests(
    ...([all ?? "", timeWords(last.at, timeZone), entryWords(last.entry)] as const),
    figures,
  );
}

type TuningRow = DetectionData["rules"][number];

function tuningColumns(of: Columns<TuningRow>): Column<TuningRow>[] {
  return [
    of.numbers(DETECTION.false, ({ falseAlarms }) => falseAlarms),
    of.numbers(DETECTION.true, ({ truePositives }) => truePositives),
    of.numbers(DETECTION.undetermined, ({ undetermined }) => undetermined),
    of.numbers(DETECTION.benign, ({ benignTruePositives }) => benignTruePositives),
    of.shares(DETECTION.precision, ({ precision }) => precision),
  ];
}

function exceptionTable({ exceptions }: DetectionData, timeZone: string) {
  return tableOf({
    id: "ausnahmen",
    caption: DETECTION.exceptions,
    rows: exceptions.rows,
    columns: (of) => [
      of.named(DETECTION.rule, ({ title }) => title, 3),
      { ...of.times(DETECTION.until, timeZone, ({ until }) => until), weight: 1.5 },
      of.words(DETECTION.state, ({ state }) => EXCEPTION_WORDS[state], 1.5),
      of.words(DETECTION.consent, ({ hasConsent }) => (hasConsent ? WORDS.yes : WORDS.no)),
      of.numbers(DETECTION.hidden, ({ hidden }) => hidden),
    ],
  });
}

function ruleWords({ title, name }: TuningRow): string {
  return name === RISK_DETECTOR ? WORDS.accumulatedRisk : (title ?? name);
}
