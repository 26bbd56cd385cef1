// Quality of the Sigma engine on real recordings: how many of SigmaHQ's rules load, how many regression
// cases fire, and where the hits differ from those that another engine reports.
import { join } from "node:path";
import { z } from "zod";
import { loadLogSources } from "../../config/log-sources.ts";
import { createSigmaEngine, type SigmaEngine } from "../../detectors/sigma/engine.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { createNormalizer, eventOrThrow } from "../../services/normalize/normalizer.ts";
import { createReach } from "../../services/rules/log-source-reach.ts";
import { logSourceText } from "../../services/rules/rule-check.ts";
import { printFigure } from "../bench/figure.ts";
import { readLinesOf, readRulePackage } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";

const DIFFERENCES_SHOWN_MAX = 20;
const caseSchema = z.array(
  z.object({ rule_id: z.string(), title: z.string(), first_line: z.number(), events: z.number() }),
);

const folder = sharedDataOrSkip("eval:sigma", "sigma");
if (folder !== undefined) await evaluate(folder);

async function evaluate(data: string): Promise<void> {
  const read = await readRulePackage(join(data, "sigma/sigmahq-rules-8eaafff1.tar.gz"));
  const engine = createSigmaEngine({ rules: read.rules, logSources: loadLogSources() });
  const rejected = [...read.faults, ...engine.faults];
  const inactive = read.rules.filter((rule) => rule.inactive !== undefined);
  for (const fault of rejected) process.stderr.write(`rejected ${fault.place}: ${fault.message}\n`);
  for (const rule of inactive) process.stderr.write(`inactive ${rule.place}: ${rule.inactive}\n`);
  const all = read.rules.length + read.faults.length;
  printFigure("sigma.rules_loaded_share", (all - rejected.length) / all, "ratio", {
    rules: all,
    rejected: rejected.length,
    inactive: inactive.length,
  });
  reach(read.rules);
  regression(engine, data);
  lane(engine, data, "mix_dev", "sigma.mix.differences");
  lane(engine, data, "proc_dev", "sigma.proc.differences");
}

// Rules whose log source no format of ours can give.
function reach(rules: readonly SigmaRule[]): void {
  const isReached = createReach(loadLogSources());
  const unreached = rules.filter(({ logSource }) => !isReached(logSource));
  const bySource = Map.groupBy(unreached, ({ logSource }) => logSourceText(logSource));
  for (const [source, list] of bySource) {
    process.stderr.write(`unreached ${source}: ${list.length} rules\n`);
  }
  const share = (rules.length - unreached.length) / rules.length;
  printFigure("sigma.logsources_reached_share", share, "ratio", { unreached: unreached.length });
}

function hitsOf(engine: SigmaEngine, lines: readonly string[]): string[][] {
  const normalizer = createNormalizer({ mappings: [] });
  return lines.map((text, index) => {
    const raw = {
      id: String(index),
      idFromSender: true,
      source: "eval",
      timeZone: "UTC",
      receivedAt: Date.now(),
      text,
    };
    const parsed = eventOrThrow(normalizer.normalize(raw, "eval"));
    return engine.match(parsed.event).map((match) => match.detector.id);
  });
}

function regression(engine: SigmaEngine, data: string): void {
  const cases = caseSchema.parse(
    JSON.parse(readLinesOf(join(data, "regression/cases.json")).join("\n")),
  );
  const hits = hitsOf(engine, readLinesOf(join(data, "regression/events.ndjson")));
  const missed = cases.filter(
    (one) =>
      !hits
        .slice(one.first_line, one.first_line + one.events)
        .some((ids) => ids.includes(one.rule_id)),
  );
  for (const one of missed) process.stderr.write(`missed ${one.rule_id} ${one.title}\n`);
  printFigure(
    "sigma.regression_found_share",
    (cases.length - missed.length) / cases.length,
    "ratio",
    {
      cases: cases.length,
    },
  );
}

function lane(engine: SigmaEngine, data: string, name: string, figure: string): void {
  const expected = new Set(readLinesOf(join(data, `lanes/${name}.expected.tsv`)));
  const actual = new Set<string>();
  const lines = readLinesOf(join(data, `lanes/${name}.ndjson.zst`));
  for (const [index, ids] of hitsOf(engine, lines).entries()) {
    for (const id of ids) actual.add(`${index}\t${id}`);
  }
  const missing = [...expected].filter((one) => !actual.has(one));
  const extra = [...actual].filter((one) => !expected.has(one));
  for (const [word, list] of [
    ["missing", missing],
    ["extra", extra],
  ] as const) {
    const byRule = Map.groupBy(list, (one) => one.split("\t")[1] ?? "");
    for (const [rule, places] of [...byRule].slice(0, DIFFERENCES_SHOWN_MAX)) {
      const first = places[0]?.split("\t")[0];
      process.stderr.write(
        `${name} ${word} ${rule} ${places.length} times, first in line ${first}\n`,
      );
    }
  }
  printFigure(figure, missing.length + extra.length, "hits", {
    expected: expected.size,
    missing: missing.length,
    extra: extra.length,
    events: lines.length,
  });
}
