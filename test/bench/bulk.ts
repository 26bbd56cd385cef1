// How long a verdict on 100,000 findings takes, and its undo: embedded, and in Elasticsearch when
// HEIDEWACHT_TEST_ELASTICSEARCH names one. `npm run bench:bulk [findings]`
import { BULK_JOB_KIND, type BulkJob } from "../../services/cases/bulk-job.ts";
import { startBulk, undoBulk } from "../../services/cases/bulk-jobs.ts";
import { previewBulk } from "../../services/cases/bulk-preview.ts";
import { createBulkRunner } from "../../services/cases/bulk-run.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { createTriageLink } from "../../services/triage-link.ts";
import { exampleFold, exampleSignal } from "../contract/store-examples.ts";
import { printFigure } from "./figure.ts";
import { onBothStores } from "./on-both-stores.ts";

const TENANT = "a";
const FINDINGS = Number(process.argv[2] ?? 100_000);
const AT_ONCE = 2000;

function finding(number: number): Finding {
  const host = { type: "host" as const, value: `pc${number % 5000}.kreis.local` };
  const account = { type: "account" as const, value: `k-${number % 7919}` };
  const first = exampleFold(undefined, [exampleSignal(`s${number}`, 1000 + number)]);
  return { ...first, id: `f${number}`, entities: [host, account] };
}

async function fill(store: Store): Promise<void> {
  for (let at = 0; at < FINDINGS; at += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, FINDINGS - at) }, (_, one) => at + one);
    await Promise.all(some.map((one) => store.put(TENANT, FINDING_KIND, `f${one}`, finding(one))));
  }
}

/** Waits for the end of a job. */
async function ended(store: Store, id: string, state: BulkJob["state"]): Promise<BulkJob> {
  for (;;) {
    const job = (await store.get(TENANT, BULK_JOB_KIND, id))?.document;
    if (job?.state === state) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function measure(name: "embedded" | "elasticsearch", store: Store): Promise<void> {
  await fill(store);
  const by = () => ({ at: Date.now(), actor: "analyst" });
  const triage = createTriageLink(store, { inhibitions: [], riskThreshold: 30 });
  let followMs = 0;
  const runner = createBulkRunner({
    store,
    clock: Date.now,
    follow: async (tenant, ids) => {
      const start = performance.now();
      await triage.findingsChanged(tenant, ids);
      followMs += performance.now() - start;
    },
    onError: (error) => {
      throw error;
    },
  });
  const seconds = (since: number) => (performance.now() - since) / 1000;
  // On a machine that others use, too, this tells more than the clock.
  let cpu = process.cpuUsage();
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    return (user + system) / 1e6;
  };
  let start = performance.now();
  const change = { type: "verdict", verdict: "false_positive", reason: "logic" } as const;
  const asked = { change, filter: { terms: { status: ["new"] } } };
  const { job } = await previewBulk(store, TENANT, asked, by());
  printFigure(`bulk.${name}_preview_s`, seconds(start), "s", {
    ...{ findings: job.total, cpuS: cpuSeconds() },
  });
  start = performance.now();
  await startBulk(store, TENANT, job, by());
  runner.start(TENANT, job.id);
  const { apply } = await ended(store, job.id, "done");
  const more = {
    findings: FINDINGS,
    done: apply?.done,
    ofItAfterEffectsS: followMs / 1000,
    cpuS: cpuSeconds(),
  };
  printFigure(`bulk.${name}_100k_s`, seconds(start), "s", more);
  followMs = 0;
  start = performance.now();
  await undoBulk(store, TENANT, job.id, by());
  runner.start(TENANT, job.id);
  const { undo } = await ended(store, job.id, "undone");
  const figure = name === "embedded" ? "bulk.undo_100k_s" : "bulk.elasticsearch_undo_100k_s";
  printFigure(figure, seconds(start), "s", {
    ...{
      findings: FINDINGS,
      done: undo?.done,
      ofItAfterEffectsS: followMs / 1000,
      cpuS: cpuSeconds(),
    },
  });
  const entries = (await store.readAudit(TENANT, 2 * FINDINGS + 2, 10)).length;
  if (entries !== 1) throw new Error(`${entries} entries at the end of the chain, not 1`);
  await runner.close();
}

await onBothStores(measure);
