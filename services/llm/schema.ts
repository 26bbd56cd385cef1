// What a model has to answer: claims, each a German sentence whose facts are slots, and what it thinks of
// the case from a closed list. There is no value in that list that plays a case down: what a model says
// may make people look sooner, never later.
import { z } from "zod";
import { SLOT_TYPES } from "./fields.ts";

export const ASSESSMENTS = ["likely_attack", "possible_attack", "unclear"] as const;
/** Part of a report that a claim belongs to. */
const SECTIONS = ["what", "where", "when", "why", "known", "next"] as const;

const CLAIMS_MAX = 24;
/** Far above what is let through, so that a long sentence is one dropped claim and no broken answer. */
const TEMPLATE_CHARS_MAX = 2000;
const SLOTS_MAX = 20;

const citationSchema = z.object({
  slot: z.number().int().min(1).max(99),
  /** Label of the item: E1, F1. */
  event: z.string().max(20),
  field: z.string().max(200),
});

const claimSchema = z.object({
  kind: z.enum(["statement", "question"]),
  section: z.enum(SECTIONS),
  /** `Um {time:1} meldete sich {pseudonym:2} an.` */
  text: z.string().max(TEMPLATE_CHARS_MAX),
  citations: z.array(citationSchema).max(SLOTS_MAX),
});
export type ModelClaim = z.infer<typeof claimSchema>;

export const modelAnswerSchema = z.object({
  assessment: z.enum(ASSESSMENTS),
  claims: z.array(claimSchema).max(CLAIMS_MAX),
});
export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

/**
 * The same as JSON schema for constrained decoding; bounds are left out, because not every server's
 * grammar knows them, and they are checked when the answer is here.
 */
export const ANSWER_JSON_SCHEMA = object({
  assessment: { type: "string", enum: [...ASSESSMENTS] },
  claims: {
    type: "array",
    items: object({
      kind: { type: "string", enum: ["statement", "question"] },
      section: { type: "string", enum: [...SECTIONS] },
      text: { type: "string" },
      citations: {
        type: "array",
        items: object({
          slot: { type: "integer" },
          event: { type: "string" },
          field: { type: "string" },
        }),
      },
    }),
  },
});

/** `{time:1}`: the kind of a slot and the number of its citation. */
export const SLOT = new RegExp(`\\{(${SLOT_TYPES.join("|")}):([1-9]\\d?)\\}`, "g");

function object(properties: Readonly<Record<string, unknown>>) {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}
