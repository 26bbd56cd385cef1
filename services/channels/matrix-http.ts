// Speaks the client-server API (v3) of a Matrix home server: JSON out, JSON in, and its errors in the words of
// channels. It waits no longer than it is told and reads no more than is allowed.
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { createSecureContext } from "node:tls";
import { z } from "zod";
import { ChannelFault } from "./channel.ts";
import { networkFault, statusFault } from "./faults.ts";

/** A sync of a hundred events of 64 KiB, the largest that Matrix knows, in JSON. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const RETRY_AFTER_MS_MAX = 3_600_000;
/** A sync that waits takes one for itself. */
const SOCKETS_MAX = 16;

export interface MatrixRequest {
  readonly method: "GET" | "PUT" | "POST";
  /** Parts of the path behind `/_matrix/client/v3`, as they are: they are encoded here. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

export interface MatrixHttp {
  /**
   * Resolves with the checked answer of a success.
   * @throws MatrixFault
   */
  ask<T>(request: MatrixRequest, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  close(): void;
}

/** A fault of the channel that knows what the home server called it. */
export class MatrixFault extends ChannelFault {
  /** `M_FORBIDDEN` …; undefined where there was no such answer. */
  readonly errcode: string | undefined;
  constructor(
    kind: ChannelFault["kind"],
    message: string,
    more: { errcode?: string; retryAfterMs?: number } = {},
  ) {
    super(kind, message, more);
    this.errcode = more.errcode;
  }
}

export interface MatrixHttpOptions {
  readonly homeserver: string;
  readonly token: string;
  readonly authorities: readonly string[] | undefined;
}

export function openMatrixHttp({ homeserver, token, authorities }: MatrixHttpOptions): MatrixHttp {
  const base = homeserver.replace(/\/+$/, "");
  const common = { keepAlive: false, maxSockets: SOCKETS_MAX } as const;
  const plain = new HttpAgent(common);
  const secure = new HttpsAgent({
    ...{ ...common, maxCachedSessions: 0 },
    ...(authorities === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...authorities] }) }),
  });
  return {
    async ask(request, schema, signal) {
      const { path, query = {}, timeoutMs } = request;
      const late = AbortSignal.timeout(timeoutMs);
      const url = new URL(`${base}/_matrix/client/v3/${path.map(encodeURIComponent).join("/")}`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const agent = url.protocol === "https:" ? secure : plain;
      try {
        const ended = AbortSignal.any([signal, late]);
        const response = await exchange(url, request, { token, agent, signal: ended });
        const answer = await readJson(response);
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299)
          throw faultOf(status, answer, response.headers["retry-after"]);
        const parsed = schema.safeParse(answer);
        if (parsed.success) return parsed.data;
        throw new MatrixFault("unreachable", "answer is not Matrix");
      } catch (error) {
        if (error instanceof MatrixFault) throw error;
        const { kind, message } = networkFault(error, { signal, late, timeoutMs });
        throw new MatrixFault(kind, message);
      }
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function exchange(
  url: URL,
  { method, body }: MatrixRequest,
  options: { token: string; agent: HttpAgent | HttpsAgent; signal: AbortSignal },
): Promise<IncomingMessage> {
  const { token, agent, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new Error("aborted"));
      return;
    }
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...{ authorization: `Bearer ${token}`, accept: "application/json" },
      "user-agent": "heidewacht",
      ...(text === undefined
        ? {}
        : { "content-type": "application/json", "content-length": `${Buffer.byteLength(text)}` }),
    };
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, { method, headers, agent, signal });
    request.once("response", resolve);
    // Stays, because a connection may break more than once.
    request.on("error", reject);
    request.end(text);
  });
}

/** @throws where the answer breaks off or is too large; what is no JSON is undefined */
async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    // Without an encoding, streams of HTTP give buffers.
    const buffer = chunk as Buffer;
    chunks.push(buffer);
    bytes += buffer.length;
    if (bytes > ANSWER_BYTES_MAX) throw new MatrixFault("unreachable", "answer is too large");
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    // A proxy's page; the status says enough.
    return undefined;
  }
}

const errorSchema = z.object({
  errcode: z.string().regex(/^[A-Z][A-Z0-9_.]{1,63}$/),
  retry_after_ms: z.number().min(0).optional(),
});

/** No page gets through until somebody mends the account, or who serves at the address. */
const MISCONFIGURED = new Set([
  "M_UNKNOWN_TOKEN",
  "M_MISSING_TOKEN",
  "M_USER_DEACTIVATED",
  "M_USER_LOCKED",
  "M_USER_SUSPENDED",
  "M_UNRECOGNIZED",
]);

function faultOf(status: number, answer: unknown, retryAfter?: string): MatrixFault {
  const parsed = errorSchema.safeParse(answer);
  if (!parsed.success) {
    const { kind, message, retryAfterMs } = statusFault(status, retryAfter);
    return new MatrixFault(kind, message, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  const { errcode, retry_after_ms: asked } = parsed.data;
  const retryAfterMs = asked ?? statusFault(status, retryAfter).retryAfterMs;
  const message = `status ${status} ${errcode}`;
  if (status >= 500 || status === 429 || errcode === "M_LIMIT_EXCEEDED") {
    const wait =
      retryAfterMs === undefined
        ? {}
        : { retryAfterMs: Math.min(retryAfterMs, RETRY_AFTER_MS_MAX) };
    return new MatrixFault("unreachable", message, { errcode, ...wait });
  }
  const kind = MISCONFIGURED.has(errcode) ? "misconfigured" : "refused";
  return new MatrixFault(kind, message, { errcode });
}
