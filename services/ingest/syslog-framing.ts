// Finds the messages in a syslog TCP stream (RFC 6587): counted octets (`57 <34>1 …`) or messages that
// end with LF or, from few senders, NUL. Which of them a connection speaks is told by its beginning and
// then stays.
import { AppError } from "../../config/errors.ts";
import { createBoundedCarry } from "./bounded-carry.ts";
import type { Frame, OpenEndedFramer } from "./frame.ts";

const LINE_FEED = 0x0a;
const NUL = 0x00;
const SPACE = 0x20;
const OPEN_ANGLE = 0x3c;
const COUNT_DIGITS_MAX = 9;
const NOTHING = Buffer.alloc(0);

/** A framer for one connection. */
export function createSyslogFramer(frameBytesMax: number): OpenEndedFramer {
  let framer: OpenEndedFramer | undefined;
  let start: Buffer = NOTHING;
  return {
    push(chunk) {
      if (framer !== undefined) return framer.push(chunk);
      start = Buffer.concat([start, chunk]);
      const counted = beginsCounted(start);
      if (counted === "unclear") return [];
      framer = counted ? createCounted(frameBytesMax) : createDelimitedFramer(frameBytesMax);
      const first = start;
      start = NOTHING;
      return framer.push(first);
    },
    get fault() {
      return framer?.fault;
    },
    get pendingBytes() {
      return start.length + (framer?.pendingBytes ?? 0);
    },
    get framesDone() {
      return framer?.framesDone ?? 0;
    },
    rest() {
      if (framer !== undefined) return framer.rest();
      return start.length === 0 ? undefined : toFrame(start, false);
    },
  };
}

// A count is digits without a leading zero, one space, and then the message's own `<`.
function beginsCounted(start: Buffer): boolean | "unclear" {
  for (let at = 0; at <= COUNT_DIGITS_MAX; at++) {
    const byte = start[at];
    if (byte === undefined) return "unclear";
    if (byte === SPACE && at > 0) {
      const next = start[at + 1];
      return next === undefined ? "unclear" : next === OPEN_ANGLE;
    }
    if (byte < (at === 0 ? 0x31 : 0x30) || byte > 0x39) return false;
  }
  return false;
}

function createCounted(frameBytesMax: number): OpenEndedFramer {
  const carry = createBoundedCarry(frameBytesMax);
  let digits = "";
  /** Octets of the message that are still to come; undefined while its count is read. */
  let missing: number | undefined;
  let fault: AppError | undefined;
  let framesDone = 0;

  const readCount = (byte: number): void => {
    if (byte === SPACE && digits !== "") {
      missing = Number(digits);
      digits = "";
    } else if (byte >= 0x30 && byte <= 0x39 && digits.length < COUNT_DIGITS_MAX) {
      digits += String.fromCharCode(byte);
    } else if (digits !== "" || (byte !== LINE_FEED && byte !== SPACE)) {
      // A line feed after a counted message is a common fault and harmless.
      fault = new AppError("HW_PARSE_FAILED", "no octet count where a syslog message should begin");
    }
  };
  return {
    push(chunk) {
      const frames: Frame[] = [];
      for (let at = 0; at < chunk.length && fault === undefined; ) {
        if (missing === undefined) {
          readCount(chunk[at++] ?? 0);
          continue;
        }
        const part = chunk.subarray(at, at + missing);
        at += part.length;
        missing -= part.length;
        if (missing > 0) {
          carry.append(part);
          continue;
        }
        missing = undefined;
        framesDone++;
        const { bytes, cut } = carry.take(part);
        addFrame(frames, toFrame(bytes, cut));
      }
      return frames;
    },
    get fault() {
      return fault;
    },
    get pendingBytes() {
      return missing === undefined ? digits.length : carry.length + 1;
    },
    get framesDone() {
      return framesDone;
    },
    // Half a counted message is the sender's loss of connection: it will send the whole one again.
    rest: () => undefined,
  };
}

/** @param delimiter the byte that ends a record; left out: LF or NUL, as the first record shows */
export function createDelimitedFramer(
  frameBytesMax: number,
  delimiter?: number | undefined,
): OpenEndedFramer {
  const carry = createBoundedCarry(frameBytesMax);
  let end = delimiter;
  let framesDone = 0;
  return {
    push(chunk) {
      const frames: Frame[] = [];
      end ??= findDelimiter(chunk);
      let from = 0;
      while (end !== undefined) {
        const at = chunk.indexOf(end, from);
        if (at < 0) break;
        framesDone++;
        const { bytes, cut } = carry.take(chunk.subarray(from, at));
        addFrame(frames, toFrame(bytes, cut));
        from = at + 1;
      }
      carry.append(chunk.subarray(from));
      return frames;
    },
    fault: undefined,
    get pendingBytes() {
      return carry.length;
    },
    get framesDone() {
      return framesDone;
    },
    rest() {
      if (carry.length === 0) return undefined;
      const { bytes, cut } = carry.take(NOTHING);
      return toFrame(bytes, cut);
    },
  };
}

// NUL is the end only where a message begins right after it (or nothing more came); a NUL inside a line
// is the line's own.
function findDelimiter(chunk: Buffer): number | undefined {
  const nul = chunk.indexOf(NUL);
  const feed = chunk.indexOf(LINE_FEED);
  if (nul >= 0 && (feed < 0 || nul < feed)) {
    const next = chunk[nul + 1];
    if (next === undefined || next === OPEN_ANGLE) return NUL;
  }
  return feed < 0 ? undefined : LINE_FEED;
}

function addFrame(frames: Frame[], frame: Frame): void {
  if (frame.bytes.length > 0) frames.push(frame);
}

/** A message without the line ends and NULs that some senders leave after it. */
export function toFrame(bytes: Buffer, cut: boolean): Frame {
  let end = bytes.length;
  while (end > 0 && [LINE_FEED, NUL, 0x0d].includes(bytes[end - 1] ?? SPACE)) end--;
  return { bytes: bytes.subarray(0, end), cut };
}
