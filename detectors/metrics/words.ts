// The words of the metric detector: what its kinds and features are called. Typed by its German half.
import type { AnomalyLanguage } from "../anomaly/messages.ts";

/** Why something is said of a metric or a host. */
export type MetricKind = "value_high" | "value_low" | "unrest" | "pattern" | "silence" | "host_mix";

interface Words {
  readonly features: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<MetricKind, string>>;
}

const de: Words = {
  features: {},
  kinds: {
    value_high: "eine Messreihe liegt höher als zu dieser Zeit üblich",
    value_low: "eine Messreihe liegt niedriger als zu dieser Zeit üblich",
    unrest: "eine Messreihe schwankt anders als sonst",
    pattern: "eine Messreihe zeigt einen Verlauf, den sie bisher nie hatte",
    silence: "Messreihen sind verstummt",
    host_mix: "die Messreihen passen nicht zueinander wie sonst",
  },
};

const en: Words = {
  features: {},
  kinds: {
    value_high: "a series is higher than usual at this time",
    value_low: "a series is lower than usual at this time",
    unrest: "a series varies in another way than usual",
    pattern: "a series takes a course that it never took before",
    silence: "series have fallen silent",
    host_mix: "the series do not fit each other as usual",
  },
};

/** Features are the names of the metrics themselves. */
export const metricWords: Readonly<Record<AnomalyLanguage, Words>> = { de, en };
