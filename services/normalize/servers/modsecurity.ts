// ModSecurity's hits in the error logs of Apache and nginx: `[id "942100"] [msg "…"]` behind the message.
import { setField } from "../field-table.ts";

/** ECS name → key of what `readModSecurity` puts into a record. */
export const MODSECURITY_ECS = {
  "rule.id": ["modsecurity_id"],
  "rule.name": ["modsecurity_msg"],
  "rule.ruleset": ["modsecurity_ver"],
  "rule.category": ["modsecurity_tag"],
  "event.id": ["modsecurity_unique_id"],
} as const;

/** Pairs of one line. */
const PAIRS_MAX = 100;

/** Puts ModSecurity's pairs into a record as `modsecurity_<name>`; several tags become a list. */
export function readModSecurity(message: string, record: Record<string, unknown>): void {
  const start = message.indexOf("ModSecurity:");
  if (start === -1) return;
  const tags: string[] = [];
  let count = 0;
  for (const pair of message
    .slice(start)
    .matchAll(/\[([a-z_]{1,20}) "((?:[^"\\]|\\.){0,2000})"\]/g)) {
    const [, name = "", value = ""] = pair;
    if (name === "tag") tags.push(value);
    else setField(record, `modsecurity_${name}`, value.replace(/\\(["\\])/g, "$1"));
    if (++count >= PAIRS_MAX) break;
  }
  if (tags.length > 0) record.modsecurity_tag = tags;
  record.modsecurity_action = /ModSecurity: Access denied/.test(message) ? "denied" : "detected";
}
