// The live sources of `heidewacht parse --follow`: a growing file, standard input, syslog senders. The
// service's own inputs read them; their records end here instead of on the bus.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { pino } from "pino";
import { Registry } from "prom-client";
import { AppError } from "../../config/errors.ts";
import { inputsSchema } from "../../config/inputs.ts";
import type { FileStateStore } from "../ingest/file-state.ts";
import { startFileInput, startStreamInput } from "../ingest/files.ts";
import { createIngestMetrics } from "../ingest/metrics.ts";
import type { RawSink } from "../ingest/raw-sink.ts";
import { openSyslogInput } from "../ingest/syslog.ts";
import type { CliLanguage } from "./messages.ts";
import { PARSE_MESSAGES } from "./parse-messages.ts";

export interface LiveSource {
  /** What is read, with the port that was really taken. */
  readonly name: string;
  /** Resolves when the source has ended by itself; never for files and listeners. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

const BINDING = { tenant: "parse", source: "live" };
const CLOSE_GRACE_MS = 500;
const PORT_MAX = 65_535;
/** Senders are on this machine: whoever has a network to listen to runs the service. */
const HOST = "127.0.0.1";

/**
 * Starts reading; every record is handed to `take` as text.
 * @throws AppError HW_USAGE for a source that is not understood, HW_PLACE_TAKEN
 */
export async function openLiveSource(
  source: string,
  stdin: Readable,
  language: CliLanguage,
  take: (text: string) => void,
): Promise<LiveSource> {
  const parts = {
    sink: sinkTo(take),
    metrics: createIngestMetrics(new Registry()),
    logger: pino({ level: "silent" }),
    resolvePath: (path: string) => resolve(path),
  };
  if (source === "-") {
    const binding = inputsSchema.parse({ stdin: BINDING }).stdin;
    const input = startStreamInput(
      stdin,
      { timeZone: "Europe/Berlin", ...BINDING, ...binding },
      parts,
    );
    return { name: source, done: input.done, close: () => input.close() };
  }
  const network = /^(udp|tcp):(\d{1,5})$/.exec(source);
  if (network !== null) {
    const [, protocol, port] = network;
    if (Number(port) > PORT_MAX) throw unknownSource(source, language);
    const listener = { protocol, host: HOST, port: Number(port), binding: BINDING };
    const [config] = inputsSchema.parse({ syslog: [listener] }).syslog;
    if (config === undefined) throw unknownSource(source, language);
    const input = await openSyslogInput(config, parts);
    return {
      name: `${protocol}:${input.port}`,
      done: new Promise(() => undefined),
      close: () => input.close(CLOSE_GRACE_MS),
    };
  }
  if (!existsSync(source)) throw unknownSource(source, language);
  const file = { ...BINDING, mode: "follow", startAt: "end", paths: [resolve(source)] };
  const [config] = inputsSchema.parse({ files: [file] }).files;
  if (config === undefined) throw unknownSource(source, language);
  const input = startFileInput(config, memoryState(), parts);
  return { name: source, done: input.done, close: () => input.close() };
}

// Bytes across the border and back: the inputs know records of the bus only.
function sinkTo(take: (text: string) => void): RawSink {
  return {
    encode: (_origin, { text }) => ({ key: undefined, value: Buffer.from(text) }),
    publish: (_origin, records) => {
      for (const { value } of records) take(Buffer.from(value).toString());
      return Promise.resolve();
    },
  };
}

/** Where reading stands is forgotten at the end: the next look begins anew. */
function memoryState(): FileStateStore {
  const store: FileStateStore = {
    followed: new Set(),
    finished: new Set(),
    replace(before, after) {
      if (before !== undefined) store.followed.delete(before);
      store.followed.add(after);
    },
    save: () => Promise.resolve(),
  };
  return store;
}

function unknownSource(source: string, language: CliLanguage): AppError {
  const text = PARSE_MESSAGES[language];
  return new AppError("HW_USAGE", text.noSource(source), { mend: text.noSourceMend });
}
