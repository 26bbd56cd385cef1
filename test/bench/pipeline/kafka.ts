// The distributed kind, measured from a shipper's topic to the list of findings, over a real Kafka and a
// real Elasticsearch on this machine; beside it a bare client on the same topic.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { SERVICES, type ServiceName } from "../../../config/services.ts";
import { ownPrefix } from "../../servers/addresses.ts";
import { createCluster } from "../../support/cluster.ts";
import { imageNodeOptions } from "../../support/image-options.ts";
import { freePort, TENANT } from "../../support/loopback.ts";
import type { ServiceProcess } from "../../support/service-process.ts";
import { printFigure } from "../figure.ts";
import { counterOf, eventsDetected, untilNothingUnread } from "./api-status.ts";
import { benchDelays } from "./delays.ts";
import { makeToken, type Variant, writeMeasuredInstallation } from "./installation.ts";
import { openTopicLoad } from "./kafka-load.ts";
import { cpuDuring } from "./process-cpu.ts";

const PARTITIONS = 2;
/** The lines are worked through once to warm up, and so often to be measured. */
const COPIES = 3;
/** What is asked costs the process that is measured: seldom enough. */
const POLL_MS = 250;
const BARE_CLIENT = join(import.meta.dirname, "bare-client.ts");
const bareSchema = z.object({ cpuSeconds: z.number() });

export interface Servers {
  /** `host:port` */
  readonly broker: string;
  readonly elasticsearchUrl: string;
}

/** Measures one variant and prints its figures. */
export async function benchKafka(
  servers: Servers,
  variant: Variant,
  lines: readonly string[],
  labels: Readonly<Record<string, unknown>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-pipeline-"));
  const installation = await writeMeasuredInstallation(folder, variant);
  const prefix = ownPrefix();
  const topic = `${prefix}-logs`;
  const ports = Object.fromEntries(
    await Promise.all(SERVICES.map(async (name) => [name, await freePort()] as const)),
  );
  const load = await openTopicLoad(servers.broker, topic, PARTITIONS);
  const cluster = createCluster(
    installation,
    {
      ...servers,
      ...{ prefix, partitions: PARTITIONS, archive: { kind: variant.archive } },
      settings: {
        inputs: {
          http: { enabled: false },
          kafka: [{ topics: [topic], group: prefix, binding: { tenant: TENANT, source: "bench" } }],
        },
      },
    },
    ports,
  );
  const api = { url: installation.apiUrl, token: await makeToken(cluster.configFile("api")) };
  const processes: { readonly name: string; readonly process: ServiceProcess }[] = [];
  const start = async (name: ServiceName) => {
    const process = cluster.start(name, [name]);
    processes.push({ name, process });
    await process.ready;
    return process;
  };
  try {
    for (const name of SERVICES) if (name !== "detect") await start(name);
    const all = (COPIES + 1) * lines.length;
    for (let copy = 0; copy <= COPIES; copy += 1) await load.send(lines);
    const ingestPort = cluster.monitoringPort("ingest");
    while ((await counterOf(ingestPort, "heidewacht_ingest_records_total")) < all) {
      await sleep(POLL_MS);
    }
    const detect = await start("detect");
    const detectPort = cluster.monitoringPort("detect");
    const until = async (count: number) => {
      while ((await eventsDetected(detectPort)) < count) await sleep(POLL_MS);
    };
    await until(lines.length);
    const before = await eventsDetected(detectPort);
    const drained = await cpuDuring({ detect: detect.pid ?? 0 }, () => until(all));
    const ours = (all - before) / (drained.detect ?? Number.NaN);
    const bare = bareClient(servers.broker, topic, all);
    printFigure("pipeline.kafka.share_of_bare_client", ours / bare, "ratio", {
      ...labels,
      detect_events_per_cpu_s: Math.round(ours),
      bare_events_per_cpu_s: Math.round(bare),
    });
    await untilNothingUnread(api);
    const pids = Object.fromEntries([
      ...processes.map(({ name, process }) => [name, process.pid ?? 0] as const),
      ["kafka", listenerOf(servers.broker)] as const,
      ["elasticsearch", listenerOf(new URL(servers.elasticsearchUrl).host)] as const,
      ["load", process.pid] as const,
    ]);
    let seconds = 0;
    const cpu = await cpuDuring(pids, async () => {
      const startedAt = performance.now();
      for (let copy = 0; copy < COPIES; copy += 1) await load.send(lines);
      await until(all + COPIES * lines.length);
      await untilNothingUnread(api);
      seconds = (performance.now() - startedAt) / 1000;
    });
    const rate = (COPIES * lines.length) / seconds;
    printFigure("pipeline.kafka.events_per_s", rate, "events/s", { ...labels, cpu_s: cpu });
    await benchDelays("pipeline.kafka", api, {
      ...{ lines, rate: rate / 2, labels, send: load.send },
    });
  } finally {
    await Promise.all(
      processes.map(({ process }) => {
        process.send("SIGTERM");
        return process.ended;
      }),
    );
    await load.close();
    rmSync(folder, { recursive: true });
  }
}

/** Events per CPU-second of a client that only parses. */
function bareClient(broker: string, topic: string, records: number): number {
  const args = [BARE_CLIENT, broker, topic, String(records)];
  const env = { ...process.env, NODE_OPTIONS: imageNodeOptions() };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`the bare client ended with ${status}: ${stderr}`);
  return records / bareSchema.parse(JSON.parse(stdout)).cpuSeconds;
}

/** Id of the process that listens on `host:port`. */
function listenerOf(address: string): number {
  const port = address.slice(address.lastIndexOf(":") + 1);
  const text = execFileSync("ss", ["-ltnpH", `sport = :${port}`], { encoding: "utf8" });
  return Number(/pid=(\d+)/.exec(text)?.[1]);
}
