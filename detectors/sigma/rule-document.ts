// One document of a rule file: its value, and the place of each of its parts, for faults that name file,
// line and column.
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
} from "yaml";
import type { RuleFault } from "./rule.ts";

const ALIASES_MAX = 100;

/** Keys and indexes from the document's root. */
export type Path = readonly (string | number)[];

/** Thrown while a document is read; takes out this document only. */
export class PlacedFault extends Error {
  readonly fault: RuleFault;
  constructor(fault: RuleFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** A document and the places in it. */
export interface DocumentReader {
  /** `file`, as faults name it. */
  readonly origin: string;
  /** @throws PlacedFault for what is no YAML */
  value(): unknown;
  /** `file:line:column` of a part, or of the nearest part around it. */
  place(path: Path): string;
  fault(path: Path, message: string): PlacedFault;
  /**
   * Counts patterns that values become; false when the file has had all that one file may have. A value with
   * three options becomes 125 patterns under `windash`: a small file could fill the memory.
   */
  readonly spend: (patterns: number) => boolean;
}

/** SigmaHQ's largest file has a few thousand. */
export const PATTERNS_PER_FILE_MAX = 300_000;

/** All documents of a YAML text, in their order. */
export function documentsOf(text: string, origin: string): DocumentReader[] {
  const lines = new LineCounter();
  // The library compares each key with all others of its map, which takes minutes for many.
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false });
  const documents = Array.isArray(parsed) ? parsed : [];
  if (MAYBE_LARGE.test(text)) for (const document of documents) keepLargeNumbers(document);
  let spent = 0;
  const spend = (patterns: number) => {
    spent += patterns;
    return spent <= PATTERNS_PER_FILE_MAX;
  };
  return documents.map((document) => createReader(document, lines, origin, spend));
}

/** Digits in a row from which on a number may be too large for JavaScript. */
const MAYBE_LARGE = /\d{16}|0x[\da-f]{13}|0o[0-7]{17}/i;

// Values are compared as texts, so a number that JavaScript would round stands for its digits.
function keepLargeNumbers(document: Document.Parsed): void {
  visit(document, {
    Scalar(_key, node) {
      const { value, source } = node;
      if (typeof value !== "number" || source === undefined) return;
      if (Number.isInteger(value) && !Number.isSafeInteger(value) && !/[.e]/i.test(source)) {
        node.value = /^[-+]/.test(source) ? source.replace("+", "") : String(BigInt(source));
      }
    },
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function createReader(
  document: Document.Parsed,
  lines: LineCounter,
  origin: string,
  spend: DocumentReader["spend"],
): DocumentReader {
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${origin}:${line}:${col}`;
  };
  const place = (path: Path): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : keyOrValue(document, path.slice(0, length));
      if (isNode(node) && node.range != null) return placeAt(node.range[0]);
    }
    return `${origin}:1:1`;
  };
  let title: string | undefined;
  const fault = (path: Path, message: string) =>
    new PlacedFault({ code: "HW_RULE_INVALID", place: place(path), title, message });
  return {
    origin,
    place,
    fault,
    spend,
    value() {
      const [error] = document.errors;
      if (error !== undefined) {
        const message = error.message.split("\n")[0] ?? "not YAML";
        throw new PlacedFault({
          code: "HW_RULE_INVALID",
          place: placeAt(error.pos[0]),
          title,
          message,
        });
      }
      const repeated = repeatedKey(document);
      if (repeated !== undefined) {
        throw new PlacedFault({
          code: "HW_RULE_INVALID",
          place: placeAt(repeated.offset),
          title,
          message: `the key "${repeated.key}" stands twice in one map`,
        });
      }
      let value: unknown;
      try {
        value = document.toJS({ maxAliasCount: ALIASES_MAX });
      } catch (error) {
        throw fault([], error instanceof Error ? error.message : "can't be read");
      }
      if (isRecord(value) && typeof value.title === "string") title = value.title;
      return value;
    },
  };
}

function repeatedKey(document: Document.Parsed): { key: string; offset: number } | undefined {
  let found: { key: string; offset: number } | undefined;
  visit(document, {
    Map(_key, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) {
          found = { key: String(key.value).slice(0, 100), offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

// A key is a better place to point at than what stands behind it.
function keyOrValue(document: Document.Parsed, path: Path): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(
      (item) => isNode(item.key) && "value" in item.key && item.key.value === last,
    );
    if (pair !== undefined) return pair.key;
  }
  return document.getIn(path, true);
}
