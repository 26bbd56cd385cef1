// Real Windows events outside the project: all of them must be read, with a time and a host. Skipped,
// and named so, where the recordings are missing.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";

const RECORDINGS = new URL(
  "../../../../shared/data/sigma/regression/events.ndjson",
  import.meta.url,
);
const missing = !existsSync(RECORDINGS);

describe("recorded Windows events", () => {
  it.skipIf(missing)(
    `are all read with time, host and event code${missing ? " (SKIPPED: ../shared/data is missing)" : ""}`,
    () => {
      const normalizer = createNormalizer({ mappings: [] });
      const lines = readFileSync(RECORDINGS, "utf8").split("\n").filter(Boolean);
      expect(lines.length).toBeGreaterThan(100);
      for (const [index, text] of lines.entries()) {
        const result = normalizer.normalize(
          {
            id: String(index),
            idFromSender: false,
            source: "recording",
            timeZone: "UTC",
            receivedAt: Date.UTC(2100, 0, 1),
            text,
          },
          "t",
        );
        const { event, format } = eventOrThrow(result);
        expect(format.id).toBe("windows-flat");
        expect(event.time).toBeLessThan(Date.UTC(2030, 0, 1));
        const document = ecsDocument(event, format);
        expect(document["host.name"]).toEqual(expect.any(String));
        expect(document["event.code"]).toMatch(/^\d+$/);
      }
    },
  );
});
