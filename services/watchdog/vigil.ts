// What the watchdog thinks of one target, pure: from good answers and the time that passed to what has to be
// told. The clock only ever goes forward; what day it is does not matter.
import { z } from "zod";

export const vigilSchema = z.object({
  phase: z.enum(["good", "silent"]),
  /** Counts silences: ids of pages are made of it, so that a restart repeats none. */
  silence: z.number().int().min(0),
  /** Of this silence; 0: nothing was told yet. */
  round: z.number().int().min(0),
  /** Contacts that have taken what is to be told now. */
  taken: z.array(z.string()),
});
/** What is remembered over a restart. */
export type Vigil = Readonly<z.infer<typeof vigilSchema>>;

export const FIRST_VIGIL: Vigil = { phase: "good", silence: 0, round: 0, taken: [] };

export interface VigilClock {
  /** When it was good last, on the steady clock; at first, when the watch began. */
  readonly goodAt: number;
  /** When the round began. */
  readonly roundAt: number;
}

export interface VigilLimits {
  readonly silentMs: number;
  readonly repeatMs: number;
}

/** How it goes on at a moment of the steady clock. */
export function advanced(
  vigil: Vigil,
  { goodAt, roundAt }: VigilClock,
  isGood: boolean,
  now: number,
  { silentMs, repeatMs }: VigilLimits,
): Vigil {
  if (isGood) {
    if (vigil.phase === "good") return vigil;
    return { ...vigil, phase: "good", round: vigil.round + 1, taken: [] };
  }
  if (vigil.phase === "good") {
    if (now - goodAt < silentMs) return vigil;
    return { phase: "silent", silence: vigil.silence + 1, round: 1, taken: [] };
  }
  if (now - roundAt < repeatMs) return vigil;
  return { ...vigil, round: vigil.round + 1, taken: [] };
}

/** Whether there is something that all contacts have to hear. */
export function hasNews({ round }: Vigil): boolean {
  return round > 0;
}
