// What stands below a KPI in small print: how many values, ranks, bounds, open cases, and what was left out.
// Pure; names of reasons are those of the KPI service.
import type { KpiFigures } from "../../store/kpi.ts";
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import type { KpiName } from "../../store/kpi-target.ts";
import { durationWords, shareWords } from "../../store/kpi-words.ts";
import type { Messages } from "../messages/de.ts";
import type { Language } from "./format.ts";

type Texts = Messages["figures"]["facts"];

export function factsOf(
  name: KpiName,
  figures: KpiFigures,
  language: Language,
  texts: Texts,
): string[] {
  if (name === "falseAlarms") return alarmFacts(figures, language, texts);
  if (name === "containment") return containmentFacts(figures, language, texts);
  const { n, medianS, p90S, excluded } = figures[name];
  const { excluded: reasons } = KPI_MESSAGES[language];
  const ranks =
    medianS === null || p90S === null
      ? ""
      : texts.ranks(durationWords(medianS, language), durationWords(p90S, language));
  const open = name === "identification" ? undefined : figures[name].open;
  return [
    `n = ${n}${ranks}`,
    ...(open === undefined || open.n === 0 || open.lowerBoundMeanS === null
      ? []
      : [texts.open(open.n, durationWords(open.lowerBoundMeanS, language))]),
    ...(excluded.length === 0
      ? []
      : [texts.leftOut(excluded.map((one) => `${reasons[one.reason]}: ${one.n}`).join(", "))]),
  ];
}

/** `10/26`, `Q4/26`, `2026`: room for twelve of them. */
export function periodTick(name: string): string {
  const [year = "", part] = name.split("-");
  if (part === undefined) return year;
  return `${part}/${year.slice(2)}`;
}

function alarmFacts({ falseAlarms }: KpiFigures, language: Language, texts: Texts): string[] {
  if (falseAlarms === null) return [];
  const { precision, precisionBounds, unjudged, undetermined } = falseAlarms;
  const bounds = precisionBounds?.map((one) => shareWords(one, language));
  return [
    KPI_MESSAGES[language].falseAlarmText(falseAlarms),
    ...(precision === null
      ? []
      : [texts.precision(shareWords(precision, language), undetermined > 0 ? bounds : undefined)]),
    ...(unjudged + undetermined === 0 ? [] : [texts.unjudged(unjudged, undetermined)]),
  ];
}

function containmentFacts({ containment }: KpiFigures, language: Language, texts: Texts): string[] {
  const { n, contained, wilson95, impactUnknown } = containment;
  const bounds = wilson95?.map((one) => shareWords(one, language));
  return [
    texts.contained(contained, n),
    ...(bounds === undefined ? [] : [texts.interval(bounds[0] ?? "", bounds[1] ?? "")]),
    ...(impactUnknown === 0 ? [] : [texts.leftOut(`${texts.impactUnknown}: ${impactUnknown}`)]),
  ];
}
