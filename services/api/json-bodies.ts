// Reads JSON bodies of requests, some of which come from people who are not logged in yet: text that is
// nested so deep that `JSON.parse` would damage the process is refused before.
import { refuseDeepJson } from "../normalize/json-nesting.ts";
import type { Api } from "./context.ts";
import { ApiFault } from "./faults.ts";

/** Takes the place of Fastify's own parser, which is used for what may be parsed. */
export function registerJsonBodies(api: Api): void {
  const parse = api.getDefaultJsonParser("error", "error");
  api.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const text = body.toString();
    try {
      refuseDeepJson(text);
    } catch {
      done(new ApiFault("HW_REQUEST_INVALID", { place: "body" }));
      return;
    }
    void parse(request, text, done);
  });
}
