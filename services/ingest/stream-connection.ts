// One connection of a stream input: gives its bytes piece by piece and watches over the sender's time.
// Nothing is read while the last piece is at work: that is the back pressure, and it costs the sender
// none of its own time.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ByteBudget } from "./byte-budget.ts";
import type { FrameProgress } from "./frame.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Sender } from "./sender-table.ts";

/** Why a connection was closed by us, as counted. */
type CloseReason = "framing" | "slow" | "memory";

export interface StreamConnection {
  readonly sender: Sender;
  /** Aborted when the listener shall stop: the sender is to be told, nothing new is to be begun. */
  readonly stopping: AbortSignal;
  /** Aborted when the connection is gone or the grace after `stopping` is over. */
  readonly gone: AbortSignal;
  /**
   * The bytes as they come. Ends with the connection, when the sender is too slow or idle, and when the
   * listener stops.
   * @param progress the parser that the bytes are pushed into
   */
  chunks(progress: FrameProgress): AsyncGenerator<Buffer>;
  /** Writes an answer; a sender that doesn't read it is not waited for longer than for a frame. */
  write(bytes: string | Buffer): Promise<void>;
  /** Counts taken records and waits as long as the sender's rate demands. */
  pace(records: number): Promise<void>;
  /** Closes at once, counts why and logs the message. */
  refuse(reason: CloseReason, message: string): void;
}

interface ConnectionLimits {
  readonly handshakeMs: number;
  readonly frameMs: number;
  readonly idleMs: number;
  readonly queueBytesMax: number;
}

export interface ConnectionParts {
  readonly socket: Socket;
  readonly sender: Sender;
  readonly limits: ConnectionLimits;
  /** The first frame has to come within `handshakeMs`. */
  readonly greets: boolean;
  /** At `stopping`: read on until the sender is quiet, or leave what was not read to the sender. */
  readonly atStop: "drain" | "leave";
  /** Bytes of unfinished frames, of all connections. */
  readonly partials: ByteBudget;
  readonly rate: RateLimit;
  readonly rateKey: string;
  readonly stopping: AbortSignal;
  readonly onRefused: (reason: CloseReason, message: string) => void;
}

/** A sender that was told to stop and sent nothing for so long is done. */
const QUIET_MS = 250;

/** Watches over a socket that was just accepted. */
export function createConnection(parts: ConnectionParts): StreamConnection {
  const { socket, sender, limits, stopping } = parts;
  const gone = new AbortController();
  let wake: (() => void) | undefined;
  const onActivity = (): void => wake?.();
  for (const event of ["readable", "end"]) socket.on(event, onActivity);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    gone.abort();
    onActivity();
  });
  stopping.addEventListener("abort", onActivity, { once: true });

  // Whether something happened in time.
  const activity = (timeoutMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const done = (isInTime: boolean): void => {
        clearTimeout(timer);
        wake = undefined;
        resolve(isInTime);
      };
      const timer = setTimeout(() => done(false), timeoutMs);
      wake = () => done(true);
    });
  const refuse = (reason: CloseReason, message: string): void => {
    if (gone.signal.aborted) return;
    parts.onRefused(reason, message);
    socket.destroy();
  };
  return {
    sender,
    stopping,
    gone: gone.signal,
    refuse,
    async *chunks(progress) {
      const clock = createFrameClock(progress, parts);
      try {
        while (!socket.destroyed && !(stopping.aborted && parts.atStop === "leave")) {
          const chunk: Buffer | null = socket.read();
          if (chunk !== null) {
            yield chunk;
            if (!clock.advance()) {
              refuse("memory", `unfinished frames hold more than ${limits.queueBytesMax} bytes`);
            }
            continue;
          }
          if (socket.readableEnded) return;
          if (stopping.aborted && !socket.writableEnded) socket.end();
          const { waitMs, fault } = clock.patience();
          const begun = performance.now();
          const isInTime = await activity(stopping.aborted ? Math.min(QUIET_MS, waitMs) : waitMs);
          clock.waited(performance.now() - begun);
          if (isInTime) continue;
          if (fault !== undefined && !stopping.aborted) refuse("slow", fault);
          return;
        }
      } finally {
        clock.stop();
      }
    },
    async write(bytes) {
      if (gone.signal.aborted || socket.writableEnded) return;
      if (socket.write(bytes)) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          socket.off("drain", done).off("close", done);
          resolve();
        };
        const timer = setTimeout(() => {
          refuse("slow", "the sender doesn't read its answers");
          done();
        }, limits.frameMs);
        socket.on("drain", done).on("close", done);
      });
    },
    async pace(records) {
      parts.rate.spend(parts.rateKey, records);
      const signal = AbortSignal.any([gone.signal, stopping]);
      for (let waitMs = parts.rate.waitMs(parts.rateKey); waitMs > 0 && !signal.aborted; ) {
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
        waitMs = parts.rate.waitMs(parts.rateKey);
      }
    },
  };
}

interface FrameClock {
  /** How long the sender may keep silent, and what is wrong then; undefined: nothing, it is only idle. */
  patience(): { waitMs: number; fault: string | undefined };
  waited(ms: number): void;
  /** Looks how far the parser came; false when unfinished frames hold too much. */
  advance(): boolean;
  stop(): void;
}

// Counts only the time in which we wait for the sender.
function createFrameClock(
  progress: FrameProgress,
  { limits, greets, partials }: Pick<ConnectionParts, "limits" | "greets" | "partials">,
): FrameClock {
  let waitedMs = 0;
  let heldBytes = 0;
  let framesDone = 0;
  return {
    patience() {
      const leftOf = (ms: number): number => Math.max(1, ms - waitedMs);
      if (greets && framesDone === 0) {
        return { waitMs: leftOf(limits.handshakeMs), fault: "no first frame came in time" };
      }
      if (progress.pendingBytes === 0) return { waitMs: limits.idleMs, fault: undefined };
      return {
        waitMs: Math.min(limits.idleMs, leftOf(limits.frameMs)),
        fault: "a frame was not finished in time",
      };
    },
    waited(ms) {
      if (progress.pendingBytes > 0 || (greets && framesDone === 0)) waitedMs += ms;
    },
    advance() {
      if (progress.framesDone !== framesDone || progress.pendingBytes === 0) waitedMs = 0;
      framesDone = progress.framesDone;
      const grownBytes = progress.pendingBytes - heldBytes;
      heldBytes = progress.pendingBytes;
      partials.change(grownBytes);
      return grownBytes <= 0 || partials.heldBytes <= limits.queueBytesMax;
    },
    stop() {
      partials.change(-heldBytes);
      heldBytes = 0;
    },
  };
}
