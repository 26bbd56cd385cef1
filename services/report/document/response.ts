// Section 6: times to the first verdict, pages by priority and channel, test pages, duty.
import type { Block, Section } from "../../report-document/document.ts";
import type { ResponseData } from "../collect/response.ts";
import type { DocumentParts } from "./edition.ts";
import { WORDS } from "./messages.ts";
import { RESPONSE } from "./section-messages.ts";
import { commandLine, countWords, secondsWords, tableOf, timeWords } from "./words.ts";

type Paging = ResponseData["paging"];

export function responseSection({ data, command }: DocumentParts): Section {
  const { judged, paging } = data.sections.response;
  const { timeZone } = data.period;
  return {
    number: "6",
    title: RESPONSE.title,
    startsPage: true,
    blocks: [
      {
        kind: "paragraph",
        text: RESPONSE.judged(
          countWords(judged.n),
          secondsWords(judged.medianS),
          secondsWords(judged.p90S),
          secondsWords(judged.maxS),
        ),
      },
      { kind: "paragraph", text: pagingLine(paging) },
      ...(hasPaging(paging)
        ? pagingBlocks(paging, timeZone, WORDS.state(timeWords(data.at, timeZone)))
        : []),
      commandLine(command("6")),
    ],
  };
}

/** What was in the period, and what would be today: neither says anything of the other. */
function pagingLine({ byPriority, byChannel, state }: Paging): string {
  const findings = byPriority.reduce((sum, one) => sum + one.findings, 0);
  const pages = byChannel.reduce((sum, one) => sum + one.pages, 0);
  const period =
    findings === 0 ? RESPONSE.noPages : RESPONSE.paged(countWords(findings), countWords(pages));
  return `${period} ${state.isConfigured ? RESPONSE.paging : RESPONSE.noPaging}`;
}

function hasPaging({ byPriority, tests, state }: Paging): boolean {
  return state.isConfigured || byPriority.length + tests.length + state.channels.length > 0;
}

function pagingBlocks(paging: Paging, timeZone: string, asOf: string): Block[] {
  return [
    tableOf({
      id: "alarmierung-dringlichkeit",
      caption: RESPONSE.priorities,
      rows: paging.byPriority,
      columns: (of) => [
        of.named(RESPONSE.priority, ({ priority }) => priority.toUpperCase(), 1),
        of.numbers(RESPONSE.findings, ({ findings }) => findings),
        of.numbers(RESPONSE.accepted, ({ accepted }) => accepted),
        of.numbers(RESPONSE.escalated, ({ escalated }) => escalated),
        of.numbers(RESPONSE.exhausted, ({ exhausted }) => exhausted),
        of.spans(RESPONSE.median, ({ acceptance }) => acceptance.medianS),
        of.spans(RESPONSE.p90, ({ acceptance }) => acceptance.p90S),
      ],
      emptyText: WORDS.noData,
    }),
    tableOf({
      id: "alarmierung-kanaele",
      caption: RESPONSE.channels,
      rows: paging.byChannel,
      columns: (of) => [
        of.named(RESPONSE.channel, ({ channel }) => channel),
        of.numbers(RESPONSE.pages, ({ pages }) => pages),
        of.numbers(RESPONSE.handedOver, ({ handedOver }) => handedOver),
        of.numbers(RESPONSE.failed, ({ failed }) => failed),
      ],
      emptyText: WORDS.noData,
    }),
    testTable(paging, timeZone),
    dutyBlock(paging),
    proofTable(paging, timeZone, asOf),
  ];
}

function testTable({ tests }: Paging, timeZone: string): Block {
  return tableOf({
    id: "probealarme",
    caption: RESPONSE.tests,
    rows: tests,
    columns: (of) => [
      of.times(RESPONSE.at, timeZone, ({ at }) => at),
      of.words(RESPONSE.by, ({ by }) =>
        by === "schedule" ? RESPONSE.bySchedule : RESPONSE.byHand,
      ),
      of.words(RESPONSE.target, ({ target }) => (target === "person" ? RESPONSE.person : target)),
      of.numbers(RESPONSE.contacts, ({ contacts }) => contacts),
      of.numbers(RESPONSE.handedOver, ({ handedOver }) => handedOver),
      of.milliseconds(RESPONSE.slowest, ({ slowestMs }) => slowestMs),
    ],
    emptyText: RESPONSE.noTests,
  });
}

/** Schedules are kept in the configuration alone. */
function dutyBlock({ duty, state }: Paging): Block {
  if (!state.isConfigured) return { kind: "paragraph", text: RESPONSE.noDuty };
  return tableOf({
    id: "dienstplaene",
    caption: RESPONSE.duty,
    rows: duty,
    columns: (of) => [
      of.named(RESPONSE.schedule, ({ title }) => title),
      of.hours(RESPONSE.hours, (one) => one.hours),
      of.hours(RESPONSE.gapHours, ({ gapHours }) => gapHours),
      of.shares(RESPONSE.covered, (one) =>
        one.hours === 0 ? null : (one.hours - one.gapHours) / one.hours,
      ),
    ],
    note: RESPONSE.dutyNote,
    emptyText: WORDS.noData,
  });
}

function proofTable({ state }: Paging, timeZone: string, note: string): Block {
  return tableOf({
    id: "kanaele",
    caption: RESPONSE.proofs,
    rows: state.channels,
    columns: (of) => [
      of.named(RESPONSE.channel, ({ channel }) => channel),
      of.words(RESPONSE.kind, ({ kind }) => kind),
      of.times(RESPONSE.lastPage, timeZone, ({ handedOverAt }) => handedOverAt),
      of.times(RESPONSE.lastProbe, timeZone, ({ probedAt }) => probedAt),
      of.times(RESPONSE.lastFault, timeZone, ({ faultAt }) => faultAt),
    ],
    note,
    emptyText: WORDS.noRecord,
  });
}
