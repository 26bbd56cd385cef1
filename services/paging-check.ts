// The check of the paging configuration where a configuration is taken: its errors stop a start as any other
// fault of the configuration does, its warnings are told.
import type { Logger } from "pino";
import { configError, type LoadedConfig } from "../config/load.ts";
import { checkPaging } from "./paging/check.ts";

/**
 * @param logger gets the warnings; without one they are left out
 * @throws AppError HW_CONFIG_INVALID with all errors at once
 */
export function refusePagingFaults(
  { config, placeOf }: LoadedConfig,
  now: number,
  logger?: Logger,
): void {
  const faults = checkPaging(config, now);
  const errors = faults.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw configError(
      errors.map(({ path, says, mend }) => ({
        path,
        place: placeOf?.(path) ?? "paging",
        message: `${says.de}; Abhilfe: ${mend.de}`,
      })),
    );
  }
  const warnings = faults.filter(({ severity }) => severity === "warning");
  for (const { key, path, says } of warnings) logger?.warn({ key, path }, says.en);
}
