// The state of a network detector in bytes: numbers and texts one after another, in front a version, behind
// them a check sum. Cut into pieces of less than 1 MiB, as `AnomalyDetector.store` promises.
import { AppError } from "../../config/errors.ts";
import {
  numberBytes,
  readNumber,
  readText,
  skipText,
  textBytes,
  writeNumber,
  writeText,
} from "../correlation/text-codec.ts";

const PIECE_BYTES_MAX = 1_000_000;
const HEAD_BYTES = 1;
const CHECK_BYTES = 4;
const START_BYTES = 1024;

/** Where a detector writes its state. */
export interface StateWriter {
  /** A whole number, 0 to 2 ** 32 - 1. */
  count(value: number): void;
  float(value: number): void;
  text(value: string): void;
  byte(value: number): void;
  /** As many numbers as there are. */
  floats(values: ArrayLike<number>): void;
  pieces(): readonly Uint8Array[];
}

/** Reads what a `StateWriter` wrote, in the same order; throws RangeError behind the end. */
export interface StateReader {
  count(): number;
  float(): number;
  text(): string;
  byte(): number;
  floats(): Float64Array;
}

export function createStateWriter(version: number): StateWriter {
  let bytes = new Uint8Array(START_BYTES);
  let view = new DataView(bytes.buffer);
  let at = HEAD_BYTES;
  bytes[0] = version;
  const makeRoom = (more: number) => {
    if (at + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, at + more));
    larger.set(bytes);
    bytes = larger;
    view = new DataView(bytes.buffer);
  };
  const count = (value: number) => {
    makeRoom(numberBytes(value));
    at = writeNumber(view, at, value);
  };
  const float = (value: number) => {
    makeRoom(8);
    view.setFloat64(at, value);
    at += 8;
  };
  return {
    count,
    float,
    byte(value) {
      makeRoom(1);
      view.setUint8(at, value);
      at += 1;
    },
    text(value) {
      makeRoom(textBytes(value));
      at = writeText(view, at, value);
    },
    floats(values) {
      count(values.length);
      for (let index = 0; index < values.length; index += 1) float(values[index] ?? 0);
    },
    pieces() {
      makeRoom(CHECK_BYTES);
      view.setUint32(at, checkSum(bytes.subarray(0, at)));
      const whole = bytes.slice(0, at + CHECK_BYTES);
      const pieces: Uint8Array[] = [];
      for (let from = 0; from < whole.length; from += PIECE_BYTES_MAX)
        pieces.push(whole.slice(from, from + PIECE_BYTES_MAX));
      return pieces;
    },
  };
}

/**
 * Hands the state to `read`, which has to take all of it.
 * @throws AppError HW_STORE_VERSION of another version, HW_STORE_CORRUPT where something is damaged
 */
export function readState(
  pieces: readonly Uint8Array[],
  version: number,
  detector: string,
  read: (reader: StateReader) => void,
): void {
  const bytes = joined(pieces);
  const view = new DataView(bytes.buffer);
  const end = bytes.length - CHECK_BYTES;
  if (end < HEAD_BYTES) throw damaged(detector);
  if (bytes[0] !== version)
    throw new AppError("HW_STORE_VERSION", `the state of ${detector} has version ${bytes[0]}`);
  if (view.getUint32(end) !== checkSum(bytes.subarray(0, end))) throw damaged(detector);
  let at = HEAD_BYTES;
  const count = () => {
    const value = readNumber(view, at);
    at += numberBytes(value);
    return value;
  };
  const float = () => {
    at += 8;
    return view.getFloat64(at - 8);
  };
  try {
    read({
      count,
      float,
      byte() {
        at += 1;
        return view.getUint8(at - 1);
      },
      text() {
        const value = readText(view, at);
        at = skipText(view, at);
        return value;
      },
      floats() {
        const length = count();
        if (length * 8 > end - at) throw new RangeError("the numbers are cut off");
        return Float64Array.from({ length }, float);
      },
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw damaged(detector, cause);
  }
  if (at !== end) throw damaged(detector);
}

function damaged(detector: string, cause?: unknown): AppError {
  return new AppError("HW_STORE_CORRUPT", `the state of ${detector} is damaged`, { cause });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** FNV-1a, 32 bits. */
function checkSum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
