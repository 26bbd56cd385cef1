// Whether unknown lines come behind a syslog header, and what stands behind it.
import { contentOf } from "../generic/syslog.ts";

export interface BehindSyslog {
  /** The lines without their header, or as they are. */
  readonly texts: readonly string[];
  readonly isFramed: boolean;
  /** The program that wrote all of them; undefined when there are several, or none is named. */
  readonly program: string | undefined;
}

/** Share of the lines that have to have a header. */
const FRAMED_SHARE_MIN = 0.8;

export function linesBehindSyslog(lines: readonly string[]): BehindSyslog {
  const frames = lines.map((line) => contentOf(line));
  // A time alone may well be the program's own.
  const isFramed = (index: number) =>
    frames[index]?.priority !== undefined || frames[index]?.program !== undefined;
  const framed = frames.filter((_frame, index) => isFramed(index)).length;
  if (framed < lines.length * FRAMED_SHARE_MIN) {
    return { texts: lines, isFramed: false, program: undefined };
  }
  const programs = new Set(frames.map((frame) => frame?.program));
  const [program] = programs;
  return {
    texts: lines.map((line, index) => frames[index]?.message ?? line),
    isFramed: true,
    program: programs.size === 1 ? program : undefined,
  };
}
