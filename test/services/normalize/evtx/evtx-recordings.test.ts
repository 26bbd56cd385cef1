// Real event logs outside the project, beside the same events as other tools wrote them as JSON. Skipped,
// and named so, where the recordings are missing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createEvtxDecoder } from "../../../../services/normalize/evtx/evtx-decoder.ts";
import { sharedDataOrSkip } from "../../../support/shared-data.ts";

const folder = sharedDataOrSkip("event logs beside their events as JSON", "sigma/evtx");
const recorded = sharedDataOrSkip(
  "event logs beside their events as JSON",
  "sigma/regression/events.ndjson",
);
const isMissing = folder === undefined || recorded === undefined;

// What the recordings have more: the time again under the shipper's name, elements of the header that
// are empty, and the name space of a provider's own elements. No rule reads any of them.
const EXPLAINED: Readonly<Record<string, (value: unknown, event: Event) => boolean>> = {
  "@timestamp": (value, event) => value === event.TimeCreated_SystemTime,
  Correlation: (value) => value === null,
  Security: (value) => value === null,
  Operation_ClientFailure_xmlns: (value) => String(value).startsWith("http://"),
};

type Event = Readonly<Record<string, unknown>>;

describe("recorded event logs", () => {
  it.skipIf(isMissing)(
    `give the same fields as other tools${isMissing ? " (SKIPPED: ../shared/data is missing)" : ""}`,
    () => {
      const events: Event[] = readFileSync(recorded ?? "", "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      const index: { file: string; first_line: number; events: number }[] = JSON.parse(
        readFileSync(join(folder ?? "", "INDEX.json"), "utf8"),
      );
      expect(index.length).toBeGreaterThan(100);
      for (const { file, first_line, events: count } of index) {
        const { records, faults } = createEvtxDecoder(file).push(
          readFileSync(join(folder ?? "", file)),
        );
        expect(faults).toEqual([]);
        expect(records).toHaveLength(count);
        for (const [number, record] of records.entries()) {
          const event: Event = JSON.parse(record.text);
          const wanted = events[first_line + number] ?? {};
          const others = Object.entries(wanted).filter(([name, value]) => {
            const isExplained = Object.hasOwn(event, name) ? undefined : EXPLAINED[name];
            return isExplained?.(value, event) !== true;
          });
          expect(event, `${file}, event ${number}`).toEqual(Object.fromEntries(others));
        }
      }
    },
  );
});
