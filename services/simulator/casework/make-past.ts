// The past of the simulated county: a quarter of alarms and incidents in full, and a year before it in little,
// as people worked on them, until local midnight of today. The same seed gives the same diary.
import { createRandom } from "../random.ts";
import { everydayAlarms } from "./everyday.ts";
import { inOrder, type PastStep } from "./past.ts";
import { drawTeam } from "./scenery.ts";
import { sideSteps } from "./side-steps.ts";
import { QUARTER_STORIES } from "./stories.ts";
import { tellStory } from "./tell-story.ts";
import { drawYear } from "./year.ts";

export interface PastOptions {
  readonly seed: string;
  /** Local midnight of today, ms UTC: nothing of the past lies behind it. */
  readonly until: number;
}

/** What happened, in the order of time. What would have come after today has not happened yet. */
export function makePast({ seed, until }: PastOptions): PastStep[] {
  const random = createRandom(`${seed}/casework`);
  const team = drawTeam(random.fork("team"));
  const everyday = everydayAlarms(random.fork("everyday"), seed, team, until);
  const stories = [...drawYear(random.fork("year")), ...QUARTER_STORIES];
  const told = stories.flatMap((story) => tellStory(random, seed, team, until, story));
  const side = sideSteps({ random: random.fork("side"), seed, team, until, everyday, told });
  return inOrder([...everyday, ...told, ...side]).filter(({ at }) => at < until);
}
