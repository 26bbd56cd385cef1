// The journal of a migration in the source's data folder: which move it is, and how far each part is
// written. Losing it costs time only: what is written again changes nothing.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { AppError, messageOf } from "../../../config/errors.ts";
import { parseOutsideJson } from "../../normalize/json-nesting.ts";
import type { CarriedPart, Progress } from "./carry.ts";
import { tallySchema } from "./tally.ts";

const partSchema = z.object({
  tenant: z.string(),
  name: z.string(),
  source: tallySchema,
  target: tallySchema,
  same: z.boolean(),
});
const journalSchema = z.object({
  version: z.literal(1),
  id: z.uuid(),
  /** Names of the target's bus and store: another target is another move. */
  target: z.string(),
  rows: z.record(z.string(), z.number()),
  /** Set when all was written and found equal. */
  result: z.array(partSchema).optional(),
});

export interface Journal {
  readonly id: string;
  readonly progress: Progress;
  readonly result: readonly CarriedPart[] | undefined;
  /** Begins all parts anew, where the target has lost them. */
  reset(): void;
  finish(result: readonly CarriedPart[]): void;
}

/**
 * Opens the journal or begins one.
 * @throws AppError HW_STORE_CORRUPT for one that can't be read
 */
export function openJournal(path: string, target: string): Journal {
  const found = existsSync(path) ? readJournal(path) : undefined;
  const state =
    found?.target === target
      ? found
      : { version: 1 as const, id: randomUUID(), target, rows: {}, result: undefined };
  const rows = new Map(Object.entries(state.rows));
  let { result } = state;
  const save = () => {
    const whole = { ...state, rows: Object.fromEntries(rows), result };
    writeFileSync(`${path}.new`, `${JSON.stringify(whole, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  save();
  return {
    id: state.id,
    progress: {
      rowsOf: (part) => rows.get(part) ?? 0,
      reached(part, count) {
        rows.set(part, count);
        save();
      },
    },
    get result() {
      return result;
    },
    reset() {
      rows.clear();
      save();
    },
    finish(all) {
      result = [...all];
      save();
    },
  };
}

function readJournal(place: string): z.infer<typeof journalSchema> {
  try {
    return journalSchema.parse(parseOutsideJson(readFileSync(place, "utf8")));
  } catch (cause) {
    throw new AppError("HW_STORE_CORRUPT", `nicht lesbar: ${messageOf(cause)}`, {
      place,
      mend: "die Datei löschen; die Übernahme beginnt dann von vorn",
      cause,
    });
  }
}
