// Hosts of our own making that run jobs and write about them, from a seed. What ends a job depends on how it
// began, several sentences before; in odd jobs it does not, though each sentence follows one that it often follows.
import { pick, type Random, seededRandom } from "../../../../detectors/network/dga/seeded.ts";
import type { LogLine } from "../../../../detectors/templates/stream/log-stream.ts";

type Oddity = "end_of_another" | "check_left_out";

export interface DrawnLine extends LogLine {
  /** Number of the odd job that the line belongs to, and what is odd of it. */
  readonly odd: { readonly job: number; readonly oddity: Oddity } | undefined;
}

export interface DrawnJobs {
  readonly lines: number;
  /** Share of jobs that are odd. */
  readonly oddShare: number;
  readonly from: number;
}

const HOSTS = 8;
const SOURCE = "jobs";
const STEP_MS = 20_000;
const PROGRAMS = ["backup", "mirror", "report"] as const;
const VARIANTS = ["daily", "weekly", "monthly"] as const;
/** Parts that jobs of all variants have in common. */
const MIDDLE = ["opens the volume", "reads the list of", "copies blocks of", "closes the volume"];
/** Checks that a variant makes, in a row. */
const CHECKS: Readonly<Record<(typeof VARIANTS)[number], number>> = {
  ...{ daily: 1, weekly: 2, monthly: 2 },
};
const VARIANTS_OF_TWO_CHECKS = ["weekly", "monthly"] as const;
const NOISE = [
  "clock is in step",
  "battery is full",
  "lease was renewed for",
  "cache was trimmed by",
];
const NOISE_SHARE = 0.06;
/** A volume is busy so often, and opened once more. */
const RETRY_SHARE = 0.02;

/** Lines of all hosts in the order of time; the same seed gives the same lines. */
export function drawJobs(seed: number, { lines, oddShare, from }: DrawnJobs): DrawnLine[] {
  const random = seededRandom(seed);
  const perHost = Math.ceil(lines / HOSTS);
  let job = 0;
  const all = Array.from({ length: HOSTS }, (_, host) => {
    const said: DrawnLine[] = [];
    while (said.length < perHost) {
      const isOdd = random() < oddShare;
      const oddity = isOdd ? pick<Oddity>(random, ["end_of_another", "check_left_out"]) : undefined;
      job += 1;
      for (const { sentence, isNoise } of jobOf(random, oddity)) {
        const time = from + said.length * STEP_MS + host * 100;
        said.push({
          ...{ id: `${seed}.${host}.${said.length}`, time, source: SOURCE, host: `srv${host}` },
          message: `${sentence} ${Math.floor(random() * 1000)}`,
          odd: oddity === undefined || isNoise ? undefined : { job, oddity },
        });
      }
    }
    return said.slice(0, perHost);
  });
  return all.flat().sort((a, b) => a.time - b.time);
}

function jobOf(random: Random, oddity: Oddity | undefined) {
  const program = pick(random, PROGRAMS);
  const variant =
    oddity === "check_left_out" ? pick(random, VARIANTS_OF_TWO_CHECKS) : pick(random, VARIANTS);
  const others = VARIANTS.filter((one) => one !== variant);
  const ending =
    oddity === "end_of_another" ? (others[Math.floor(random() * 2)] ?? variant) : variant;
  const checks = CHECKS[variant] - (oddity === "check_left_out" ? 1 : 0);
  const said: { sentence: string; isNoise: boolean }[] = [];
  const say = (sentence: string) => {
    said.push({ sentence: `${program} ${sentence}`, isNoise: false });
    if (random() < NOISE_SHARE)
      said.push({ sentence: NOISE[Math.floor(random() * NOISE.length)] ?? "", isNoise: true });
  };
  say(`begins the ${variant} run of`);
  for (const [at, part] of MIDDLE.entries()) {
    if (at === 0) while (random() < RETRY_SHARE) say("waits for the volume of");
    say(part);
    if (at === 2) for (let check = 0; check < checks; check += 1) say("compares the sums of");
  }
  say(`ends the ${ending} run of`);
  return said;
}
