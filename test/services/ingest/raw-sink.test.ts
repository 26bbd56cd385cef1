// What inputs hand to the bus, at its limits.
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { bindingSchema } from "../../../config/input-values.ts";
import { RECORD_BYTES_MAX } from "../../../services/bus/bus.ts";
import { decodeRaw } from "../../../services/bus/raw-record.ts";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import { createRawSink } from "../../../services/ingest/raw-sink.ts";
import { createMemoryBus } from "./memory-bus.ts";

const ORIGIN = {
  binding: bindingSchema.parse({ tenant: "kreis", source: "journal" }),
  input: "journal" as const,
  key: undefined,
  receivedAt: 0,
};

describe("raw records", () => {
  it.each(["a", "\u20ac", "\u{1f600}"])(
    "are cut where the bus would never take them, full of %s",
    async (character) => {
      const registry = new Registry();
      const sink = createRawSink(createMemoryBus(), createIngestMetrics(registry));
      const record = { id: "1", idFromSender: false };
      const encode = (text: string) => sink.encode(ORIGIN, { ...record, text }).value;
      const whole = character.repeat(100);
      expect(decodeRaw(encode(whole)).text).toBe(whole);
      const cut = encode(character.repeat(RECORD_BYTES_MAX));
      expect(cut.length).toBeLessThanOrEqual(RECORD_BYTES_MAX);
      expect(decodeRaw(cut).text.length).toBeGreaterThan(RECORD_BYTES_MAX / 5);
      expect(await registry.metrics()).toContain('rejected_total{reason="cut"} 1');
    },
  );
});
