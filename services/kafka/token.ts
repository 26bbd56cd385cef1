// Access tokens for SASL OAUTHBEARER: fetched with the client credentials grant (RFC 6749 section 4.4) and
// kept until shortly before they expire, so that many connections share one.
import { z } from "zod";
import type { KafkaSasl } from "./connection.ts";
import { KAFKA_ERROR, KafkaFault, UNREACHABLE } from "./wire.ts";

/** A token is fetched anew this long before it expires, milliseconds. */
const RENEW_BEFORE_MS = 30_000;
const FETCH_TIMEOUT_MS = 10_000;
/** What RFC 6749 leaves open is taken to be short. */
const LIFETIME_DEFAULT_S = 60;

const answerSchema = z.object({
  access_token: z.string().min(1).max(65_536),
  expires_in: z.number().positive().max(31_536_000).optional(),
});

/**
 * Gives a function that hands out the token of the moment.
 * @throws KafkaFault (the function): refused, or UNREACHABLE where the provider is away or out of order
 */
export function tokenSource(
  sasl: Extract<KafkaSasl, { mechanism: "OAUTHBEARER" }>,
  now: () => number = Date.now,
): () => Promise<string> {
  let pending: Promise<{ token: string; renewAt: number }> | undefined;
  return async () => {
    const known = await pending?.catch(() => undefined);
    if (known === undefined || known.renewAt <= now()) pending = fetchToken(sasl, now);
    const { token } = await (pending ?? fetchToken(sasl, now));
    return token;
  };
}

async function fetchToken(
  sasl: Extract<KafkaSasl, { mechanism: "OAUTHBEARER" }>,
  now: () => number,
): Promise<{ token: string; renewAt: number }> {
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  if (sasl.scope !== undefined) body.set("scope", sasl.scope);
  const account = `${encodeURIComponent(sasl.clientId)}:${encodeURIComponent(sasl.clientSecret)}`;
  // The provider's answer tells whether waiting can mend it.
  let errorCode: number = UNREACHABLE;
  try {
    const response = await fetch(sasl.tokenUrl, {
      method: "POST",
      body,
      headers: {
        authorization: `Basic ${Buffer.from(account).toString("base64")}`,
        accept: "application/json",
      },
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    if (response.status < 500 && response.status !== 429)
      errorCode = KAFKA_ERROR.SASL_AUTHENTICATION_FAILED;
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const answer = answerSchema.parse(await response.json());
    const lifetimeMs = (answer.expires_in ?? LIFETIME_DEFAULT_S) * 1000;
    // A token that lives shorter than the margin is still good for the connection at hand.
    return {
      token: answer.access_token,
      renewAt: now() + Math.max(0, lifetimeMs - RENEW_BEFORE_MS),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    throw new KafkaFault(errorCode, `no access token from ${sasl.tokenUrl}${reason}`, { cause });
  }
}
