import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { ANY, ONE, type Piece, type SigmaRule } from "../../../detectors/sigma/rule.ts";
import {
  DRAWN_READING,
  DRAWN_SHAPE,
  DRAWN_TABLE,
  detection,
  logsource,
  record,
} from "./drawn-rules.ts";
import { engineOf, eventOf } from "./fixture.ts";
import { fitsByRows, wildcardsFit } from "./plain-evaluator.ts";
import { createPlainEngine } from "./plain-routing.ts";

const RULES = 12;
const EVENTS = 10;
const RUNS = 250;

describe("the compiled engine", () => {
  it(`says the same as the plain evaluator on ${RULES * EVENTS * RUNS} pairs of rule and event`, () => {
    let pairs = 0;
    let hits = 0;
    const drawn = fc.record({ title: fc.constant("Rule"), detection, logsource });
    fc.assert(
      fc.property(
        fc.array(drawn, { minLength: RULES, maxLength: RULES }),
        fc.array(record, { minLength: EVENTS, maxLength: EVENTS }),
        (documents, records) => {
          const rules = documents.flatMap((one, index): readonly SigmaRule[] => {
            const text = JSON.stringify({ ...one, id: String(index) });
            return readRuleFile(text, "drawn.yml", DRAWN_READING).rules;
          });
          const engine = engineOf(rules, [DRAWN_TABLE]);
          const plain = createPlainEngine(rules, [DRAWN_TABLE]);
          for (const one of records) {
            const event = eventOf(one, DRAWN_SHAPE);
            const matches = engine.match(event);
            expect(matches.map((match) => match.detector.id)).toEqual(
              plain.match(event).map((rule) => rule.info.id),
            );
            for (const match of matches) match.explain();
            pairs += rules.length;
            hits += matches.length;
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(pairs).toBeGreaterThanOrEqual(20_000);
    // Neither all nor nothing: the draw tells something.
    expect(hits / pairs).toBeGreaterThan(0.1);
    expect(hits / pairs).toBeLessThan(0.9);
  });
});

describe("the plain evaluator", () => {
  const sign = fc.constantFrom<Piece>("a", "b", "ab", ANY, ONE);
  it("finds parts between wildcards as it does sign by sign", () => {
    fc.assert(
      fc.property(
        fc.array(sign, { maxLength: 6 }),
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }),
        (pieces, text) => wildcardsFit(pieces, text) === fitsByRows(pieces, text),
      ),
      { numRuns: 3000 },
    );
  });
});
