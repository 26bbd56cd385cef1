// Finds the frames of the Lumberjack protocol in a stream: version (`1` or `2`), type, and what the type
// says (elastic/go-lumber; the logstash-forwarder's protocol text for version 1). Numbers are unsigned,
// 32 bits, big endian.
import { AppError } from "../../config/errors.ts";
import { createBoundedCarry } from "./bounded-carry.ts";
import type { Frame, Framer } from "./frame.ts";

/** One frame of a sender. */
export type LumberjackFrame =
  | { readonly type: "window"; readonly version: LumberjackVersion; readonly records: number }
  | { readonly type: "record"; readonly sequence: number; readonly data: Frame }
  | { readonly type: "compressed"; readonly payload: Buffer };

export type LumberjackVersion = 1 | 2;

export interface LumberjackLimits {
  /** Of one record; what is longer is cut. */
  readonly frameBytesMax: number;
  /** Of a compressed frame. */
  readonly compressedBytesMax: number;
}

/** A record may claim this much more than its limit: the rest is read and left out. */
const SKIPPED_BYTES_MAX = 64 * 1024 * 1024;
/** Fields of a record of version 1. */
const PAIRS_MAX = 1000;
const NOTHING = Buffer.alloc(0);

/** A framer for one connection, or for what a compressed frame holds. */
export function createLumberjackFramer(limits: LumberjackLimits): Framer<LumberjackFrame> {
  let framesDone = 0;
  let fault: AppError | undefined;
  /** Parses one frame, asking for bytes as it goes: the steps of a protocol, written one after the other. */
  const steps = readFrames(limits);
  let wanted = steps.next().value;
  const carry = createBoundedCarry(limits.compressedBytesMax + limits.frameBytesMax);
  let missing = bytesOf(wanted);

  const advance = (bytes: Buffer, frames: LumberjackFrame[]): void => {
    try {
      let answer = steps.next(bytes).value;
      while ("type" in answer) {
        frames.push(answer);
        framesDone++;
        answer = steps.next(NOTHING).value;
      }
      wanted = answer;
      missing = bytesOf(wanted);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      fault = error;
    }
  };
  return {
    push(chunk) {
      const frames: LumberjackFrame[] = [];
      for (let at = 0; at < chunk.length && fault === undefined; ) {
        const part = chunk.subarray(at, at + missing);
        at += part.length;
        missing -= part.length;
        const room = Math.max(0, keptOf(wanted) - carry.length);
        if (missing > 0) carry.append(part.subarray(0, room));
        else advance(carry.take(part.subarray(0, room)).bytes, frames);
      }
      return frames;
    },
    get pendingBytes() {
      const isBetween = "head" in wanted && missing === wanted.bytes;
      return isBetween ? 0 : carry.length + 1;
    },
    get framesDone() {
      return framesDone;
    },
    get fault() {
      return fault;
    },
  };
}

/** So many bytes are needed next, of which so many are kept. */
interface Wanted {
  readonly bytes: number;
  readonly kept?: number;
  /** A frame begins here. */
  readonly head?: true;
}

function bytesOf(wanted: Wanted | LumberjackFrame): number {
  return "bytes" in wanted ? wanted.bytes : 0;
}

function keptOf(wanted: Wanted | LumberjackFrame): number {
  if (!("bytes" in wanted)) return 0;
  return wanted.kept ?? wanted.bytes;
}

type Steps<Result = void> = Generator<Wanted | LumberjackFrame, Result, Buffer>;

function* readFrames(limits: LumberjackLimits): Steps<never> {
  for (;;) {
    const head = yield { bytes: 2, head: true };
    const version = head[0] === 0x31 ? 1 : head[0] === 0x32 ? 2 : undefined;
    if (version === undefined) throw wrong("neither version 1 nor 2");
    const type = String.fromCharCode(head[1] ?? 0);
    if (type === "W") yield { type: "window", version, records: yield* readNumber() };
    else if (type === "C") yield* readCompressed(limits);
    else if (type === "J" && version === 2) yield* readJson(limits);
    else if (type === "D") yield* readPairs(limits);
    else throw wrong(`no frame has the type ${JSON.stringify(type)}`);
  }
}

function* readNumber(): Steps<number> {
  return (yield { bytes: 4 }).readUInt32BE();
}

function* readCompressed(limits: LumberjackLimits): Steps {
  const bytes = yield* readNumber();
  if (bytes > limits.compressedBytesMax) {
    throw wrong(`a compressed frame of ${bytes} bytes, over ${limits.compressedBytesMax}`);
  }
  const payload = bytes === 0 ? NOTHING : yield { bytes };
  yield { type: "compressed", payload };
}

function* readJson(limits: LumberjackLimits): Steps {
  const sequence = yield* readNumber();
  const data = yield* readData(limits.frameBytesMax);
  yield { type: "record", sequence, data };
}

// Version 1 sends names and values; they become one JSON object.
function* readPairs(limits: LumberjackLimits): Steps {
  const sequence = yield* readNumber();
  const pairs = yield* readNumber();
  if (pairs > PAIRS_MAX) throw wrong(`a record of ${pairs} fields, over ${PAIRS_MAX}`);
  const fields: [string, string][] = [];
  let left = limits.frameBytesMax;
  let cut = false;
  for (let count = 0; count < pairs; count++) {
    const name = yield* readData(left);
    left -= name.bytes.length;
    const value = yield* readData(left);
    left -= value.bytes.length;
    cut ||= name.cut || value.cut;
    if (!name.cut) fields.push([name.bytes.toString("utf8"), value.bytes.toString("utf8")]);
  }
  const bytes = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
  yield { type: "record", sequence, data: { bytes, cut } };
}

function* readData(keptBytesMax: number): Steps<Frame> {
  const bytes = yield* readNumber();
  if (bytes > keptBytesMax + SKIPPED_BYTES_MAX) throw wrong(`a length of ${bytes} bytes`);
  if (bytes === 0) return { bytes: NOTHING, cut: false };
  const kept = Math.min(bytes, keptBytesMax);
  return { bytes: yield { bytes, kept }, cut: bytes > kept };
}

function wrong(what: string): AppError {
  return new AppError("HW_PARSE_FAILED", `no Lumberjack frame: ${what}`);
}
