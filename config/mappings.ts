// The part of the configuration that says how JSON of other applications is read: where the time and the
// fields lie, and which Sigma rules concern it.
import { z } from "zod";

const path = z.string().min(1).max(300);
const name = z.string().min(1).max(200);

const mappingSchema = z.strictObject({
  /** Name by which inputs choose it as their `format`. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "Kleinbuchstaben, Ziffern und Bindestriche"),
  /** Dotted path of the event time. */
  time: path,
  /** Dotted path of an id that the application gives each record. */
  identity: path.optional(),
  /** ECS name → dotted path. */
  fields: z.record(name, path),
  logsource: z
    .strictObject({
      product: name.optional(),
      category: name.optional(),
      service: name.optional(),
    })
    .optional(),
});

/** Folders of mapping files: docs/quellen/eigene-formate.md. */
export const mappingFoldersSchema = z.array(z.string().min(1).max(1000)).max(100);

/** All mappings; no name twice. */
export const mappingsSchema = z
  .array(mappingSchema)
  .max(200)
  .refine(
    (all) => new Set(all.map((one) => one.id)).size === all.length,
    "jeder Name darf nur einmal vorkommen",
  );
