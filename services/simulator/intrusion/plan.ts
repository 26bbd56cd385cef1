// The course of an intrusion: from the first mail in the morning to the encryption late in the evening.
// One variant of each step is drawn; the pauses between them are drawn too.
import type { PlannedStep } from "../truth.ts";
import { HOUR, MINUTE, type World, withRandom, withStep } from "../world.ts";
import { EVASION, EXFILTRATION } from "./departure.ts";
import { DOMAIN_RULE } from "./domain.ts";
import { OPENING, PHISHING } from "./entry.ts";
import { CONTROL, PERSISTENCE } from "./foothold.ts";
import { BACKUPS, ENCRYPTION } from "./impact.ts";
import { LATERAL } from "./lateral.ts";
import { CREDENTIALS, DISCOVERY } from "./reconnaissance.ts";
import { drawScene, type Scene, type Step } from "./scene.ts";
import { BEACON, LARGE_UPLOAD, ODD_LOGON, RARE_PARENT, SHARE_SPREE } from "./subtle.ts";

/**
 * Puts a whole intrusion on the clock (about a thousand records, bounded by the variants) and tells
 * `plan` each step.
 */
export function scheduleIntrusion(world: World, plan: (step: PlannedStep) => void): void {
  const own = withRandom(world, "intrusion");
  const { random } = own;
  const scene = drawScene(own);
  const take = (step: Step, time: number, variant = random.int(0, step.variants.length - 1)) =>
    takeStep(own, scene, step, variant, time, plan);
  const pause = (from: number, to: number) => random.int(from, to) * MINUTE;

  const arrival = own.dayStart + 8 * HOUR + pause(0, 120);
  // The attachment decides how it is opened: both steps list their variants in the same order.
  const kind = random.int(0, PHISHING.variants.length - 1);
  let time = take(PHISHING, arrival, kind);
  time = take(OPENING, time + pause(2, 35), kind);
  time = take(CONTROL, time + pause(1, 4));
  take(BEACON, time + pause(1, 3));
  time = take(PERSISTENCE, time + pause(2, 12));
  time = take(DISCOVERY, time + pause(10, 45));
  take(RARE_PARENT, time + pause(3, 25));
  time = take(CREDENTIALS, time + pause(10, 50));
  take(SHARE_SPREE, time + pause(4, 20));
  time = take(LATERAL, time + pause(30, 80));
  time = take(DOMAIN_RULE, time + pause(20, 70));
  take(ODD_LOGON, time);
  time = Math.max(time, own.dayStart + 18 * HOUR);
  time = take(EVASION, time + pause(10, 40));
  time = take(EXFILTRATION, time + pause(10, 30));
  time = take(LARGE_UPLOAD, time + pause(1, 10));
  time = take(BACKUPS, time + pause(5, 25));
  take(ENCRYPTION, time + pause(3, 20));
}

function takeStep(
  world: World,
  scene: Scene,
  step: Step,
  index: number,
  time: number,
  plan: (step: PlannedStep) => void,
): number {
  const variant = step.variants[index];
  if (variant === undefined) return time;
  plan({
    id: step.id,
    tactic: step.tactic,
    technique: variant.technique,
    title: variant.title,
    host: variant.host(scene).fqdn,
    account: variant.account(scene).name,
    knownToRules: step.knownToRules,
  });
  return variant.run(withStep(world, step.id), scene, time);
}
