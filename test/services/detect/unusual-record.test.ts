// Activities go out in blocks, in the order of the stream: what comes behind a block is behind it there, too.
import { expect, it } from "vitest";
import { observationOfActivity } from "../../../detectors/anomaly/keyed-anomalies.ts";
import type { OutgoingRecord } from "../../../services/bus/bus.ts";
import { decodeObservations } from "../../../services/bus/observation-block.ts";
import { createActivityBlocks } from "../../../services/detect/unusual-record.ts";

const dns = (at: number) => {
  const asked = { from: "10.0.0.1", name: `n${at}.example.test`, type: "A", answer: undefined };
  return observationOfActivity({ id: `e${at}`, time: at, source: "dns", kind: "dns", ...asked });
};
const placesIn = (records: readonly OutgoingRecord[]) =>
  records.map(({ value }) =>
    decodeObservations(value).map((one) =>
      one.kind === "observation" ? [one.origin, one.offset, one.index, one.observation.id] : one,
    ),
  );

it("puts out what was added until then, numbered with the other observations of a record", () => {
  const out: OutgoingRecord[] = [];
  const blocks = createActivityBlocks(2, out);
  const count = { index: 1 };
  blocks.end();
  blocks.add(dns(1), { partition: 2, offset: 7, appendedAt: 0, clock: 1 }, count);
  blocks.add(dns(2), { partition: 2, offset: 7, appendedAt: 0, clock: 2 }, count);
  expect(out).toEqual([]);
  blocks.end();
  blocks.end();
  blocks.add(dns(3), { partition: 2, offset: 8, appendedAt: 0, clock: 3 }, { index: 0 });
  blocks.end();
  expect(count.index).toBe(3);
  expect(placesIn(out)).toEqual([
    [
      ["raw/2", 7, 1, "e1"],
      ["raw/2", 7, 2, "e2"],
    ],
    [["raw/2", 8, 0, "e3"]],
  ]);
});

it("puts out a block by itself when it is large", () => {
  const out: OutgoingRecord[] = [];
  const blocks = createActivityBlocks(0, out);
  for (let at = 0; at < 2500; at += 1)
    blocks.add(dns(at), { partition: 0, offset: at, appendedAt: 0, clock: at }, { index: 0 });
  blocks.end();
  expect(out.length).toBe(3);
  expect(placesIn(out).flat()).toHaveLength(2500);
});
