// Several observations of one origin for one detector and key as one record: what they share is written once.
// Models look at most events, and a record for each of them would cost more than to make them.
import assert from "node:assert/strict";
import { AppError } from "../../config/errors.ts";
import type { Observation, Renaming } from "../../detectors/keyed.ts";
import type { OutgoingRecord } from "./bus.ts";
import { type ObservationRecord, observationKey, readObservation } from "./observation-record.ts";

type Single = Extract<ObservationRecord, { readonly kind: "observation" }>;
type Row = readonly (string | number | null)[];
type Origin = Pick<Single, "origin" | "level">;

export interface ObservationBlock {
  /**
   * The observation is for the same detector and key as the others of the block, of the detector's first rule,
   * and has no rests and no former value.
   */
  add(
    place: Pick<Single, "offset" | "index" | "appendedAt" | "clock">,
    observation: Observation,
  ): void;
  /** A record should not grow any more. */
  readonly isFull: boolean;
  /** What was added, as a record; the block is empty then. Undefined where nothing was. */
  take(): OutgoingRecord | undefined;
}

/** Row, begin, end, former names, present names. */
type WrittenRenaming = readonly [number, number, number, readonly string[], readonly string[]];

const KIND = "block";
const ROWS_MAX = 1000;
/** Of all rows together; each is as long as its texts, which whoever makes them has cut. */
const CHARACTERS_MAX = 250_000;
/** Fields of a row before those of the group: offset, index, appendedAt, clock, time, id, source, value. */
const ROW_HEAD = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createObservationBlock(origin: Origin): ObservationBlock {
  let rows: Row[] = [];
  let renamings: WrittenRenaming[] = [];
  let characters = 0;
  let shared: Pick<Observation, "detector" | "key"> = { detector: "", key: "" };
  return {
    add({ offset, index, appendedAt, clock }, observation) {
      const { detector, key, time, id, source, value, group, renaming } = observation;
      if (rows.length === 0) shared = { detector, key };
      assert(detector === shared.detector && key === shared.key, "a block is of one key");
      rows.push([offset, index, appendedAt, clock, time, id, source, value ?? null, ...group]);
      if (renaming !== undefined) {
        const { former, present, begin, end } = renaming;
        renamings.push([rows.length - 1, begin, end, former, present]);
        for (const name of [...former, ...present]) characters += name.length;
      }
      characters += id.length + source.length;
      for (const text of group) characters += text.length;
    },
    get isFull() {
      return rows.length >= ROWS_MAX || characters >= CHARACTERS_MAX;
    },
    take() {
      if (rows.length === 0) return undefined;
      const names = renamings.length === 0 ? {} : { renamings };
      const record = { kind: KIND, ...origin, ...shared, rows, ...names };
      const value = encoder.encode(JSON.stringify(record));
      rows = [];
      renamings = [];
      characters = 0;
      return { key: observationKey(shared), value };
    },
  };
}

/**
 * The records that a record of the bus stands for, in their order: those of a block, or itself.
 * @throws AppError HW_PARSE_FAILED on other bytes
 */
export function decodeObservations(bytes: Uint8Array): readonly ObservationRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new AppError("HW_PARSE_FAILED", "not an observation record", { cause });
  }
  if (!isBlock(value)) return [readObservation(value)];
  const renamings = renamingsOf(value);
  return value.rows.map((row, at) => recordOf(value, row, renamings.get(at)));
}

/** By the number of the row. */
function renamingsOf(block: ReadBlock): ReadonlyMap<number, Renaming> {
  const found = new Map<number, Renaming>();
  for (const one of block.renamings ?? []) {
    if (!Array.isArray(one)) throw unreadable();
    const [row, begin, end, former, present]: unknown[] = one;
    if (!isNumber(row) || !isNumber(begin) || !isNumber(end)) throw unreadable();
    if (!isTexts(former) || !isTexts(present)) throw unreadable();
    found.set(row, { former, present, begin, end });
  }
  return found;
}

function recordOf(
  { origin, level, detector, key }: ReadBlock,
  row: unknown,
  renaming: Renaming | undefined,
): Single {
  if (!Array.isArray(row)) throw unreadable();
  const [offset, index, appendedAt, clock, time, id, source, value, ...group]: unknown[] = row;
  if (!isNumber(offset) || !isNumber(index) || !isNumber(appendedAt)) throw unreadable();
  if (!isNumber(clock) || !isNumber(time) || row.length < ROW_HEAD) throw unreadable();
  if (typeof id !== "string" || typeof source !== "string") throw unreadable();
  if (value !== null && typeof value !== "string") throw unreadable();
  if (!isTexts(group)) throw unreadable();
  const names = renaming === undefined ? {} : { renaming };
  const about = { detector, key, time, id, rule: 0, group, value: value ?? undefined, source };
  return {
    ...{ kind: "observation", origin, offset, index, appendedAt, clock, level },
    observation: { ...about, ...names },
  };
}

interface ReadBlock extends Origin, Pick<Observation, "detector" | "key"> {
  readonly rows: readonly unknown[];
  /** While pseudonyms change over; left out else. */
  readonly renamings?: readonly unknown[];
}

function isBlock(value: unknown): value is ReadBlock {
  if (typeof value !== "object" || value === null) return false;
  if (!("kind" in value) || value.kind !== KIND) return false;
  const isHead =
    "origin" in value &&
    typeof value.origin === "string" &&
    "level" in value &&
    typeof value.level === "number";
  const isFor =
    "detector" in value &&
    typeof value.detector === "string" &&
    "key" in value &&
    typeof value.key === "string";
  if (!isHead || !isFor || !("rows" in value) || !Array.isArray(value.rows)) throw unreadable();
  if ("renamings" in value && !Array.isArray(value.renamings)) throw unreadable();
  return true;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function unreadable(): AppError {
  return new AppError("HW_PARSE_FAILED", "not a block of observations");
}
