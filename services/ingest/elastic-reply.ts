// Answers in the shape that Elasticsearch 8 gives, because shippers read them: errors, results of bulk
// items, and only the parts that `filter_path` asks for.
import type { FastifyReply } from "fastify";
import { type AppError, type ErrorCode, isAppError } from "../../config/errors.ts";
import type { BulkItem } from "./bulk-parse.ts";

/** HTTP status and Elasticsearch error type for what our inputs throw; everything else is a 500. */
const STATUS: Partial<Record<ErrorCode, readonly [number, string]>> = {
  HW_BUSY: [429, "es_rejected_execution_exception"],
  HW_RATE_LIMITED: [429, "es_rejected_execution_exception"],
  HW_INPUT_TOO_LARGE: [413, "content_too_long_exception"],
  HW_INPUT_UNREADABLE: [400, "parse_exception"],
  HW_PARSE_FAILED: [400, "parse_exception"],
  HW_REQUEST_INVALID: [400, "illegal_argument_exception"],
  HW_UNAUTHENTICATED: [401, "security_exception"],
  HW_UNAVAILABLE: [503, "unavailable_shards_exception"],
  HW_CLOSED: [503, "unavailable_shards_exception"],
};

const CHALLENGES = ['Basic realm="security", charset="UTF-8"', 'Bearer realm="security"', "ApiKey"];
/** Enough for every shipper that is known to filter; more would only be work at the sender's will. */
const FILTER_PATHS_MAX = 20;

/** The HTTP status of an error. */
export function statusOf(error: unknown): number {
  return (isAppError(error) ? STATUS[error.code]?.[0] : undefined) ?? 500;
}

/** Answers with an error as Elasticsearch words it; nothing internal is told. */
export function sendElasticError(
  reply: FastifyReply,
  error: unknown,
  retryAfterSeconds: number,
): FastifyReply {
  const status = statusOf(error);
  if (status === 429 || status === 503) reply.header("retry-after", retryAfterSeconds);
  if (status === 401) reply.header("www-authenticate", CHALLENGES);
  const cause = isAppError(error)
    ? errorCause(error)
    : { type: "exception", reason: "internal error" };
  return reply.code(status).send({ error: { root_cause: [cause], ...cause }, status });
}

function errorCause(error: AppError): { type: string; reason: string } {
  const reason = error.mend === undefined ? error.message : `${error.message}; ${error.mend}`;
  return { type: STATUS[error.code]?.[1] ?? "exception", reason };
}

/** What Elasticsearch says of a document that it took. */
export function documentResult(index: string | undefined, id: string): Record<string, unknown> {
  return {
    _index: index ?? "logs",
    _id: id,
    _version: 1,
    result: "created",
    _shards: { total: 1, successful: 1, failed: 0 },
    _seq_no: 0,
    _primary_term: 1,
  };
}

/** What became of one bulk item. */
export type ItemOutcome = Pick<BulkItem, "action" | "index" | "fault"> & { readonly id: string };

/** The result of one bulk item, in Elasticsearch's words. */
export function itemResult({ action, index, id, fault }: ItemOutcome): Record<string, unknown> {
  if (fault === undefined) return { [action]: { ...documentResult(index, id), status: 201 } };
  const status = statusOf(fault);
  const type = status === 429 ? "es_rejected_execution_exception" : "document_parsing_exception";
  const error = { type, reason: fault.message };
  return { [action]: { _index: index ?? "logs", _id: id, status, error } };
}

/** The parts of an answer that `filter_path` names (`*` stands for any name or part of one). */
export function filterPaths(value: unknown, filter: unknown): unknown {
  if (typeof filter !== "string" || filter === "") return value;
  const paths = filter
    .split(",", FILTER_PATHS_MAX)
    .map((path) => path.trim().split("."))
    .filter((path) => path[0] !== "" && !path[0]?.startsWith("-"));
  return paths.length === 0 ? value : (pick(value, paths) ?? {});
}

function pick(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) {
    const kept = value.map((one) => pick(one, paths)).filter((one) => one !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const below = paths
      .filter((path) => nameFits(name, path[0] ?? ""))
      .map((path) => path.slice(1));
    const part = below.length === 0 ? undefined : pick(inner, below);
    return part === undefined ? [] : [[name, part] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

// `*` at one place only: `*`, `err*`, `*or`, `e*r`. No regular expression is made of a sender's text.
function nameFits(name: string, pattern: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return name === pattern;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star).replaceAll("*", "")];
  return (
    name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after)
  );
}
