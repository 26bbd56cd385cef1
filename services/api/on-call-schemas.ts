// The shapes of duty as they cross the HTTP border. People are shown by their configured name; how they are
// reached stays in the configuration.
import { z } from "zod";
import { dutyOverrideSchema } from "../store/duty-override.ts";

const WEEKS = 4;
const WEEKS_MAX = 12;
const NAME_CHARS_MAX = 64;
const REASON_CHARS_MAX = 500;

const name = z.string().min(1).max(NAME_CHARS_MAX);
const span = { from: z.number(), until: z.number() };
const person = z.object({
  /** Configured name. */
  id: z.string(),
  /** As it is shown. */
  name: z.string(),
});

const dutyShift = z.object({
  person,
  ...span,
  /** The override that put this person on duty. */
  override: z.string().optional(),
});

const schedule = {
  id: z.string(),
  title: z.string(),
  /** IANA zone. */
  timeZone: z.string(),
};

/** Who is on duty; missing: nobody. */
export const onCallAnswer = z.object({
  at: z.number(),
  schedules: z.array(
    z.object({
      ...schedule,
      now: dutyShift.optional(),
      /** The next change: to whom; `person` is missing where nobody follows. */
      next: z.object({ at: z.number(), person: person.optional() }).optional(),
      /** Whether somebody need be on duty now. */
      isGap: z.boolean(),
    }),
  ),
  /** All who can be put on duty. */
  people: z.array(person),
});

export const shiftsQuery = z.object({
  weeks: z.coerce.number().int().min(1).max(WEEKS_MAX).default(WEEKS),
});

export const shiftsAnswer = z.object({
  ...span,
  schedules: z.array(
    z.object({
      ...schedule,
      shifts: z.array(dutyShift),
      /** Nobody is on duty although somebody should be. */
      gaps: z.array(z.object(span)),
    }),
  ),
});

export const overrideBody = z.strictObject({
  schedule: name,
  person: name,
  /** ms UTC; half-open [from, until). */
  from: z.number().int(),
  until: z.number().int(),
  reason: z.string().trim().min(1).max(REASON_CHARS_MAX),
});

export const overrideAnswer = dutyOverrideSchema
  .omit({ tenant: true })
  .extend({ state: z.enum(["planned", "running", "over"]), personName: z.string() });
export type OverrideAnswer = z.infer<typeof overrideAnswer>;

/** Newest first. */
export const overrideList = z.object({ at: z.number(), overrides: z.array(overrideAnswer) });

export const calendarBody = z.strictObject({
  schedule: name,
  /** Only this person's shifts. */
  person: name.optional(),
});

const calendarFeed = z.object({
  id: z.string(),
  schedule: z.string(),
  person: z.string().optional(),
  createdAt: z.number(),
});
export const calendarList = z.object({ calendars: z.array(calendarFeed) });
/** `path` belongs behind the address of the console; it holds a secret. */
export const newCalendarAnswer = calendarFeed.extend({ path: z.string() });
