// What people write in their own words may name people. Names that are known go before a route sees the
// body, so that none of them lies in the store, in an export or in an audit entry; whoever wrote it reads in
// the answer what stands there now, and in a header how many places were changed.
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiDependencies } from "./context.ts";

/** Fields of bodies that hold a person's own words. */
const FREE_TEXT: ReadonlySet<string> = new Set([
  ...["text", "title", "description", "comment", "reason", "reference", "authority", "action"],
  // Tags, where they are set and where they are taken off: both have to say the same.
  ...["tags", "add", "remove"],
]);
/** A list of what hides findings, whose values name accounts as findings do. */
const MATCHERS = "matchers";
const VALUE = "value";
/** Bodies that are no writing about people: names of accounts and passwords, rules, sources. */
const OTHER_BODIES: ReadonlySet<string> = new Set([
  ...["session", "accounts", "tokens", "shippers", "backtests"],
]);
const DEPTH_MAX = 6;
/** Longer texts are refused by every route. */
const TEXT_CHARACTERS_MAX = 65_536;

/** How many places of a request were changed. */
const NAMES_REPLACED_HEADER = "x-heidewacht-names-replaced";

/**
 * The hook that replaces them; before the body is checked, so that a text that grows too long is refused.
 * @param apiPath where the routes begin
 */
export function replaceNames(
  protectText: NonNullable<ApiDependencies["protectText"]>,
  apiPath: string,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { principal, body } = request;
    const path = request.routeOptions.url?.slice(apiPath.length) ?? "";
    if (principal === undefined || OTHER_BODIES.has(path.split("/")[1] ?? "")) return;
    let replaced = 0;
    const change = (text: string) => {
      if (text.length > TEXT_CHARACTERS_MAX) return text;
      const safe = protectText(principal.tenant, text);
      if (safe !== text) replaced += 1;
      return safe;
    };
    request.body = changed(body, change, false, DEPTH_MAX);
    if (replaced > 0) reply.header(NAMES_REPLACED_HEADER, String(replaced));
  };
}

function changed(
  value: unknown,
  change: (text: string) => string,
  isText: boolean,
  depth: number,
): unknown {
  if (typeof value === "string") return isText ? change(value) : value;
  if (depth === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => changed(one, change, isText, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      if (key === MATCHERS && Array.isArray(one)) {
        return [key, one.map((matcher) => withValue(matcher, change))];
      }
      return [key, changed(one, change, FREE_TEXT.has(key), depth - 1)];
    }),
  );
}

function withValue(matcher: unknown, change: (text: string) => string): unknown {
  if (typeof matcher !== "object" || matcher === null || !(VALUE in matcher)) return matcher;
  const { value } = matcher;
  return typeof value === "string" ? { ...matcher, value: change(value) } : matcher;
}
