import { expect, it } from "vitest";
import { createStateWriter, readState } from "../../../../detectors/network/state.ts";
import { Rates } from "../../../../detectors/templates/stream/rates.ts";

const OPTIONS = { keysMax: 100, halfLifeMs: 1e9, warmupLines: 10, warmupMs: 0 };

function restored(rates: Rates): Rates {
  const writer = createStateWriter(1);
  rates.write(writer);
  const other = new Rates(OPTIONS);
  readState(writer.pieces(), 1, "rates", (reader) => other.read(reader));
  return other;
}

it("a source that floods with sentences makes those of no other one new", () => {
  const rates = new Rates(OPTIONS);
  for (let at = 0; at < 40; at += 1) rates.learn("dc", `sentence ${at % 20}`, at);
  for (let at = 0; at < 10_000; at += 1) rates.learn("web", `made ${at}`, 40 + at);
  expect(rates.size).toBe(OPTIONS.keysMax);
  expect(rates.evicted).toBe(10_000 + 20 - OPTIONS.keysMax);
  const other = restored(rates);
  for (const one of [rates, other]) {
    for (let at = 0; at < 20; at += 1) expect(one.isKnown("dc", `sentence ${at}`)).toBe(true);
    expect(one.isKnown("web", "made 0")).toBe(false);
  }
  expect([other.size, other.evicted]).toEqual([rates.size, rates.evicted]);
  for (let at = 0; at < 200; at += 1) {
    const thing = `later ${at}`;
    expect(other.learn("web", thing, 20_000 + at)).toBe(rates.learn("web", thing, 20_000 + at));
  }
  expect(restored(other).size).toBe(OPTIONS.keysMax);
});
