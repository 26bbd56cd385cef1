// Takes names out of what people write: as out of the message of an event that names nobody else.
import type { Privacy } from "./privacy/privacy.ts";

/** Replaces the names that are known of a tenant, and those that stand where names stand by convention. */
export function textProtector(privacy: Pick<Privacy, "protectMatched">) {
  return (tenant: string, text: string): string => {
    const field = { field: "message", value: text, operator: "", pattern: "" };
    return privacy.protectMatched(tenant, new Map(), [field])[0]?.value ?? text;
  };
}
