import { describe, expect, it } from "vitest";
import {
  decideTopics,
  decodeSubscription,
  decodeTopicsAssignment,
  encodeSubscription,
  encodeTopicsAssignment,
} from "../../../services/ingest/kafka-subscription.ts";

type Owned = Readonly<Record<string, readonly number[]>>;

const member = (
  memberId: string,
  topics: readonly string[],
  owned: Owned = {},
  generation = 1,
) => ({
  memberId,
  metadata: encodeSubscription({ topics, generation, owned: new Map(Object.entries(owned)) }),
});

function decided(
  counts: Readonly<Record<string, number>>,
  members: Parameters<typeof decideTopics>[1],
) {
  const answer = decideTopics(new Map(Object.entries(counts)), members);
  return Object.fromEntries(
    [...answer].map(([id, bytes]) => [id, Object.fromEntries(decodeTopicsAssignment(bytes))]),
  );
}

describe("the readers of shippers' topics", () => {
  it("understand what they write", () => {
    const owned = new Map([["über", [0, 7]]]);
    const claim = { topics: ["über", "logs"], generation: 3, owned };
    expect(decodeSubscription(encodeSubscription(claim))).toEqual(claim);
    expect(decodeTopicsAssignment(encodeTopicsAssignment(owned))).toEqual(owned);
    expect(decodeTopicsAssignment(new Uint8Array())).toEqual(new Map());
  });

  it.each<[string, Parameters<typeof decided>, ReturnType<typeof decided>]>([
    [
      "spread many small topics evenly",
      [{ x: 1, y: 1 }, [member("a", ["x", "y"]), member("b", ["x", "y"])]],
      { a: { x: [0] }, b: { y: [0] } },
    ],
    [
      "leave a partition with its owner until it has let go",
      [{ x: 2 }, [member("a", ["x"], { x: [0, 1] }), member("b", ["x"])]],
      { a: { x: [0] }, b: {} },
    ],
    [
      "give on what nobody holds",
      [{ x: 2 }, [member("a", ["x"], { x: [0] }), member("b", ["x"])]],
      { a: { x: [0] }, b: { x: [1] } },
    ],
    [
      "believe the newer of two owners",
      [{ x: 1 }, [member("a", ["x"], { x: [0] }, 4), member("b", ["x"], { x: [0] }, 5)]],
      { a: {}, b: { x: [0] } },
    ],
    [
      "read only what they ask for, and what there is",
      [{ x: 1, y: 1 }, [member("a", ["x", "gone"]), member("b", ["y"])]],
      { a: { x: [0] }, b: { y: [0] } },
    ],
    [
      "give nothing to a stranger that says nonsense",
      [{ x: 1 }, [{ memberId: "a", metadata: Buffer.from([0, 1, 127]) }, member("b", ["x"])]],
      { a: {}, b: { x: [0] } },
    ],
  ])("%s", (_name, given, expected) => expect(decided(...given)).toEqual(expected));

  it.each([
    ["nothing", []],
    ["too many topics", [0, 1, 127, 255, 255, 255]],
    ["a topic beyond the end", [0, 1, 0, 0, 0, 1, 0, 9, 97]],
    ["a length below zero", [0, 1, 0, 0, 0, 1, 255, 255, 97]],
  ])("refuse %s", (_name, bytes) => {
    expect(() => decodeSubscription(Buffer.from(bytes))).toThrow(RangeError);
  });
});
