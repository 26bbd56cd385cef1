// From a hit to observations: short enough for the bus and the memory, whatever an event holds, and
// without identities.
import { expect, it } from "vitest";
import { levelPlan } from "../../../detectors/correlation/leveled-plan.ts";
import { resolveCorrelations } from "../../../detectors/correlation/resolve.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import { RECORD_BYTES_MAX } from "../../../services/bus/bus.ts";
import { decodeObservation } from "../../../services/bus/observation-record.ts";
import { observationsOf } from "../../../services/detect/observe.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";
import { eventOf } from "../../detectors/sigma/fixture.ts";

const RULES = `
title: seen
id: 5b0fb1b1-2f0c-4d0e-9a51-0f3d8a1a6d01
name: seen
logsource: {}
detection: { s: { n: 1 }, condition: s }
---
title: many
correlation:
  type: value_count
  rules: [seen]
  group-by: [TargetUserName, CommandLine]
  timespan: 1m
  condition: { field: Text, gte: 3 }
`;
const { rules, correlations } = readRuleFile(RULES, "r.yml");
const engine = createSigmaEngine({ rules, logSources: [] });
const plan = levelPlan(resolveCorrelations(rules, correlations));
const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 3)));

function observed(record: Record<string, unknown>): readonly Uint8Array[] {
  const identities = new Map([["erika.muster", "konto-0123456789"]]);
  const place = { partition: 0, offset: 7, appendedAt: 0, clock: 0 };
  return engine
    .match(eventOf({ n: 1, ...record }))
    .flatMap((match) =>
      observationsOf(
        ...([match, plan.linksOf(match.detector.id), "archived", place] as const),
        ...([{ index: 0 }, privacy, identities] as const),
      ),
    )
    .map(({ value }) => value);
}

function keyAndValue(record: Record<string, unknown>) {
  const [one] = observed(record).map((bytes) => decodeObservation(bytes));
  if (one?.kind !== "observation") throw new Error("nothing was observed");
  const { key, value } = one.observation;
  return { key, value };
}

it("shortens what no bus and no memory should hold, and keeps apart what differs", () => {
  const long = `A${'"'.repeat(1024 * 1024)}`;
  const record = { TargetUserName: "SYSTEM", CommandLine: long, Text: long };
  expect(RECORD_BYTES_MAX).toBeGreaterThan(1024 * 1024);
  expect(observed(record).map(({ length }) => length < 4096)).toEqual([true]);
  const same = keyAndValue(record);
  const inLowerCase = long.toLowerCase();
  expect(keyAndValue({ ...record, CommandLine: inLowerCase, Text: inLowerCase })).toEqual(same);
  const other = keyAndValue({ ...record, CommandLine: `${long}x`, Text: `${long}x` });
  expect(other.key).not.toBe(same.key);
  expect(other.value).not.toBe(same.value);
});

it("holds pseudonyms in the place of names, in fields of their own and inside of texts", () => {
  const record = {
    TargetUserName: "Erika.Muster",
    CommandLine: "net user ERIKA.MUSTER /add",
    Text: "runas erika.muster",
  };
  const [bytes] = observed(record);
  const text = new TextDecoder().decode(bytes);
  expect(text.toLowerCase()).not.toContain("muster");
  expect(text).toContain("konto-");
});
