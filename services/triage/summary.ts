// The summary that stands first, always: made from facts by a template, in milliseconds, without a model.
// Values from logs are quoted and cut; the screen shows them as text only.
import type { Finding } from "../store/finding.ts";
import { SUMMARY_MESSAGES, type SummaryLanguage } from "./messages.ts";

const QUOTE_CHARACTERS_MAX = 120;
const ENTITIES_MAX = 4;

/** What happened, where, since when, why it was raised. `timeZone` is an IANA name. */
export function summarize(
  finding: Omit<Finding, "summary">,
  timeZone: string,
  language: SummaryLanguage,
): string {
  const text = SUMMARY_MESSAGES[language];
  const time = (ms: number) =>
    new Intl.DateTimeFormat(text.locale, {
      timeZone,
      dateStyle: "medium",
      timeStyle: "medium",
    }).format(ms);
  const sentences = [text.what(finding.detector.title, text.level[finding.detector.level])];
  const entities = finding.entities
    .slice(0, ENTITIES_MAX)
    .map((entity) => `${text.entity[entity.type]} ${quoteless(entity.value)}`);
  if (entities.length > 0) sentences.push(text.where(entities.join(", ")));
  sentences.push(
    finding.signalCount === 1
      ? text.once(time(finding.firstEventAt))
      : text.many(finding.signalCount, time(finding.firstEventAt), time(finding.lastEventAt)),
  );
  const matched = mostTelling(finding.evidence[0]?.matched ?? []);
  if (matched !== undefined) sentences.push(text.because(matched.field, quoteless(matched.value)));
  return sentences.join(" ");
}

// A part of a text says more than a whole code, a long pattern more than a short one.
function mostTelling(
  matched: Finding["evidence"][number]["matched"],
): Finding["evidence"][number]["matched"][number] | undefined {
  const weight = (field: (typeof matched)[number]) =>
    field.pattern.length + (field.operator === "equals" ? 0 : 1000);
  return matched.reduce<(typeof matched)[number] | undefined>(
    (best, field) => (best === undefined || weight(field) > weight(best) ? field : best),
    undefined,
  );
}

// Control, bidirectional and zero-width characters could dress a log value up as our own sentence.
/** Text of a log that can pass for nothing but itself: cut, without controls and quotation marks. */
export function quoteless(value: string): string {
  const clean = value.replace(/[\p{Cc}\p{Cf}„“”"]/gu, "·");
  return clean.length > QUOTE_CHARACTERS_MAX ? `${clean.slice(0, QUOTE_CHARACTERS_MAX)}…` : clean;
}
