// Short messages that come back through a gateway, by HTTP: `POST /paging/sms/<channel>` with number and text as
// JSON, signed over time and body as our own web hook signs, so that nobody else answers pages and nothing is
// sent again later. What they mean is for whoever reads answers of all channels.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Api, ApiContext } from "../context.ts";
import { ApiFault } from "../faults.ts";

const BODY_BYTES_MAX = 8192;
const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;
/** Clocks of gateways differ, and they try again for a while. */
const AGE_MS_MAX = 10 * 60_000;
/** Signatures that were taken lately; beyond it the oldest are forgotten. */
const SEEN_MAX = 10_000;
const REQUESTS_PER_MINUTE_MAX = 120;
const SECOND_MS = 1000;

const params = z.object({ channel: z.string().min(1).max(64) });
const shortMessage = z.object({
  /** Telephone number of whoever answers. */
  from: z.string().min(1).max(40),
  text: z.string().max(2000),
});
type ShortMessage = Readonly<z.infer<typeof shortMessage>>;

/** Registers the way in, outside of /api/v1: a gateway has no account. */
export async function registerSmsAnswers(api: Api, context: ApiContext): Promise<void> {
  const { clock, paging } = context;
  const seen = new Set<string>();
  await api.register(async (scope: Api) => {
    scope.removeAllContentTypeParsers();
    const options = { parseAs: "buffer", bodyLimit: BODY_BYTES_MAX } as const;
    scope.addContentTypeParser("*", options, (_request, body, done) => done(null, body));
    const schema = { hide: true, params };
    const config = { rateLimit: { max: REQUESTS_PER_MINUTE_MAX } };
    scope.post("/paging/sms/:channel", { schema, config }, async (request, reply) => {
      const { channel } = request.params;
      const secret = paging?.sms?.secretOf(channel);
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signature = signatureIn(request, body, secret, clock());
      if (paging?.sms === undefined || signature === undefined) {
        throw new ApiFault("HW_UNAUTHENTICATED");
      }
      // Taken already: the gateway did not hear our answer.
      if (seen.has(signature)) return reply.code(204).send();
      await paging.sms.take(channel, { ...messageIn(body), at: clock() });
      remember(seen, signature);
      return reply.code(204).send();
    });
  });
}

/** The signature when it is a good one; without a secret there is none. */
function signatureIn(
  request: FastifyRequest,
  body: Buffer,
  secret: string | undefined,
  now: number,
): string | undefined {
  const header = request.headers["x-heidewacht-signature"];
  const [, at, given] = SIGNATURE.exec(typeof header === "string" ? header : "") ?? [];
  if (at === undefined || given === undefined || secret === undefined || secret === "")
    return undefined;
  const wanted = createHmac("sha256", secret).update(`${at}.`).update(body).digest();
  if (!timingSafeEqual(wanted, Buffer.from(given, "hex"))) return undefined;
  return Math.abs(now - Number(at) * SECOND_MS) <= AGE_MS_MAX ? given : undefined;
}

/** @throws ApiFault HW_REQUEST_INVALID */
function messageIn(body: Buffer): ShortMessage {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new ApiFault("HW_REQUEST_INVALID", { place: "body" });
  }
  const read = shortMessage.safeParse(value);
  if (!read.success) throw new ApiFault("HW_REQUEST_INVALID", { place: "body" });
  return read.data;
}

function remember(seen: Set<string>, signature: string): void {
  seen.add(signature);
  if (seen.size <= SEEN_MAX) return;
  const [oldest] = seen;
  if (oldest !== undefined) seen.delete(oldest);
}
