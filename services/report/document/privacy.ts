// Section 8, also by itself for the staff council: names behind pseudonyms, deletions, what left the house.
import type { Section } from "../../report-document/document.ts";
import type { Act } from "../collect/acts.ts";
import type { PrivacyData } from "../collect/privacy.ts";
import type { DocumentParts } from "./edition.ts";
import { PRIVACY } from "./evidence-messages.ts";
import { REASON_WORDS, WORDS } from "./messages.ts";
import {
  commandLine,
  countWords,
  entryWords,
  knownWords,
  secondsWords,
  tableOf,
  timeWords,
} from "./words.ts";

const RETENTION = ["security", "network", "content", "original", "deadLetter"] as const;

export function privacySection({ data, command }: DocumentParts): Section {
  const { requests, state } = data.sections.privacy;
  const { asked, approved, refused, waiting, read, decision, withoutSecondPerson } = requests;
  const count = countWords;
  const asOf = WORDS.state(timeWords(data.at, data.period.timeZone));
  return {
    number: "8",
    title: PRIVACY.title,
    startsPage: true,
    blocks: [
      { kind: "paragraph", text: PRIVACY.noProfile },
      { kind: "heading", text: PRIVACY.requests },
      {
        kind: "paragraph",
        text: PRIVACY.requestLine(
          count(asked),
          count(approved),
          count(refused),
          count(waiting),
          count(read),
        ),
      },
      { kind: "paragraph", text: PRIVACY.twoPeople(count(withoutSecondPerson)) },
      {
        kind: "paragraph",
        text: PRIVACY.decision(secondsWords(decision.medianS), secondsWords(decision.p90S)),
      },
      tableOf({
        id: "antraege-zweck",
        caption: PRIVACY.byReason,
        rows: requests.byReason,
        columns: (of) => [
          of.named(PRIVACY.reason, ({ reason }) => REASON_WORDS[reason]),
          of.numbers(PRIVACY.asked, (one) => one.asked),
          of.numbers(PRIVACY.approved, (one) => one.approved),
        ],
      }),
      tableOf({
        id: "loeschungen",
        caption: PRIVACY.deletions,
        rows: actRows(data.sections.privacy),
        columns: (of) => [
          of.named(PRIVACY.what, ({ what }) => what, 3),
          { header: PRIVACY.count, align: "right", text: ({ n }) => knownWords(n) },
          of.times(PRIVACY.last, data.period.timeZone, ({ act }) => act?.last?.at ?? null),
          of.words(PRIVACY.entry, ({ act }) => entryWords(act?.last?.entry ?? null)),
        ],
        note: PRIVACY.actsNote,
      }),
      tableOf({
        id: "aufbewahrung",
        caption: PRIVACY.retention,
        rows: RETENTION,
        columns: (of) => [
          of.named(PRIVACY.class, (name) => PRIVACY.classes[name], 3),
          of.numbers(PRIVACY.days, (name) => state.retentionDays[name]),
        ],
        note: asOf,
      }),
      { kind: "paragraph", text: `${PRIVACY.epochs(count(state.epochs))} ${asOf}` },
      commandLine(command("8")),
    ],
  };
}

interface ActRow {
  readonly what: string;
  /** Null: nothing is written down. */
  readonly n: number | null;
  readonly act: Act | null;
}

function actRows({ deletions, exports }: PrivacyData): ActRow[] {
  const row = (what: string, act: Act | null, n = act?.n ?? null): ActRow => ({ what, n, act });
  return [
    row(PRIVACY.auditPayloads, deletions.auditPayloads),
    row(PRIVACY.keysDestroyed, deletions.keysDestroyed),
    row(PRIVACY.events, deletions.events, deletions.events?.events),
    row(PRIVACY.originals, null),
    row(PRIVACY.reports, exports.reports),
    row(PRIVACY.exports, exports.audit),
    row(PRIVACY.backups, exports.backups),
  ];
}
