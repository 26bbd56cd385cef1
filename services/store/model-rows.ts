// Days of entities as rows of features, kept for the training of models: for each day of a model a bounded sample,
// so that a training works after a restart and in another process than the one that cut the days. A row names
// nobody: it lies under a mark that is another one each day.
import type { Kind } from "./store.ts";

export interface ModelRows {
  readonly model: string;
  /** Begin of the day, ms UTC. */
  readonly day: number;
  readonly rows: number;
  /** Base64: one record a row, as its owner writes it. */
  readonly data: string;
}

/** Model and day → rows. Has one writer: the process that cuts the days of the tenant. */
export const MODEL_ROWS_KIND: Kind<ModelRows> = {
  name: "model_rows",
  fields: {
    model: { kind: "keyword", values: ({ model }) => [model] },
    day: { kind: "number", values: ({ day }) => [day] },
  },
};
