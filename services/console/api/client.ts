// The only place that talks to the server: same origin, cookie session, CSRF header on every change.
// Failures become ApiError with the server's stable code; screens translate it.

/** A failed request: HTTP status (0 when the server can't be reached) and Heidewacht's error code. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** The server's sentence, in the installation's language; empty when it gave none. */
  readonly sentence: string;
  /** What the server sends along, such as the present state after a conflict. */
  readonly details: unknown;

  constructor(status: number, code: string, sentence = "", details?: unknown) {
    super(code);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.sentence = sentence;
    this.details = details;
  }
}

let csrfToken = "";

/** Remembers the token that the session answer gave; sent with every change from then on. */
export function rememberCsrf(token: string): void {
  csrfToken = token;
}

/**
 * Sends a request and reads its JSON answer.
 * @throws ApiError
 */
export async function request<T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["x-csrf-token"] = csrfToken;
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "offline");
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const { code, message, details } = faultOf(answer);
    throw new ApiError(response.status, code, message, details);
  }
  // The server validates its answers against the same zod schemas that T is inferred from.
  return answer as T;
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}

function faultOf(answer: unknown): Fault {
  const unknown = { code: "HW_UNKNOWN", message: "" };
  if (typeof answer !== "object" || answer === null) return unknown;
  const inner = "error" in answer && typeof answer.error === "object" ? answer.error : answer;
  if (inner === null || !("code" in inner) || typeof inner.code !== "string") return unknown;
  const message = "message" in inner && typeof inner.message === "string" ? inner.message : "";
  return { code: inner.code, message, ...("details" in inner ? { details: inner.details } : {}) };
}
