// The older way to write several rules into one file: documents with `action` share or repeat parts.
// `global` is laid over all rules that follow, `reset` ends it, `repeat` changes the rule before.
// Source: Sigma 1, "Rule Collections"; read as pySigma reads it.
import { type DocumentReader, isRecord } from "./rule-document.ts";

type Parts = Record<string, unknown>;

const DEPTH_MAX = 100;

/**
 * Takes the documents of one file in their order and gives each rule whole; undefined for documents that
 * only change those that follow.
 * @throws PlacedFault for an unknown action
 */
export function createCollection(): (value: Parts, reader: DocumentReader) => Parts | undefined {
  let shared: Parts = {};
  let before: Parts = {};
  return (value, reader) => {
    const { action, ...parts } = value;
    switch (action) {
      case undefined:
        // These are whole in themselves.
        if ("correlation" in parts || "filter" in parts) return parts;
        before = merge(parts, shared, reader, 0);
        return before;
      case "global":
        shared = parts;
        before = parts;
        return undefined;
      case "reset":
        shared = {};
        return undefined;
      case "repeat":
        before = merge(before, parts, reader, 0);
        return before;
      default:
        throw reader.fault(["action"], "expected action: global, reset or repeat");
    }
  };
}

function merge(under: Parts, over: Parts, reader: DocumentReader, depth: number): Parts {
  if (depth > DEPTH_MAX) throw reader.fault([], "nested too deeply");
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    const isDeep = isRecord(old) && isRecord(value);
    merged.set(key, isDeep ? merge(old, value, reader, depth + 1) : value);
  }
  return Object.fromEntries(merged);
}
