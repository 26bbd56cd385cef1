// What the simulator sends is what the parsers read: format, time and identity.
import { describe, expect, it } from "vitest";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import type { SimulatedRecord } from "../../../services/simulator/record.ts";
import { simulate } from "../../../services/simulator/simulate.ts";

const RECEIVED_AT = Date.UTC(2026, 10, 2);
const ZONE = "Europe/Berlin";

const records = [
  ...simulate({ seed: "formats", intrusion: true, staffAccounts: 90, eventsTarget: 4000 }).records,
];

function normalized(record: SimulatedRecord, format: string | undefined) {
  return createNormalizer({ mappings: [] }).normalize(
    {
      id: record.id,
      idFromSender: true,
      source: record.source,
      timeZone: ZONE,
      receivedAt: RECEIVED_AT,
      text: record.text,
      ...(format === undefined ? {} : { format }),
    },
    "heidetal",
  );
}

/** nginx writes whole seconds, everything else milliseconds or finer. */
function precisionMs(record: SimulatedRecord): number {
  return record.format === "web-access" ? 1000 : 1;
}

describe("simulated records", () => {
  it("are read by the parser of their format, with their own time and id", () => {
    for (const record of records) {
      const { event, format } = eventOrThrow(normalized(record, record.format));
      expect(format.id).toBe(record.format);
      expect(event.id).toBe(record.id);
      const error = Math.abs(record.time - event.time);
      expect(error, record.text).toBeLessThanOrEqual(precisionMs(record));
    }
  });

  it("are recognised without being told the format", () => {
    for (const record of records) {
      const { format } = eventOrThrow(normalized(record, undefined));
      expect(format.id, record.text).toBe(record.format);
    }
  });

  it("carry the record id of Windows events as the parsers see it", () => {
    for (const record of records) {
      if (record.format !== "winlogbeat" && record.format !== "windows-flat") continue;
      const result = createNormalizer({ mappings: [] }).normalize(
        {
          id: "batch",
          idFromSender: false,
          source: record.source,
          timeZone: ZONE,
          receivedAt: RECEIVED_AT,
          text: record.text,
        },
        "heidetal",
      );
      expect("event" in result && result.event.id).toBe(`${record.source}:${record.id}`);
    }
  });
});
