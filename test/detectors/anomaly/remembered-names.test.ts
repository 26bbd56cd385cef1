// Names that detectors remember: as they come, in all their forms, bounded against floods of made ones, and
// without a trace of the former ones once they are over.
import { describe, expect, it } from "vitest";
import { createRememberedNames, namesIn } from "../../../detectors/anomaly/remembered-names.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 5, 1);
const A = "konto-0b1c2d3f4g";
const B = "konto-9z8y7x6w5v";
const GROUP = "gruppe-5t6v7w8x9y";

const overlap = (former: string, present: string, begin = START) => ({
  ...{ former: [former], present: [present], begin, end: begin + 7 * DAY_MS },
});

/** A name like those of an attacker who tries many. */
function made(at: number): string {
  return `konto-${String(at).padStart(10, "0")}`;
}

describe("remembered names", () => {
  it.each([
    ["an account", A],
    ["a group", GROUP],
    ["a mail address", `${A}@kreis.example`],
    ["a path with two", `/home/${A}/an-${B}.txt`],
    ["the SID of a person", `S-1-5-21-${A.slice(6)}`],
    ["nobody", "-"],
    ["a machine", "pc-17.kreis.example"],
    ["something longer", `${A}x`],
  ])("go in and out as %s", (_, text) => {
    const names = createRememberedNames();
    const own = names.inward(text, START);
    expect(names.outward(own)).toBe(text);
    expect(names.inward(text, START + DAY_MS)).toBe(own);
    for (const name of namesIn(text)) expect(own).not.toContain(name.slice(-10));
  });

  it("are the same for an account and its SID, and others for others", () => {
    const names = createRememberedNames();
    const own = names.inward(A, START);
    expect(names.inward(`S-1-5-21-${A.slice(6)}`, START)).toBe(`S-1-5-21-${own.slice(6)}`);
    expect(names.inward(B, START)).not.toBe(own);
    // Whoever writes own names into a log gets a name of its own for them.
    expect(names.inward(own, START)).not.toBe(own);
    expect(names.outward(names.inward(own, START))).toBe(own);
  });

  it("stay the same accounts under their new pseudonyms, also for late events", () => {
    const names = createRememberedNames();
    const own = names.inward(A, START - DAY_MS);
    names.rename(overlap(A, B), START + 1);
    expect(names.inward(B, START + 1)).toBe(own);
    expect(names.inward(A, START + 2)).toBe(own);
    expect(names.outward(own)).toBe(B);
    names.advance(START + 7 * DAY_MS);
    expect(names.inward(B, START + 8 * DAY_MS)).toBe(own);
    expect(names.inward(A, START + 8 * DAY_MS)).not.toBe(own);
  });

  it("keep what was known longer where both were met apart", () => {
    const names = createRememberedNames();
    const own = names.inward(A, START - DAY_MS);
    names.inward(B, START);
    names.rename(overlap(A, B), START + 1);
    expect(names.inward(B, START + 2)).toBe(own);
    expect(names.size).toBe(1);
  });

  it("forget who was not seen in the overlap, and an overlap whose end was missed", () => {
    const names = createRememberedNames();
    const [a, c] = [names.inward(A, START), names.inward(made(3), START)];
    names.rename(overlap(A, B), START + 1);
    const later = START + 90 * DAY_MS;
    names.rename(overlap(B, made(7), later), later + 1);
    expect(names.outward(c)).toBe(c);
    expect(names.outward(a)).toBe(made(7));
    names.advance(later + 7 * DAY_MS);
    expect(names.size).toBe(1);
    const bytes = Buffer.concat(names.state()).toString("latin1");
    for (const gone of [A, B, made(3)]) expect(bytes).not.toContain(gone.slice(-10));
  });

  it("take no notice of an overlap that is over", () => {
    const names = createRememberedNames();
    names.rename(overlap(A, B), START + 1);
    names.advance(START + 7 * DAY_MS);
    const before = names.state();
    names.rename(overlap(made(1), made(2)), START + 8 * DAY_MS);
    expect(names.state()).toEqual(before);
  });

  it("of every day are not pushed out by a million made ones, which are bounded", () => {
    const names = createRememberedNames({ freshMax: 1000, knownMax: 2000 });
    const own = names.inward(A, START);
    names.inward(A, START + 2 * DAY_MS);
    for (let at = 0; at < 1_000_000; at += 1) names.inward(made(at), START + 2 * DAY_MS + at);
    expect(names.size).toBeLessThanOrEqual(1001);
    expect(names.evicted).toBeGreaterThan(990_000);
    expect(names.inward(A, START + 3 * DAY_MS)).toBe(own);
  });

  it("are the same after their state was put back in the middle", () => {
    const whole = createRememberedNames({ freshMax: 50, knownMax: 20 });
    const use = (names: typeof whole, at: number) => {
      const time = START + at * 3_600_000;
      if (at % 7 === 0) names.rename(overlap(made(at % 60), made(500 + (at % 60))), time);
      names.advance(time);
      return names.inward(made((at * 7) % 90), time);
    };
    for (let at = 0; at < 300; at += 1) use(whole, at);
    const restored = createRememberedNames({ freshMax: 50, knownMax: 20 });
    restored.restore(whole.state());
    for (let at = 300; at < 600; at += 1) expect(use(restored, at)).toBe(use(whole, at));
    expect(restored.state()).toEqual(whole.state());
  });
});
