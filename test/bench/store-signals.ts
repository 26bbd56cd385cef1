// How many signals a second the store folds into findings, in batches of 500: embedded, and in Elasticsearch
// when HEIDEWACHT_TEST_ELASTICSEARCH names one. `node test/bench/store-signals.ts`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { openElasticsearchStore } from "../../services/store/elasticsearch.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { exampleFold, exampleSignal } from "../contract/store-examples.ts";
import { cleanUp, connect } from "../support/elasticsearch.ts";
import { printFigure } from "./figure.ts";

const BATCH = 500;
const BATCHES = 40;
/** Signals go to so many findings, a few to each per batch. */
const FINDINGS = 200;

async function measure(name: string, store: Store): Promise<void> {
  let milliseconds = 0;
  for (let batch = 0; batch <= BATCHES; batch += 1) {
    const groups = new Map<string, ReturnType<typeof exampleSignal>[]>();
    for (let at = 0; at < BATCH; at += 1) {
      const finding = `f${(batch * 37 + at * 7) % FINDINGS}`;
      const signals = groups.get(finding) ?? [];
      signals.push(exampleSignal(`s${batch}-${at}`));
      groups.set(finding, signals);
    }
    const start = performance.now();
    await store.recordSignals("a", FINDING_KIND, groups, exampleFold);
    // The first one makes files or indices.
    if (batch > 0) milliseconds += performance.now() - start;
  }
  const perSecond = (BATCH * BATCHES * 1000) / milliseconds;
  const batchMs = milliseconds / BATCHES;
  printFigure(`store.${name}.signals_per_s`, perSecond, "signals/s", { batch: BATCH, batchMs });
}

const dataDir = mkdtempSync(join(tmpdir(), "hw-bench-"));
const embedded = openEmbeddedStore({ dataDir });
await measure("embedded", embedded);
await embedded.close();
rmSync(dataDir, { recursive: true });

const node = process.env.HEIDEWACHT_TEST_ELASTICSEARCH;
if (node !== undefined) {
  process.env.TEST_ELASTICSEARCH = node;
  const elasticsearch = connect();
  const store = openElasticsearchStore({ elasticsearch, logger: pino({ level: "silent" }) });
  await measure("elasticsearch", store);
  await store.close();
  await elasticsearch.client.close();
  await cleanUp(elasticsearch.prefix);
}
