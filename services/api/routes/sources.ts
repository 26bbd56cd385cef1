// The tenant's log sources and their health.
import { type Api, type ApiContext, answers } from "../context.ts";
import { principalOf } from "../guard.ts";
import { sourcesAnswer } from "../source-schemas.ts";

/** Registers `/sources`. */
export function registerSourceRoutes(api: Api, context: ApiContext): void {
  api.get("/sources", { schema: { response: answers(sourcesAnswer) } }, async (request) => ({
    at: context.clock(),
    sources: [...(await context.sources(principalOf(request).tenant))],
  }));
}
