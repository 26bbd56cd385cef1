// Reads config/log-sources/*.yml: which Sigma log source a record belongs to, and under which names the
// fields of Sigma rules are looked for. One file a family of records.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { AppError } from "./errors.ts";

const names = z.array(z.string().min(1));
const routeSchema = z.strictObject({
  /** Canonical name → value, compared without case; `*` stands for any characters. All must hold. */
  when: z.record(z.string(), z.union([z.string(), z.number()])),
  product: z.string().optional(),
  category: z.string().optional(),
  service: z.string().optional(),
  /** Further categories and services that rules may name for the same events. */
  also: names.default([]),
  alsoServices: names.default([]),
  /** No later route with a category is looked at. */
  last: z.boolean().default(false),
});

const tableSchema = z.strictObject({
  families: names,
  product: z.string().optional(),
  /** The only fields that routes may look at; their values decide the log source. */
  decidedBy: names,
  routes: z.array(routeSchema),
  fields: z.record(z.string(), names),
});

/** Routing and field names of one family of records. */
export type LogSourceTable = z.infer<typeof tableSchema>;

const FOLDER = fileURLToPath(new URL("log-sources/", import.meta.url));

/**
 * All tables of the folder.
 * @throws AppError HW_CONFIG_INVALID with the file and what is wrong in it
 */
export function loadLogSources(folder: string = FOLDER): LogSourceTable[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const parsed = tableSchema.safeParse(parse(readFileSync(path, "utf8")));
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      throw new AppError("HW_CONFIG_INVALID", issue?.message ?? "not a log source table", {
        place: `${path}: ${issue?.path.join(".") ?? ""}`,
        mend: "see the other files of the folder for the form",
      });
    });
}
