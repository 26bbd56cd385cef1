// Public holidays of Lower Saxony (NFeiertagsG), the ones that anomalies are judged by as well.
import { isHoliday as isHolidayOn } from "../../../detectors/anomaly/calendar.ts";

const DAY_MS = 86_400_000;

/** Whether a date is a public holiday. */
export function isHoliday(date: Temporal.PlainDate): boolean {
  return isHolidayOn(date.toZonedDateTime("UTC").epochMilliseconds / DAY_MS);
}
