// The ingest stage: starts the inputs that are configured and stops them so that nothing is lost which a
// sender was told is taken.
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { InputsConfig } from "../../config/inputs.ts";
import type { Bus } from "../bus/bus.ts";
import { openFileState } from "./file-state.ts";
import { startFileInput, startStreamInput } from "./files.ts";
import { openHttpInput } from "./http-input.ts";
import { createIngestMetrics } from "./metrics.ts";
import { createRawSink } from "./raw-sink.ts";
import { chainShipperKeys, createStaticShipperKeys, type ShipperKeys } from "./shipper-keys.ts";
import { openSyslogInput } from "./syslog.ts";

export interface IngestParts {
  readonly config: InputsConfig;
  readonly bus: Bus;
  /** Keys besides those of the configuration. */
  readonly keys: ShipperKeys;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Folder in which the offsets of files are remembered. */
  readonly stateFolder: string;
  /** Read when the configuration binds `stdin`. */
  readonly stdin: Readable;
  /** How long queued records may wait for a full bus at the end. */
  readonly closeGraceMs: number;
}

export interface Ingest {
  /** Address of the HTTP input; undefined when it is off. */
  readonly url: string | undefined;
  /** Ports of the syslog inputs, in the configuration's order. */
  readonly syslogPorts: readonly number[];
  /** Resolves when finished files and standard input were read to their ends. */
  readonly finished: Promise<void>;
  /** Takes nothing new, publishes what was taken, then resolves. */
  close(): Promise<void>;
}

/**
 * Starts the configured inputs.
 * @throws AppError HW_PLACE_TAKEN, HW_STORE_CORRUPT; what was started until then is stopped again
 */
export async function startIngest(parts: IngestParts): Promise<Ingest> {
  const { config, logger, stdin } = parts;
  const metrics = createIngestMetrics(parts.registry);
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
    const syslogPorts: number[] = [];
    for (const one of config.syslog) {
      const syslog = await openSyslogInput({ ...shared, config: one });
      closers.push(() => syslog.close(parts.closeGraceMs));
      syslogPorts.push(syslog.port);
    }
    const readers = [];
    if (config.files.length > 0) {
      const store = await openFileState(join(parts.stateFolder, "files.json"), Date.now);
      readers.push(...config.files.map((one) => startFileInput(one, store, shared)));
    }
    if (config.stdin !== undefined) readers.push(startStreamInput(stdin, config.stdin, shared));
    for (const reader of readers) closers.push(() => reader.close());
    const finished = Promise.all(readers.map((reader) => reader.done)).then(() => undefined);
    return { url, syslogPorts, finished, close };
  } catch (error) {
    await close();
    throw error;
  }
}
