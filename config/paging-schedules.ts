// Schedules of duty as they are configured: layers of people who take turns, with the hours in which a layer
// counts. The layer that stands last wins; holidays are those of Lower Saxony.
import { z } from "zod";

const LAYERS_MAX = 20;
const PEOPLE_MAX = 50;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "eine Uhrzeit wie 17:00");
const localMoment = z
  .string()
  .regex(
    /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d$/,
    "Tag und Uhrzeit wie 2026-11-02T08:00",
  );

/** When a layer counts within the week; missing parts leave nothing out. */
const hoursSchema = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1).optional(),
  from: clockTime.default("00:00"),
  /** Not after `from`: on the next day. */
  until: clockTime.default("00:00"),
  /** `only`: on holidays alone, whatever their weekday; `never`: not on holidays. */
  holidays: z.enum(["only", "never"]).optional(),
});

const layerSchema = z.strictObject({
  /** In the order of their turns; one person needs no turns. */
  people: z.array(z.string().min(1).max(64)).min(1).max(PEOPLE_MAX),
  /** Local time at which the first person's first turn begins; turns change at this time of day. */
  begins: localMoment,
  /** Length of a turn in calendar days: it changes at the same local time, also over a change of clocks. */
  turnDays: z.number().int().min(1).max(366).default(7),
  /** Any of them; missing: always. */
  hours: z.array(hoursSchema).min(1).max(20).optional(),
});

export const scheduleSchema = z.strictObject({
  title: z.string().min(1).max(100),
  /** Missing: the tenant's. */
  timeZone: z.string().optional(),
  layers: z.array(layerSchema).min(1).max(LAYERS_MAX),
  /** Hours in which nobody need be on duty; the check leaves them out. Missing: none. */
  uncovered: z.array(hoursSchema).max(20).default([]),
});
export type Schedule = Readonly<z.infer<typeof scheduleSchema>>;
export type Layer = Schedule["layers"][number];
export type DutyHours = z.infer<typeof hoursSchema>;
