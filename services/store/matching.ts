// Says whether a finding fits matchers: its rule, level, entities, source, and the event of the signal
// that was raised last.
import type { Matcher } from "../../config/matcher.ts";
import { compileGlob } from "../../detectors/sigma/glob.ts";
import { parsePieces } from "../../detectors/sigma/value.ts";
import type { Finding } from "./finding.ts";
import { type IdentityMoves, renamed } from "./identity-moves.ts";

type Matching = (finding: Finding) => boolean;

/**
 * All must hold; a field without a value fits nothing.
 * @param moves accounts fit by either of their pseudonyms
 */
export function compileMatchers(matchers: readonly Matcher[], moves?: IdentityMoves): Matching {
  const all = matchers.map((matcher) => {
    const values = new Set([matcher.value]);
    for (const renaming of [moves?.onward, moves?.back])
      if (renaming !== undefined) values.add(renamed(matcher.value, renaming));
    const fits = [...values].map((value) => compileValue({ ...matcher, value }));
    return (finding: Finding) =>
      matchedValues(finding, matcher.field).some((text) => fits.some((one) => one(text)));
  });
  return (finding) => all.every((one) => one(finding));
}

function compileValue({ operator, value }: Matcher): (text: string) => boolean {
  const wanted = value.toLowerCase();
  if (operator === "equals") return (text) => text.toLowerCase() === wanted;
  const glob = compileGlob(parsePieces(wanted));
  return (text) => glob(text.toLowerCase());
}

/** The values of a matcher's field in a finding. */
function matchedValues(finding: Finding, field: string): string[] {
  const { latest } = finding;
  switch (field) {
    case "rule":
      return [finding.detector.id];
    case "level":
      return [finding.detector.level];
    case "source":
      return latest === undefined ? finding.sources : [latest.source];
    case "entity":
      return (latest?.entities ?? finding.entities).flatMap(({ type, value }) => [
        value,
        `${type}:${value}`,
      ]);
    default: {
      const document = latest?.document ?? {};
      const value = Object.hasOwn(document, field) ? document[field] : undefined;
      return value === undefined ? [] : [value].flat().map(String);
    }
  }
}
