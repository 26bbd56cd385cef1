// Listens on UDP for syslog and GELF. Nobody can be told to wait: what is over a limit is dropped and
// counted.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import type { Logger } from "pino";
import type { SyslogConfig } from "../../config/network-inputs.ts";
import type { IngestMetrics, InputName } from "./metrics.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createSenderReport } from "./sender-report.ts";
import { createSenderTable, type Sender } from "./sender-table.ts";
import type { Listener } from "./stream-listener.ts";

export interface DatagramListenerParts {
  readonly config: Pick<
    SyslogConfig,
    "host" | "port" | "binding" | "senders" | "receiveBufferBytes" | "recordsPerSecondMax"
  >;
  readonly input: InputName;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
  /** Called with each datagram of a known sender that is within its rate. */
  readonly onMessage: (message: Buffer, sender: Sender, address: string) => void;
}

/** Starts listening; rejects with the system's error when the port is taken. */
export async function openDatagramListener(parts: DatagramListenerParts): Promise<Listener> {
  const { config, metrics, logger } = parts;
  const senderOf = createSenderTable(config);
  const report = createSenderReport(`${parts.input} (UDP)`, parts);
  const rate = createRateLimit(config.recordsPerSecondMax);
  const socket = createSocket({
    type: isIPv6(config.host) ? "udp6" : "udp4",
    recvBufferSize: config.receiveBufferBytes,
  });
  socket.on("message", (message, { address }) => {
    const sender = senderOf({ address });
    if (sender === undefined) {
      report("sender", "neither senders nor binding names it", address);
      return;
    }
    if (rate.waitMs(address) > 0) {
      const most = `it sends over ${config.recordsPerSecondMax} records a second`;
      report("rate", most, address, sender.binding.source);
      metrics.dropped.inc({ input: parts.input });
      return;
    }
    rate.spend(address, 1);
    parts.onMessage(message, sender, address);
  });
  socket.bind(config.port, config.host);
  await once(socket, "listening").catch((error: unknown) => {
    socket.close();
    throw error;
  });
  socket.on("error", (error) => logger.error({ err: error }, "a UDP listener has a fault"));
  return {
    port: socket.address().port,
    async stop() {
      socket.close();
      await once(socket, "close");
    },
  };
}
