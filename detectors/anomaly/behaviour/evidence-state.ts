// Evidence and events of a running day as a snapshot holds them.
import type { EventReference } from "../../keyed.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import type { Evidence } from "./day-evidence.ts";

const AGAINST = ["own", "peers", "all"] as const;

/** Writes numbers with their count in front. */
export function writeNumbers(writer: StateWriter, numbers: ArrayLike<number>): void {
  writer.count(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) writer.float(numbers[index] ?? 0);
}

/** Reads what `writeNumbers` wrote. */
export function readNumbers(reader: StateReader): Float64Array<ArrayBuffer> {
  const numbers: number[] = [];
  for (let left = reader.count(); left > 0; left -= 1) numbers.push(reader.float());
  return Float64Array.from(numbers);
}

export function writeEvents(writer: StateWriter, events: readonly EventReference[]): void {
  writer.count(events.length);
  for (const { id, time } of events) {
    writer.text(id);
    writer.float(time);
  }
}

export function readEvents(reader: StateReader): EventReference[] {
  const events: EventReference[] = [];
  for (let left = reader.count(); left > 0; left -= 1)
    events.push({ id: reader.text(), time: reader.float(), rule: 0 });
  return events;
}

export function writeEvidence(writer: StateWriter, { kind, surprise, driver }: Evidence): void {
  writer.text(kind);
  writer.float(surprise);
  writer.text(driver.feature);
  writeValue(writer, driver.seen);
  const { expected } = driver;
  if (typeof expected === "object") {
    writer.count(2);
    writer.count(expected.length);
    for (const value of expected) writer.text(value);
  } else {
    writer.count(expected === undefined ? 0 : 1);
    if (expected !== undefined) writer.float(expected);
  }
  writer.count(driver.limit === undefined ? 0 : 1);
  if (driver.limit !== undefined) writer.float(driver.limit);
  writer.count(AGAINST.indexOf(driver.against));
}

export function readEvidence(reader: StateReader): Evidence {
  const kind = reader.text();
  const surprise = reader.float();
  const feature = reader.text();
  const seen = readValue(reader);
  const expected = readExpected(reader);
  const limit = reader.count() === 0 ? undefined : reader.float();
  const against = AGAINST[reader.count()] ?? "all";
  return { kind, surprise, driver: { feature, seen, expected, limit, against } };
}

function readExpected(reader: StateReader): number | readonly string[] | undefined {
  const form = reader.count();
  if (form === 0) return undefined;
  if (form === 1) return reader.float();
  const values: string[] = [];
  for (let left = reader.count(); left > 0; left -= 1) values.push(reader.text());
  return values;
}

function writeValue(writer: StateWriter, value: number | string): void {
  writer.count(typeof value === "string" ? 1 : 0);
  if (typeof value === "string") writer.text(value);
  else writer.float(value);
}

function readValue(reader: StateReader): number | string {
  return reader.count() === 1 ? reader.text() : reader.float();
}
