// `npm run predict -- metrics`: every series of a folder through the product's detector for one series, one
// score a row. A score of 0.5 or more is an alarm.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { createSeries } from "../../detectors/metrics/layout.ts";
import { observeSeries } from "../../detectors/metrics/series.ts";

const HOUR_MS = 3_600_000;
/** 1970 began on a Thursday; weeks on Monday. */
const FIRST_HOUR_OF_WEEK = 72;

/**
 * `input`: a folder with `<category>/<file>.csv`, maybe below `data/`, or one file; columns timestamp, value.
 * `output`: a folder, written as `<category>/<file>.csv` with timestamp, anomaly_score; of one file, a file.
 */
export async function predictMetrics(input: string, output: string): Promise<void> {
  if (!statSync(input).isDirectory()) {
    write(scoredRows(readFileSync(input, "utf8")) ?? [], output);
    return;
  }
  const names = readdirSync(input, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((one) => one.endsWith(".csv")).sort()) {
    const path = join(input, name);
    if (!statSync(path).isFile()) continue;
    const rows = scoredRows(readFileSync(path, "utf8"));
    if (rows === undefined) continue;
    const [folder = ""] = relative(input, path).split("/");
    const place = folder === "data" ? relative(join(input, folder), path) : name;
    // A file without a category still gets a folder: its own name's.
    write(rows, join(output, dirname(place) === "." ? basename(input) : "", place));
  }
}

/** Lines `timestamp,score`; undefined where the file is no series. */
function scoredRows(text: string): readonly string[] | undefined {
  const [header = "", ...lines] = text.split(/\r?\n/);
  const columns = header.split(",").map((column) => column.trim());
  const timeAt = columns.indexOf("timestamp");
  const valueAt = columns.indexOf("value");
  if (timeAt < 0 || valueAt < 0) return undefined;
  const series = createSeries();
  const rows: string[] = [];
  for (const line of lines) {
    if (line === "") continue;
    const cells = line.split(",");
    const stamp = (cells[timeAt] ?? "").trim();
    const cell = (cells[valueAt] ?? "").trim();
    const value = cell === "" ? Number.NaN : Number(cell);
    const { unusual } = observeSeries(series, wallClock(stamp), value, wallHourOfWeek);
    rows.push(`${stamp},${unusual.toFixed(6)}`);
  }
  return rows;
}

function write(rows: readonly string[], path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `timestamp,anomaly_score\n${rows.join("\n")}\n`);
}

/** Recordings name no zone: their stamps are wall clock of a place without summer time. */
function wallClock(stamp: string): number {
  const iso = stamp.replace(" ", "T");
  return Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso}Z`);
}

function wallHourOfWeek(time: number): number {
  return (((Math.floor(time / HOUR_MS) + FIRST_HOUR_OF_WEEK) % 168) + 168) % 168;
}
