// What every activity of the simulated day can see and do: the county, the clock, giving out records,
// and the running numbers that machines hand out (process ids, log-on ids, ports).
import type { County, Staff } from "./county/county.ts";
import type { Draft } from "./emit/draft.ts";
import type { Today } from "./history/workforce.ts";
import type { Random } from "./random.ts";

export interface World {
  readonly county: County;
  /** Local midnight at which the day begins, milliseconds since 1970 UTC. */
  readonly dayStart: number;
  /** Local time minus UTC. */
  readonly utcOffsetMs: number;
  readonly random: Random;
  /** Where the day has a history: which day it is, and who is at work. */
  readonly today?: Today;
  readonly present?: readonly Staff[];
  readonly at: (time: number, run: (time: number) => void) => void;
  readonly emit: (draft: Draft) => void;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** The same world, with its own stream of draws. */
export function withRandom(world: World, name: string): World {
  return { ...world, random: world.random.fork(name) };
}

/** The same world, in which every record given out is marked as belonging to a step. */
export function withStep(world: World, step: string): World {
  return { ...world, emit: (draft) => world.emit({ ...draft, step }) };
}

/** A process id as Windows gives them: multiples of four. */
export function processId(random: Random): number {
  return 4 * random.int(300, 5000);
}

/** A log-on id as the audit log writes it. */
export function logonId(random: Random): string {
  return `0x${random.int(0x40000, 0xfffffff).toString(16)}`;
}

/** A port from the dynamic range (RFC 6335). */
export function ephemeralPort(random: Random): number {
  return random.int(49152, 65535);
}

/** A GUID in braces. */
export function guid(random: Random): string {
  const hex = random.hex(32);
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}}`;
}
