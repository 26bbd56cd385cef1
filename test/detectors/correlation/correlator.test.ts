import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Correlator, createCorrelator } from "../../../detectors/correlation/correlator.ts";
import type { CorrelationRule } from "../../../detectors/correlation/rule.ts";
import { type Observation, type Raised, STATE_SHARDS } from "../../../detectors/keyed.ts";
import { PlainCorrelator } from "./plain-correlator.ts";
import { randomCorrelation, randomStream } from "./random-rules.ts";

const END = 1e14;
const OPTIONS = { groupEventsMax: 6 };

const rulesAndStream = fc
  .array(fc.nat(), { minLength: 1, maxLength: 4 })
  .chain((numbers) => fc.tuple(...numbers.map((_, at) => randomCorrelation(`c${at}`))))
  .chain((rules) => fc.record({ rules: fc.constant(rules), stream: randomStream(rules, 120) }));

/** The hits, call by call; `at` may put another detector in the place of the present one. */
function run<D extends Pick<Correlator, "observe" | "advance">>(
  detector: D,
  stream: readonly Observation[],
  advances: readonly boolean[],
  at: (index: number, present: D) => D = (_, present) => present,
): (readonly Raised[])[] {
  const raised: (readonly Raised[])[] = [];
  let present = detector;
  for (const [index, observation] of stream.entries()) {
    present = at(index, present);
    if (advances[index % advances.length] === true) {
      raised.push(present.advance(observation.time));
    }
    raised.push(present.observe(observation));
  }
  return [...raised, present.advance(END)];
}

function copyOf(correlator: Correlator, rules: readonly CorrelationRule[]): Correlator {
  const copy = createCorrelator(rules, OPTIONS);
  for (let shard = 0; shard < STATE_SHARDS; shard += 1)
    copy.restore(shard, correlator.store(shard));
  return copy;
}

const advances = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });

describe("a correlator", () => {
  it("raises what the plain one does", () => {
    fc.assert(
      fc.property(rulesAndStream, advances, ({ rules, stream }, when) => {
        const plain = new PlainCorrelator(rules, OPTIONS.groupEventsMax);
        const correlator = createCorrelator(rules, OPTIONS);
        expect(run(correlator, stream, when)).toEqual(run(plain, stream, when));
        expect(correlator.skipped).toBe(plain.skipped);
        expect(correlator.keys).toBe(0);
        expect(correlator.evicted).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("goes on from any snapshot as if nothing had been", () => {
    fc.assert(
      fc.property(
        rulesAndStream,
        advances,
        fc.array(fc.nat({ max: 120 }), { minLength: 1, maxLength: 4 }),
        ({ rules, stream }, when, cuts) => {
          const whole = run(createCorrelator(rules, OPTIONS), stream, when);
          const cut = run(createCorrelator(rules, OPTIONS), stream, when, (index, present) =>
            cuts.includes(index) ? copyOf(present, rules) : present,
          );
          expect(cut).toEqual(whole);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
