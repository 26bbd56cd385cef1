// The opaque place between two pages: sort values and id of the last hit, and the sorting they belong to.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { type IndexValue, MISSING } from "./field-index.ts";
import type { SearchQuery } from "./store.ts";

export interface Cursor {
  readonly values: readonly IndexValue[];
  readonly id: string;
  /** How many the first page found in all: counting them anew for each page takes longer than the page. */
  readonly total: number;
}

const schema = z.tuple([
  z.string(),
  z.array(z.union([z.string(), z.number(), z.null()])),
  z.string(),
  z.number().int().nonnegative(),
]);

export function writeCursor(sort: SearchQuery["sort"], { values, id, total }: Cursor): string {
  const plain = values.map((value) => (value === MISSING ? null : value));
  return Buffer.from(JSON.stringify([sortName(sort), plain, id, total])).toString("base64url");
}

/** @throws AppError HW_REQUEST_INVALID when it is none, or one of another sorting */
export function readCursor(sort: SearchQuery["sort"], text: string): Cursor {
  try {
    const [name, plain, id, total] = schema.parse(
      JSON.parse(Buffer.from(text, "base64url").toString("utf8")),
    );
    if (name !== sortName(sort) || plain.length !== sort.length) throw new Error("another sorting");
    return { id, total, values: plain.map((value) => value ?? MISSING) };
  } catch (cause) {
    throw new AppError("HW_REQUEST_INVALID", "not a cursor of this search", { cause });
  }
}

function sortName(sort: SearchQuery["sort"]): string {
  return sort.map(({ field, order }) => `${field} ${order}`).join();
}
