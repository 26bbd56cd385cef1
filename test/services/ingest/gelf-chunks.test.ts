import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createChunkAssembler } from "../../../services/ingest/gelf-chunks.ts";

const LIMITS = { chunkMs: 5000, chunkBytesMax: 100_000, chunkedMessagesMax: 50 };

function chunk(id: number, number: number, count: number, data: string | Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0x1e0f);
  head.writeUInt32BE(id, 6);
  head[10] = number;
  head[11] = count;
  return Buffer.concat([head, Buffer.from(data)]);
}

describe("GELF chunks", () => {
  it("gives each message once, in whatever order and however often its chunks come", () => {
    const message = fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.infiniteStream(fc.nat()),
        (all, chance) => {
          const assembler = createChunkAssembler(LIMITS);
          const chunks = all.flatMap((parts, id) =>
            parts.map((part, number) => chunk(id, number, parts.length, part)),
          );
          const order = [...chunks, ...chunks]
            .map((one) => ({ one, at: chance.next().value }))
            .sort((left, right) => left.at - right.at);
          const whole = order
            .map(({ one }) => assembler.push(one, "a", 0))
            .filter((found) => typeof found !== "string")
            .map(String);
          expect(whole.sort()).toEqual(all.map((parts) => parts.join("")).sort());
          expect(assembler.heldBytes).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("takes what is no chunk as it is", () => {
    const assembler = createChunkAssembler(LIMITS);
    for (const text of ['{"a":1}', "", "\x1e", "\x1f\x8b"]) {
      const datagram = Buffer.from(text, "latin1");
      expect(assembler.push(datagram, "a", 0)).toBe(datagram);
    }
  });

  it.each([
    ["a head that is cut", chunk(1, 0, 2, "").subarray(0, 11)],
    ["no chunks", chunk(1, 0, 0, "x")],
    ["129 chunks", chunk(1, 0, 129, "x")],
    ["a number beyond the count", chunk(1, 2, 2, "x")],
  ])("refuses %s", (_name, datagram) => {
    const assembler = createChunkAssembler(LIMITS);
    expect(assembler.push(datagram, "a", 0)).toBe("refused");
    expect(assembler.heldBytes).toBe(0);
  });

  it("gives a message up whose chunks disagree about their count", () => {
    const assembler = createChunkAssembler(LIMITS);
    assembler.push(chunk(1, 0, 3, "x"), "a", 0);
    expect(assembler.push(chunk(1, 1, 2, "x"), "a", 0)).toBe("refused");
    expect([assembler.heldBytes, assembler.takeLost(0)]).toEqual([0, 1]);
  });

  it("keeps the chunks of different senders apart", () => {
    const assembler = createChunkAssembler(LIMITS);
    expect(assembler.push(chunk(1, 0, 2, "a"), "192.0.2.1", 0)).toBe("kept");
    expect(assembler.push(chunk(1, 1, 2, "b"), "192.0.2.2", 0)).toBe("kept");
  });

  it("forgets incomplete messages after their time and counts them", () => {
    const assembler = createChunkAssembler(LIMITS);
    assembler.push(chunk(1, 0, 2, "a"), "a", 0);
    assembler.push(chunk(2, 0, 2, "a"), "a", 4000);
    expect(assembler.push(chunk(1, 1, 2, "b"), "a", 5000)).toBe("kept");
    expect(assembler.takeLost(5000)).toBe(1);
    expect(String(assembler.push(chunk(2, 1, 2, "b"), "a", 5000))).toBe("ab");
    expect([assembler.takeLost(5001), assembler.takeLost(60_000)]).toEqual([0, 1]);
    expect(assembler.heldBytes).toBe(0);
  });

  it("stays within its memory whatever is sent, and lets the oldest go", () => {
    const assembler = createChunkAssembler(LIMITS);
    for (let id = 0; id < 10_000; id++) {
      assembler.push(chunk(id, 0, 2, Buffer.alloc(8000, "x")), "a", 0);
      expect(assembler.heldBytes).toBeLessThanOrEqual(LIMITS.chunkBytesMax);
    }
    expect(assembler.takeLost(0)).toBeGreaterThan(9900);
    const small = createChunkAssembler({ ...LIMITS, chunkBytesMax: 1e9 });
    for (let id = 0; id < 1000; id++) small.push(chunk(id, 0, 2, "x"), "a", 0);
    expect(small.takeLost(0)).toBe(950);
  });
});
