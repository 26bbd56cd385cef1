// The shapes of sign-in, accounts, tokens and shipper keys as they cross the HTTP border. A secret is in
// an answer once, when it is made; nothing here gives it out again.
import { z } from "zod";
import { NDIG_CLASSES } from "../../config/ndig.ts";
import { CAPABILITIES, ROLES, TOKEN_SCOPES } from "./permissions.ts";

// Length is what makes a password strong (BSI ORP.4.A22, NIST SP 800-63B); the upper bound keeps the
// work of hashing bounded.
const PASSWORD_CHARS_MIN = 12;
const PASSWORD_CHARS_MAX = 200;
const TOKEN_DAYS = 90;
const TOKEN_DAYS_MAX = 366;

const accountName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u);
const newPassword = z.string().min(PASSWORD_CHARS_MIN).max(PASSWORD_CHARS_MAX);
const givenPassword = z.string().min(1).max(PASSWORD_CHARS_MAX);

// ---- session

/** Names and passwords are only bounded here: a refusal must not say which of them is wrong. */
export const signInBody = z.strictObject({
  name: z.string().min(1).max(200),
  password: givenPassword,
});

export const setupBody = z.strictObject({
  /** From the log of the first start. */
  code: z.string().min(1).max(64),
  name: accountName,
  password: newPassword,
});

export const passwordBody = z.strictObject({ present: givenPassword, next: newPassword });

export const sessionAnswer = z.object({
  account: z.object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    /** The role's name on screens. */
    roleName: z.string(),
  }),
  tenant: z.string(),
  /** The tenant's name on screens. */
  tenantName: z.string(),
  /** The tenant's data were made up for a demonstration; screens say so. */
  isSimulated: z.boolean(),
  /** Goes into the header `x-csrf-token` of every change. */
  csrfToken: z.string(),
  capabilities: z.array(z.enum(CAPABILITIES)),
  /** The password was set by somebody else: only `/session` works until it is changed. */
  passwordChangeDue: z.boolean(),
  /** ms UTC; the session ends then even when it is used. */
  expiresAt: z.number(),
});
export type SessionAnswer = z.infer<typeof sessionAnswer>;

// ---- accounts

export const accountBody = z.strictObject({
  name: accountName,
  role: z.enum(ROLES),
  /** A first password; its owner has to change it at the first sign-in. */
  password: newPassword,
});

export const accountPatch = z.strictObject({
  version: z.number().int(),
  role: z.enum(ROLES).optional(),
  disabled: z.boolean().optional(),
  /** Sets a new first password and ends the account's sessions. */
  password: newPassword.optional(),
});
export type AccountPatch = z.infer<typeof accountPatch>;

export const accountAnswer = z.object({
  id: z.string(),
  version: z.number().int(),
  name: z.string(),
  role: z.enum(ROLES),
  disabled: z.boolean(),
  passwordChangeDue: z.boolean(),
  createdAt: z.number(),
});
export type AccountAnswer = z.infer<typeof accountAnswer>;
export const accountList = z.object({ accounts: z.array(accountAnswer) });

// ---- tokens

export const tokenBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(TOKEN_SCOPES)).min(1).max(TOKEN_SCOPES.length),
  validDays: z.number().int().min(1).max(TOKEN_DAYS_MAX).default(TOKEN_DAYS),
});

const tokenAnswer = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  createdAt: z.number(),
  expiresAt: z.number(),
});
/** `token` goes into `Authorization: Bearer …`. */
export const newTokenAnswer = tokenAnswer.extend({ token: z.string() });
export const tokenList = z.object({ tokens: z.array(tokenAnswer) });

// ---- shippers

const timeZone = z.string().max(64).refine(isTimeZone);

export const shipperBody = z.strictObject({
  /** Name of the source that its events carry. */
  source: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  /** Format of its lines; missing: found out by looking. */
  format: z
    .string()
    .max(64)
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  /** IANA zone of times that carry none. */
  timeZone: timeZone.default("Europe/Berlin"),
  /** Class of log sources by § 19 (1) NDIG. */
  ndigClass: z.literal(NDIG_CLASSES).optional(),
});

const shipperAnswer = z.object({
  id: z.string(),
  source: z.string(),
  format: z.string().optional(),
  timeZone: z.string(),
  ndigClass: z.literal(NDIG_CLASSES).optional(),
  createdAt: z.number(),
});
/** `Authorization: ApiKey base64(id:key)`, or `id:key` where a shipper asks for an API key. */
export const newShipperAnswer = shipperAnswer.extend({ key: z.string() });
export const shipperList = z.object({ shippers: z.array(shipperAnswer) });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
