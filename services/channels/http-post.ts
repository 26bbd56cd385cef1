// Hands something to an HTTP server within a bounded time and says what went wrong in the words of channels.
// No redirect is followed, and nothing of address, secret or answer stands in a fault.
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { createSecureContext } from "node:tls";
import { ChannelFault } from "./channel.ts";
import { networkFault, statusFault } from "./faults.ts";

const ANSWER_BYTES_MAX = 64 * 1024;
const HEADER_BYTES_MAX = 32 * 1024;
const SOCKETS_MAX = 16;

export interface HttpRequest {
  /** POST, where nothing is said. */
  readonly method?: "POST" | "PUT" | "GET";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface HttpAnswer {
  readonly status: number;
  /** The first 64 KiB; empty where the connection broke after the peer had said yes. */
  readonly text: string;
}

export interface HttpPeer {
  /**
   * Resolves for 2xx alone.
   * @throws ChannelFault
   */
  send(url: URL, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

interface HttpPeerOptions {
  /** For a whole exchange. */
  readonly timeoutMs: number;
  /** Missing: those of the system. */
  readonly authorities: readonly string[] | undefined;
}

export function openHttpPeer({ timeoutMs, authorities }: HttpPeerOptions): HttpPeer {
  // Pages are rare: a connection that lay idle meanwhile may be dead, a new one is not.
  const common = { keepAlive: false, maxSockets: SOCKETS_MAX } as const;
  const plain = new HttpAgent(common);
  const secure = new HttpsAgent({
    ...common,
    // Each connection shows its certificate.
    maxCachedSessions: 0,
    // All authorities are read once, not for each connection.
    ...(authorities === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...authorities] }) }),
  });
  return {
    async send(url, request, signal) {
      const late = AbortSignal.timeout(timeoutMs);
      const ended = AbortSignal.any([signal, late]);
      try {
        const response = await exchange(url, request, { plain, secure }, ended);
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299) {
          response.destroy();
          throw statusFault(status, response.headers["retry-after"]);
        }
        return { status, text: await readAnswer(response) };
      } catch (error) {
        if (error instanceof ChannelFault) throw error;
        throw networkFault(error, { signal, late, timeoutMs });
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
  { method = "POST", headers = {}, body }: HttpRequest,
  agents: { readonly plain: HttpAgent; readonly secure: HttpsAgent },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new Error("aborted"));
      return;
    }
    const length = body === undefined ? {} : { "content-length": `${Buffer.byteLength(body)}` };
    const options = {
      ...{ method, signal, maxHeaderSize: HEADER_BYTES_MAX },
      headers: { "user-agent": "heidewacht", accept: "application/json", ...headers, ...length },
    };
    const request =
      url.protocol === "https:"
        ? requestHttps(url, { ...options, agent: agents.secure })
        : requestHttp(url, { ...options, agent: agents.plain });
    request.once("response", resolve);
    // Stays, because a connection may break more than once.
    request.on("error", reject);
    request.end(body);
  });
}

/** The peer has taken the page; what becomes of the rest of its answer doesn't change that. */
async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      // Without an encoding, streams of HTTP give buffers.
      const buffer = chunk as Buffer;
      chunks.push(buffer);
      bytes += buffer.length;
      if (bytes >= ANSWER_BYTES_MAX) break;
    }
  } catch {
    return "";
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString("utf8");
}
