// What the vault of pseudonyms keeps in the store: sealed names, the sealed keys of epochs, which pseudonym
// of an ending epoch became which, and requests of people to learn one name. Nothing here is in clear.
import { z } from "zod";
import type { Kind } from "./store.ts";

/** Under its pseudonym. */
const identitySchema = z.object({
  epoch: z.number().int(),
  /** Clear name, sealed with a key of the epoch (base64). */
  sealed: z.string(),
  /** ms UTC. */
  createdAt: z.number(),
});
type StoredIdentity = z.infer<typeof identitySchema>;

export const IDENTITY_KIND: Kind<StoredIdentity> = {
  name: "identity",
  revision: 1,
  fields: {
    epoch: { kind: "number", values: (identity) => [identity.epoch] },
    createdAt: { kind: "number", values: (identity) => [identity.createdAt] },
  },
};

/** Under its number. */
const privacyEpochSchema = z.object({
  number: z.number().int(),
  /** ms UTC; from then on new pseudonyms are made with it. */
  startsAt: z.number(),
  /** Sealed with a key derived from the master key (base64). */
  sealedKey: z.string(),
});
export type PrivacyEpoch = z.infer<typeof privacyEpochSchema>;

export const PRIVACY_EPOCH_KIND: Kind<PrivacyEpoch> = {
  name: "privacy_epoch",
  revision: 1,
  fields: { number: { kind: "number", values: (epoch) => [epoch.number] } },
};

/** Under the old pseudonym and once more under the way back, as long as both epochs overlap. */
const identityMoveSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** The epoch of the old pseudonym. */
  epoch: z.number().int(),
  at: z.number(),
});
export type IdentityMove = z.infer<typeof identityMoveSchema>;

/** Where the move to a new pseudonym is found from there. */
export function moveBackId(pseudonym: string): string {
  return `to ${pseudonym}`;
}

export const IDENTITY_MOVE_KIND: Kind<IdentityMove> = {
  name: "identity_move",
  revision: 1,
  fields: {
    epoch: { kind: "number", values: (move) => [move.epoch] },
    at: { kind: "number", values: (move) => [move.at] },
  },
};

/** Why a name may be asked for (docs/datenschutz.md). */
export const IDENTITY_REASONS = [
  "incident_response",
  "notify_person",
  "account_lock",
  "legal_duty",
  "criminal_complaint",
] as const;

export const identityRequestSchema = z.object({
  id: z.string(),
  /** Opaque account ids. */
  requester: z.string(),
  reason: z.enum(IDENTITY_REASONS),
  /** Id of the incident that it is needed for. */
  incident: z.string(),
  pseudonym: z.string(),
  state: z.enum(["waiting", "approved", "refused"]),
  createdAt: z.number(),
  decidedBy: z.string().optional(),
  decidedAt: z.number().optional(),
  /** ms UTC; the requester may read the name before it. */
  readableUntil: z.number().optional(),
});
export type IdentityRequest = z.infer<typeof identityRequestSchema>;

export const IDENTITY_REQUEST_KIND: Kind<IdentityRequest> = {
  name: "identity_request",
  revision: 1,
  fields: {
    state: { kind: "keyword", values: (request) => [request.state] },
    createdAt: { kind: "number", values: (request) => [request.createdAt] },
  },
};
