// When people of a small security team look at things: on working days in office hours. What comes at night
// waits for the morning, unless somebody is paged.
import { berlinHour, isDayOff } from "../../../detectors/anomaly/calendar.ts";
import { HOUR, MINUTE } from "../world.ts";

const FIRST_HOUR = 7;
const LAST_HOUR = 16;

/** Whether somebody is at work, ms UTC. */
export function isWorkTime(at: number): boolean {
  const hour = berlinHour(at);
  return !isDayOff(at) && hour >= FIRST_HOUR && hour < LAST_HOUR;
}

/** The moment by which so much working time has passed since `at`, ms UTC. */
export function afterWork(at: number, workMs: number): number {
  let left = workMs;
  let time = nextWork(at);
  for (;;) {
    const end = Math.floor(time / HOUR) * HOUR + HOUR;
    if (time + left < end) return time + left;
    left -= end - time;
    time = nextWork(end);
  }
}

/** `at` itself where somebody is at work then, else a little after the beginning of the next working hours. */
function nextWork(at: number): number {
  if (isWorkTime(at)) return at;
  let hour = Math.floor(at / HOUR) * HOUR + HOUR;
  while (!isWorkTime(hour)) hour += HOUR;
  // Nobody looks at everything at once: what waited over night is spread by its own minute.
  return hour + (at % HOUR) / 4 + 5 * MINUTE;
}
