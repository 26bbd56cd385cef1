// Serves the built console: hashed files for good, the page itself always fresh, and the page for every
// address that the console routes by itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { Api, ApiContext } from "./context.ts";
import { ApiFault } from "./faults.ts";

const PAGE = "index.html";
const FOREVER = "public, max-age=31536000, immutable";

/** Registers the console's files and what happens to unknown addresses. */
export async function registerConsole(api: Api, context: ApiContext): Promise<void> {
  const folder = context.options.consoleFolder;
  const built = folder !== undefined && existsSync(join(folder, PAGE));
  if (built) {
    await api.register(fastifyStatic, {
      root: folder,
      wildcard: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(folder, "assets"));
        reply.header("cache-control", hashed ? FOREVER : "no-cache");
      },
    });
  }
  api.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const isPage = request.method === "GET" && !path.startsWith("/api/") && !/\.\w+$/.test(path);
    if (!isPage) throw new ApiFault("HW_NOT_FOUND");
    if (!built) throw new ApiFault("HW_NOT_FOUND", { text: (m) => m.noConsole });
    return reply.sendFile(PAGE);
  });
}
