// What the framing parsers of all stream protocols have in common. They are pure: bytes in, frames out.
import type { AppError } from "../../config/errors.ts";

/** How far a parser is, for the limits of time and memory. */
export interface FrameProgress {
  /** Bytes kept of a frame that is not complete yet; 0 between frames. */
  readonly pendingBytes: number;
  /** Frames found since the connection began. */
  readonly framesDone: number;
}

/** One record as it came, without its frame. */
export interface Frame {
  readonly bytes: Buffer;
  /** Longer than the limit; the rest was left out. */
  readonly cut: boolean;
}

export interface Framer<Found = Frame> extends FrameProgress {
  /** The frames that this chunk completes; empty ones are left out. */
  push(chunk: Buffer): Found[];
  /**
   * HW_PARSE_FAILED once the framing went wrong: where the next frame begins can't be known any more, the
   * connection has to be closed.
   */
  readonly fault: AppError | undefined;
}

/** For records that may end with the connection instead of a frame's end. */
export interface OpenEndedFramer extends Framer {
  /** What came without an end before the connection ended. */
  rest(): Frame | undefined;
}
