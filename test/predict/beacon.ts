// `npm run predict -- beacon`: recorded flows through the beacon detector, one score for each pair
// `source>destination`. Where a list of ids lies beside them, exactly those are written.
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { FlowActivity } from "../../detectors/anomaly/activity.ts";
import { createBeaconDetector } from "../../detectors/network/beacon/beacon.ts";
import { readCsv } from "../eval/csv.ts";

const FLOWS = /^flows.*\.csv(?:\.gz)?$|\.csv\.gz$/;
/** Below every score: a pair that no flow names. */
const UNSEEN_SCORE = -100;

/**
 * `input`: a folder with flows as CSV (ts in seconds, src, dst, dport, orig_bytes, resp_bytes, duration),
 * gzipped or not, and maybe a CSV with a column `id`; or the file with the flows. `output`: id,score.
 */
export async function predictBeacon(input: string, output: string): Promise<void> {
  const isFolder = statSync(input).isDirectory();
  const names = isFolder ? readdirSync(input).sort() : [];
  const flows = isFolder ? join(input, flowsAmong(names)) : input;
  const activities: FlowActivity[] = [];
  let line = 0;
  let columns: readonly string[] = [];
  const file = createReadStream(flows);
  const text = flows.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  for await (const row of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    const cells = row.split(",");
    line += 1;
    if (line === 1) {
      columns = cells;
      continue;
    }
    const cell = (name: string) => cells[columns.indexOf(name)] ?? "";
    activities.push({
      kind: "flow",
      id: String(line),
      time: Number(cell("ts")) * 1000,
      source: "flows",
      from: cell("src"),
      to: cell("dst"),
      port: Number(cell("dport")),
      protocol: undefined,
      bytesOut: Number(cell("orig_bytes")),
      bytesIn: Number(cell("resp_bytes")),
      durationMs: Number(cell("duration")) * 1000,
      allowed: undefined,
    });
  }
  // Detectors are promised the order of time; recordings of several sensors don't always have it.
  activities.sort((a, b) => a.time - b.time);
  const detector = createBeaconDetector();
  for (const activity of activities) detector.observe(activity);
  const scores = new Map<string, number>();
  for (const { from, to, score } of detector.scores()) scores.set(`${from}>${to}`, score);
  const ids = isFolder ? idsAmong(input, names) : undefined;
  const rows = [...(ids ?? scores.keys())].map((id) => `${id},${scores.get(id) ?? UNSEEN_SCORE}`);
  writeFileSync(output, `id,score\n${rows.join("\n")}\n`);
}

function flowsAmong(names: readonly string[]): string {
  const found =
    names.find((name) => FLOWS.test(name)) ?? names.find((name) => name.endsWith(".csv"));
  if (found === undefined) throw new Error("no file with flows in the folder");
  return found;
}

/** The ids to score, where a CSV of the folder lists them; nothing else of it is looked at. */
function idsAmong(folder: string, names: readonly string[]): readonly string[] | undefined {
  for (const name of names.filter((one) => one.endsWith(".csv") && !FLOWS.test(one))) {
    const path = join(folder, name);
    const rows = readCsv(readFileSync(path, "utf8"));
    if (rows[0]?.id !== undefined) return rows.map((row) => row.id ?? "");
  }
  return undefined;
}
