// ATT&CK tactics under their proper (English) names.

const SMALL_WORDS = ["and"];

/** `credential-access` → `Credential Access`. Underscores count as hyphens. */
export function tacticName(tactic: string): string {
  return tactic
    .split(/[-_]/)
    .map((word) =>
      SMALL_WORDS.includes(word) ? word : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join(" ");
}
