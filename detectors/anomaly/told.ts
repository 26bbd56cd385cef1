// What people read of an anomaly that was raised: a detector of its kind, the sentence, and its drivers as
// evidence.
import type { DetectorInfo, MatchedField } from "../detector.ts";
import type { Raised } from "../keyed.ts";
import type { Anomaly } from "./anomaly.ts";
import { wordsOf } from "./catalogue.ts";
import type { DriftNotice } from "./drift.ts";
import { driverText, explainAnomaly } from "./explanation.ts";
import { type AnomalyLanguage, anomalyMessages } from "./messages.ts";

/** Name of the matched field that holds the sentence, and of what all of an anomaly is compared by. */
const EXPLANATION = "explanation";
const UNUSUAL = "unusual";

/** Undefined of a hit that no model raised. */
export function textOfTold(
  { told, detector }: Pick<Raised, "told" | "detector">,
  language: AnomalyLanguage,
): { readonly detector: DetectorInfo; readonly matched: readonly MatchedField[] } | undefined {
  if (told === undefined) return undefined;
  return "anomaly" in told
    ? anomalyText(detector, told.anomaly, language)
    : noticeText(detector, told.notice, language);
}

function anomalyText(id: string, anomaly: Anomaly, language: AnomalyLanguage) {
  const t = anomalyMessages[language];
  const words = wordsOf(anomaly.detector, language);
  const sentence = explainAnomaly(anomaly, words, language);
  const kind = Object.hasOwn(words.kinds, anomaly.kind) ? words.kinds[anomaly.kind] : undefined;
  const drivers = anomaly.drivers.map((driver): MatchedField => {
    const { feature } = driver;
    const word = Object.hasOwn(words.features, feature) ? words.features[feature] : undefined;
    const pattern = driverText(driver, word ?? feature, language);
    return { field: feature, value: String(driver.seen), operator: UNUSUAL, pattern };
  });
  const title = t.title(kind ?? `${anomaly.detector} ${anomaly.kind}`);
  return { detector: infoOf(id, title, t.description), matched: [said(sentence), ...drivers] };
}

function noticeText(id: string, notice: DriftNotice, language: AnomalyLanguage) {
  const t = anomalyMessages[language];
  const { detector, kind, source, entities, usual, examples } = notice;
  const word = wordsOf(detector, language).kinds[kind] ?? `${detector} ${kind}`;
  const sentence = t.drift(word, source, String(entities), usual.toFixed(1));
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
    detector: infoOf(id, t.driftTitle(word), t.driftDescription),
    matched: [said(sentence), ...named],
  };
}

function said(sentence: string): MatchedField {
  return { field: EXPLANATION, value: sentence, operator: UNUSUAL, pattern: "" };
}

function infoOf(id: string, title: string, description: string): DetectorInfo {
  return {
    ...{ id, kind: "anomaly", title, description, level: "medium", status: "stable" },
    ...{ techniques: [], tactics: [], falsePositives: [], references: [], response: [] },
    origin: "anomaly",
  };
}
