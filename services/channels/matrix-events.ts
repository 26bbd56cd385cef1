// What an event of Matrix says: an answer to a page, or nothing for us. Anybody in the room can send
// anything, so an event that is not what it should be is passed over alone.
import { z } from "zod";
import { readAnswer, readSign, type WrittenAnswer } from "./answer-text.ts";

const eventSchema = z.object({
  type: z.string(),
  event_id: z.string().startsWith("$").max(255),
  sender: z.string().startsWith("@").max(255),
  origin_server_ts: z.number(),
  content: z.record(z.string(), z.unknown()),
});
export type MatrixEvent = z.infer<typeof eventSchema>;

/** A room's part of an answer of the home server. */
export const timelineSchema = z.object({
  timeline: z
    .object({
      events: z
        .array(z.unknown())
        .default([])
        .transform((all) =>
          all.flatMap((one) => {
            const event = eventSchema.safeParse(one);
            return event.success ? [event.data] : [];
          }),
        ),
      limited: z.boolean().default(false),
      prev_batch: z.string().max(10_000).optional(),
    })
    .prefault({}),
});

const reactionSchema = z.object({
  "m.relates_to": z.object({
    rel_type: z.literal("m.annotation"),
    event_id: z.string().startsWith("$").max(255),
    key: z.string().max(50),
  }),
});
const messageSchema = z.object({
  msgtype: z.literal("m.text"),
  body: z.string(),
  "m.relates_to": z
    .object({
      rel_type: z.string().optional(),
      "m.in_reply_to": z.object({ event_id: z.string().startsWith("$").max(255) }).optional(),
    })
    .optional(),
});

interface AnswerInEvent extends WrittenAnswer {
  /** The event that is answered. */
  readonly answeredEvent: string | undefined;
}

/** Undefined where it is no answer: other words, an edit, something that was deleted. */
export function writtenIn({ type, content }: MatrixEvent): AnswerInEvent | undefined {
  if (type === "m.reaction") {
    const reaction = reactionSchema.safeParse(content);
    if (!reaction.success) return undefined;
    const { key, event_id: answeredEvent } = reaction.data["m.relates_to"];
    const kind = readSign(key);
    return kind === undefined ? undefined : { kind, code: undefined, answeredEvent };
  }
  if (type !== "m.room.message") return undefined;
  const message = messageSchema.safeParse(content);
  // Programs send notices; they must not answer each other.
  if (!message.success) return undefined;
  const relation = message.data["m.relates_to"];
  if (relation?.rel_type === "m.replace") return undefined;
  const answer = readAnswer(message.data.body);
  if (answer === undefined) return undefined;
  return { ...answer, answeredEvent: relation?.["m.in_reply_to"]?.event_id };
}
