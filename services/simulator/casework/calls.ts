// Calls of a language model in the past, as their log would have them: most answers held, some did not, and a
// few never came. No model was asked; the log says so in the model's name.
import type { Random } from "../random.ts";
import { MINUTE, SECOND } from "../world.ts";
import type { PastCall, PastStep } from "./past.ts";
import { DAY, QUARTER_DAYS } from "./span.ts";

/** One acknowledged alarm in so many is explained. */
const EXPLAINED_SHARE = 0.07;
const REPLACED_SHARE = 0.1;
const TIMEOUT_SHARE = 0.05;

export function callSteps({
  random,
  until,
  everyday,
  told,
}: {
  readonly random: Random;
  readonly until: number;
  readonly everyday: readonly PastStep[];
  readonly told: readonly PastStep[];
}): PastStep[] {
  const own = random.fork("calls");
  const begun = [...everyday, ...told].filter(
    (step) => step.kind === "acknowledge" && step.at > until - QUARTER_DAYS * DAY,
  );
  return begun.flatMap((step): PastStep[] => {
    const isTold = told.includes(step);
    if (step.kind !== "acknowledge" || !(isTold || own.chance(EXPLAINED_SHARE))) return [];
    const roll = own.next();
    const isLate = roll < TIMEOUT_SHARE;
    const outcome: PastCall["outcome"] = isLate
      ? "timeout"
      : roll < TIMEOUT_SHARE + REPLACED_SHARE
        ? "replaced"
        : "verified";
    const durationMs = isLate ? 60 * SECOND : own.int(3 * SECOND, 22 * SECOND);
    const at = step.at + durationMs;
    const claims = isLate ? 0 : own.int(4, 9);
    const dropped = outcome === "replaced" ? Math.ceil(claims * 0.6) : own.chance(0.2) ? 1 : 0;
    const decision =
      outcome === "verified" && own.chance(0.8)
        ? {
            state: own.chance(0.86) ? ("accepted" as const) : ("rejected" as const),
            at: Math.min(at + own.int(2, 20) * MINUTE, until),
          }
        : undefined;
    const call: PastCall = {
      ...{ id: own.hex(32), finding: step.finding, outcome, durationMs, claims },
      ...{ promptChars: own.int(2400, 9000), dropped: isLate ? 0 : dropped },
      ...(decision === undefined ? {} : { decision }),
    };
    return [{ at, by: "system", kind: "call", call }];
  });
}
