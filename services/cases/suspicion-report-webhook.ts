// Sends reports of a suspicion to a web hook: JSON by POST, signed where a secret is configured.
import { createHmac } from "node:crypto";
import type { OutgoingReport } from "./suspicion-report-mail.ts";

const TIMEOUT_MS = 20_000;

/**
 * @param secret key of the signature `X-Heidewacht-Signature: sha256=<HMAC-SHA-256 of the body, hexadecimal>`.
 *   The result throws for every answer but 2xx
 */
export function createWebhookChannel(
  url: string,
  secret: string | undefined,
): (report: OutgoingReport) => Promise<void> {
  return async (report) => {
    const body = JSON.stringify({ version: 1, ...report });
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (secret !== undefined) {
      const signature = createHmac("sha256", secret).update(body).digest("hex");
      headers["x-heidewacht-signature"] = `sha256=${signature}`;
    }
    const answer = await fetch(url, {
      ...{ method: "POST", headers, body, redirect: "error" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`the web hook answered ${answer.status}`);
  };
}
