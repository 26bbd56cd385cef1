// The shapes of requests to learn the name behind one pseudonym, as they cross the HTTP border.
import { z } from "zod";
import { IDENTITY_REASONS, identityRequestSchema } from "../store/identity.ts";

// As entities show them; a SID carries the token of its pseudonym.
const PSEUDONYM = /^(?:(?:konto|admin|dienst)-|S-1-5-21-)[0-9a-z]{10}$/;
const ID_CHARS_MAX = 200;

/** One identity at a time. */
export const identityRequestBody = z.strictObject({
  pseudonym: z.string().regex(PSEUDONYM),
  reason: z.enum(IDENTITY_REASONS),
  /** Id of the incident that it is needed for. */
  incident: z.string().min(1).max(ID_CHARS_MAX),
});

export const identityAnswer = identityRequestSchema.extend({
  /** For the requester alone, until `readableUntil`. */
  name: z.string().optional(),
});

export const identityRequestList = z.object({ requests: z.array(identityRequestSchema) });
