// What the inputs that listen by themselves have in common: how they are started and stopped, and the way
// of their records to the bus, either through a queue (senders that need no answer) or one by one with
// the sender waiting for it.
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { AppError, isAppError, messageOf } from "../../config/errors.ts";
import type { Frame } from "./frame.ts";
import { mendOfListening } from "./listening-fault.ts";
import type { IngestMetrics, InputName } from "./metrics.ts";
import { type BatchOrigin, type RawSink, untilAccepted } from "./raw-sink.ts";
import type { RecordQueue } from "./record-queue.ts";
import type { Sender } from "./sender-table.ts";
import type { StreamConnection } from "./stream-connection.ts";
import type { Listener } from "./stream-listener.ts";
import { decodeText, trimToCharacter } from "./text-encoding.ts";

export interface NetworkInput {
  /** The port that was really taken. */
  readonly port: number;
  /** Takes nothing more, publishes what was taken (for `graceMs` at most), then resolves. */
  close(graceMs: number): Promise<void>;
}

/** What every input gets besides its configuration. */
export interface NetworkInputParts {
  readonly sink: RawSink;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
  /** Makes a path of the configuration absolute. */
  readonly resolvePath: (path: string) => string;
}

/**
 * Waits for a listener to start.
 * @throws AppError HW_PLACE_TAKEN when something else listens there, and those of the listener
 */
export async function started(
  config: { readonly host: string; readonly port: number },
  protocol: string,
  starting: Promise<Listener>,
): Promise<Listener> {
  try {
    return await starting;
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    const place = `${config.host}:${config.port}/${protocol}`;
    throw new AppError("HW_PLACE_TAKEN", messageOf(cause), {
      place,
      cause,
      ...mendOfListening(cause),
    });
  }
}

/** Stops a listener and then its queue; what the bus doesn't take in time is counted as lost. */
export async function closeQueued(
  listener: Listener,
  queue: RecordQueue,
  graceMs: number,
  input: InputName,
  { metrics, logger }: NetworkInputParts,
): Promise<void> {
  queue.stopWaiting();
  await listener.stop(graceMs);
  const left = await queue.close(graceMs);
  if (left === 0) return;
  metrics.dropped.inc({ input }, left);
  logger.error({ records: left }, `${input} records were lost: the bus stayed full`);
}

/** The text of a frame; what was cut is counted. */
export function textOfFrame({ bytes, cut }: Frame, metrics: IngestMetrics): string {
  if (cut) metrics.rejected.inc({ reason: "cut" });
  return decodeText(cut ? trimToCharacter(bytes, "utf-8") : bytes, "utf-8");
}

/** Where records of a sender come from, as of now. */
export function originOf({ binding, key }: Sender, input: InputName): BatchOrigin {
  return { binding, input, key, receivedAt: Date.now() };
}

/**
 * Publishes texts of one sender and resolves when they are durable, however long the bus is full.
 * @returns false when the connection went or had to stop before; then the sender must not be told
 */
export async function publishDurably(
  texts: readonly string[],
  input: InputName,
  connection: StreamConnection,
  { sink, logger }: NetworkInputParts,
  retryMs: number,
): Promise<boolean> {
  if (texts.length === 0) return true;
  const batchId = randomUUID();
  const origin = originOf(connection.sender, input);
  const records = texts.map((text, position) =>
    sink.encode(origin, { id: `${batchId}/${position}`, idFromSender: false, text }),
  );
  try {
    await untilAccepted(() => sink.publish(origin, records), {
      retryMs,
      signal: connection.gone,
      onFault: (error) => logger.error({ err: error }, `${input} records wait for the bus`),
    });
    return true;
  } catch (error) {
    if (connection.gone.aborted) return false;
    throw error;
  }
}
