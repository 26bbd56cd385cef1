// The autoencoder's network as the detector asks it: it comes, changes and goes while days are cut, and these days
// are what the next one is trained on.
import type { LiveModel } from "../live-model.ts";
import type { AutoencoderModel } from "./model.ts";
import type { FinishedWindow } from "./windows.ts";

interface Expectation {
  /** Row by row, as they were given. */
  readonly expected: Float32Array;
  /** Mean square residual of each feature on the rows of the training. */
  readonly residuals: Float64Array;
}

export interface LiveAutoencoder extends LiveModel {
  /** What the network that is asked now makes of these days' rows; undefined while there is none. */
  expect(rows: Float32Array, days: readonly FinishedWindow[]): Expectation | undefined;
  /** Told of all days that are over. */
  keep(days: readonly FinishedWindow[]): void;
}

/** A network that stays in force; it is the caller's to dispose of. */
export function alwaysInForce(
  model: Pick<AutoencoderModel, "expected" | "residuals">,
): LiveAutoencoder {
  return {
    state: "active",
    expect: (rows, { length }) => ({
      expected: model.expected(rows, length),
      residuals: model.residuals,
    }),
    keep: () => undefined,
  };
}

/** The same, with entities called as `nameOf` says: what detectors call them is known to nobody else. */
export function withNames(
  live: LiveAutoencoder,
  nameOf: (text: string) => string,
): LiveAutoencoder {
  const named = (days: readonly FinishedWindow[]) =>
    days.map((day) => ({ ...day, entity: { ...day.entity, value: nameOf(day.entity.value) } }));
  return {
    get state() {
      return live.state;
    },
    expect: (rows, days) => live.expect(rows, named(days)),
    keep: (days) => live.keep(named(days)),
  };
}
