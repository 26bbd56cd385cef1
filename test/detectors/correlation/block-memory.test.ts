import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlockMemory } from "../../../detectors/correlation/block-memory.ts";

const size = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.integer({ min: 1, max: 40_000 }),
  fc.constantFrom(64, 65, 128, 129, 16_384, 16_385),
);

/** Writes over a whole block, or checks that nobody else did. */
function fill(memory: BlockMemory, handle: number, bytes: number, mark: number): void {
  const start = memory.offsetOf(handle);
  memory.bytesOf(handle).fill(mark, start, start + bytes);
}

describe("block memory", () => {
  it("gives blocks that are large enough and never overlap", () => {
    const steps = fc.array(fc.record({ size, frees: fc.boolean(), which: fc.nat() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const memory = new BlockMemory();
        const live: { handle: number; bytes: number; mark: number }[] = [];
        for (const [at, step] of all.entries()) {
          if (step.frees && live.length > 0) {
            const [block] = live.splice(step.which % live.length, 1);
            if (block !== undefined) memory.release(block.handle);
            continue;
          }
          const handle = memory.allocate(step.size);
          expect(memory.capacityOf(handle)).toBeGreaterThanOrEqual(step.size);
          const mark = at % 251;
          fill(memory, handle, memory.capacityOf(handle), mark);
          live.push({ handle, bytes: memory.capacityOf(handle), mark });
        }
        for (const { handle, bytes, mark } of live) {
          const start = memory.offsetOf(handle);
          const content = memory.bytesOf(handle).subarray(start, start + bytes);
          expect(content.every((byte) => byte === mark)).toBe(true);
        }
        expect(memory.used).toBe(live.reduce((sum, { bytes }) => sum + bytes, 0));
        for (const { handle } of live) memory.release(handle);
        expect(memory.used).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it("uses what was given back again", () => {
    const memory = new BlockMemory();
    const seen = new Set<number>();
    const live: number[] = [];
    for (let at = 0; at < 100_000; at += 1) {
      const handle = memory.allocate(100 + (at % 3) * 100);
      seen.add(handle);
      live.push(handle);
      if (live.length > 30) memory.release(live.shift() ?? 0);
    }
    expect(seen.size).toBeLessThan(100);
  });

  it("wastes less than a third of a block", () => {
    const memory = new BlockMemory();
    for (let bytes = 64; bytes <= 20_000; bytes += 1) {
      const handle = memory.allocate(bytes);
      expect(memory.capacityOf(handle)).toBeLessThan(bytes * 1.3);
      memory.release(handle);
    }
  });
});
