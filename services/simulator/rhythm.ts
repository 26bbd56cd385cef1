// When things happen: hourly weights of a working day, and a driver that lets an activity happen at
// random times that follow them (thinning of a Poisson process).
import { HOUR, type World, withRandom } from "./world.ts";

/** 24 weights, one for each local hour; only their proportions count. */
export type Rhythm = readonly number[];

export const OFFICE: Rhythm = [
  0, 0, 0, 0, 0, 0.05, 0.5, 2.2, 4, 4.6, 4.4, 3.8, 2.4, 3, 3.8, 3.2, 2.1, 1, 0.3, 0.1, 0.05, 0.02,
  0, 0,
];
export const ROUND_THE_CLOCK: Rhythm = Array<number>(24).fill(1);
export const NIGHT: Rhythm = [
  4, 4, 3, 2, 1, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 2, 4, 4, 4,
];
/** Citizens on the web: through the day, with an evening. */
export const CITIZENS: Rhythm = [
  0.4, 0.2, 0.1, 0.1, 0.2, 0.5, 1.2, 2.4, 3.6, 4, 4, 3.6, 3, 3.2, 3.4, 3.3, 3, 2.8, 2.8, 2.9, 2.6,
  2, 1.3, 0.7,
];
/** Administrators: office hours and a little in the evening. */
export const ADMINISTRATORS: Rhythm = [
  0, 0, 0, 0, 0, 0, 0.6, 2, 3.5, 4, 4, 3.4, 2, 3, 3.5, 3, 2, 0.8, 0.4, 0.3, 0.2, 0.1, 0, 0,
];

/** Something that happens now and then. */
export interface Activity {
  readonly name: string;
  /** Mean number of times a day. */
  readonly perDay: number;
  readonly rhythm: Rhythm;
  readonly run: (world: World, time: number) => void;
}

/** Puts an activity on the clock for one day. */
export function schedule(world: World, activity: Activity, scale: number): void {
  const own = withRandom(world, activity.name);
  const total = activity.rhythm.reduce((sum, weight) => sum + weight, 0);
  const highest = Math.max(...activity.rhythm);
  const perDay = activity.perDay * scale;
  if (perDay <= 0) return;
  const meanGap = (HOUR * total) / (perDay * highest);
  const end = world.dayStart + 24 * HOUR;
  const draw = (time: number) => {
    let next = time;
    for (;;) {
      next += own.random.exponential(meanGap);
      if (next >= end - 1) return;
      const weight = activity.rhythm[Math.floor((next - world.dayStart) / HOUR)] ?? 0;
      if (own.random.next() * highest < weight) break;
    }
    const chosen = Math.ceil(next);
    own.at(chosen, () => {
      activity.run(own, chosen);
      draw(chosen);
    });
  };
  draw(world.dayStart);
}
