// What an installation consists of when it is moved: parts of rows that can be read in a fixed order and
// written any number of times. Running ports and a backup's folder are both such places, so that backup,
// restore and migration are one procedure.

/** What one tenant has of one thing. */
export interface Part {
  readonly tenant: string;
  /** `finding`, the name of another kind, `audit`, `events`, `dead-letter`, `baseline-state`. */
  readonly name: string;
}

/** One document, audit entry, event or record. */
export type Row = Readonly<Record<string, unknown>>;

/** Where parts lie. */
export interface Place {
  /** In the order in which they are written. */
  parts(): Promise<readonly Part[]>;
  /** Rows in an order that is the same each time as long as nobody works on the place. */
  read(part: Part): AsyncIterable<Row>;
  /**
   * Durable when it resolves; rows that are there already change nothing.
   * @param first number of the first of these rows in its part, from 0
   */
  write(part: Part, rows: readonly Row[], first: number): Promise<void>;
}

/** Parts that lie in the store, the archive and the bus beside those of the kinds of documents. */
export const AUDIT = "audit";
export const EVENTS = "events";
export const DEAD_LETTER = "dead-letter";
export const STATE = "baseline-state";

/** A part as a path and in messages: `kreis/finding`. */
export function partName({ tenant, name }: Part): string {
  return `${tenant}/${name}`;
}
