// What the whole chain does, from a sender to a finding that can be read: events a second, CPU time by
// process and delays, embedded and over real servers. `node test/bench/pipeline.ts [embedded|kafka]`
import { readLinesOf } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { benchEmbedded } from "./pipeline/embedded.ts";

const LANE = "sigma/lanes/mix_dev.ndjson.zst";
const RULES = "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz";

const lane = sharedDataOrSkip("bench:pipeline", LANE);
const rules = sharedDataOrSkip("bench:pipeline", RULES);
if (lane !== undefined && rules !== undefined) await benchmark(lane, rules);

async function benchmark(lanePath: string, rulePath: string): Promise<void> {
  const lines = readLinesOf(lanePath);
  for (const archive of ["off", "store"] as const) {
    for (const rules of [rulePath, undefined]) {
      const labels = { rules: rules === undefined ? "none" : "all", archive };
      await benchEmbedded({ rules, archive }, lines, labels);
    }
  }
}
