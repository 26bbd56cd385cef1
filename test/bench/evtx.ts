// How fast event logs are read in CPU time of this process, up to the JSON text that the formats take:
// megabytes of log and events a second, over a log that the tests' writer made and, where they lie
// beside the project, over the chunks of recorded logs. The floor is `JSON.parse` of the same events.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createEvtxDecoder } from "../../services/normalize/evtx/evtx-decoder.ts";
import { processCreation, windowsEvent } from "../support/evtx-events.ts";
import { evtxFile } from "../support/evtx-writer.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 9;
const CHUNKS = 160;
/** As many of these events as fill a chunk. */
const EVENTS_PER_CHUNK = 44;
const HEADER_BYTES = 4096;
const READ_BYTES = 1024 * 1024;

/** Prints `parse.evtx.*` for both logs. */
export async function benchEvtx(): Promise<void> {
  benchLog(madeLog(), "made");
  const folder = sharedDataOrSkip("the speed of reading recorded event logs", "sigma/evtx");
  if (folder !== undefined) benchLog(recordedLog(folder), "recordings");
}

function benchLog(log: Buffer, data: string): void {
  let texts: string[] = [];
  const rates: number[] = [];
  const floors: number[] = [];
  let checksum = 0;
  // The first rounds are for the compiler.
  for (let round = -2; round < ROUNDS; round++) {
    const read = seconds(() => {
      texts = readAll(log);
    });
    const floor = seconds(() => {
      for (const text of texts) checksum += Object.keys(JSON.parse(text)).length;
    });
    if (round < 0) continue;
    rates.push(log.length / 1e6 / read);
    floors.push(read / floor);
  }
  const megabytes = spread(rates);
  const eventsPerMegabyte = texts.length / (log.length / 1e6);
  const more = { data, range: megabytes.range, n: ROUNDS };
  printFigure("parse.evtx.mb_per_cpu_s", megabytes.median, "MB/s", more);
  printFigure("parse.evtx.events_per_cpu_s", megabytes.median * eventsPerMegabyte, "events/s", {
    data,
    events: texts.length,
  });
  const { median, range } = spread(floors);
  printFigure("parse.evtx.over_json_parse", median, "ratio", { data, range, checksum });
}

function readAll(log: Buffer): string[] {
  const decoder = createEvtxDecoder("bench");
  const texts: string[] = [];
  for (let at = 0; at < log.length; at += READ_BYTES) {
    const { records, faults } = decoder.push(log.subarray(at, at + READ_BYTES));
    if (faults.length > 0) throw faults[0];
    for (const record of records) texts.push(record.text);
  }
  return texts;
}

function madeLog(): Buffer {
  return evtxFile(
    Array.from({ length: CHUNKS }, (_, chunk) =>
      Array.from({ length: EVENTS_PER_CHUNK }, (_, event) =>
        windowsEvent(processCreation(chunk * EVENTS_PER_CHUNK + event + 1)),
      ),
    ),
  );
}

// Recorded logs are short: their chunks are put one behind the other.
function recordedLog(folder: string): Buffer {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".evtx"))
    .map((name) => readFileSync(join(folder, name)));
  const header = Buffer.from(files[0]?.subarray(0, HEADER_BYTES) ?? "");
  return Buffer.concat([header, ...files.map((file) => file.subarray(HEADER_BYTES))]);
}

function seconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

if (import.meta.main) await benchEvtx();
