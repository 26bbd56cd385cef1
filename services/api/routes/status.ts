// How the tenant's pipeline is doing: rates, lag, sources, and what the archive holds.
import { type Api, type ApiContext, answers } from "../context.ts";
import { principalOf } from "../guard.ts";
import { statusAnswer } from "../schemas.ts";

/** Registers `/status`. */
export function registerStatusRoutes(api: Api, context: ApiContext): void {
  api.get("/status", { schema: { response: answers(statusAnswer) } }, async (request) => {
    const { tenant } = principalOf(request);
    const [pipeline, archive] = await Promise.all([
      context.status(tenant),
      context.archive.statistics(tenant),
    ]);
    const { events, bytes, oldest = null, newest = null } = archive;
    return { ...pipeline, at: context.clock(), archive: { events, bytes, oldest, newest } };
  });
}
