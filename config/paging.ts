// Who is called, when and how, when a finding can't wait: people with their ways of being reached, schedules
// of duty, policies of escalation, and which priority takes which policy. Each tenant has its own.
import { z } from "zod";
import { channelsSchema } from "./paging-channels.ts";
import { scheduleSchema } from "./paging-schedules.ts";
import { TENANT_NAME } from "./tenant-name.ts";

/** `p1` can't wait a minute; `p4` waits for the digest. */
export const PRIORITIES = ["p1", "p2", "p3", "p4"] as const;
export type Priority = (typeof PRIORITIES)[number];

const MINUTES_MAX = 24 * 60;
const STEPS_MAX = 20;
const REPEATS_MAX = 20;
const TARGETS_MAX = 20;

/** Names of people, schedules, policies and channels within the configuration. */
const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "nur Kleinbuchstaben, Ziffern und Bindestriche");
const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "eine Uhrzeit wie 07:30");

/** One way to reach somebody: a channel and the address there. */
const contactSchema = z.strictObject({
  channel: name,
  /** Mail address, telephone number, Matrix user or room …; missing where the channel has one receiver. */
  to: z.string().min(1).max(254).optional(),
  /** Only for these priorities; missing: for all. */
  priorities: z.array(z.enum(PRIORITIES)).min(1).optional(),
  /** How long after a step begins this way is taken when nobody has answered. */
  afterMinutes: z.number().min(0).max(MINUTES_MAX).default(0),
});
export type Contact = Readonly<z.infer<typeof contactSchema>>;

const personSchema = z.strictObject({
  /** Shown in the console and the calendar; a role serves as well as a name. */
  name: z.string().min(1).max(100),
  /** Account of the console whose work counts as an answer. */
  account: z.string().min(1).max(200).optional(),
  language: z.enum(["de", "en"]).default("de"),
  contacts: z.array(contactSchema).min(1).max(10),
});

const targetSchema = z.union([
  z.strictObject({ person: name }),
  /** Whoever is on duty there. */
  z.strictObject({ schedule: name }),
  /** A room, a higher SOC: nobody in particular. */
  z.strictObject({ channel: name, to: z.string().min(1).max(254).optional() }),
]);
export type Target = Readonly<z.infer<typeof targetSchema>>;

const stepSchema = z.strictObject({
  /** After the step before (the first: after the finding was raised), when nobody has acknowledged. */
  afterMinutes: z.number().min(0).max(MINUTES_MAX).default(0),
  to: z.array(targetSchema).min(1).max(TARGETS_MAX),
});

const policySchema = z.strictObject({
  steps: z.array(stepSchema).min(1).max(STEPS_MAX),
  /** How often all steps are gone through again. */
  repeats: z.number().int().min(0).max(REPEATS_MAX).default(3),
  repeatAfterMinutes: z.number().min(1).max(MINUTES_MAX).default(15),
  /** An acknowledged page without any action on the finding is taken up again after this; 0: never. */
  actionWithinMinutes: z.number().min(0).max(MINUTES_MAX).default(30),
});
export type Policy = Readonly<z.infer<typeof policySchema>>;

const quietHoursSchema = z.strictObject({
  /** Local time of the tenant; over midnight where `until` is the earlier one. */
  from: clockTime,
  until: clockTime,
  /** Never for `p1`. */
  priorities: z
    .array(z.enum(["p2", "p3", "p4"]))
    .min(1)
    .default(["p3"]),
});

const routeSchema = z.union([
  z.strictObject({ policy: name }),
  /** Told once a day with the others. */
  z.strictObject({ digest: z.literal(true) }),
  z.strictObject({ none: z.literal(true) }),
]);

export const tenantPagingSchema = z.strictObject({
  people: z.record(name, personSchema),
  schedules: z.record(name, scheduleSchema).default({}),
  policies: z.record(name, policySchema),
  /** What happens with findings of a priority. */
  routes: z.strictObject({
    p1: routeSchema,
    p2: routeSchema,
    p3: routeSchema.default({ digest: true }),
    p4: routeSchema.default({ none: true }),
  }),
  /** Scores from which on a finding has a priority; one on a critical host is raised by one. */
  scores: z
    .strictObject({
      p1: z.number().min(0).max(100).default(80),
      p2: z.number().min(0).max(100).default(60),
      p3: z.number().min(0).max(100).default(40),
    })
    .prefault({}),
  quietHours: z.array(quietHoursSchema).max(10).default([]),
  digest: z
    .strictObject({ at: clockTime.default("07:30"), to: z.array(targetSchema).min(1).max(20) })
    .optional(),
  /** Pages that may begin within an hour by themselves; what comes beyond is gathered into one. */
  pagesPerHourMax: z.number().int().min(1).max(100).default(5),
  /** Pages a week from which on the report says that there are too many. */
  noiseBudgetPerWeek: z.number().int().min(1).max(1000).default(10),
  testPage: z
    .strictObject({
      /** Day of the month and local time of the monthly test page. */
      day: z.number().int().min(1).max(28).default(1),
      at: clockTime.default("10:00"),
      /** The policy whose first step is tested with all its contacts. */
      policy: name,
    })
    .optional(),
});
export type TenantPaging = Readonly<z.infer<typeof tenantPagingSchema>>;

export const pagingSchema = z.strictObject({
  channels: channelsSchema.default({}),
  /** Tenant → its on-call; who is not named here pages nobody. */
  tenants: z.record(z.string().regex(TENANT_NAME), tenantPagingSchema).default({}),
  /** How long a link for an answer is good. */
  linkHours: z.number().min(1).max(72).default(12),
});
export type PagingConfig = Readonly<z.infer<typeof pagingSchema>>;
