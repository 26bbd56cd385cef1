// What a tenant may be called. The name becomes a folder, a part of topic and index names and a key in
// URLs, so it is checked at every border and nothing that could leave its folder ever gets through.
import { AppError } from "./errors.ts";

/** Lower-case letters, digits and hyphens, 1 to 64 of them, beginning with a letter or digit. */
export const TENANT_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * The name, when it is one.
 * @throws AppError HW_REQUEST_INVALID
 */
export function checkTenantName(name: string): string {
  if (TENANT_NAME.test(name)) return name;
  throw new AppError("HW_REQUEST_INVALID", "not a tenant name", {
    place: JSON.stringify(name.slice(0, 80)),
    mend: "use 1 to 64 lower-case letters, digits and hyphens, beginning with a letter or digit",
  });
}
