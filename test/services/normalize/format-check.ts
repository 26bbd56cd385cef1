// What every format's test needs: a context, a parser call as the normaliser makes it, and the property
// that no line whatever brings a parser to anything but HW_PARSE_FAILED.
import fc from "fast-check";
import { expect } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import type { FieldPath, ParsedRecord, RecordShape } from "../../../detectors/event.ts";
import type { Format, ParseContext, ParsedLine } from "../../../services/normalize/format.ts";
import { looksLikeJson, parseJsonRecord } from "../../../services/normalize/json-text.ts";

/** A Berlin source, its records received on 21 November 2026 at 05:00 UTC. */
export const CONTEXT: ParseContext = {
  timeZone: "Europe/Berlin",
  receivedAt: Date.UTC(2026, 10, 21, 5),
};

/** Parses a line as the normaliser does. */
export function parseLine(format: Format, line: string, context = CONTEXT): ParsedLine {
  return format.parse(line, context, looksLikeJson(line) ? parseJsonRecord(line) : undefined);
}

/** The format's claim on a line. */
export function sniffLine(format: Format, line: string): number {
  return format.sniff(line, looksLikeJson(line) ? parseJsonRecord(line) : undefined);
}

/** First value that a record holds under a name, as the rule engine finds it. */
export function fieldOf(shape: RecordShape, record: ParsedRecord, name: string): unknown {
  for (const path of shape.locate(name)) {
    const value = follow(record, path);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** ISO text of an event time. */
export function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

/**
 * Lines of pure chance and lines that are nearly right (a sample with pieces cut, doubled, replaced):
 * the format parses them or refuses them with HW_PARSE_FAILED, and its document holds sound values only.
 */
export function survivesAnything(format: Format, samples: readonly string[]): void {
  // Any bytes, and halves of surrogate pairs. (fast-check's own "binary" needs 0.7 s to set up.)
  const bytes = fc.uint8Array({ maxLength: 300 });
  const chance = fc.oneof(
    fc.string({ maxLength: 300 }),
    bytes.map((some) => Buffer.from(some).toString("latin1")),
    bytes.map((some) => Buffer.from(some).toString("utf16le")),
  );
  const piece = fc.record({
    sample: fc.constantFrom(...samples),
    from: fc.nat(400),
    length: fc.nat(60),
    put: fc.oneof(
      chance,
      fc.constantFrom('"', "\\", "[", "|", "=", " ", "__proto__", "<a>", "\u0000"),
    ),
  });
  const spoiled = piece.map(({ sample, from, length, put }) => {
    const at = from % (sample.length + 1);
    return sample.slice(0, at) + put + sample.slice(at + length);
  });
  const records = samples.filter(looksLikeJson).map((sample) => parseJsonRecord(sample));
  const foreign = fc
    .tuple(fc.constantFrom({}, ...records), fc.nat(), fc.jsonValue({ maxDepth: 3 }))
    .map(([record, choice, value]) => {
      const keys = Object.keys(record);
      return JSON.stringify({ ...record, [keys[choice % (keys.length + 1)] ?? "a.b"]: value });
    });
  fc.assert(
    fc.property(fc.oneof(chance, spoiled, foreign), (line) => {
      let parsed: ParsedLine;
      try {
        parsed = parseLine(format, line);
      } catch (error) {
        expect(isAppError(error, "HW_PARSE_FAILED"), String(error)).toBe(true);
        return;
      }
      if (parsed.time !== undefined) expect(Number.isFinite(parsed.time)).toBe(true);
      const document = format.ecs(parsed.record);
      expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
      const unsound = Object.values(document)
        .flat()
        .filter(
          (one) => !["string", "number", "boolean"].includes(typeof one) || Number.isNaN(one),
        );
      expect(unsound).toEqual([]);
    }),
    { numRuns: 400 },
  );
}

function follow(record: ParsedRecord, path: FieldPath): unknown {
  let value: unknown = record;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
