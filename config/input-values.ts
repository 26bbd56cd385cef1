// What the settings of all inputs are made of: sizes, times and counts with their outermost limits, and the
// binding of records to a tenant and a source.
import { z } from "zod";
import { NDIG_CLASSES } from "./ndig.ts";
import { TENANT_NAME } from "./tenant-name.ts";

export const MIB = 1024 * 1024;
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;

export const port = z.number().int().min(0).max(65_535);
export const milliseconds = z
  .number()
  .int()
  .min(1)
  .max(24 * 60 * MINUTE_MS);
export const bytes = z
  .number()
  .int()
  .min(1024)
  .max(2048 * MIB);
/** Of one record as it comes; as UTF-8 it may grow to three times that, which the bus still takes. */
export const recordBytes = z
  .number()
  .int()
  .min(1024)
  .max(2 * MIB);
export const count = z.number().int().min(1).max(10_000_000);

const timeZone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, "eine IANA-Zeitzone wie Europe/Berlin");

export const bindingFields = {
  tenant: z.string().regex(TENANT_NAME, "die Kennung eines Mandanten"),
  /** Name under which the records of this source are found again. */
  source: z.string().min(1).max(100),
  /** Left out: found out for each line. */
  format: z.string().min(1).max(64).optional(),
  /** For times without a zone. */
  timeZone: timeZone.default("Europe/Berlin"),
  /** Class of log sources by § 19 (1) NDIG, asked at onboarding; see config/ndig.ts. */
  ndigClass: z.literal(NDIG_CLASSES).optional(),
  /** Retention class of all its events; left out: what their format says. */
  dataClass: z.enum(["security", "network", "content"]).optional(),
  /** Told as silent after so many minutes without a record; left out: learned from its past. */
  silenceMinutes: z.number().int().min(1).max(44_640).optional(),
};
export const bindingSchema = z.strictObject(bindingFields);

/** Whose records these are, and what only the configuration can know of them. */
export type SourceBinding = Readonly<z.infer<typeof bindingSchema>>;
