// Random secrets (session ids, tokens, shipper keys, one-time codes) and how they are kept: as SHA-256
// hashes. That is enough for 256 random bits; passwords need `password.ts`.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const SECRET_BYTES = 32;
// Crockford's base 32: no I, L, O, U, so that a code can be typed from a log.
const CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_CHARS = 20;
const CODE_GROUP_CHARS = 5;

/** 256 random bits, base64url. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** A code of 100 random bits for people to type: `XXXXX-XXXXX-XXXXX-XXXXX`. */
export function newCode(): string {
  const chars = [...randomBytes(CODE_CHARS)].map((byte) => CODE_ALPHABET[byte % 32]).join("");
  const groups = CODE_CHARS / CODE_GROUP_CHARS;
  return Array.from({ length: groups }, (_, i) =>
    chars.slice(i * CODE_GROUP_CHARS, (i + 1) * CODE_GROUP_CHARS),
  ).join("-");
}

/** The code as it is compared: case, separators and look-alike letters do not matter. */
export function plainCode(typed: string): string {
  const chars = typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
  return chars.replace(/[IL]/g, "1").replace(/O/g, "0");
}

/** What is stored of a secret, 64 hexadecimal digits. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether a secret is the one whose hash is stored, in constant time. */
export function isSecret(secret: string, storedHash: string): boolean {
  return sameText(hashSecret(secret), storedHash);
}

/** Compares two texts without telling by time where they differ. */
export function sameText(a: string, b: string): boolean {
  const left = createHash("sha256").update(a).digest();
  const right = createHash("sha256").update(b).digest();
  return timingSafeEqual(left, right);
}

/** The CSRF token of a session: only who has the session's secret can make it, and it gives nothing away. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac("sha256", sessionSecret).update("heidewacht/csrf").digest("base64url");
}
