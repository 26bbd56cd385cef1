// The API's own metrics: how long requests take by route and status, and the open live connections. Routes
// are patterns, so that neither ids nor searched words become labels.
import { Gauge, Histogram } from "prom-client";
import type { Api, ApiContext } from "./context.ts";

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Hangs the metrics into the server. */
export function countRequests(api: Api, { registry, streams }: ApiContext): void {
  const seconds = new Histogram({
    name: "heidewacht_api_request_seconds",
    help: "Time to answer a request of the API",
    labelNames: ["method", "route", "status"],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  new Gauge({
    name: "heidewacht_api_streams",
    help: "Open live connections",
    registers: [registry],
    collect() {
      this.set(streams.size);
    },
  });
  api.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    const labels = { method: request.method, route, status: reply.statusCode };
    seconds.observe(labels, reply.elapsedTime / 1000);
    request.log.debug({ ...labels, ms: reply.elapsedTime }, "request");
  });
}
