// What an archive takes of an event whose time or data class can't be true.
import assert from "node:assert/strict";
import type { ArchivedEvent } from "./archive.ts";

const DATA_CLASS = /^[a-z][a-z0-9-]{0,31}$/;
const HOUR_MS = 3_600_000;
/** The range of ECMAScript's Date. */
const TIME_MAX_MS = 8.64e15 - HOUR_MS;

/** A data class becomes a part of names of files and indices; it comes from the program, not from a sender. */
export function assertDataClass(event: ArchivedEvent): void {
  assert(DATA_CLASS.test(event.dataClass), "a data class is a short name");
}

/** A time that no calendar has (a broken clock, nanoseconds taken for milliseconds) must not stop a stream. */
export function withSafeTime(event: ArchivedEvent): ArchivedEvent {
  const { time } = event;
  if (Math.abs(time) <= TIME_MAX_MS) return event;
  return { ...event, time: Number.isNaN(time) ? 0 : Math.sign(time) * TIME_MAX_MS };
}
