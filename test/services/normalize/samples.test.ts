// What holds for all formats together, seen on their samples.
import { describe, expect, it } from "vitest";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { SURE } from "../../../services/normalize/format.ts";
import { FORMATS } from "../../../services/normalize/formats.ts";
import { splitHeader } from "../../../services/normalize/header-lines.ts";
import { looksLikeJson, parseJsonRecord } from "../../../services/normalize/json-text.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";
import { type FormatSample, readFormatSamples } from "../../support/format-samples.ts";

const samples = readFormatSamples();
const byFormat = [...Map.groupBy(samples, ({ format }) => format)];
const RECEIVED_AT = Date.UTC(2026, 10, 21, 5);
const PRIVACY = createPrivacy(createKeyRing(Buffer.alloc(32, 7)));
/** Formats that only take what their source is configured for. */
const CONFIGURED_ONLY = new Set(["plain"]);
/** The only person in the samples, in all ways in which the records name her. */
const IDENTITY =
  /emustermann|erika[. ]mustermann|mustermann, ?erika|1004336348-1177238915-682003330-1104/i;

function normalized({ text, format }: FormatSample, isTold: boolean) {
  const raw = {
    id: "sample",
    idFromSender: true,
    source: "samples",
    timeZone: "Europe/Berlin",
    receivedAt: RECEIVED_AT,
    format: isTold ? format : undefined,
    text,
  };
  return createNormalizer({ mappings: [] }).normalize(raw, "kreis");
}

describe("the samples", () => {
  it("exist for each format, and for nothing else", () => {
    const known = FORMATS.map(({ id }) => id).filter((id) => !CONFIGURED_ONLY.has(id));
    expect(byFormat.map(([format]) => format).sort()).toEqual(known.sort());
  });
});

describe.each(byFormat)("%s", (id, own) => {
  const format = FORMATS.find((one) => one.id === id);

  it("is found without being told, or carries a line that is", () => {
    const wrong = own.filter((sample) => {
      const result = normalized(sample, false);
      return !("event" in result) || (result.format.id !== id && format?.inner === undefined);
    });
    expect(wrong.map(({ place }) => place)).toEqual([]);
  });

  it("shares its lines with no other format that is as sure", () => {
    const shared = own.flatMap(({ text, place }) => {
      const { header, line } = splitHeader(text);
      const json = looksLikeJson(line) ? parseJsonRecord(line) : undefined;
      const reads = json === undefined ? "text" : "json";
      const sure = FORMATS.filter(
        (one) => one.reads === reads && one.id !== id && one.sniff(line, json, header) >= SURE,
      );
      return sure.map((other) => `${place} ${other.id}`);
    });
    expect(shared).toEqual([]);
  });

  it("keeps the time of its records", () => {
    const timed = own.filter((sample) => {
      const { event } = eventOrThrow(normalized(sample, true));
      return event.time !== RECEIVED_AT && event.claimedTime === undefined;
    });
    // A product may write lines without time; most of its lines have one.
    expect(timed.length).toBeGreaterThan(own.length / 2);
  });

  it("leaves no identity behind the privacy library", () => {
    const left = own.flatMap((sample) => {
      const { event, format: found } = eventOrThrow(normalized(sample, true));
      const document = ecsDocument(event, found);
      PRIVACY.protectDocument("kreis", document);
      return Object.entries(document)
        .filter(([name, value]) => IDENTITY.test(name) || IDENTITY.test(String(value)))
        .map(([name, value]) => `${sample.place} ${name}: ${String(value)}`);
    });
    expect(left).toEqual([]);
  });
});
