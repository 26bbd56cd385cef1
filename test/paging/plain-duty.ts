// Who is on duty and when quiet hours end, read plainly off the clock on the wall: the judge's own reckoning,
// which shares nothing with the product but the settings that it was written for.
import { TIME_ZONE } from "./settings.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WEEKLY = ["erste", "zweite", "dritte"] as const;
const NIGHTLY = ["dritte", "erste"] as const;
const FIRST_MONDAY = Date.UTC(2026, 9, 5) / DAY_MS;
const FIRST_NIGHT = Date.UTC(2026, 9, 1) / DAY_MS;

const format = new Intl.DateTimeFormat("sv-SE", {
  ...{ timeZone: TIME_ZONE, dateStyle: "short", timeStyle: "medium" },
});

/** Day since 1970 and minute of the day, as clocks in Berlin show them. */
function wall(at: number): { readonly day: number; readonly minute: number } {
  const [date = "", time = ""] = format.format(at).split(" ");
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return { day: Date.parse(`${date}T00:00:00Z`) / DAY_MS, minute: hours * 60 + minutes };
}

export function plainDuty(at: number): string {
  const { day, minute } = wall(at);
  const weekday = (day + 4) % 7;
  const isNight = (weekday === 0 || weekday === 6) && minute < 6 * 60;
  if (isNight) {
    const turns = day - FIRST_NIGHT - (minute < 3 * 60 ? 1 : 0);
    return NIGHTLY[turns % 2] ?? "";
  }
  const days = day - FIRST_MONDAY - (minute < 8 * 60 ? 1 : 0);
  return WEEKLY[Math.floor(days / 7) % 3] ?? "";
}

/** The same moment, or the end of the quiet hours in which it lies: 22:00 to 06:00. */
export function plainlyAwake(at: number): number {
  const isQuiet = (moment: number) => {
    const { minute } = wall(moment);
    return minute >= 22 * 60 || minute < 6 * 60;
  };
  if (!isQuiet(at)) return at;
  let moment = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  while (isQuiet(moment)) moment += MINUTE_MS;
  return moment;
}
