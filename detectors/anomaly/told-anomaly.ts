// What a finding keeps of an anomaly: the sentence, the drivers with expected and seen, and the numbers of the
// small picture. Bounded, whatever a detector says, and of numbers that JSON knows. Its schema is the border:
// signals and findings are both read by it.
import { z } from "zod";
import { ENTITY_TYPES } from "../detector.ts";
import type { Anomaly, Driver, Picture } from "./anomaly.ts";
import { type DetectorWords, driverParts, explainAnomaly, wordOf } from "./explanation.ts";
import { isCalendarTime } from "./guarded.ts";
import type { AnomalyLanguage } from "./messages.ts";

const DRIVERS_MAX = 8;
const NAME_CHARACTERS_MAX = 100;
/** Of longer series the newest are kept. */
const POINTS_MAX = 120;
/** Beyond what any calibration knows. */
const TAIL_MIN = 1e-300;
const DIGITS = 4;

// A gap is null: JSON has neither NaN nor infinity.
const series = z.array(z.number().nullable()).readonly();

export const toldAnomalySchema = z.object({
  /** As in `Anomaly`. */
  detector: z.string(),
  kind: z.string(),
  entity: z.object({ type: z.enum(ENTITY_TYPES), value: z.string() }).readonly(),
  /** The window that was looked at, milliseconds since 1970 UTC. */
  from: z.number(),
  time: z.number(),
  /** How probable something at least as unusual is where nothing is wrong. */
  tail: z.number(),
  /** In the language of the installation's summaries. */
  sentence: z.string(),
  /** The largest share first; texts in the same language. */
  drivers: z
    .array(
      z
        .object({
          feature: z.string(),
          name: z.string(),
          seen: z.string(),
          /** Missing: never seen at all. */
          expected: z.string().optional(),
          limit: z.string().optional(),
          against: z.enum(["own", "peers", "all"]),
          /** 0 to 1. */
          share: z.number(),
        })
        .readonly(),
    )
    .readonly(),
  picture: z
    .object({
      name: z.string(),
      /** Time of the first value, milliseconds since 1970 UTC, and the distance of two. */
      from: z.number(),
      stepMs: z.number(),
      values: series,
      low: series,
      high: series,
    })
    .readonly()
    .optional(),
});
export type ToldAnomaly = z.infer<typeof toldAnomalySchema>;

export function toldAnomaly(
  anomaly: Anomaly,
  words: DetectorWords,
  language: AnomalyLanguage,
): ToldAnomaly {
  const { detector, kind, entity, from, time, tail } = anomaly;
  const picture = anomaly.picture && toldPicture(anomaly.picture, words);
  return {
    ...{ detector: short(detector), kind: short(kind) },
    entity: { type: entity.type, value: short(entity.value) },
    ...{ from: dated(from), time: dated(time) },
    tail: Math.max(TAIL_MIN, Math.min(1, finite(tail, 1))),
    sentence: explainAnomaly(anomaly, words, language),
    drivers: anomaly.drivers
      .slice(0, DRIVERS_MAX)
      .map((driver) => toldDriver(driver, words, language)),
    ...(picture === undefined ? {} : { picture }),
  };
}

function toldDriver(driver: Driver, words: DetectorWords, language: AnomalyLanguage) {
  const { feature, against, share } = driver;
  const { seen, expected, limit } = driverParts(driver, language);
  return {
    ...{ feature: short(feature), name: nameOf(feature, words), seen },
    ...(expected === undefined ? {} : { expected }),
    ...(limit === undefined ? {} : { limit }),
    ...{ against, share: Math.max(0, Math.min(1, finite(share, 0))) },
  };
}

function toldPicture(picture: Picture, words: DetectorWords): ToldAnomaly["picture"] {
  const { feature, from, stepMs, values, low, high } = picture;
  const first = Math.max(0, values.length - POINTS_MAX);
  const begin = from + first * stepMs;
  const end = begin + values.length * stepMs;
  const isDated = isCalendarTime(begin) && isCalendarTime(end);
  if (values.length === 0 || !isDated || !(stepMs > 0)) return undefined;
  const newest = (all: readonly number[]) => all.slice(first, values.length).map(rounded);
  return {
    ...{ name: nameOf(feature, words), from: begin, stepMs },
    ...{ values: newest(values), low: newest(low), high: newest(high) },
  };
}

function nameOf(feature: string, words: DetectorWords): string {
  return wordOf(words.features, feature) ?? short(feature);
}

function short(text: string): string {
  return text.slice(0, NAME_CHARACTERS_MAX);
}

/** A time that no calendar has can't be written as a date by whoever reads it. */
function dated(time: number): number {
  return isCalendarTime(time) ? time : 0;
}

function finite(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise;
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}
