// The syslog inputs: UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425). Framing only; what stands in a
// message, the formats' parsers read. TCP senders wait while the bus is full, UDP that finds no room is
// counted.
import type { SyslogConfig } from "../../config/network-inputs.ts";
import { openDatagramListener } from "./datagram-listener.ts";
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
import { createSyslogFramer, toFrame } from "./syslog-framing.ts";
import { createTenantQueues } from "./tenant-queues.ts";

/**
 * Starts one listener.
 * @throws AppError HW_PLACE_TAKEN when something else listens there, HW_CONFIG_INVALID for a fault in a
 *   certificate file
 */
export async function openSyslogInput(
  config: SyslogConfig,
  parts: NetworkInputParts,
): Promise<NetworkInput> {
  const queue = createTenantQueues(config, {
    ...config,
    sink: parts.sink,
    onFault: (error) => parts.logger.error({ err: error }, "syslog records wait for the bus"),
  });
  const { protocol } = config;
  const listener = await started(
    config,
    protocol,
    protocol === "udp" ? listenUdp(config, queue, parts) : listenStream(config, queue, parts),
  );
  return {
    port: listener.port,
    close: (graceMs) => closeQueued(listener, queue, graceMs, "syslog", parts),
  };
}

function listenUdp(
  config: SyslogConfig,
  queue: RecordQueue,
  parts: NetworkInputParts,
): Promise<Listener> {
  return openDatagramListener({
    config,
    input: "syslog",
    ...parts,
    onMessage(message, sender) {
      const kept = message.subarray(0, config.frameBytesMax);
      const frame = toFrame(kept, message.length > config.frameBytesMax);
      if (frame.bytes.length === 0) return;
      const text = textOfFrame(frame, parts.metrics);
      if (queue.offer({ origin: originOf(sender, "syslog"), text })) return;
      parts.metrics.dropped.inc({ input: "syslog" });
    },
  });
}

function listenStream(
  config: SyslogConfig,
  queue: RecordQueue,
  parts: NetworkInputParts,
): Promise<Listener> {
  const framer = () => createSyslogFramer(config.frameBytesMax);
  return openStreamListener({
    config,
    protocol: queuedStream("syslog", framer, queue, parts),
    ...parts,
  });
}
