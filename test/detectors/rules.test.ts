// Holds the starter pack: every rule is whole, in German, and proven by its hits and near misses, which
// run through the real parsers and the real engine.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadLogSources } from "../../config/log-sources.ts";
import { resolveCorrelations } from "../../detectors/correlation/resolve.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import { createNormalizer, eventOrThrow } from "../../services/normalize/normalizer.ts";
import { proveRules, readSamples } from "../../services/rules/rule-samples.ts";

const RULES = "detectors/rules";
const SAMPLES = "test/detectors/rules";

const TACTICS =
  "reconnaissance resource-development initial-access execution persistence privilege-escalation stealth defense-impairment credential-access discovery lateral-movement collection command-and-control exfiltration impact".split(
    " ",
  );

const filled = z.string().trim().min(1);
// No part of an identifier that German texts have to keep (CommandLine, srv-file01) counts as German:
// the words below stand in nearly every sentence.
const german = filled.regex(/[äöüÄÖÜß]|\b(?:der|die|das|ein|eine|und|mit|von|nach|bei|für|auf)\b/i);
const shared = {
  title: filled.max(110),
  id: z.uuidv4(),
  /** What correlations call it. */
  name: z
    .string()
    .regex(/^[a-z_]+$/)
    .optional(),
  status: z.enum(["stable", "test", "experimental"]),
  description: german.min(60),
  references: z.array(z.url({ protocol: /^https$/ })).min(1),
  author: z.literal("Heidewacht"),
  date: z.iso.date(),
  modified: z.iso.date().optional(),
  tags: z.array(z.string().regex(/^attack\.(?:[a-z-]+|t\d{4}(?:\.\d{3})?)$/)).min(2),
  falsepositives: z.array(filled).min(1),
  level: z.enum(["informational", "low", "medium", "high", "critical"]),
  response: z.array(filled).min(2).max(5),
};
const ruleSchema = z.union([
  z.strictObject({
    ...shared,
    logsource: z.strictObject({
      product: filled.optional(),
      category: filled.optional(),
      service: filled.optional(),
      definition: filled.optional(),
    }),
    detection: z.looseObject({ condition: filled }),
  }),
  z.strictObject({ ...shared, correlation: z.looseObject({ type: filled }) }),
]);

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yml"))
    .sort();
}

const ruleFiles = yamlFiles(RULES);
const sampleFiles = yamlFiles(SAMPLES);
const texts = new Map(ruleFiles.map((file) => [file, readFileSync(join(RULES, file), "utf8")]));
const read = ruleFiles.map((file) => readRuleFile(texts.get(file) ?? "", file));
const engine = createSigmaEngine({
  rules: read.flatMap(({ rules }) => rules),
  logSources: loadLogSources(),
});

const correlations = read.flatMap((one) => one.correlations);

const normalizer = createNormalizer({ mappings: [] });

function eventOf(format: string, text: string): LogEvent {
  const made = normalizer.normalize(
    {
      id: "sample",
      idFromSender: false,
      source: `sample-${format}`,
      format,
      timeZone: "Europe/Berlin",
      receivedAt: Date.UTC(2026, 10, 21),
      text,
    },
    "kreis",
  );
  return eventOrThrow(made).event;
}

describe("the starter pack as a whole", () => {
  it("has the rules that a county needs", () => {
    expect(ruleFiles.length).toBeGreaterThanOrEqual(75);
    const products = new Set(ruleFiles.map((file) => file.split("/")[0]));
    expect([...products].sort()).toEqual([
      "azure",
      "fortigate",
      "heidewacht",
      "linux",
      "m365",
      "mail",
      "webserver",
      "windows",
    ]);
  });

  it("has samples for every rule and no samples without one", () => {
    expect(sampleFiles).toEqual(ruleFiles);
  });

  it("gives every rule an id of its own", () => {
    const all = [...read.flatMap(({ rules }) => rules), ...correlations];
    const ids = all.map(({ info }) => info.id);
    expect(new Set(ids).size).toBe(ruleFiles.length);
  });

  it("is read and compiled without a fault", () => {
    expect(read.flatMap(({ faults }) => faults)).toEqual([]);
    expect(engine.faults).toEqual([]);
    expect(resolveCorrelations(engine.rules, correlations).faults).toEqual([]);
    expect(engine.rules.filter(({ inactive }) => inactive !== undefined)).toEqual([]);
  });
});

describe.each(ruleFiles)("%s", (file) => {
  const rule = ruleSchema.safeParse(parse(texts.get(file) ?? ""));

  it("holds everything an analyst and an exchange with others need", () => {
    expect(rule.error?.issues ?? []).toEqual([]);
    const tags = rule.data?.tags.map((tag) => tag.slice("attack.".length)) ?? [];
    const tactics = tags.filter((tag) => !/^t\d/.test(tag));
    expect(tactics.filter((tactic) => !TACTICS.includes(tactic))).toEqual([]);
    expect(tactics.length).toBeGreaterThan(0);
    expect(tags.length).toBeGreaterThan(tactics.length);
    expect(`${rule.data?.falsepositives} ${rule.data?.response}`).toMatch(/[a-zäöüß]/);
  });

  it("fires on its hits and stays silent on its near misses", () => {
    const samples = readSamples(readFileSync(join(SAMPLES, file), "utf8"), file);
    if (!("samples" in samples)) throw new Error(`${samples.place}: ${samples.message}`);
    expect(samples.rule).toBe(rule.data?.id);
    expect(proveRules([samples], engine, correlations, eventOf)).toEqual([]);
  });
});
