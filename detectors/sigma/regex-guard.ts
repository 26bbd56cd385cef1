// Makes V8 leave its backtracking engine for a linear one when a match takes too many steps, and asks V8
// whether it could run a pattern in linear time at all. Process-wide: call it before the first pattern.
import { setFlagsFromString } from "node:v8";

let guarded = false;

/** Switches the guard on; calling it again changes nothing. */
export function guardProcessRegexes(): void {
  if (guarded) return;
  guarded = true;
  setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
  // The flag `l` itself, with which a pattern is tried, needs this one.
  setFlagsFromString("--enable-experimental-regexp-engine");
}

/** Whether V8's linear engine takes the pattern (no flags, no counted repeats, no look-around …). */
export function isLinear(source: string, flags: string): boolean {
  guardProcessRegexes();
  try {
    return new RegExp(source, `${flags}l`).flags.includes("l");
  } catch {
    return false;
  }
}
