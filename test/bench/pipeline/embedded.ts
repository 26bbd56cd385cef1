// The embedded kind, measured from the HTTP input to the list of findings: how many events a second it
// takes and finishes, what CPU time that costs, and the delays of findings at half that rate.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type ServiceProcess, startService } from "../../support/service-process.ts";
import { printFigure } from "../figure.ts";
import { sendBulk } from "./bulk-load.ts";
import { makeToken, type Variant, writeMeasuredInstallation } from "./installation.ts";
import { measureDelays, quantile } from "./probe.ts";
import { cpuDuring } from "./process-cpu.ts";

const POLL_MS = 50;
const WARM_UP_LINES = 5000;
const PROBES = 200;
const PROBE_EVERY_MS = 100;

const statusSchema = z.object({ lag: z.array(z.object({ records: z.number() })) });

/** Measures one variant and prints its figures. */
export async function benchEmbedded(
  variant: Variant,
  lines: readonly string[],
  labels: Readonly<Record<string, unknown>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-pipeline-"));
  const installation = await writeMeasuredInstallation(folder, variant);
  const api = { url: installation.apiUrl, token: await makeToken(installation.configFile) };
  const service = startService(installation.configFile);
  try {
    await service.ready;
    const target = { inputUrl: installation.inputUrl, key: installation.keyOf("bench") };
    await sendBulk(target, lines.slice(0, WARM_UP_LINES), "warm-up");
    await untilDone(api);
    let seconds = 0;
    const cpu = await cpuDuring({ heidewacht: service.pid ?? 0, load: process.pid }, async () => {
      const startedAt = performance.now();
      await sendBulk(target, lines, "load");
      await untilDone(api);
      seconds = (performance.now() - startedAt) / 1000;
    });
    const rate = lines.length / seconds;
    printFigure("pipeline.embedded.events_per_s", rate, "events/s", { ...labels, cpu_s: cpu });
    await benchDelays(api, target, { lines, rate: rate / 2, labels });
  } finally {
    await stop(service);
    rmSync(folder, { recursive: true });
  }
}

async function benchDelays(
  api: { readonly url: string; readonly token: string },
  target: { readonly inputUrl: string; readonly key: string },
  load: {
    readonly lines: readonly string[];
    readonly rate: number;
    readonly labels: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const seconds = (PROBES * PROBE_EVERY_MS) / 1000;
  const needed = Math.ceil(load.rate * seconds);
  const background = Array.from({ length: needed }, (_, at) => load.lines[at % load.lines.length]);
  const running = sendBulk(
    target,
    background.map((line) => line ?? ""),
    "half",
    load.rate,
  );
  let number = 0;
  const delays = await measureDelays(api, (line) => sendBulk(target, [line], `probe-${number++}`), {
    probes: PROBES,
    everyMs: PROBE_EVERY_MS,
    run: "half",
  });
  await running;
  const more = { ...load.labels, load_events_per_s: Math.round(load.rate), probes: PROBES };
  printFigure("pipeline.embedded.latency_p50_s", quantile(delays, 0.5) / 1000, "s", more);
  printFigure("pipeline.embedded.latency_p99_s", quantile(delays, 0.99) / 1000, "s", more);
}

/** Nothing unread any more at any stage. */
async function untilDone({ url, token }: { readonly url: string; readonly token: string }) {
  for (;;) {
    const answer = await fetch(`${url}/api/v1/status`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
    const { lag } = statusSchema.parse(await answer.json());
    if (lag.every(({ records }) => records === 0)) return;
    await sleep(POLL_MS);
  }
}

async function stop(service: ServiceProcess): Promise<void> {
  service.send("SIGTERM");
  await service.ended;
}
