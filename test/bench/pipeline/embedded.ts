// The embedded kind, measured from the HTTP input to the list of findings: how many events a second it
// takes and finishes, what CPU time that costs, and the delays of findings at half that rate.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServiceProcess, startService } from "../../support/service-process.ts";
import { printFigure } from "../figure.ts";
import { untilNothingUnread } from "./api-status.ts";
import { sendBulk } from "./bulk-load.ts";
import { benchDelays } from "./delays.ts";
import { makeToken, type Variant, writeMeasuredInstallation } from "./installation.ts";
import { cpuDuring } from "./process-cpu.ts";

/** The lines are sent once to warm up, and so often to be measured. */
const COPIES = 3;

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
    await sendBulk(target, lines, "warm-up");
    await untilNothingUnread(api);
    let seconds = 0;
    let requests = 0;
    const cpu = await cpuDuring({ heidewacht: service.pid ?? 0, load: process.pid }, async () => {
      const startedAt = performance.now();
      for (let copy = 0; copy < COPIES; copy += 1) await sendBulk(target, lines, `load-${copy}`);
      await untilNothingUnread(api);
      seconds = (performance.now() - startedAt) / 1000;
    });
    const rate = (COPIES * lines.length) / seconds;
    printFigure("pipeline.embedded.events_per_s", rate, "events/s", { ...labels, cpu_s: cpu });
    await benchDelays("pipeline.embedded", api, {
      ...{ lines, rate: rate / 2, labels },
      send: (some, pace) => sendBulk(target, some, `half-${requests++}`, pace),
    });
  } finally {
    await stop(service);
    rmSync(folder, { recursive: true });
  }
}

async function stop(service: ServiceProcess): Promise<void> {
  service.send("SIGTERM");
  await service.ended;
}
