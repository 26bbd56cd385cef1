// The services that a process runs. Without a choice it runs them all.
import { z } from "zod";

/** In the direction of the data. */
export const SERVICES = [
  "ingest",
  "detect",
  "baseline",
  "triage",
  "notify",
  "explain",
  "api",
] as const;

/** A part of the program that can run in a process of its own. */
export type ServiceName = (typeof SERVICES)[number];

/** Whether one process runs all that findings need; explaining them may be left out. */
export function runsEverything(services: readonly ServiceName[]): boolean {
  return SERVICES.every((name) => name === "explain" || services.includes(name));
}

export const servicesSchema = z
  .array(z.enum(SERVICES))
  .min(1)
  .refine((all) => new Set(all).size === all.length, "jeder Dienst nur einmal");
