// Rows of hours, days, paging, alarms of models and done corrective actions, drawn over the weeks of a clock change: whole, but of no history.
import { FIGURE_SETS, type FigureRow, type FigureSet } from "../../../services/store/figure-row.ts";
import { randomOf } from "../../services/kpi/histories.ts";

const WEEKS_BEGIN = Temporal.PlainDate.from("2026-10-12");
const DAYS = 30;

/** None lies after `now`. */
export function drawnRows(tenant: string, timeZone: string, now: number): FigureRow[] {
  const random = randomOf(7);
  const measures = (set: FigureSet) =>
    Object.fromEntries(
      FIGURE_SETS[set].flatMap((name) =>
        // Some numbers don't exist, as a mean of nothing.
        random() < 0.2 ? [] : [[name, Math.floor(random() * 5000)] as const],
      ),
    );
  const rows: FigureRow[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    const midnight = WEEKS_BEGIN.add({ days: day }).toZonedDateTime(timeZone);
    const at = midnight.epochMilliseconds;
    rows.push({ tenant, set: "day", at, dimensions: {}, measures: measures("day") });
    for (const name of ["modell-1", "modell-2"]) {
      const dimensions = { per: "model", name, title: `Modell (${name})` };
      rows.push({ tenant, set: "alarm", at, dimensions, measures: measures("alarm") });
    }
    const corrected = { phase: "corrected", incident: `vorfall-${day}` };
    const correctiveS = Math.floor(random() * 1_000_000);
    rows.push({ tenant, set: "case", at, dimensions: corrected, measures: { correctiveS } });
    for (const priority of ["p1", "p2", "p3"]) {
      rows.push({
        tenant,
        set: "paging",
        at,
        dimensions: { priority },
        measures: measures("paging"),
      });
    }
    for (let hour = midnight; hour.toPlainDate().equals(midnight.toPlainDate()); ) {
      const dimensions = {
        hourOfDay: String(hour.hour).padStart(2, "0"),
        weekday: String(hour.dayOfWeek),
      };
      const moment = hour.epochMilliseconds;
      rows.push({ tenant, set: "hour", at: moment, dimensions, measures: measures("hour") });
      hour = hour.add({ hours: 1 });
    }
  }
  return rows.filter(({ at }) => at <= now);
}

/** What rows are drawn or not by. */
export function kindOf({ set, dimensions }: FigureRow): string {
  return [set, dimensions.per, dimensions.phase].join(" ");
}
