// How suspicious a regular pair is: regularity of pauses and sizes speak for a programme, a destination that
// others reach too, or that has long been known, speaks against one that was smuggled in.
import type { Driver } from "../../anomaly/anomaly.ts";
import { type Regularity, USUAL_DEVIATION } from "./contacts.ts";

export interface Rarity {
  /** Different sources of the destination. */
  readonly prevalence: number;
  /** Different sources of all destinations. */
  readonly sources: number;
  /** For how long the destination has been known at least, milliseconds. */
  readonly knownForMs: number;
}

export interface Suspicion {
  /** Without a unit; people's traffic lies around 0 and below, clockwork to a lone destination at 5 to 8. */
  readonly score: number;
  readonly drivers: readonly Driver[];
}

const DAY_MS = 86_400_000;
/** What a destination that the whole administration reaches loses: more than any regularity can give. */
const COMMON_LOSS = 6;
/** So many sources are enough to call a share of them common. */
const SOURCES_MIN = 10;
/** What has called the same place for weeks is no news; yet who was overlooked for a month must not vanish by it. */
const AGE_WEIGHT = 1;
const AGE_DAYS = 3;
/** Within the first day age tells nothing. */
const AGE_FREE_DAYS = 1;

export function suspicionOf(regularity: Regularity, rarity: Rarity): Suspicion {
  const pauses = -Math.log(regularity.pauseDeviation / USUAL_DEVIATION);
  const sizes = -Math.log(regularity.sizeDeviation / USUAL_DEVIATION);
  const others = Math.max(0, rarity.prevalence - 1);
  // In a county a service of hundreds is common, in a small town hall one of half the machines.
  const common = Math.max(
    Math.log(Math.max(1, rarity.prevalence)),
    (COMMON_LOSS * others) / Math.max(SOURCES_MIN, rarity.sources),
  );
  const days = Math.max(0, rarity.knownForMs / DAY_MS - AGE_FREE_DAYS);
  const age = AGE_WEIGHT * Math.log1p(days / AGE_DAYS);
  const rare = Math.max(0, 2 - common);
  const whole = Math.max(0, pauses) + Math.max(0, sizes) + rare || 1;
  const drivers: Driver[] = [
    {
      feature: "beacon.pause_deviation",
      seen: rounded(regularity.pauseDeviation),
      expected: USUAL_DEVIATION,
      against: "all",
      share: Math.max(0, pauses) / whole,
    },
    {
      feature: "beacon.size_deviation",
      seen: rounded(regularity.sizeDeviation),
      expected: USUAL_DEVIATION,
      against: "all",
      share: Math.max(0, sizes) / whole,
    },
    {
      feature: "beacon.sources_of_destination",
      seen: rarity.prevalence,
      expected: rarity.sources,
      against: "peers",
      share: rare / whole,
    },
  ];
  drivers.sort((a, b) => b.share - a.share);
  return { score: pauses + sizes - common - age, drivers };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
