// Finds the frames of the Reliable Event Logging Protocol in a stream: `TXNR COMMAND LENGTH[ DATA]LF`
// (librelp, relp.html). Every part has its limit, so that a frame that lies is found out at once.
import { AppError } from "../../config/errors.ts";
import { createBoundedCarry } from "./bounded-carry.ts";
import type { Frame, Framer } from "./frame.ts";

/** One command of a sender. */
export interface RelpFrame {
  /** Number by which its answer is known. */
  readonly transaction: number;
  readonly command: string;
  readonly data: Frame;
}

/** `LENGTH` may be this much over the limit of a record: the rest is read and left out. */
const SKIPPED_BYTES_MAX = 64 * 1024 * 1024;
const DIGITS_MAX = 9;
const COMMAND_CHARACTERS_MAX = 32;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const NOTHING = Buffer.alloc(0);

/** A framer for one connection; data above the limit is cut. */
export function createRelpFramer(frameBytesMax: number): Framer<RelpFrame> {
  const carry = createBoundedCarry(frameBytesMax);
  /** What of the head was read: the part at hand and those before it. */
  let word = "";
  let words: string[] = [];
  /** Octets of the data that are still to come; undefined while the head is read. */
  let missing: number | undefined;
  let data: Frame | undefined;
  let framesDone = 0;
  let fault: AppError | undefined;

  const fail = (what: string): void => {
    fault = new AppError("HW_PARSE_FAILED", `no RELP frame: ${what}`);
  };
  const endHead = (hasData: boolean): void => {
    const bytes = Number(word);
    if (bytes > frameBytesMax + SKIPPED_BYTES_MAX) {
      fail(`a length of ${bytes} bytes`);
      return;
    }
    words.push(word);
    word = "";
    if (bytes > 0 && hasData) missing = bytes;
    else if (bytes > 0) fail("the data is missing");
    else data = { bytes: NOTHING, cut: false };
  };
  const readHead = (byte: number): void => {
    const isNumber = words.length !== 1;
    const isEnd = byte === SPACE || (byte === LINE_FEED && words.length === 2);
    if (isEnd && word !== "") {
      if (words.length === 2) endHead(byte === SPACE);
      else words.push(word);
      if (words.length < 3) word = "";
    } else if (isNumber ? byte >= 0x30 && byte <= 0x39 : isLetter(byte)) {
      word += String.fromCharCode(byte);
      if (isNumber && word.length > DIGITS_MAX) fail(`a number over ${DIGITS_MAX} digits`);
      if (!isNumber && word.length > COMMAND_CHARACTERS_MAX) fail("a command without an end");
    } else
      fail(`byte ${byte} where ${["a number", "a command", "a length"][words.length]} belongs`);
  };
  const finish = (found: Frame): RelpFrame => {
    const [transaction, command] = words;
    words = [];
    data = undefined;
    framesDone++;
    return { transaction: Number(transaction), command: command ?? "", data: found };
  };
  return {
    push(chunk) {
      const frames: RelpFrame[] = [];
      for (let at = 0; at < chunk.length && fault === undefined; ) {
        if (missing !== undefined) {
          const part = chunk.subarray(at, at + missing);
          at += part.length;
          missing -= part.length;
          if (missing > 0) carry.append(part);
          else {
            missing = undefined;
            data = carry.take(part);
          }
          continue;
        }
        const byte = chunk[at] ?? 0;
        if (data === undefined) {
          readHead(byte);
          at++;
          // A frame without data may end with the line feed that was just read.
          if (data !== undefined && byte === LINE_FEED) frames.push(finish(data));
        } else if (byte === LINE_FEED) {
          frames.push(finish(data));
          at++;
        } else fail("it is longer than it says");
      }
      return frames;
    },
    get pendingBytes() {
      return carry.length + (data?.bytes.length ?? 0) + word.length + words.length;
    },
    get framesDone() {
      return framesDone;
    },
    get fault() {
      return fault;
    },
  };
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}
