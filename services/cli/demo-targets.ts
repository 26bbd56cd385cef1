// Targets of the five KPIs for the simulated county, as a resolution would set them: milder ones from two years
// before, stricter ones from half a year before, so that the page, the boards and the report measure something.
import type { KpiTarget } from "../../config/kpi.ts";

const BEFORE = { years: 2 };
const STRICTER = { months: 6 };

/** @param now ms UTC */
export function demoTargets(now: number): KpiTarget[] {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(now))
    .toZonedDateTimeISO("Europe/Berlin")
    .toPlainDate();
  const firstOfMonth = (back: Temporal.DurationLike) =>
    today.subtract(back).with({ day: 1 }).toString();
  return [
    {
      ...{ validFrom: firstOfMonth(BEFORE), reason: "Simulierter Beschluss" },
      ...{ correctiveHours: 960, identificationHours: 96, recoveryHours: 96 },
      ...{ falseAlarmsPerIncident: 60, containedShare: 0.4 },
    },
    {
      ...{ validFrom: firstOfMonth(STRICTER), reason: "Simulierter Beschluss, strenger" },
      ...{ correctiveHours: 600, identificationHours: 48, recoveryHours: 72 },
      ...{ falseAlarmsPerIncident: 20, containedShare: 0.6 },
    },
  ];
}
