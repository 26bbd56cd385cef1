// The transport under the library: it follows no redirect, reads no more than is allowed, and hands on
// nothing but JSON that is whole and not nested too deep. Whatever else a server sends is a typed failure.
import { LlmError } from "./failure.ts";

const RETRY_AFTER_S_MAX = 30;

export interface GuardedFetchOptions {
  readonly answerBytesMax: number;
  /** @throws for text that must not be parsed */
  readonly refuseDeepJson: (text: string) => void;
}

/** A `fetch` for own servers of models. @throws LlmError */
export function createGuardedFetch(options: GuardedFetchOptions): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    const text = await readText(response, options.answerBytesMax);
    if (!response.ok) throw statusFailure(response);
    checkJson(text, options.refuseDeepJson);
    return new Response(text, { headers: { "content-type": "application/json" } });
  };
}

async function send(input: Parameters<typeof fetch>[0], init: RequestInit | undefined) {
  try {
    return await fetch(input, { ...init, redirect: "error" });
  } catch (cause) {
    throw new LlmError("unreachable", { cause });
  }
}

async function readText(response: Response, bytesMax: number): Promise<string> {
  if (Number(response.headers.get("content-length")) > bytesMax) {
    await response.body?.cancel().catch(() => undefined);
    throw new LlmError("too_large");
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new LlmError("too_large");
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof LlmError ? cause : new LlmError("truncated", { cause });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new LlmError("not_json", { cause });
  }
}

function checkJson(text: string, refuseDeepJson: (text: string) => void): void {
  try {
    refuseDeepJson(text);
    JSON.parse(text);
  } catch (cause) {
    throw new LlmError("not_json", { cause });
  }
}

function statusFailure({ status, headers }: Response): LlmError {
  if (status !== 429 && status < 500) return new LlmError("refused", { cause: status });
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const retryAfterMs = seconds >= 0 ? Math.min(seconds, RETRY_AFTER_S_MAX) * 1000 : undefined;
  const failure = status === 429 || status === 503 ? "overloaded" : "server_error";
  return new LlmError(failure, { cause: status, retryAfterMs });
}
