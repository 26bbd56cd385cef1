// Sums of floating point numbers without error: numbers that don't overlap and together are exactly the sum.
// Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
// Predicates", 1997, grow-expansion; the last rounding as in Python's math.fsum.

/** What is greater could overflow on the way, and is no figure that a log means. */
export const NUMBER_MAX = 1e300;

/** Adds a number, at most NUMBER_MAX, to parts that together are a sum; least first. */
export function addExactly(parts: number[], value: number): void {
  let rest = value;
  let kept = 0;
  for (const part of parts) {
    const [large, small] = Math.abs(rest) < Math.abs(part) ? [part, rest] : [rest, part];
    const sum = large + small;
    const error = small - (sum - large);
    if (error !== 0) {
      parts[kept] = error;
      kept += 1;
    }
    rest = sum;
  }
  parts.length = kept;
  if (rest !== 0) parts.push(rest);
}

/** The number nearest to the sum of such parts; the even one of two that are equally near. */
export function roundedSum(parts: readonly number[]): number {
  let at = parts.length - 1;
  let sum = parts[at] ?? 0;
  let error = 0;
  while (at > 0 && error === 0) {
    at -= 1;
    const part = parts[at] ?? 0;
    const before = sum;
    sum = before + part;
    error = part - (sum - before);
  }
  // The rest decides where the last rounding was a tie.
  const below = parts[at - 1] ?? 0;
  if (at > 0 && error !== 0 && error > 0 === below > 0 && below !== 0) {
    const twice = error * 2;
    const next = sum + twice;
    if (next - sum === twice) sum = next;
  }
  return sum;
}

/** The number that a text is in decimal writing; undefined: none, or none that can be added up. */
export function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || text.length > NUMBER_LENGTH_MAX) return undefined;
  if (!DECIMAL.test(text)) return undefined;
  const number = Number(text);
  return Math.abs(number) <= NUMBER_MAX ? number + 0 : undefined;
}

const NUMBER_LENGTH_MAX = 400;
const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;
