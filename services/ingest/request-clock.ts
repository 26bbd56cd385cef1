// How long a request may take to come in. The server's own timer knows one time for all requests, but a
// journal is sent in one that goes on for hours: there the time counts from the last byte, and not while
// we keep the sender waiting.
import type { FastifyInstance, FastifyRequest } from "fastify";

export interface RequestClock {
  /** The sender waits for us. */
  pause(request: FastifyRequest): void;
  /** The sender's time begins anew. */
  restart(request: FastifyRequest): void;
}

/**
 * Cuts off requests that take longer than `requestMs` from the end of their head to the end of their body,
 * and senders that take longer to read the answer.
 */
export function watchRequests(
  app: FastifyInstance,
  requestMs: number,
  onSlow: () => void,
): RequestClock {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  // A request that is slow in both ways is one slow request.
  const told = new WeakSet<FastifyRequest>();
  const tell = (request: FastifyRequest): void => {
    if (told.has(request)) return;
    told.add(request);
    onSlow();
  };
  const pause = (request: FastifyRequest): void => clearTimeout(timers.get(request));
  const restart = (request: FastifyRequest): void => {
    pause(request);
    if (request.raw.readableEnded || request.raw.destroyed) return;
    const cutOff = (): void => {
      tell(request);
      request.raw.destroy();
    };
    timers.set(request, setTimeout(cutOff, requestMs));
  };
  app.addHook("onRequest", async (request) => {
    restart(request);
    for (const event of ["end", "close"]) request.raw.once(event, () => pause(request));
  });
  // A long answer that nobody reads would stay in memory for as long as the connection does.
  app.addHook("onSend", async (request, reply) => {
    const timer = setTimeout(() => {
      tell(request);
      reply.raw.destroy();
    }, requestMs);
    reply.raw.once("close", () => clearTimeout(timer));
  });
  return { pause, restart };
}
