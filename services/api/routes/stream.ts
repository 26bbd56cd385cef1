// Changed findings as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
// Changes are gathered for a moment and only the newest state of each finding is sent; who reads too slowly
// is disconnected, connects again and fetches what was missed.
import { PassThrough } from "node:stream";
import type { Finding } from "../../store/finding.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { Versioned } from "../../store/store.ts";
import type { Api, ApiContext } from "../context.ts";
import { findingRowOf } from "../finding-search.ts";
import { type Principal, principalOf, stillIn } from "../guard.ts";

const PENDING_FINDINGS_MAX = 5000;
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;
const RETRY_MS = 3000;

/** Registers `/stream`. */
export function registerStreamRoutes(api: Api, context: ApiContext): void {
  api.get("/stream", (request, reply) => {
    const principal = principalOf(request);
    const stream = openStream(context, principal, (error) =>
      request.log.error({ err: error }, "live stream failed"),
    );
    return reply
      .type("text/event-stream; charset=utf-8")
      .header("cache-control", "no-store")
      .header("x-accel-buffering", "no")
      .send(stream);
  });
}

function openStream(
  context: ApiContext,
  principal: Principal,
  onError: (error: unknown) => void,
): PassThrough {
  const { limits, store, streams } = context;
  const stream = new PassThrough();
  const leave = streams.add(principal, () => stream.end());
  const pending = new Map<string, Versioned<Finding>>();
  let timer: NodeJS.Timeout | undefined;
  const send = (text: string) => {
    if (stream.writableLength > UNSENT_BYTES_MAX) stream.destroy();
    else if (stream.writable) stream.write(text);
  };
  const flush = () => {
    timer = undefined;
    const rows = [...pending.values()].map((one) => JSON.stringify(findingRowOf(one)));
    pending.clear();
    send(rows.map((row) => `event: finding\ndata: ${row}\n\n`).join(""));
  };
  const unwatch = store.watch(principal.tenant, FINDING_KIND, (change) => {
    pending.set(change.id, change);
    if (pending.size > PENDING_FINDINGS_MAX) stream.destroy();
    else timer ??= setTimeout(flush, limits.streamBatchMs);
  });
  const beat = async () => {
    if (await stillIn(context, principal, "findings:read")) send(": still here\n\n");
    else stream.end();
  };
  const heart = setInterval(() => {
    beat().catch((error: unknown) => {
      onError(error);
      stream.destroy();
    });
  }, limits.streamHeartbeatMs);
  stream.once("close", () => {
    clearInterval(heart);
    clearTimeout(timer);
    unwatch();
    leave();
  });
  send(`retry: ${RETRY_MS}\n\n`);
  return stream;
}
