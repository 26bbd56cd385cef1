// Says in a sentence why something is unusual, from a template and the words that each detector has for its
// features and kinds. The same anomaly gives the same sentence; values of logs are quoted, cut and cleaned.
import type { Anomaly, Driver } from "./anomaly.ts";
import { type AnomalyLanguage, anomalyMessages } from "./messages.ts";

/** A detector's words of one language. What has no word is told by its stable name. */
export interface DetectorWords {
  /** Of features: `logons.new_hosts` → `neue Zielrechner`. */
  readonly features: Readonly<Record<string, string>>;
  /** What of it, as half a sentence: `spray_then_success` → `viele Konten scheiterten, dann gelang eines`. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** Drivers that a sentence names. */
const DRIVERS_MAX = 3;
const USUAL_VALUES_MAX = 3;
const VALUE_CHARACTERS_MAX = 80;
/** No calibration tells rarer things apart, and no reader does. */
const TAIL_MIN = 1e-9;
/** Of what is expected, which is an estimate. */
const ESTIMATE_DIGITS = 3;
const DIGITS = 4;
/** Log texts can't break out of their quotation marks, move the writing direction or add lines. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}„“"»«<>`]/gu;

/** The sentence; words are looked up by the anomaly's feature and kind. */
export function explainAnomaly(
  anomaly: Anomaly,
  words: DetectorWords,
  language: AnomalyLanguage,
): string {
  const t = anomalyMessages[language];
  const kind = wordOf(words.kinds, anomaly.kind);
  const head = t.head(
    t.entities[anomaly.entity.type],
    quoted(anomaly.entity.value, language),
    kind,
  );
  const drivers = anomaly.drivers.slice(0, DRIVERS_MAX).map((driver, at) => {
    const { feature } = driver;
    const word = wordOf(words.features, feature);
    const begun = at === 0 && word !== undefined ? capitalised(word, language) : word;
    return driverText(driver, begun ?? feature.slice(0, VALUE_CHARACTERS_MAX), language);
  });
  const body = drivers.length === 0 ? "" : ` ${drivers.join("; ")}.`;
  return `${head}.${body} ${t.rarity(oftenText(anomaly.tail, language))}`;
}

/** One driver: what was seen, against what. Also the text of evidence. */
export function driverText(driver: Driver, feature: string, language: AnomalyLanguage): string {
  const t = anomalyMessages[language];
  const { seen, expected, limit } = driverParts(driver, language);
  const against = t.against[driver.against];
  if (expected === undefined) return t.never(feature, seen, against);
  return typeof driver.expected === "number"
    ? t.number(feature, seen, expected, limit, against)
    : t.values(feature, seen, expected, against);
}

/** A driver's values as texts; without `expected` there is nothing usual at all. */
export function driverParts(
  driver: Driver,
  language: AnomalyLanguage,
): { readonly seen: string; readonly expected?: string; readonly limit?: string } {
  const seen = valueText(driver.seen, language);
  const { expected, limit } = driver;
  if (typeof expected === "number") {
    const estimate = (value: number) => valueText(value, language, ESTIMATE_DIGITS);
    const usual = { seen, expected: estimate(expected) };
    return limit === undefined ? usual : { ...usual, limit: estimate(limit) };
  }
  const usual = (expected ?? []).slice(0, USUAL_VALUES_MAX).map((one) => quoted(one, language));
  return usual.length === 0 ? { seen } : { seen, expected: usual.join(", ") };
}

/** `1 von 20.000`: how rare something of this tail is, to two digits. */
function oftenText(tail: number, language: AnomalyLanguage): string {
  const known = Number.isNaN(tail) ? 1 : Math.max(TAIL_MIN, Math.min(1, tail));
  const times = Number((1 / known).toPrecision(2));
  return anomalyMessages[language].oneIn(times.toLocaleString(language));
}

function valueText(value: number | string, language: AnomalyLanguage, digits = DIGITS): string {
  if (typeof value === "string") return quoted(value, language);
  if (!Number.isFinite(value)) return anomalyMessages[language].beyond;
  if (Math.abs(value) >= 1e15) return value.toExponential(1);
  return Number(value.toPrecision(digits)).toLocaleString(language, { maximumFractionDigits: 3 });
}

/** A feature's word may be written small; what begins a sentence is not. */
function capitalised(word: string, language: AnomalyLanguage): string {
  const [first = ""] = word;
  return first.toLocaleUpperCase(language) + word.slice(first.length);
}

function quoted(value: string, language: AnomalyLanguage): string {
  // Cut before it is looked at: a value may be a megabyte long.
  const short = value.slice(0, VALUE_CHARACTERS_MAX).replace(UNSAFE, " ").trim();
  const more = value.length > VALUE_CHARACTERS_MAX ? "…" : "";
  return language === "de" ? `„${short}${more}“` : `“${short}${more}”`;
}

/** The word of a name; values of logs may be called like what every object has. */
export function wordOf(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
