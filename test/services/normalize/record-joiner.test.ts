import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Format, JoinRule } from "../../../services/normalize/format.ts";
import { plain } from "../../../services/normalize/generic/plain.ts";
import {
  createRecordJoiner,
  JOINER_DEFAULTS,
  type JoinableEvent,
} from "../../../services/normalize/record-joiner.ts";

/** Records `{ group, part, of }`: complete when all parts are there, whatever their order. */
function rule(parts: JoinRule["parts"]): JoinRule {
  return {
    parts,
    keyOf: ({ group }) => (typeof group === "string" ? group : undefined),
    isComplete: (records) => new Set(records.map(({ part }) => part)).size === records[0]?.of,
    merge: (records) => ({ ...records[0], parts: records.map(({ part }) => part) }),
  };
}

function format(parts: JoinRule["parts"]): Format {
  return { ...plain, id: `joined-${parts}`, join: rule(parts) };
}

const MERGED = format("merged");
const KEPT = format("kept");

interface Part {
  readonly group?: string;
  readonly part?: number;
  readonly of?: number;
  readonly source?: string;
  readonly at?: number;
}

function batch(kind: Format, parts: readonly Part[], from = 0): JoinableEvent[] {
  return parts.map(({ group, part, of, source = "s", at = 0 }, index) => ({
    index,
    format: kind,
    event: {
      id: `e${from + index}`,
      tenant: "kreis",
      source,
      time: 0,
      ingestedAt: at,
      shape: kind.shape,
      record: group === undefined ? { part } : { group, part, of },
      text: `line ${from + index}`,
    },
  }));
}

function shown(events: readonly JoinableEvent[]): unknown[] {
  return events.map(({ event, index }) => [event.id, index, event.record.parts]);
}

describe("records that belong together", () => {
  it("become one event with the first one's id, at the place of the last one", () => {
    const joiner = createRecordJoiner();
    const parts = [
      { group: "a", part: 1, of: 3 },
      { part: 9 },
      { group: "a", part: 2, of: 3 },
      { group: "a", part: 3, of: 3 },
    ];
    const events = joiner.join(batch(MERGED, parts));
    expect(shown(events)).toEqual([
      ["e1", 1, undefined],
      ["e0", 3, [1, 2, 3]],
    ]);
    expect(events[1]?.event.text).toBe("line 0\nline 2\nline 3");
    expect(joiner.groups).toBe(0);
  });

  it("are given out as known at a batch's end, and whole under the same id when the rest comes", () => {
    const joiner = createRecordJoiner();
    const first = joiner.join(
      batch(MERGED, [
        { group: "a", part: 1, of: 3 },
        { group: "a", part: 2, of: 3 },
      ]),
    );
    expect(shown(first)).toEqual([["e0", 1, [1, 2]]]);
    const second = joiner.join(batch(MERGED, [{ group: "a", part: 3, of: 3 }], 2));
    expect(shown(second)).toEqual([["e0", 0, [1, 2, 3]]]);
  });

  it("say what they were made of, under a key that no part of them changes", () => {
    const parts = [1, 2, 3, 4].map((part) => ({ group: "a", part, of: 4 }));
    const joiner = createRecordJoiner();
    const [first] = joiner.join(batch(MERGED, parts.slice(0, 2)));
    const [whole] = joiner.join(batch(MERGED, parts.slice(2), 2));
    // A process that lost its memory only knows the end.
    const [end] = createRecordJoiner().join(batch(MERGED, parts.slice(2), 2));
    const key = "s:joined-merged/a";
    expect(first?.event.joined).toEqual({ key, records: ["e0", "e1"] });
    expect(whole?.event.joined).toEqual({ key, records: ["e0", "e1", "e2", "e3"] });
    expect(end?.event.joined).toEqual({ key, records: ["e2", "e3"] });
    expect([first, whole, end].map((one) => one?.archiveId)).toEqual(["e0", "e2", "e2"]);
  });

  it("stay events of their own where the format keeps its parts; the last one holds all", () => {
    const events = createRecordJoiner().join(
      batch(KEPT, [
        { group: "a", part: 2, of: 2 },
        { group: "a", part: 1, of: 2 },
      ]),
    );
    expect(shown(events)).toEqual([
      ["e0", 0, undefined],
      ["e1", 1, [2, 1]],
    ]);
  });

  it("are never joined across sources or tenants", () => {
    const joiner = createRecordJoiner();
    const two = batch(MERGED, [
      { group: "a", part: 1, of: 2, source: "one" },
      { group: "a", part: 2, of: 2, source: "two" },
    ]);
    expect(joiner.join(two)).toHaveLength(2);
    const foreign = batch(MERGED, [{ group: "a", part: 2, of: 2, source: "one" }], 5).map(
      (one) => ({ ...one, event: { ...one.event, tenant: "stadt" } }),
    );
    expect(shown(joiner.join(foreign))).toEqual([["e5", 0, undefined]]);
  });

  it.each([
    ["groups", { groupsMax: 10 }, 1],
    ["text", { charactersMax: 100 }, 1],
    ["time", { idleMs: 5 }, 10],
  ])("are forgotten when there are too many by %s", (_what, limits, apart) => {
    const joiner = createRecordJoiner({ ...JOINER_DEFAULTS, ...limits });
    for (let n = 0; n < 1000; n++) {
      joiner.join(batch(MERGED, [{ group: `g${n}`, part: 1, of: 2, at: n * apart }], n));
    }
    expect(joiner.groups).toBeLessThan(20);
  });

  it("end at the limit of records, so that no group grows without end", () => {
    const joiner = createRecordJoiner({ ...JOINER_DEFAULTS, recordsPerGroupMax: 5 });
    const parts = Array.from({ length: 12 }, (_, part) => ({ group: "a", part, of: 99 }));
    const events = joiner.join(batch(MERGED, parts));
    expect(events.map(({ event }) => (event.record.parts as number[]).length)).toEqual([5, 5, 2]);
  });

  it("come out whole in the end, however the batches are cut", () => {
    const part = fc.record({ group: fc.constantFrom("a", "b", "c"), cut: fc.boolean() });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (plan) => {
        const joiner = createRecordJoiner();
        const counts = new Map<string, number>();
        const last = new Map<string, unknown>();
        let waiting: Part[] = [];
        let from = 0;
        const send = () => {
          for (const { event } of joiner.join(batch(MERGED, waiting, from))) {
            last.set(event.id, event.record.parts ?? [event.record.part]);
          }
          from += waiting.length;
          waiting = [];
        };
        for (const { group, cut } of plan) {
          const before = counts.get(group) ?? 0;
          counts.set(group, before + 1);
          const round = Math.floor(before / 3);
          waiting.push({ group: `${group}${round}`, part: (before % 3) + 1, of: 3 });
          if (cut) send();
        }
        send();
        const seen = [...last.values()].flat().length;
        expect(seen).toBe(plan.length);
      }),
    );
  });
});
