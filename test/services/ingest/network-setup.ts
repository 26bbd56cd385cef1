// What the tests of the listening inputs share: an input of any kind before a bus in memory, and senders.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { Registry } from "prom-client";
import { type InputsConfig, inputsSchema } from "../../../config/inputs.ts";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import type { NetworkInput, NetworkInputParts } from "../../../services/ingest/network-input.ts";
import { createRawSink } from "../../../services/ingest/raw-sink.ts";
import { createMemoryBus, type MemoryBus } from "./memory-bus.ts";

export const FIREWALL = {
  tenant: "kreis",
  source: "firewall",
  format: "fortigate",
  timeZone: "UTC",
};
export const TLS_FOLDER = join(import.meta.dirname, "../../fixtures/tls");

type Kind = "syslog" | "relp" | "gelf" | "lumberjack";

export interface NetworkSetup extends NetworkInput, AsyncDisposable {
  readonly bus: MemoryBus;
  /** Sum of a counter, `rejected` or `dropped`, over all reasons or of one. */
  count(name: string, reason?: string): Promise<number>;
}

/** Opens one input as the configuration would, on a free port. */
export async function openInput<Of extends Kind>(
  kind: Of,
  open: (config: InputsConfig[Of][number], parts: NetworkInputParts) => Promise<NetworkInput>,
  settings: Record<string, unknown>,
  bus: MemoryBus = createMemoryBus(),
): Promise<NetworkSetup> {
  const [config] = inputsSchema.parse({ [kind]: [{ port: 0, ...settings }] })[kind];
  if (config === undefined) throw new Error("no configuration");
  const registry = new Registry();
  const metrics = createIngestMetrics(registry);
  const input = await open(config, {
    sink: createRawSink(bus, metrics),
    metrics,
    logger: pino({ level: "silent" }),
    resolvePath: (path) => resolve(TLS_FOLDER, path),
  });
  return {
    ...input,
    bus,
    async count(name, reason) {
      const values = (await registry.getSingleMetric(`heidewacht_ingest_${name}_total`)?.get())
        ?.values;
      return (values ?? [])
        .filter((one) => reason === undefined || one.labels.reason === reason)
        .reduce((sum, one) => sum + one.value, 0);
    },
    [Symbol.asyncDispose]: () => input.close(200),
  };
}

/** A connected socket whose faults are its own. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Everything that a socket has received until now. */
export function received(socket: Socket): () => Buffer {
  let all: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    all = Buffer.concat([all, Buffer.from(chunk)]);
  });
  return () => all;
}

/** A stream in pieces whose sizes come round. */
export function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizes[all.length % sizes.length] ?? 1;
    all.push(bytes.subarray(at, at + size));
    at += size;
  }
  return all;
}
