// Where the top keys of each rule of a file stand, for warnings that point to line and column. Reading a
// rule for detection (detectors/sigma/read.ts) fills in what is missing and so no longer knows it.
import { isMap, isNode, isScalar, LineCounter, parseAllDocuments } from "yaml";

export interface RuleHeader {
  /** `file:line:column` of the rule's beginning, as in `SigmaRule.place`. */
  readonly place: string;
  /** Top key → place of the key. */
  readonly keys: ReadonlyMap<string, string>;
}

/** The headers of all documents that are maps, by place. */
export function readRuleHeaders(text: string, origin: string): Map<string, RuleHeader> {
  const lines = new LineCounter();
  const headers = new Map<string, RuleHeader>();
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${origin}:${line}:${col}`;
  };
  const parsed = parseAllDocuments(text, { lineCounter: lines });
  for (const { contents } of Array.isArray(parsed) ? parsed : []) {
    if (!isMap(contents) || contents.range == null) continue;
    const keys = new Map<string, string>();
    for (const { key } of contents.items) {
      if (isNode(key) && isScalar(key) && typeof key.value === "string" && key.range != null) {
        keys.set(key.value, placeAt(key.range[0]));
      }
    }
    const place = placeAt(contents.range[0]);
    headers.set(place, { place, keys });
  }
  return headers;
}
