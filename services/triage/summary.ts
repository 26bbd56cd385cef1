// The summary that stands first, always: made from facts by a template, in milliseconds, without a model.
// Values from logs are quoted and cut; the screen shows them as text only. Three lines: what happened,
// what else is known, what to do; no log value can hold a line break.

import { EXPLANATION } from "../../detectors/anomaly/told.ts";
import type { Finding, ScorePart } from "../store/finding.ts";
import { tacticWords } from "../store/tactic-words.ts";
import { SUMMARY_MESSAGES, type SummaryLanguage } from "./messages.ts";

const QUOTE_CHARACTERS_MAX = 120;
/** A model's sentence quotes and cuts what it takes from logs itself. */
const SENTENCE_CHARACTERS_MAX = 1000;
const ENTITIES_MAX = 4;
const STEPS_MAX = 3;
const LINES = 3;
/** Largest time that a calendar has, in either direction. */
const TIME_MAX = 8.64e15;
/** From so few findings in 30 days on a detector counts as rare. */
const RARE_MAX = 5;

/** What happened, where, since when, why it was raised, what else is known, what to do. `timeZone` is an IANA name. */
export function summarize(
  finding: Omit<Finding, "summary">,
  timeZone: string,
  language: SummaryLanguage,
): string {
  const text = SUMMARY_MESSAGES[language];
  // One that no calendar has would stop all of triage.
  const time = (ms: number) =>
    Math.abs(ms) <= TIME_MAX ? timeFormat(text.locale, timeZone).format(ms) : "?";
  const sentences = [text.what(finding.detector.title, text.level[finding.detector.level])];
  const entities = finding.entities
    .slice(0, ENTITIES_MAX)
    .map((entity) => `${text.entity[entity.type]} ${quoteless(entity.value)}`);
  const more = finding.entities.length - entities.length;
  if (more > 0) entities.push(text.more(more));
  if (entities.length > 0) sentences.push(text.where(entities.join(", ")));
  sentences.push(
    finding.signalCount === 1
      ? text.once(time(finding.firstEventAt))
      : text.many(finding.signalCount, time(finding.firstEventAt), time(finding.lastEventAt)),
  );
  sentences.push(...reasonOf(finding, text));
  const steps = finding.detector.response.slice(0, STEPS_MAX).map(oneLine);
  const todo = text.todo(steps.length === 0 ? [text.look] : steps);
  return [oneLine(sentences.join(" ")), knownLine(finding.scoreParts, language), todo].join("\n");
}

// A model says itself why; of a rule it is the field that tells most.
function reasonOf(
  { anomaly, detector, evidence }: Omit<Finding, "summary">,
  text: (typeof SUMMARY_MESSAGES)[SummaryLanguage],
): string[] {
  const fields = evidence[0]?.matched ?? [];
  if (detector.kind === "anomaly") {
    const said = anomaly?.sentence ?? fields.find(({ field }) => field === EXPLANATION)?.value;
    if (said !== undefined) return [said.slice(0, SENTENCE_CHARACTERS_MAX)];
  }
  const matched = mostTelling(fields);
  return matched === undefined ? [] : [text.because(matched.field, quoteless(matched.value))];
}

/**
 * The summary with what else is known brought up to the finding's present score, which is where earlier
 * findings, their verdicts, the attack's progress and threat lists end up. Summaries of before are left.
 */
export function renewKnown({ summary }: Finding, parts: readonly ScorePart[]): string {
  const [facts, known, todo] = summary.split("\n");
  if (facts === undefined || known === undefined || todo === undefined) return summary;
  const isGerman = todo.startsWith(SUMMARY_MESSAGES.de.todo([]));
  return [facts, knownLine(parts, isGerman ? "de" : "en"), todo].slice(0, LINES).join("\n");
}

function knownLine(parts: readonly ScorePart[], language: SummaryLanguage): string {
  const text = SUMMARY_MESSAGES[language];
  const detailOf = (key: ScorePart["key"]) => parts.find((part) => part.key === key)?.detail;
  const sentences: string[] = [];
  const tactics = detailOf("progress")?.split(", ") ?? [];
  if (tactics.length > 1) {
    const named = tactics.map((one) => tacticWords(one, language) ?? quoteless(one));
    sentences.push(text.progress(named.join(", ")));
  }
  const listed = detailOf("intelligence");
  if (listed !== undefined) sentences.push(text.listed(quoteless(listed)));
  const [, wrong, all] = / (\d{1,9})\/(\d{1,9})$/.exec(detailOf("confidence") ?? "") ?? [];
  if (wrong !== undefined && all !== undefined) sentences.push(text.judged(wrong, all));
  const rarity = Number(detailOf("rarity") ?? Number.NaN);
  if (rarity <= RARE_MAX) sentences.push(text.rare(rarity));
  if (detailOf("asset") !== undefined) sentences.push(text.asset);
  return sentences.length === 0 ? text.nothingKnown : sentences.join(" ");
}

/** Titles and advice come from rule files, which may have line breaks. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than all else in a summary; there are as many as zones are configured. */
function timeFormat(locale: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, {
    timeZone,
    dateStyle: "medium",
    timeStyle: "medium",
  });
  formats.set(key, made);
  return made;
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
  const clean = value
    .slice(0, 2 * QUOTE_CHARACTERS_MAX + 1)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}„“”"]/gu, "·");
  return clean.length > QUOTE_CHARACTERS_MAX ? `${clean.slice(0, QUOTE_CHARACTERS_MAX)}…` : clean;
}
