// Keeps V8 from using Maglev, its middle compiler. On Node 26.10 records with hostile field names brought
// it down: "unreachable code" while it finished a function, or a corrupted heap, once in about ten minutes
// of fuzzing. Without it the parsers are as fast (within the noise of `npm run bench:parse`).
import { setFlagsFromString } from "node:v8";

/** To be called before anything is parsed; process-wide, threads included. */
export function guardCompiler(): void {
  setFlagsFromString("--no-maglev");
}
