// What a process tells of the rules that it works with: by their fingerprint it is seen whether all
// processes work with the same ones. Made in turns beside the stream.
import type { Logger } from "pino";
import type { Detection } from "./detection.ts";
import type { LiveRules } from "./live-rules.ts";
import type { RuleState } from "./process-status.ts";
import { createPace } from "./rules/pace.ts";
import { fingerprintOf } from "./rules/rule-change.ts";

/** Follows the rules; undefined until the first ones are read through. */
export function trackRuleState(
  rules: Pick<LiveRules, "current" | "onSwap">,
  logger: Logger,
): () => RuleState | undefined {
  let state: RuleState | undefined;
  let turns = 0;
  const read = async (detection: Detection): Promise<void> => {
    turns += 1;
    const turn = turns;
    try {
      const fingerprint = await fingerprintOf(detection.rules, createPace());
      // Other rules may have come meanwhile.
      if (turn !== turns) return;
      const faults = detection.rules.faults.length + detection.faults.length;
      state = { fingerprint, rules: detection.engine.rules.length, faults };
    } catch (error) {
      logger.error({ err: error }, "the rules could not be told apart");
    }
  };
  const follow = (detection: Detection) => {
    void read(detection);
  };
  rules.onSwap(follow);
  follow(rules.current);
  return () => state;
}
