// The file inputs: growing files are followed with rotation, finished ones are read once, standard input
// is read to its end. All three make their source wait while the bus is full.
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { FilesConfig, SourceBinding } from "../../config/inputs.ts";
import type { FollowedLine } from "./file-follow.ts";
import { fileFingerprint, readLines } from "./file-read.ts";
import type { FileStateStore } from "./file-state.ts";
import { FileWatch } from "./file-watch.ts";
import { createHeaderCarry } from "./header-carry.ts";
import { listInputFiles } from "./input-files.ts";
import { createLineSplitter, type Piece, pieceText } from "./line-splitter.ts";
import type { IngestMetrics, InputName } from "./metrics.ts";
import { type RawSink, untilAccepted } from "./raw-sink.ts";

/** A running reader of files. */
export interface FileInput {
  /** Resolves when there is nothing left to read; never for followed files. */
  readonly done: Promise<void>;
  /** Stops reading; what was not published is read at the next start. */
  close(): Promise<void>;
}

export interface FileInputParts {
  readonly sink: RawSink;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
}

/** How often offsets are brought to disk; lines read twice because of it keep their ids. */
const STATE_SAVE_MS = 1000;
const STDIN_BUSY_RETRY_MS = 500;
const STDIN_LINE_BYTES_MAX = 1024 * 1024;

/** Starts following or reading a group of files. */
export function startFileInput(
  config: FilesConfig,
  store: FileStateStore,
  parts: FileInputParts,
): FileInput {
  const run = config.mode === "follow" ? followFiles : readFinished;
  return runUntilClosed(parts.logger, (signal) => run(config, store, parts, signal));
}

/** Starts reading a stream to its end, line by line. */
export function startStreamInput(
  stream: Readable,
  binding: SourceBinding,
  parts: FileInputParts,
): FileInput {
  return runUntilClosed(parts.logger, async (signal) => {
    const splitter = createLineSplitter({
      pieceBytesMax: STDIN_LINE_BYTES_MAX,
      encoding: "utf-8",
      firstOffset: 0,
      firstLine: 1,
    });
    const runId = randomUUID();
    const stop = (): unknown => stream.destroy();
    const publish = createPublisher(binding, "stdin", STDIN_BUSY_RETRY_MS, parts, signal);
    const publishPieces = (pieces: readonly Piece[]): Promise<void> => {
      const lines = pieces.filter((piece) => piece.bytes.length > 0);
      for (const { cut } of lines) if (cut) parts.metrics.rejected.inc({ reason: "cut" });
      const named = lines.map((piece) => ({
        id: `${runId}/${piece.offset}`,
        text: pieceText(piece, "utf-8"),
      }));
      return publish(runId, named);
    };
    signal.addEventListener("abort", stop, { once: true });
    for await (const chunk of stream) await publishPieces(splitter.push(chunk));
    const rest = splitter.rest();
    if (rest !== undefined) await publishPieces([rest]);
  });
}

function runUntilClosed(logger: Logger, run: (signal: AbortSignal) => Promise<void>): FileInput {
  const stop = new AbortController();
  const done = run(stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) logger.error({ err: error }, "a file input ended with a fault");
  });
  return {
    done,
    async close() {
      stop.abort();
      await done;
    },
  };
}

async function followFiles(
  config: FilesConfig,
  store: FileStateStore,
  parts: FileInputParts,
  signal: AbortSignal,
): Promise<void> {
  const { logger, metrics } = parts;
  const watch = new FileWatch({
    config,
    group: `${config.tenant}/${config.source}`,
    store,
    publish: createPublisher(config, "file", config.busyRetryMs, parts, signal),
    now: Date.now,
    onFault: (error, path) => logger.error({ err: error, path }, "a file can't be followed"),
    onCut(path, offset) {
      metrics.rejected.inc({ reason: "cut" });
      logger.warn({ path, offset }, "a line was longer than allowed and was cut");
    },
  });
  let discoveredAt = Number.NEGATIVE_INFINITY;
  let savedAt = Date.now();
  let isDirty = false;
  const turn = async (): Promise<void> => {
    if (Date.now() - discoveredAt >= config.discoverMs) {
      discoveredAt = Date.now();
      await watch.discover();
    }
    const isBusy = await watch.readOn();
    isDirty ||= isBusy;
    if (isDirty && Date.now() - savedAt >= STATE_SAVE_MS) {
      savedAt = Date.now();
      await store.save();
      isDirty = false;
    }
    if (!isBusy) await sleep(config.pollMs, undefined, { signal });
  };
  try {
    while (!signal.aborted) {
      try {
        await turn();
      } catch (error) {
        // A full disk or a lost network drive is no reason to follow nothing any more.
        signal.throwIfAborted();
        logger.error({ err: error }, "following files met a fault and goes on");
        await sleep(config.discoverMs, undefined, { signal });
      }
    }
  } finally {
    await watch.close();
    await store.save();
  }
}

async function readFinished(
  config: FilesConfig,
  store: FileStateStore,
  parts: FileInputParts,
  signal: AbortSignal,
): Promise<void> {
  const publish = createPublisher(config, "file", config.busyRetryMs, parts, signal);
  const { files, faults } = await listInputFiles(config.paths);
  const tell = (error: unknown): void =>
    parts.logger.error({ err: error }, "a file could not be read to its end");
  for (const fault of faults) tell(fault);
  for (const { path } of files) {
    try {
      const fingerprint = await fileFingerprint(path);
      if (store.finished.has(fingerprint)) continue;
      const { lineBytesMax, multiline } = config;
      let headers = createHeaderCarry();
      let placeBefore = path;
      for await (const { place, lines, faults: told } of readLines(path, {
        lineBytesMax,
        multiline,
        signal,
      })) {
        // Entries of an archive are files of their own: no header of one holds for the next.
        if (place !== placeBefore) headers = createHeaderCarry();
        placeBefore = place;
        const key = `${fingerprint}${place.slice(path.length)}`;
        const named = lines.flatMap(({ offset, text: line }) => {
          const text = headers.take(line);
          return text === undefined ? [] : [{ id: `${key}/${offset}`, text }];
        });
        await publish(fingerprint, named);
        const cut = lines.filter((line) => line.cut).length;
        if (cut > 0) parts.metrics.rejected.inc({ reason: "cut" }, cut);
        for (const fault of told) parts.logger.warn({ place: fault.place }, fault.message);
      }
      store.finished.add(fingerprint);
      await store.save();
    } catch (error) {
      signal.throwIfAborted();
      tell(error);
    }
  }
}

function createPublisher(
  binding: SourceBinding,
  input: InputName,
  retryMs: number,
  { sink, logger }: FileInputParts,
  signal: AbortSignal,
): (key: string, lines: readonly FollowedLine[]) => Promise<void> {
  const onFault = (error: unknown): void =>
    logger.error({ err: error }, "records could not be published yet");
  return async (key, lines) => {
    if (lines.length === 0) return;
    const origin = { binding, input, key, receivedAt: Date.now() };
    const records = lines.map((line) => sink.encode(origin, { ...line, idFromSender: false }));
    await untilAccepted(() => sink.publish(origin, records), { retryMs, signal, onFault });
  };
}
