// The ingest stage: starts the inputs that are configured and stops them so that nothing is lost which a
// sender was told is taken.
import { isAbsolute, join } from "node:path";
import type { Readable } from "node:stream";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { InputsConfig } from "../../config/inputs.ts";
import type { BusConfig } from "../../config/kafka.ts";
import type { Bus } from "../bus/bus.ts";
import { openFileState } from "./file-state.ts";
import { startFileInput, startStreamInput } from "./files.ts";
import { openGelfInput } from "./gelf.ts";
import { openHttpInput } from "./http-input.ts";
import { openLumberjackInput } from "./lumberjack.ts";
import { createIngestMetrics } from "./metrics.ts";
import type { NetworkInput, NetworkInputParts } from "./network-input.ts";
import { createRawSink } from "./raw-sink.ts";
import { openRelpInput } from "./relp.ts";
import { chainShipperKeys, createStaticShipperKeys, type ShipperKeys } from "./shipper-keys.ts";
import { openSyslogInput } from "./syslog.ts";

export interface IngestParts {
  readonly config: InputsConfig;
  readonly bus: Bus;
  /** Keys besides those of the configuration. */
  readonly keys: ShipperKeys;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Relative paths in the configuration are meant from here. */
  readonly configFolder: string;
  /** Folder in which the offsets of files are remembered. */
  readonly stateFolder: string;
  /** Read when the configuration binds `stdin`. */
  readonly stdin: Readable;
  /** The bus's settings: inputs of Kafka take its connection and leave its topics alone. */
  readonly busConfig: BusConfig;
  /** How long queued records may wait for a full bus at the end. */
  readonly closeGraceMs: number;
}

/** The ports that were really taken. */
type NetworkPorts = Readonly<Record<NetworkKind, readonly number[]>>;

type NetworkKind = "syslog" | "relp" | "gelf" | "lumberjack";

export interface Ingest {
  /** Address of the HTTP input; undefined when it is off. */
  readonly url: string | undefined;
  /** Ports of the other listeners, each kind in the configuration's order. */
  readonly ports: NetworkPorts;
  /** Resolves when finished files and standard input were read to their ends. */
  readonly finished: Promise<void>;
  /** Takes nothing new, publishes what was taken, then resolves. */
  close(): Promise<void>;
}

/**
 * Starts the configured inputs.
 * @throws AppError HW_PLACE_TAKEN, HW_CONFIG_INVALID, HW_STORE_CORRUPT; what was started until then is stopped again
 */
export async function startIngest(parts: IngestParts): Promise<Ingest> {
  const { config, logger, stdin } = parts;
  const metrics = createIngestMetrics(parts.registry);
  const resolvePath = (path: string): string =>
    isAbsolute(path) ? path : join(parts.configFolder, path);
  const shared = { sink: createRawSink(parts.bus, metrics), metrics, logger };
  const keys = chainShipperKeys([createStaticShipperKeys(config.http.keys), parts.keys]);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.splice(0).map((one) => one()));
  };
  try {
    let url: string | undefined;
    if (config.http.enabled) {
      const http = await openHttpInput({ ...shared, config: config.http, keys });
      closers.push(() => http.close());
      url = http.url;
    }
    const ports = await openNetworkInputs(config, { ...shared, resolvePath }, (input) => {
      closers.push(() => input.close(parts.closeGraceMs));
    });
    if (Object.values(ports).some((some) => some.length > 0)) {
      logger.info({ ports }, "network inputs are listening");
    }
    if (config.kafka.length > 0) {
      // Loaded only here: the client library takes its time, and most installations have no Kafka.
      const { openKafkaInput } = await import("./kafka.ts");
      for (const [index, one] of config.kafka.entries()) {
        const place = `inputs.kafka.${index}`;
        const input = openKafkaInput(one, parts.busConfig, place, { ...shared, resolvePath });
        closers.push(() => input.close());
      }
    }
    const readers = [];
    if (config.files.length > 0) {
      const store = await openFileState(join(parts.stateFolder, "files.json"), Date.now);
      for (const { paths, ...rest } of config.files) {
        const group = { ...rest, paths: paths.map(resolvePath) };
        readers.push(startFileInput(group, store, shared));
      }
    }
    if (config.stdin !== undefined) readers.push(startStreamInput(stdin, config.stdin, shared));
    for (const reader of readers) closers.push(() => reader.close());
    const finished = Promise.all(readers.map((reader) => reader.done)).then(() => undefined);
    return { url, ports, finished, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openNetworkInputs(
  config: InputsConfig,
  parts: NetworkInputParts,
  onOpened: (input: NetworkInput) => void,
): Promise<NetworkPorts> {
  const openAll = async <One>(
    configs: readonly One[],
    open: (one: One, parts: NetworkInputParts) => Promise<NetworkInput>,
  ): Promise<number[]> => {
    const ports: number[] = [];
    for (const one of configs) {
      const input = await open(one, parts);
      onOpened(input);
      ports.push(input.port);
    }
    return ports;
  };
  return {
    syslog: await openAll(config.syslog, openSyslogInput),
    relp: await openAll(config.relp, openRelpInput),
    gelf: await openAll(config.gelf, openGelfInput),
    lumberjack: await openAll(config.lumberjack, openLumberjackInput),
  };
}
