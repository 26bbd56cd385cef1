// How places, faults and foreign texts are written by the `rules` commands.
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import type { FaultKind } from "./rules-messages.ts";

/** A text out of a rule or log in one line, without control characters that could steer a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

/** A value as indented JSON with a line break; what could steer a terminal is escaped. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  const escaped = text.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_unit, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
  return `${escaped}\n`;
}

/** `file:line:column` taken apart; line and column are undefined for a file as a whole. */
export function splitPlace(place: string): {
  file: string;
  line: number | undefined;
  column: number | undefined;
} {
  const match = /^(.*):(\d+):(\d+)$/s.exec(place);
  if (match === null) return { file: place, line: undefined, column: undefined };
  return { file: match[1] ?? "", line: Number(match[2]), column: Number(match[3]) };
}

/** `file:line:column  code  message` */
export function faultLine({ place, code, message }: RuleFault): string {
  return `${printable(place)}  ${code}  ${printable(message)}`;
}

// The reader's words, by what they begin with.
const KNOWN: readonly (readonly [RegExp, FaultKind])[] = [
  [/^unknown modifier/, "modifier"],
  [/^aggregations in conditions/, "aggregation"],
  [/^expected level/, "level"],
  [/^condition, position|^expected condition/, "condition"],
];

/** Which mend is known for a fault. */
export function faultKind({ code, message }: RuleFault): FaultKind | undefined {
  if (code === "HW_PATTERN_UNSAFE") return "pattern";
  const known = KNOWN.find(([words]) => words.test(message))?.[1];
  if (known !== undefined) return known;
  // The YAML library names the place itself.
  return / at line \d+, column \d+/.test(message) ? "yaml" : undefined;
}
