// What a process tells Prometheus of itself beside processor and memory: stages that don't get on, and the
// space that is left where its data lies.
import { statfs } from "node:fs/promises";
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import { messageOf } from "../config/errors.ts";
import { type Pulses, STAGE_SILENT_MS } from "./heartbeat.ts";

export interface ProcessMetricsParts {
  readonly registry: Registry;
  readonly pulses: Pick<Pulses, "ages">;
  readonly dataDir: string;
  readonly logger: Pick<Logger, "warn">;
}

/** Registers `heidewacht_stage_silent`, `heidewacht_data_free_bytes` and `heidewacht_data_disk_bytes`. */
export function registerProcessMetrics({ registry, pulses, dataDir, logger }: ProcessMetricsParts) {
  new Gauge({
    name: "heidewacht_stage_silent",
    help: "1 while a stage has not got on for a minute: its work hangs or fails, or its loop stands still",
    labelNames: ["stage"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [stage, ms] of pulses.ages()) this.set({ stage }, ms > STAGE_SILENT_MS ? 1 : 0);
    },
  });
  let isUnreadable = false;
  const register = (name: string, help: string, part: "bavail" | "blocks") =>
    new Gauge({
      ...{ name, help, registers: [registry] },
      async collect() {
        this.reset();
        try {
          const disk = await statfs(dataDir);
          this.set(disk[part] * disk.bsize);
          isUnreadable = false;
        } catch (error) {
          // A gauge without labels that is not reset away would say 0.
          this.remove();
          const reason = messageOf(error);
          if (!isUnreadable)
            logger.warn({ dataDir, reason }, "the disk can't be asked for its space");
          isUnreadable = true;
        }
      },
    });
  register(
    "heidewacht_data_free_bytes",
    "Space that is left on the disk with the data folder",
    "bavail",
  );
  register("heidewacht_data_disk_bytes", "Size of the disk with the data folder", "blocks");
}
