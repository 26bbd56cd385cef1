// What the types of correlations have in common: how an observation goes into a group's block, when the
// group is a hit, and which events the hit names.
import { EVENTS_MAX, type EventReference, type Observation } from "../keyed.ts";
import type { BlockLayout, GroupBlock } from "./group-block.ts";
import type { Comparison } from "./rule.ts";

/** What a hit says of its window. */
export interface Verdict {
  /** What was compared. */
  readonly value: number;
  /** Observations that the hit rests on. */
  readonly count: number;
  readonly events: readonly EventReference[];
}

/** A type of correlation over the block of one group. */
export interface Judge {
  readonly layout: BlockLayout;
  /** Whether the condition is judged when the window closes, not at each observation. */
  readonly isClosing: boolean;
  /** What an observation must have to count. */
  readonly needs: "nothing" | "value" | "number";
  /** Takes in an observation; true: the condition is fulfilled now (never when closing). */
  take(block: GroupBlock, observation: Observation, number: number): boolean;
  /** The hit; undefined: the condition is not fulfilled. */
  conclude(block: GroupBlock): Verdict | undefined;
}

/** Observations at each end of a window that a hit names. */
const EDGE = EVENTS_MAX / 2;

export function fulfils(comparisons: readonly Comparison[], value: number): boolean {
  return comparisons.every((comparison) => holds(comparison, value));
}

function holds({ operator, value: other }: Comparison, value: number): boolean {
  switch (operator) {
    case "gt":
      return value > other;
    case "gte":
      return value >= other;
    case "lt":
      return value < other;
    case "lte":
      return value <= other;
    case "eq":
      return value === other;
    case "neq":
      return value !== other;
  }
}

/** Whether more can't make it false again: then it may be judged at each observation. */
export function isRising(comparisons: readonly Comparison[]): boolean {
  return comparisons.every(({ operator }) => operator === "gt" || operator === "gte");
}

/** Takes out what is older than the window, whose begin doesn't belong to it. */
export function expire(block: GroupBlock, begin: number): void {
  while (block.entries > 0 && block.entryTime(block.firstEntry) <= begin) {
    block.remove(block.firstEntry);
  }
}

/** Appends an entry, and keeps only as many at each end as a hit names. */
export function appendEdge(block: GroupBlock, observation: Observation): void {
  block.append(observation, 0);
  if (block.entries <= EVENTS_MAX) return;
  let entry = block.firstEntry;
  for (let count = 0; count < EDGE; count += 1) entry = block.nextEntry(entry);
  block.remove(entry);
}

/** Offsets of all entries. */
export function entriesOf(block: GroupBlock): number[] {
  const entries: number[] = [];
  for (let at = block.firstEntry; at < block.end; at = block.nextEntry(at)) entries.push(at);
  return entries;
}

/** The events of the first and the last of these entries. */
export function eventsOf(block: GroupBlock, entries: readonly number[]): EventReference[] {
  const found: EventReference[] = [];
  for (const entry of edges(entries)) block.collect(entry, found);
  found.sort(byTime);
  return edges(found.filter((one, at) => !isSame(one, found[at - 1])));
}

function edges<T>(all: readonly T[]): T[] {
  return all.length <= EVENTS_MAX ? [...all] : [...all.slice(0, EDGE), ...all.slice(-EDGE)];
}

function byTime(a: EventReference, b: EventReference): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.rule - b.rule;
}

function isSame(one: EventReference, other: EventReference | undefined): boolean {
  return other !== undefined && byTime(one, other) === 0;
}
