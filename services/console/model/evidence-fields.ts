// The fields of an event as the screen lists them: what the rule matched on top, with its marks.
import type { Finding } from "../../store/finding.ts";
import { type MarkRange, markRanges } from "./mark-ranges.ts";

type Evidence = Finding["evidence"][number];
type Matched = Evidence["matched"][number];
type Document = Evidence["events"][number]["document"];

/** One field of an event, ready to show. */
export interface EvidenceField {
  readonly name: string;
  readonly text: string;
  readonly matched: boolean;
  readonly marks: readonly MarkRange[];
}

/**
 * Fields of a document, matched ones first, then by name. A rule names fields its own way
 * (`CommandLine`), the document uses ECS (`process.command_line`), so a field counts as matched when
 * its value is the one that the rule saw.
 */
export function evidenceFields(document: Document, matched: readonly Matched[]): EvidenceField[] {
  const fields = Object.entries(document).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(", ") : String(value);
    const hits = matched.filter(
      (hit) => hit.value !== "" && (hit.value === text || (hit.field === name && text !== "")),
    );
    return {
      name,
      text,
      matched: hits.length > 0,
      marks: hits.flatMap((hit) => markRanges(text, hit.operator, hit.pattern)),
    };
  });
  return fields.sort((a, b) => Number(b.matched) - Number(a.matched) || (a.name < b.name ? -1 : 1));
}
