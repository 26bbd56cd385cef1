// Writes a simulation to a folder: one log file for each source, as its shipper would send it, and
// `truth.json` beside them.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SOURCES, type SourceName } from "./record.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";
import type { Truth } from "./truth.ts";

/** Text is written in pieces of about this size, so that memory does not grow with the day. */
const WRITE_CHARS = 256 * 1024;

export interface WrittenSimulation {
  readonly records: number;
  readonly truth: Truth;
}

/**
 * Writes the records into `dir` (made when missing; files of the same name are replaced).
 * @throws the file system's own errors
 */
export function writeSimulation(dir: string, options: SimulationOptions): WrittenSimulation {
  mkdirSync(dir, { recursive: true });
  const simulation = simulate(options);
  const files = new Map<SourceName, { handle: number; text: string }>();
  let records = 0;
  try {
    for (const record of simulation.records) {
      let file = files.get(record.source);
      if (file === undefined) {
        file = { handle: openSync(join(dir, SOURCES[record.source].file), "w"), text: "" };
        files.set(record.source, file);
      }
      file.text += `${record.text}\n`;
      records += 1;
      if (file.text.length >= WRITE_CHARS) {
        writeAll(file.handle, file.text);
        file.text = "";
      }
    }
    for (const { handle, text } of files.values()) writeAll(handle, text);
  } finally {
    for (const { handle } of files.values()) closeSync(handle);
  }
  const truth = simulation.truth();
  writeFileSync(join(dir, "truth.json"), `${JSON.stringify(truth, null, 2)}\n`);
  return { records, truth };
}

/** `writeSync` may write a part only. */
function writeAll(handle: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}
