// The shapes of exceptions and maintenance windows as they cross the HTTP border.
import { z } from "zod";
import { matchersSchema } from "../../config/matcher.ts";
import { EXCEPTION_DAYS_MAX, EXCEPTION_STATES } from "../cases/exception.ts";
import { MAINTENANCE_STATES } from "../cases/maintenance.ts";
import { consentSchema } from "../store/consent.ts";
import { exceptionSchema } from "../store/exception.ts";
import { maintenanceSchema, recurrenceSchema } from "../store/maintenance.ts";
import { findingRow } from "./schemas.ts";

const REASON_CHARS_MAX = 500;
const ID_CHARS_MAX = 512;

const reason = z.string().trim().min(1).max(REASON_CHARS_MAX);
const id = z.string().min(1).max(ID_CHARS_MAX);

/** Times in ms UTC, compared with the time at which signals are raised. */
export const exceptionBody = z.strictObject({
  /** A finding that is judged a false positive; the exception is about its detector alone. */
  finding: id,
  matchers: matchersSchema,
  /** By default now; up to a week ago, to take out of the queue what is in it already. */
  from: z.number().int().optional(),
  days: z.number().int().min(1).max(EXCEPTION_DAYS_MAX).optional(),
  reason,
  /** Account that answers for it; by default the one that asks. */
  owner: id.optional(),
});

export const exceptionPreviewBody = exceptionBody.pick({
  finding: true,
  matchers: true,
  from: true,
});

export const withdrawBody = z.strictObject({ reason });

export const agreeBody = z.strictObject({});

const hiddenCount = {
  /** Findings that are out of the queue because of it. */
  findings: z.number().int(),
};

export const exceptionAnswer = exceptionSchema
  .omit({ tenant: true })
  .extend({ state: z.enum(EXCEPTION_STATES), ...hiddenCount });
export type ExceptionAnswer = z.infer<typeof exceptionAnswer>;

export const exceptionList = z.object({
  at: z.number(),
  exceptions: z.array(exceptionAnswer),
  /** There are older ones. */
  truncated: z.boolean(),
});

/** What would have been hidden among the findings of the last 30 days. */
export const hiddenPreview = z.object({
  days: z.number().int(),
  findings: z.number().int(),
  signals: z.number().int(),
  /** Open findings that leave the queue at once. */
  leaving: z.number().int(),
  /** Critical findings among them. */
  critical: z.number().int(),
  /** Every finding judged true positive, now or once; the newest first. */
  truePositives: z.array(findingRow),
  /** The newest ones. */
  examples: z.array(findingRow),
  /** There are more findings than were counted; of true positives none is left out. */
  truncated: z.boolean(),
  /** Why a second person would have to agree; empty: nobody. */
  needs: consentSchema.shape.needs,
});

export const maintenanceBody = z.strictObject({
  matchers: matchersSchema,
  /** Half-open [from, until); of the whole series where it repeats. */
  from: z.number().int(),
  until: z.number().int(),
  /** On the clock of the tenant. */
  repeat: recurrenceSchema.optional(),
  reason,
  owner: id.optional(),
});

export const maintenancePreviewBody = maintenanceBody
  .pick({ matchers: true })
  .extend({ from: z.number().int().optional() });

export const endMaintenanceBody = z.strictObject({
  /** As if it had never been planned: what it hid comes back. Otherwise it ends now. */
  withdraw: z.boolean().default(false),
});

export const maintenanceAnswer = maintenanceSchema.omit({ tenant: true }).extend({
  state: z.enum(MAINTENANCE_STATES),
  /** The turn that runs or comes next; missing when there is none any more. */
  next: z.object({ from: z.number(), until: z.number() }).optional(),
  ...hiddenCount,
});
export type MaintenanceAnswer = z.infer<typeof maintenanceAnswer>;

export const maintenanceList = z.object({
  at: z.number(),
  maintenance: z.array(maintenanceAnswer),
  truncated: z.boolean(),
});
