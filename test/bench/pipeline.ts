// What the whole chain does, from a sender to a finding that can be read: events a second, CPU time by
// process and delays, embedded and over real servers. `node test/bench/pipeline.ts [embedded|kafka]`
import { elasticsearchUrl, kafkaBroker } from "../servers/addresses.ts";
import { setup } from "../servers/global-setup.ts";
import { readLinesOf } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { benchEmbedded } from "./pipeline/embedded.ts";
import { benchKafka } from "./pipeline/kafka.ts";

const LANE = "sigma/lanes/mix_dev.ndjson.zst";
const RULES = "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz";

const kinds = process.argv.slice(2);
const lane = sharedDataOrSkip("bench:pipeline", LANE);
const rules = sharedDataOrSkip("bench:pipeline", RULES);
if (lane !== undefined && rules !== undefined) await benchmark(lane, rules);

async function benchmark(lanePath: string, rulePath: string): Promise<void> {
  const lines = readLinesOf(lanePath);
  const variants = (["off", "store"] as const).flatMap((archive) =>
    [rulePath, undefined].map((rules) => ({ rules, archive })),
  );
  const labelsOf = ({ rules, archive }: (typeof variants)[number]) => {
    return { rules: rules === undefined ? "none" : "all", archive };
  };
  if (kinds.length === 0 || kinds.includes("embedded")) {
    for (const variant of variants) await benchEmbedded(variant, lines, labelsOf(variant));
  }
  if (kinds.length > 0 && !kinds.includes("kafka")) return;
  const stop = await setup();
  try {
    const servers = { broker: kafkaBroker(), elasticsearchUrl: elasticsearchUrl() };
    for (const variant of variants) await benchKafka(servers, variant, lines, labelsOf(variant));
  } finally {
    await stop();
  }
}
