// The dead-letter keeps what nobody understood, whole, and can be read again for a replay.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRaw, encodeRaw } from "../../../services/bus/raw-record.ts";
import { deadDocument, deadLetter, readDeadLetter } from "../../../services/detect/dead-letter.ts";

const raw = {
  id: "b/1",
  idFromSender: false,
  source: "netz",
  timeZone: "Europe/Berlin",
  receivedAt: 1_700_000_000_000,
  text: "völlig\nunbekannt {",
};

describe("raw records and dead letters", () => {
  it("come back as they were put in, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, id) => {
        const record = { ...raw, id, text };
        expect(decodeRaw(encodeRaw(record))).toEqual(record);
        const letter = readDeadLetter(
          deadLetter(record, "HW_PARSE_FAILED", "no\nformat", "raw/0/7"),
        );
        expect(letter).toEqual({
          code: "HW_PARSE_FAILED",
          reason: "no\nformat",
          place: "raw/0/7",
          raw: record,
        });
      }),
    );
  });

  it("are refused when the bytes are something else", () => {
    for (const bytes of ["", "{}", "kein json\n", '{"code":1}\n']) {
      expect(() => readDeadLetter(Buffer.from(bytes))).toThrow(/dead letter/);
      expect(() => decodeRaw(Buffer.from(bytes))).toThrow(/raw record/);
    }
  });

  it("leave a marked trace in the archive, without the text", () => {
    const document = deadDocument("kreis", raw, "HW_PARSE_FAILED", "raw/0/7");
    expect(document["event.kind"]).toBe("pipeline_error");
    expect(JSON.stringify(document)).not.toContain("unbekannt");
  });
});
