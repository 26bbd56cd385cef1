// Grafana's HTTP API, as far as it is needed to set up organisations: basic authentication of a server
// administrator, and the organisation in a header. Organisations can't be made with a token.
import { z } from "zod";
import { AppError, type ErrorCode, messageOf } from "../../config/errors.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import type { GrafanaMessages } from "./grafana-messages.ts";

const TIMEOUT_MS = 30_000;
const ANSWER_CHARACTERS_MAX = 20_000_000;
const REASON_CHARACTERS_MAX = 300;

export interface GrafanaAccess {
  /** Without a slash at its end. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface GrafanaRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** Below `/api`. */
  readonly path: string;
  /** The organisation that it is about; missing: the server as a whole. */
  readonly organisation?: number;
  readonly body?: unknown;
}

export interface GrafanaApi {
  /** @throws AppError for any refusal, with what Grafana says of it */
  ask<Schema extends z.ZodType>(request: GrafanaRequest, answer: Schema): Promise<z.infer<Schema>>;
  /** The same; undefined for one of these statuses. */
  askUnless<Schema extends z.ZodType>(
    statuses: readonly number[],
    request: GrafanaRequest,
    answer: Schema,
  ): Promise<z.infer<Schema> | undefined>;
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: "HW_REQUEST_INVALID",
  401: "HW_UNAUTHENTICATED",
  403: "HW_FORBIDDEN",
  404: "HW_NOT_FOUND",
  409: "HW_CONFLICT",
  412: "HW_CONFLICT",
  422: "HW_REQUEST_INVALID",
};
const refusal = z.looseObject({ message: z.string() });

export function createGrafanaApi(access: GrafanaAccess, text: GrafanaMessages): GrafanaApi {
  const askUnless: GrafanaApi["askUnless"] = async (statuses, request, answer) => {
    const { status, content } = await exchange(access, request).catch((cause: unknown) => {
      throw new AppError("HW_UNAVAILABLE", text.noAnswer(messageOf(cause)), {
        ...{ place: access.url, mend: text.noAnswerMend, cause },
      });
    });
    if (statuses.includes(status)) return undefined;
    const place = `${request.method} ${request.path}`;
    if (status < 200 || status > 299) {
      const said = refusal.safeParse(content).data?.message.slice(0, REASON_CHARACTERS_MAX);
      throw new AppError(CODES[status] ?? "HW_UNAVAILABLE", text.refused(status, said ?? ""), {
        place,
        mend: text.refusedMend(status),
      });
    }
    const fit = answer.safeParse(content);
    if (fit.success) return fit.data;
    throw new AppError("HW_UNAVAILABLE", text.strange, { place, mend: text.strangeMend });
  };
  return {
    askUnless,
    async ask(request, answer) {
      const found = await askUnless([], request, answer);
      if (found === undefined) throw new TypeError("no status is left out");
      return found;
    },
  };
}

async function exchange(
  { url, user, password }: GrafanaAccess,
  { method, path, organisation, body }: GrafanaRequest,
) {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      accept: "application/json",
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      ...(organisation === undefined ? {} : { "x-grafana-org-id": String(organisation) }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const sent = await response.text();
  return { status: response.status, content: parsed(sent) };
}

/** Undefined for what is no JSON: a proxy in between may answer. */
function parsed(sent: string): unknown {
  if (sent.length > ANSWER_CHARACTERS_MAX) return undefined;
  try {
    return parseOutsideJson(sent);
  } catch {
    return undefined;
  }
}
