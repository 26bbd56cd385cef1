// What people read of an anomaly that was raised: a detector of its kind, the sentence, its drivers as
// evidence, and what its finding keeps of it.
import type { DetectorInfo, MatchedField } from "../detector.ts";
import type { Raised } from "../keyed.ts";
import type { Anomaly } from "./anomaly.ts";
import { wordsOf } from "./catalogue.ts";
import type { DriftNotice } from "./drift.ts";
import { driverText, wordOf } from "./explanation.ts";
import { type AnomalyLanguage, anomalyMessages } from "./messages.ts";
import type { ScoreDrift } from "./score-drift.ts";
import { type ToldAnomaly, toldAnomaly } from "./told-anomaly.ts";

/** Name of the matched field that holds the sentence, and of what all of an anomaly is compared by. */
export const EXPLANATION = "explanation";
const UNUSUAL = "unusual";
/** Name of the matched fields that are the picture of a shift. */
const SHARES = "scores.share";

interface ToldText {
  readonly detector: DetectorInfo;
  readonly matched: readonly MatchedField[];
  /** Of one entity's anomaly, not of a drift of many. */
  readonly anomaly?: ToldAnomaly;
}

/** Undefined of a hit that no model raised. */
export function textOfTold(
  { told, detector }: Pick<Raised, "told" | "detector">,
  language: AnomalyLanguage,
): ToldText | undefined {
  if (told === undefined) return undefined;
  if ("anomaly" in told) return anomalyText(detector, told.anomaly, language);
  return "shift" in told
    ? shiftText(detector, told.shift, language)
    : noticeText(detector, told.notice, language);
}

function anomalyText(id: string, anomaly: Anomaly, language: AnomalyLanguage): ToldText {
  const t = anomalyMessages[language];
  const words = wordsOf(anomaly.detector, language);
  const told = toldAnomaly(anomaly, words, language);
  const kind = wordOf(words.kinds, anomaly.kind);
  const drivers = anomaly.drivers.map((driver): MatchedField => {
    const { feature } = driver;
    const pattern = driverText(driver, wordOf(words.features, feature) ?? feature, language);
    return { field: feature, value: String(driver.seen), operator: UNUSUAL, pattern };
  });
  const title = t.title(kind ?? `${anomaly.detector} ${anomaly.kind}`);
  return {
    detector: infoOf(id, title, t.description, language),
    matched: [said(told.sentence), ...drivers],
    anomaly: told,
  };
}

function noticeText(id: string, notice: DriftNotice, language: AnomalyLanguage): ToldText {
  const t = anomalyMessages[language];
  const { detector, kind, source, entities, usual, examples } = notice;
  const word = wordsOf(detector, language).kinds[kind] ?? `${detector} ${kind}`;
  const sentence = t.drift(
    word,
    source,
    String(entities),
    usual.toLocaleString(language, { maximumFractionDigits: 1 }),
  );
  const named = examples.map(({ entity, drivers }): MatchedField => {
    const feature = drivers[0]?.feature ?? kind;
    return {
      field: feature,
      value: entity.value,
      operator: UNUSUAL,
      pattern: t.entities[entity.type],
    };
  });
  return {
    detector: infoOf(id, t.driftTitle(word), t.driftDescription, language),
    matched: [said(sentence), ...named],
  };
}

/** The scores of a detector are no longer what they were: how they spread before and now, from rare to usual. */
function shiftText(id: string, shift: ScoreDrift, language: AnomalyLanguage): ToldText {
  const t = anomalyMessages[language];
  const { psi, psiLimit, ks, ksLimit, scores, bins, before, after } = shift;
  const number = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 2 });
  const percent = (share: number) =>
    share.toLocaleString(language, { style: "percent", maximumFractionDigits: 1 });
  const name = t.detectors(shift.detector);
  const figures = [psi, psiLimit, ks, ksLimit].map(number);
  const sentence = t.shift(name, scores.toLocaleString(language), figures);
  const picture = bins.map((end, bin): MatchedField => {
    const range = t.shiftBin(oneIn(end, language), percent(before[bin] ?? 0));
    return { field: SHARES, value: percent(after[bin] ?? 0), operator: UNUSUAL, pattern: range };
  });
  return {
    detector: infoOf(id, t.shiftTitle(name), t.shiftDescription, language),
    matched: [said(sentence), ...picture],
  };
}

function oneIn(tail: number, language: AnomalyLanguage): string {
  return anomalyMessages[language].oneIn(Math.round(1 / tail).toLocaleString(language));
}

function said(sentence: string): MatchedField {
  return { field: EXPLANATION, value: sentence, operator: UNUSUAL, pattern: "" };
}

function infoOf(
  id: string,
  title: string,
  description: string,
  language: AnomalyLanguage,
): DetectorInfo {
  const { response, falsePositives } = anomalyMessages[language];
  return {
    ...{ id, kind: "anomaly", title, description, level: "medium", status: "stable" },
    ...{ techniques: [], tactics: [], falsePositives, references: [], response },
    origin: "anomaly",
  };
}
