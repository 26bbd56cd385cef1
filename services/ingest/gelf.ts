// The GELF inputs (Graylog Extended Log Format): UDP with chunks and compression, TCP and TLS with a NUL
// after each message. A record's text is the message's JSON as it came.
import type { GelfConfig } from "../../config/network-inputs.ts";
import { openDatagramListener } from "./datagram-listener.ts";
import { createChunkAssembler } from "./gelf-chunks.ts";
import { unpackGelf } from "./gelf-unpack.ts";
import {
  closeQueued,
  type NetworkInput,
  type NetworkInputParts,
  originOf,
  started,
  textOfFrame,
} from "./network-input.ts";
import { queuedStream } from "./queued-stream.ts";
import type { RecordQueue } from "./record-queue.ts";
import { type Listener, openStreamListener } from "./stream-listener.ts";
import { createDelimitedFramer, toFrame } from "./syslog-framing.ts";
import { createTenantQueues } from "./tenant-queues.ts";

const NUL = 0x00;

/**
 * Starts one listener.
 * @throws AppError HW_PLACE_TAKEN, HW_CONFIG_INVALID
 */
export async function openGelfInput(
  config: GelfConfig,
  parts: NetworkInputParts,
): Promise<NetworkInput> {
  const queue = createTenantQueues(config, {
    ...config,
    sink: parts.sink,
    onFault: (error) => parts.logger.error({ err: error }, "GELF records wait for the bus"),
  });
  const { protocol } = config;
  const framer = () => createDelimitedFramer(config.frameBytesMax, NUL);
  const starting =
    protocol === "udp"
      ? listenUdp(config, queue, parts)
      : openStreamListener({
          config,
          protocol: queuedStream("gelf", framer, queue, parts),
          ...parts,
        });
  const listener = await started(config, protocol, starting);
  return {
    port: listener.port,
    close: (graceMs) => closeQueued(listener, queue, graceMs, "gelf", parts),
  };
}

async function listenUdp(
  config: GelfConfig,
  queue: RecordQueue,
  parts: NetworkInputParts,
): Promise<Listener> {
  const { metrics } = parts;
  const assembler = createChunkAssembler(config);
  const countLost = (): void => {
    const lost = assembler.takeLost(performance.now());
    if (lost > 0) metrics.dropped.inc({ input: "gelf" }, lost);
  };
  const listener = await openDatagramListener({
    config,
    input: "gelf",
    ...parts,
    onMessage(datagram, sender, address) {
      const message = assembler.push(datagram, address, performance.now());
      if (message === "refused") metrics.rejected.inc({ reason: "chunk" });
      if (typeof message === "string") return;
      const plain = unpackGelf(message, config.frameBytesMax);
      if (plain === undefined) {
        metrics.rejected.inc({ reason: "compression" });
        return;
      }
      const kept = plain.subarray(0, config.frameBytesMax);
      const frame = toFrame(kept, plain.length > config.frameBytesMax);
      if (frame.bytes.length === 0) return;
      const record = { origin: originOf(sender, "gelf"), text: textOfFrame(frame, metrics) };
      if (!queue.offer(record)) metrics.dropped.inc({ input: "gelf" });
    },
  });
  const timer = setInterval(countLost, config.chunkMs);
  timer.unref();
  return {
    port: listener.port,
    async stop(graceMs) {
      await listener.stop(graceMs);
      clearInterval(timer);
      // What is incomplete now will never be whole.
      const lost = assembler.takeLost(Number.POSITIVE_INFINITY);
      if (lost > 0) metrics.dropped.inc({ input: "gelf" }, lost);
    },
  };
}
