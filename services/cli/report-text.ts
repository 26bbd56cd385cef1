// Puts foreign text into the HTML report.

/** Markup is escaped; control, direction and zero-width characters are made visible. */
export function escapeHtml(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
      character === "\n" || character === "\t"
        ? " "
        : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
