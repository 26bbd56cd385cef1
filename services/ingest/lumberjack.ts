// The Lumberjack input, which Beats speak with `output.logstash`: records come in windows and are
// acknowledged when they are durable on the bus. While the bus is full, senders are told from time to
// time that we still live, so that they wait instead of sending everything anew.
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import type { LumberjackConfig } from "../../config/network-inputs.ts";
import { type ByteBudget, createByteBudget } from "./byte-budget.ts";
import {
  createLumberjackFramer,
  type LumberjackFrame,
  type LumberjackVersion,
} from "./lumberjack-framing.ts";
import {
  type NetworkInput,
  type NetworkInputParts,
  publishDurably,
  started,
  textOfFrame,
} from "./network-input.ts";
import type { StreamConnection } from "./stream-connection.ts";
import { openStreamListener } from "./stream-listener.ts";

const unpack = promisify(inflate);
/** Deflate packs no tighter than this (zlib's technical notes: 1032 to 1). */
const UNPACKED_PER_BYTE_MAX = 1032;
/** Of what was unpacked so much is read at a time, so that other connections have their turn. */
const SLICE_BYTES = 512 * 1024;

/**
 * Starts one listener.
 * @throws AppError HW_PLACE_TAKEN, HW_CONFIG_INVALID
 */
export async function openLumberjackInput(
  config: LumberjackConfig,
  parts: NetworkInputParts,
): Promise<NetworkInput> {
  const unpacked = createByteBudget(config.queueBytesMax);
  const listener = await started(
    config,
    "lumberjack",
    openStreamListener({
      config,
      protocol: {
        name: "lumberjack",
        greets: true,
        atStop: "leave",
        isAnswered: true,
        serve: (connection) => serve({ connection, config, parts, unpacked }),
      },
      ...parts,
    }),
  );
  return { port: listener.port, close: (graceMs) => listener.stop(graceMs) };
}

interface Serving {
  readonly connection: StreamConnection;
  readonly config: LumberjackConfig;
  readonly parts: NetworkInputParts;
  /** Unpacked bytes of all connections. */
  readonly unpacked: ByteBudget;
}

/** What of a window came until now. */
interface Window {
  readonly version: LumberjackVersion;
  missing: number;
  /** Sequence number of the last durable record; 0: none of this window yet. */
  acknowledged: number;
}

async function serve(serving: Serving): Promise<void> {
  const { connection, config } = serving;
  const framer = createLumberjackFramer(config);
  const taker = createTaker(serving);
  for await (const chunk of connection.chunks(framer)) {
    const fault = (await taker.take(framer.push(chunk), "stream")) ?? framer.fault?.message;
    if (fault === undefined) continue;
    if (fault !== "gone") connection.refuse("framing", fault);
    return;
  }
}

interface Taker {
  /** Publishes and acknowledges the records among the frames; says what was wrong. */
  take(
    frames: readonly LumberjackFrame[],
    from: "stream" | "compressed",
  ): Promise<string | undefined>;
}

function createTaker(serving: Serving): Taker {
  const { connection, config, parts } = serving;
  let window: Window = { version: 2, missing: 0, acknowledged: 0 };

  const flush = async (texts: readonly string[], sequence: number): Promise<boolean> => {
    if (texts.length === 0) return true;
    const alive = setInterval(() => {
      const isSure = window.version === 2;
      if (isSure) void connection.write(acknowledgement(window.version, window.acknowledged));
    }, config.keepAliveMs);
    try {
      const { busyRetryMs } = config;
      const isTaken = await publishDurably(texts, "lumberjack", connection, parts, busyRetryMs);
      if (!isTaken) return false;
      await connection.pace(texts.length);
    } finally {
      clearInterval(alive);
    }
    window.acknowledged = sequence;
    await connection.write(acknowledgement(window.version, sequence));
    return true;
  };
  const take: Taker["take"] = async (frames, from) => {
    let texts: string[] = [];
    let sequence = 0;
    for (const frame of frames) {
      if (frame.type === "record") {
        if (window.missing === 0) return "more records than the window has";
        window.missing--;
        sequence = frame.sequence;
        texts.push(textOfFrame(frame.data, parts.metrics));
        continue;
      }
      if (!(await flush(texts, sequence))) return "gone";
      texts = [];
      if (frame.type === "compressed") {
        if (from === "compressed") return "a compressed frame in a compressed one";
        const fault = await takeCompressed(frame.payload, serving, take);
        if (fault !== undefined) return fault;
      } else if (frame.records === 0 || frame.records > config.windowRecordsMax) {
        return `a window of ${frame.records} records`;
      } else {
        window = { version: frame.version, missing: frame.records, acknowledged: 0 };
      }
    }
    return (await flush(texts, sequence)) ? undefined : "gone";
  };
  return { take };
}

// Room is held for the most that the frame can become before it is unpacked, then for what it is.
async function takeCompressed(
  payload: Buffer,
  { config, connection, unpacked }: Serving,
  take: Taker["take"],
): Promise<string | undefined> {
  const { unpackedBytesMax } = config;
  let heldBytes = Math.min(unpackedBytesMax, payload.length * UNPACKED_PER_BYTE_MAX);
  await unpacked.hold(heldBytes);
  try {
    if (connection.gone.aborted) return "gone";
    const plain = await unpack(payload, { maxOutputLength: unpackedBytesMax }).catch(
      () => undefined,
    );
    if (plain === undefined) {
      return `a compressed frame that is damaged or unpacks to over ${unpackedBytesMax} bytes`;
    }
    unpacked.change(plain.length - heldBytes);
    heldBytes = plain.length;
    const inner = createLumberjackFramer(config);
    for (let at = 0; at < plain.length; at += SLICE_BYTES) {
      const frames = inner.push(plain.subarray(at, at + SLICE_BYTES));
      const fault = (await take(frames, "compressed")) ?? inner.fault?.message;
      if (fault !== undefined) return fault;
      await nextTurn();
    }
    return inner.pendingBytes > 0 ? "a compressed frame that ends within a record" : undefined;
  } finally {
    unpacked.change(-heldBytes);
  }
}

function acknowledgement(version: LumberjackVersion, sequence: number): Buffer {
  const answer = Buffer.alloc(6);
  answer.write(`${version}A`, "latin1");
  answer.writeUInt32BE(sequence, 2);
  return answer;
}
