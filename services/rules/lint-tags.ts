// Checks the tags of a rule: their form, their namespace, and whether ATT&CK can know them.
// Source: Sigma specification 2.1, appendix "Tags"; tactics of MITRE ATT&CK Enterprise, version 19, which
// split "defense-evasion" into "stealth" and "defense-impairment".
import type { LintDocument, Report } from "./lint-document.ts";
import { LINT_CODES } from "./lint-finding.ts";
import { nearName } from "./near-name.ts";

/** In the order of the matrix. */
export const TACTICS = [
  "reconnaissance",
  "resource-development",
  "initial-access",
  "execution",
  "persistence",
  "privilege-escalation",
  "stealth",
  "defense-impairment",
  "credential-access",
  "discovery",
  "lateral-movement",
  "collection",
  "command-and-control",
  "exfiltration",
  "impact",
] as const;

/** Tactics of other matrices and of versions before 19. */
const OTHER_TACTICS = new Map([
  ["defense-evasion", "stealth, defense-impairment"],
  ["inhibit-response-function", ""],
  ["impair-process-control", ""],
  ["evasion", ""],
]);
const NAMESPACES = ["attack", "car", "cve", "d3fend", "detection", "stp", "tlp"];
const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$/;
/** Technique, group, software, mitigation, campaign, data source. */
const ATTACK_ID = /^(?:t\d{4}(?:\.\d{3})?|[gsm]\d{4}|c\d{4}|ds\d{4}|ta\d{4})$/;
const SHOWN_CHARACTERS_MAX = 100;

/** The tags of a rule or correlation. */
export function lintTags({ value }: LintDocument, report: Report): void {
  const isCorrelation = "correlation" in value;
  if (!isCorrelation && !("detection" in value)) return;
  const tags: readonly unknown[] = Array.isArray(value.tags) ? value.tags : [];
  if (!tags.some((tag) => typeof tag === "string" && /^attack\./i.test(tag))) {
    // The schema of correlations has no tags.
    const severity = isCorrelation ? "note" : LINT_CODES["attack-missing"];
    report("attack-missing", ["tags"], "", "", severity);
  }
  for (const [index, tag] of tags.entries()) {
    if (typeof tag === "string") lintTag(tag, ["tags", index], report);
  }
}

function lintTag(tag: string, path: readonly (string | number)[], report: Report): void {
  const shown = tag.slice(0, SHOWN_CHARACTERS_MAX);
  if (!TAG.test(tag)) {
    const lower = tag.toLowerCase();
    report("tag-invalid", path, shown, TAG.test(lower) ? lower.slice(0, SHOWN_CHARACTERS_MAX) : "");
    return;
  }
  const dot = tag.indexOf(".");
  const namespace = tag.slice(0, dot);
  const name = tag.slice(dot + 1);
  if (!NAMESPACES.includes(namespace)) {
    // A site may have namespaces of its own: only what looks like a known one is told of.
    const meant = nearName(namespace, NAMESPACES);
    if (meant !== undefined) report("tag-invalid", path, shown, `${meant}.${name}`);
    return;
  }
  if (namespace !== "attack") return;
  const tactic = name.replaceAll("_", "-");
  if (ATTACK_ID.test(name) || TACTICS.some((one) => one === tactic)) return;
  const other = OTHER_TACTICS.get(tactic);
  if (other !== undefined) {
    if (other !== "") report("attack-outdated", path, shown, other);
    return;
  }
  const meant = nearName(tactic, TACTICS);
  report("attack-unknown", path, shown, meant === undefined ? "" : `attack.${meant}`);
}
