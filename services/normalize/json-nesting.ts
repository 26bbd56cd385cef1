// Keeps deeply nested JSON away from `JSON.parse`: in Node 26 (V8 14.6) text that breaks off some thousand
// levels deep (`[0,[0,[0,…`) damages the process's memory, and a handful of such lines ends it. Nothing
// that a machine logs is nested so deep.
import { AppError } from "../../config/errors.ts";

/** Deepest nesting that is parsed at all; V8 fails from about 7,000 on, and earlier on a full stack. */
const JSON_NESTING_MAX = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * `JSON.parse` for text from outside.
 * @throws AppError HW_PARSE_FAILED for text that is nested too deep, SyntaxError for what is no JSON
 */
export function parseOutsideJson(text: string): unknown {
  refuseDeepJson(text);
  return JSON.parse(text);
}

/** @throws AppError HW_PARSE_FAILED for text that is nested deeper than `JSON_NESTING_MAX` */
export function refuseDeepJson(text: string): void {
  // Nearly all texts end at the first one.
  if (!hasMoreOpeners(text, JSON_NESTING_MAX) || !isNestedDeep(text)) return;
  throw new AppError("HW_PARSE_FAILED", `JSON nested deeper than ${JSON_NESTING_MAX}`);
}

/** Whether more than `max` opening brackets and braces stand in a text: two native searches. */
export function hasMoreOpeners(text: string, max: number): boolean {
  let openers = 0;
  for (const opener of ["{", "["]) {
    for (let at = text.indexOf(opener); at !== -1; at = text.indexOf(opener, at + 1)) {
      if (++openers > max) return true;
    }
  }
  return false;
}

// Up to its first fault the text is read as a parser reads it; what comes behind it doesn't matter.
function isNestedDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > JSON_NESTING_MAX) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--;
  }
  return false;
}
