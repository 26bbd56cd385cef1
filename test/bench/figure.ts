// Figures of benchmarks and evaluations: one JSON line each, under a stable name.

/** Prints one figure. `more` carries what a reader needs to judge it (range, n, seed). */
export function printFigure(
  figure: string,
  value: number,
  unit: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const rounded = Number(value.toPrecision(6));
  process.stdout.write(`${JSON.stringify({ figure, value: rounded, unit, ...more })}\n`);
}

/** A figure as an evaluation or benchmark gives it to whoever prints it. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly more?: Readonly<Record<string, unknown>>;
}
