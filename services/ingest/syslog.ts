// The syslog inputs: UDP (RFC 5426) and TCP (RFC 6587). Framing only; what stands in a message, the
// formats' parsers read. TCP senders wait while the bus is full, UDP that finds no room is counted.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, isIPv6, type Socket } from "node:net";
import type { Logger } from "pino";
import { AppError, messageOf } from "../../config/errors.ts";
import type { SyslogConfig } from "../../config/inputs.ts";
import type { IngestMetrics } from "./metrics.ts";
import type { RawSink } from "./raw-sink.ts";
import { createRecordQueue, type QueuedText, type RecordQueue } from "./record-queue.ts";
import { createSenderTable, type Sender } from "./sender-table.ts";
import { createSyslogFramer, type SyslogFrame, toFrame } from "./syslog-framing.ts";
import { decodeText, trimToCharacter } from "./text-encoding.ts";

export interface SyslogInput {
  /** The port that was really taken. */
  readonly port: number;
  /** Takes nothing more, publishes what was taken (for `graceMs` at most), then resolves. */
  close(graceMs: number): Promise<void>;
}

export interface SyslogParts {
  readonly config: SyslogConfig;
  readonly sink: RawSink;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
}

/** What both listeners share. */
interface Receiver {
  readonly parts: SyslogParts;
  readonly queue: RecordQueue;
  senderOf(address: string): Sender | undefined;
}

/**
 * Starts one listener.
 * @throws AppError HW_PLACE_TAKEN when something else listens there
 */
export async function openSyslogInput(parts: SyslogParts): Promise<SyslogInput> {
  const { config, logger, metrics } = parts;
  const queue = createRecordQueue({
    ...config,
    sink: parts.sink,
    onFault: (error) => logger.error({ err: error }, "syslog records could not be published yet"),
  });
  const receiver: Receiver = { parts, queue, senderOf: createSenderTable(config) };
  try {
    const listener = await (config.protocol === "udp" ? listenUdp(receiver) : listenTcp(receiver));
    return {
      port: listener.port,
      async close(graceMs) {
        queue.stopWaiting();
        await listener.stop(graceMs);
        const left = await queue.close(graceMs);
        if (left === 0) return;
        metrics.dropped.inc({ input: "syslog" }, left);
        logger.error({ records: left }, "syslog records were lost: the bus stayed full");
      },
    };
  } catch (cause) {
    const place = `${config.host}:${config.port}/${config.protocol}`;
    throw new AppError("HW_PLACE_TAKEN", messageOf(cause), { place, cause });
  }
}

/** A sender that was told to stop and sent nothing for so long is done. */
const QUIET_MS = 250;

interface Listener {
  readonly port: number;
  stop(graceMs: number): Promise<void>;
}

async function listenUdp(receiver: Receiver): Promise<Listener> {
  const { config, metrics, logger } = receiver.parts;
  const socket = createSocket({
    type: isIPv6(config.host) ? "udp6" : "udp4",
    recvBufferSize: config.receiveBufferBytes,
  });
  socket.on("message", (message, { address }) => {
    const sender = receiver.senderOf(address);
    if (sender === undefined) {
      metrics.rejected.inc({ reason: "sender" });
      return;
    }
    const frame = toFrame(
      message.subarray(0, config.frameBytesMax),
      message.length > config.frameBytesMax,
    );
    const [record] = toRecords([frame], sender, receiver);
    if (record === undefined || receiver.queue.offer(record)) return;
    metrics.dropped.inc({ input: "syslog" });
  });
  socket.bind(config.port, config.host);
  await once(socket, "listening").catch((error: unknown) => {
    socket.close();
    throw error;
  });
  socket.on("error", (error) => logger.error({ err: error }, "the UDP listener has a fault"));
  return {
    port: socket.address().port,
    async stop() {
      socket.close();
      await once(socket, "close");
    },
  };
}

async function listenTcp(receiver: Receiver): Promise<Listener> {
  const { config, metrics, logger } = receiver.parts;
  const connections = new Map<Socket, Promise<void>>();
  const server = createServer({ keepAlive: true }, (socket) => {
    // Told where the socket is read; without a listener a late fault would end the process.
    socket.on("error", () => socket.destroy());
    const sender = receiver.senderOf(socket.remoteAddress ?? "");
    if (sender === undefined) {
      metrics.rejected.inc({ reason: "sender" });
      socket.destroy();
      return;
    }
    socket.setTimeout(config.idleMs, () => socket.destroy());
    const done = serveConnection(socket, sender, receiver).finally(() => {
      connections.delete(socket);
    });
    connections.set(socket, done);
  });
  server.maxConnections = config.connectionsMax;
  server.on("drop", () => metrics.rejected.inc({ reason: "connections" }));
  server.listen(config.port, config.host);
  await once(server, "listening");
  server.on("error", (error) => logger.error({ err: error }, "the TCP listener has a fault"));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : config.port,
    // Senders are told to stop; what is on its way is still read, until they are quiet.
    async stop(graceMs) {
      const closed = once(server, "close");
      server.close();
      const destroyAll = (): void => {
        for (const socket of connections.keys()) socket.destroy();
      };
      for (const socket of connections.keys()) {
        socket.end();
        socket.setTimeout(Math.min(QUIET_MS, graceMs));
      }
      const timer = setTimeout(destroyAll, graceMs);
      await Promise.all([closed, ...connections.values()]);
      clearTimeout(timer);
    },
  };
}

// Reading by iteration is the back pressure: while `put` waits for room, the socket is not read.
async function serveConnection(socket: Socket, sender: Sender, receiver: Receiver): Promise<void> {
  const { config, metrics, logger } = receiver.parts;
  const framer = createSyslogFramer(config.frameBytesMax);
  try {
    for await (const chunk of socket) {
      await receiver.queue.put(toRecords(framer.push(chunk), sender, receiver));
      if (framer.fault === undefined) continue;
      metrics.rejected.inc({ reason: "framing" });
      const { source } = sender.binding;
      logger.warn({ source }, `a syslog connection was closed: ${framer.fault.message}`);
      break;
    }
  } catch (error) {
    logger.debug({ err: error }, "a syslog connection broke");
  }
  const rest = framer.rest();
  if (rest !== undefined) await receiver.queue.put(toRecords([rest], sender, receiver));
}

function toRecords(
  frames: readonly SyslogFrame[],
  { binding, key }: Sender,
  { parts }: Receiver,
): QueuedText[] {
  const origin = { binding, input: "syslog", key, receivedAt: Date.now() } as const;
  return frames.flatMap(({ bytes, cut }) => {
    if (cut) parts.metrics.rejected.inc({ reason: "cut" });
    if (bytes.length === 0) return [];
    return { origin, text: decodeText(cut ? trimToCharacter(bytes, "utf-8") : bytes, "utf-8") };
  });
}
