// Text for protocols in which a line is a record: control, direction and invisible characters would end the
// record or show it otherwise than it is.

/** The text on one line, at most so many characters; three dots where something is missing. */
export function oneLine(text: string, charactersMax: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, "")
    .trim();
  const letters = [...line];
  if (letters.length <= charactersMax) return line;
  return `${letters.slice(0, charactersMax - 3).join("")}...`;
}
