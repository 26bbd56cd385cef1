import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Correlator, createCorrelator } from "../../../detectors/correlation/correlator.ts";
import type { CorrelationRule } from "../../../detectors/correlation/rule.ts";
import { type Observation, type Raised, STATE_SHARDS } from "../../../detectors/keyed.ts";
import { PlainCorrelator } from "./plain-correlator.ts";
import { correlation, randomCorrelation, randomStream } from "./random-rules.ts";

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

const COUNT = { type: "event_count", rules: ["a"], "group-by": ["g"], timespan: "1m" };

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
      { numRuns: 400 },
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
      { numRuns: 200 },
    );
  });

  it("raises the same hits with its keys over one, two or four", () => {
    fc.assert(
      fc.property(rulesAndStream, fc.constantFrom(2, 4), ({ rules, stream }, count) => {
        const whole = run(createCorrelator(rules, OPTIONS), stream, [false]).flat();
        const parts = Array.from({ length: count }, (_, part) => {
          const own = stream.filter(({ key }) => (key.codePointAt(2) ?? 0) % count === part);
          return run(createCorrelator(rules, OPTIONS), own, [true]).flat();
        });
        expect(sorted(parts.flat())).toEqual(sorted(whole));
      }),
      { numRuns: 120 },
    );
  });

  it("goes on when its keys come together from two or are taken apart to two", () => {
    fc.assert(
      fc.property(rulesAndStream, fc.nat({ max: 120 }), ({ rules, stream }, cut) => {
        const isEven = ({ key }: Observation) => (key.codePointAt(2) ?? 0) % 2 === 0;
        const [before, after] = [stream.slice(0, cut), stream.slice(cut)];
        const parts = [createCorrelator(rules, OPTIONS), createCorrelator(rules, OPTIONS)];
        const early = before.flatMap((one) => [
          ...(parts[isEven(one) ? 0 : 1]?.observe(one) ?? []),
        ]);
        const joined = createCorrelator(rules, OPTIONS);
        for (let shard = 0; shard < STATE_SHARDS; shard += 1) {
          for (const part of parts) joined.restore(shard, part.store(shard));
        }
        const late = run(joined, after, [true]).flat();
        const whole = run(createCorrelator(rules, OPTIONS), stream, [false]).flat();
        expect(sorted([...early, ...late])).toEqual(sorted(whole));
      }),
      { numRuns: 120 },
    );
  });

  it("keeps tens of thousands of groups apart while they come and go", () => {
    const rules = [
      correlation("c0", { ...COUNT, condition: { gte: 2 } }),
      correlation("c1", { ...COUNT, condition: { eq: 1 } }),
    ];
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const stream = Array.from({ length: 60_000 }, (_, at): Observation => {
      const group = [`konto-${random(20_000).toString(36)}`];
      const id = `e${at + 100_000}`;
      const place = { detector: `c${random(2)}`, key: JSON.stringify(group), group };
      return { ...place, time: at * 10, id, rule: 0, value: undefined, source: "s" };
    });
    const when = Array.from({ length: 6000 }, (_, at) => at === 0);
    const hits = run(createCorrelator(rules), stream, when).flat();
    expect(hits.length).toBeGreaterThan(10_000);
    expect(hits).toEqual(run(new PlainCorrelator(rules, 10_000), stream, when).flat());
  });

  it("raises what the plain one does in chains of correlations", () => {
    fc.assert(
      fc.property(chains, fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), (chain, when) => {
        const plain = drive(
          chain,
          when,
          (rules) => new PlainCorrelator(rules, OPTIONS.groupEventsMax),
        );
        expect(drive(chain, when, (rules) => createCorrelator(rules, OPTIONS))).toEqual(plain);
      }),
      { numRuns: 120 },
    );
  });
});

const sorted = (raised: readonly Raised[]) => raised.map((one) => JSON.stringify(one)).sort();

const chains = rulesAndStream.chain(({ rules, stream }) =>
  fc.record({
    lower: fc.constant(rules),
    stream: fc.constant(stream),
    upper: randomCorrelation("top"),
  }),
);

/** Hits of both levels: those of the lower ones are observations of the upper correlation. */
function drive(
  {
    lower,
    upper,
    stream,
  }: { lower: readonly CorrelationRule[]; upper: CorrelationRule; stream: readonly Observation[] },
  when: readonly boolean[],
  create: (rules: readonly CorrelationRule[]) => Pick<Correlator, "observe" | "advance">,
): readonly Raised[] {
  const below = run(create(lower), stream, when).flat();
  const observations = below
    .map((raised, at): Observation => {
      const rule = Number(raised.detector.slice(1)) % upper.rules.length;
      const id = `${raised.detector}/${raised.key}/${at}`;
      const { key, time, group, source, events: rests } = raised;
      return {
        detector: "top",
        key,
        time,
        id,
        rule,
        group,
        value: String(raised.value),
        source,
        rests,
      };
    })
    .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  return [...below, ...run(create([upper]), observations, when).flat()];
}
