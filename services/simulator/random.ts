// Randomness from a seed: the same seed gives the same county, day and intrusion on every machine.
// Forks by name keep the parts apart, so that adding a draw in one part changes no other part.
import { strict as assert } from "node:assert";

/** A stream of draws; `fork` starts an independent stream that depends on seed and name only. */
export interface Random {
  /** 0 ≤ x < 1. */
  readonly next: () => number;
  /** Whole number, both ends included. */
  readonly int: (min: number, max: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly chance: (probability: number) => boolean;
  /** Exponentially distributed with this mean: the gap between independent happenings. */
  readonly exponential: (mean: number) => number;
  /** About normal (sum of six uniforms), cut off at ±4.2 deviations. */
  readonly normal: (mean: number, deviation: number) => number;
  /** Lower-case hexadecimal digits. */
  readonly hex: (digits: number) => string;
  readonly fork: (name: string) => Random;
}

/** Draws for a seed. The generator is Chris Doty-Humphrey's sfc32 (PractRand). */
export function createRandom(seed: string): Random {
  const next = sfc32(seed);
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    pick: (list) => {
      const value = list[Math.floor(next() * list.length)];
      assert(value !== undefined, "pick from an empty list");
      return value;
    },
    chance: (probability) => next() < probability,
    exponential: (mean) => -mean * Math.log(1 - next()),
    normal: (mean, deviation) => {
      const sum = next() + next() + next() + next() + next() + next();
      return mean + (sum - 3) * Math.SQRT2 * deviation;
    },
    hex: (digits) => {
      let text = "";
      while (text.length < digits) {
        text += Math.floor(next() * 0x10000000)
          .toString(16)
          .padStart(7, "0");
      }
      return text.slice(0, digits);
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}

/** 32-bit FNV-1a of a text: to derive stable numbers from names. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function sfc32(seed: string): () => number {
  let a = hash32(`a${seed}`) | 0;
  let b = hash32(`b${seed}`) | 0;
  let c = hash32(`c${seed}`) | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x100000000;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}
