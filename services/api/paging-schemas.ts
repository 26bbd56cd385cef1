// The shapes of paging as they cross the HTTP border. Addresses, numbers and secrets of channels stay in the
// configuration: a screen names people and channels.
import { z } from "zod";
import { PRIORITIES } from "../../config/paging.ts";
import { channelProofSchema } from "../store/channel-proof.ts";
import { findingPagingSchema } from "../store/paging.ts";
import { testPageSchema } from "../store/test-page.ts";

const NAME_CHARS_MAX = 64;

const name = z.string().min(1).max(NAME_CHARS_MAX);
const person = z.object({ id: z.string(), name: z.string() });

/** A target of a step, as it is shown. */
const shownTarget = z.union([
  z.object({ person }),
  z.object({ schedule: z.object({ id: z.string(), title: z.string() }) }),
  z.object({ channel: z.string() }),
]);

const shownPolicy = z.object({
  id: z.string(),
  priorities: z.array(z.enum(PRIORITIES)),
  steps: z.array(z.object({ afterMinutes: z.number(), to: z.array(shownTarget) })),
  repeats: z.number().int(),
  repeatAfterMinutes: z.number(),
  actionWithinMinutes: z.number(),
});

const shownChannel = z.object({
  id: z.string(),
  kind: z.string(),
  leavesHouse: z.boolean(),
  /** Missing: it never took a page and was never asked. */
  proof: channelProofSchema.omit({ channel: true, kind: true }).optional(),
});

/** A finding that somebody is or is to be called about. */
const openPage = z.object({
  finding: z.string(),
  title: z.string(),
  priority: z.enum(PRIORITIES),
  state: findingPagingSchema.shape.state,
  requestedAt: z.number(),
  /** When something is to be done next. */
  dueAt: z.number().optional(),
  policy: z.string().optional(),
  /** What begins next, from 0. */
  round: z.number().int(),
  step: z.number().int(),
  /** How many others its pages tell of. */
  gathers: z.number().int().optional(),
});

export const pagingAnswer = z.object({
  at: z.number(),
  /** Whether the tenant pages anybody. */
  isOn: z.boolean(),
  /** Those that the tenant uses. */
  channels: z.array(shownChannel),
  policies: z.array(shownPolicy),
  /** Priorities that wait for the digest. */
  digest: z.array(z.enum(PRIORITIES)),
  /** Oldest first. */
  open: z.array(openPage),
  /** There are more. */
  truncated: z.boolean(),
});

export const checkAnswer = z.object({
  at: z.number(),
  faults: z.array(
    z.object({
      key: z.string(),
      severity: z.enum(["error", "warning", "info"]),
      /** Where in the configuration. */
      path: z.string(),
      message: z.string(),
      mend: z.string(),
    }),
  ),
});

export const noiseAnswer = z.object({
  at: z.number(),
  /** This week and those before it, oldest first. */
  weeks: z.array(
    z.object({
      /** `2026-W48` */
      week: z.string(),
      pages: z.number().int(),
      findings: z.number().int(),
      falsePages: z.number().int(),
      isOver: z.boolean(),
    }),
  ),
  /** Pages a week from which on there are too many; missing where nobody is paged. */
  budget: z.number().int().optional(),
});

/** Exactly one of them. */
export const testPageBody = z.union([
  z.strictObject({ policy: name }),
  z.strictObject({ person: name }),
  z.strictObject({ channel: name }),
]);

/** Of a channel without its address. */
const shownTestTarget = z.union([
  z.object({ policy: z.string() }),
  z.object({ person: z.string() }),
  z.object({ channel: z.string() }),
]);

export const testPageAnswer = testPageSchema
  .omit({ tenant: true, leaseUntil: true })
  .extend({ target: shownTestTarget });
export type TestPageAnswer = z.infer<typeof testPageAnswer>;
export const testPageList = z.object({ at: z.number(), testPages: z.array(testPageAnswer) });

export const findingPagingAnswer = z.object({
  at: z.number(),
  /** Missing: nobody was to be called. */
  paging: findingPagingSchema.omit({ mark: true }).optional(),
  /** Who is called next, when nobody answers. */
  next: z
    .object({
      at: z.number(),
      /** From 0. */
      round: z.number().int(),
      step: z.number().int(),
      targets: z.array(shownTarget),
      /** Who that is by the present schedules. */
      people: z.array(person),
    })
    .optional(),
  /** Everybody that pages and answers name. */
  people: z.array(person),
  /** Whether an answer would change anything now. */
  isAwaited: z.boolean(),
});

export const pageAnswerBody = z.strictObject({ kind: z.enum(["acknowledged", "declined"]) });
