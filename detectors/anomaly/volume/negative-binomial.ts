// Tail probabilities of counts that scatter more than Poisson: the negative binomial with a mean and a size
// (variance = mean + mean² / size), through the regularised incomplete beta function.

const ITERATIONS_MAX = 200;
const CLOSE = 1e-12;
const TINY = 1e-300;
const POWER = 1.2;

/** P(X ≥ count), TINY to 1. */
export function upperTail(count: number, mean: number, size: number): number {
  if (!(count > 0)) return 1;
  if (!(mean > 0)) return TINY;
  return Math.max(TINY, incompleteBeta(mean / (mean + size), count, size));
}

/**
 * P(X ≥ amount) of amounts such as bytes: a power law (Lomax) whose index is that of transfers in networks
 * (Crovella and Bestavros 1997 measured 1.1 to 1.3).
 */
export function amountTail(amount: number, mean: number): number {
  if (!(amount > 0)) return 1;
  if (!(mean > 0)) return TINY;
  return Math.max(TINY, (1 + amount / mean) ** -POWER);
}

/** P(X ≤ count), TINY to 1. */
export function lowerTail(count: number, mean: number, size: number): number {
  if (!(mean > 0)) return 1;
  return Math.max(TINY, incompleteBeta(size / (mean + size), size, Math.max(0, count) + 1));
}

/** Regularised incomplete beta I_x(a, b) by Lentz's continued fraction (Numerical Recipes, 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  if (x < (a + 1) / (a + b + 2)) return Math.min(1, (front * fraction(x, a, b)) / a);
  return Math.max(0, 1 - (front * fraction(1 - x, b, a)) / b);
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= ITERATIONS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < CLOSE) break;
  }
  return result;
}

function guarded(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** ln Γ(x), x > 0, by Stirling's series after shifting x above 8. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 8) {
    shift -= Math.log(z);
    z += 1;
  }
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse / 1260)) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}
