// The one place where log lines become JSON values. Guards what follows: no record is larger or nested
// deeper than the named limits, and none carries a `__proto__` key.
import { AppError, messageOf } from "../../config/errors.ts";
import type { JsonRecord } from "./format.ts";
import { hasMoreOpeners, refuseDeepJson } from "./json-nesting.ts";

/** Longest line that is read as JSON, in UTF-16 units. */
export const JSON_CHARACTERS_MAX = 4 * 1024 * 1024;
/** Deepest nesting of objects and arrays in a record. */
export const JSON_DEPTH_MAX = 64;

const OPENING_BRACE = 0x7b;

/** Whether a line looks like a JSON object: its first character that is no blank opens one. */
export function looksLikeJson(line: string): boolean {
  if (line.charCodeAt(0) === OPENING_BRACE) return true;
  return /^[\s\ufeff]{1,16}\{/.test(line);
}

/**
 * The JSON object in a line.
 * @throws AppError HW_PARSE_FAILED when it is no JSON object or nested too deep, HW_INPUT_TOO_LARGE
 */
export function parseJsonRecord(line: string): JsonRecord {
  if (line.length > JSON_CHARACTERS_MAX) {
    throw new AppError("HW_INPUT_TOO_LARGE", `JSON over ${JSON_CHARACTERS_MAX} characters`);
  }
  // What has few openers can't be deep in any sense: it is looked at once.
  const mayBeDeep = hasMoreOpeners(line, JSON_DEPTH_MAX);
  if (mayBeDeep) refuseDeepJson(line);
  const value = parseText(line.charCodeAt(0) === 0xfeff ? line.slice(1) : line);
  if (!isRecord(value)) throw new AppError("HW_PARSE_FAILED", "JSON, but no object");
  if (mayBeDeep && isDeeper(value, JSON_DEPTH_MAX)) {
    throw new AppError("HW_PARSE_FAILED", `JSON nested deeper than ${JSON_DEPTH_MAX}`);
  }
  return value;
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseText(text: string): unknown {
  try {
    // The key can't be written without two underscores in a row or an escaped one. These searches are
    // short, so that V8 runs them at the speed of memory.
    if (!text.includes("__") && !text.includes("u005")) return JSON.parse(text);
    // Many keys begin with two underscores (`__CURSOR`). Without an escape of a Latin character this one
    // stands as it is or not at all.
    if (!text.includes("__proto__") && !text.includes("\\u00")) return JSON.parse(text);
    return JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value));
  } catch (cause) {
    throw new AppError("HW_PARSE_FAILED", `no JSON: ${messageOf(cause)}`, { cause });
  }
}

function isDeeper(root: unknown, depthMax: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) return true;
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const child of Object.values(value)) below.push(child);
    }
    level = below;
  }
  return false;
}
