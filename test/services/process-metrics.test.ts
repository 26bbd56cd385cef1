// What a process tells of itself, as Prometheus reads it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createPulses, STAGE_SILENT_MS } from "../../services/heartbeat.ts";
import { registerProcessMetrics } from "../../services/process-metrics.ts";

function registered(dataDir: string) {
  let now = 0;
  const warnings: unknown[] = [];
  const pulses = createPulses(() => now);
  const registry = new Registry();
  const logger = { warn: (about: unknown) => void warnings.push(about) };
  registerProcessMetrics({ registry, pulses, dataDir, logger });
  const figure = async (name: string) => {
    const line = (await registry.metrics()).split("\n").find((one) => one.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };
  const wait = (ms: number) => {
    now += ms;
  };
  return { pulses, warnings, figure, wait };
}

describe("stages", () => {
  it("count as silent once they have not got on for a minute, and not when they do again", async () => {
    const { pulses, figure, wait } = registered(tmpdir());
    const turned = pulses.loop("notify");
    const silent = () => figure('heidewacht_stage_silent{stage="notify"}');
    expect(await silent()).toBe(0);
    wait(STAGE_SILENT_MS + 1);
    expect(await silent()).toBe(1);
    turned();
    expect(await silent()).toBe(0);
  });
});

describe("the disk with the data folder", () => {
  it("has less that is free than it is large", async () => {
    const { figure } = registered(tmpdir());
    const [free, whole] = [
      await figure("heidewacht_data_free_bytes"),
      await figure("heidewacht_data_disk_bytes"),
    ];
    expect(free).toBeGreaterThan(0);
    expect(whole).toBeGreaterThanOrEqual(free ?? 0);
  });

  it("has no figure in place of a wrong one where it can't be asked, and that is told once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heidewacht-disk-"));
    rmSync(folder, { recursive: true });
    const { figure, warnings } = registered(folder);
    expect(await figure("heidewacht_data_free_bytes")).toBeUndefined();
    expect(await figure("heidewacht_data_disk_bytes")).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });
});
