// Records that the bus had to drop before detection read them are told of, never passed over in silence.
import { pino } from "pino";
import { expect, it } from "vitest";
import type { Bus, ConsumeOptions } from "../../../services/bus/bus.ts";
import { type DetectParts, startDetect } from "../../../services/detect/detect.ts";

it("says which records went before they could be searched", async () => {
  const log: unknown[] = [];
  const asked: ConsumeOptions[] = [];
  const bus: Pick<Bus, "consume"> = {
    async consume(_tenants, options) {
      asked.push(options);
      return { pause: () => undefined, resume: () => undefined, close: async () => undefined };
    },
  };
  const logger = pino({}, { write: (line: string) => log.push(JSON.parse(line)) });
  // No batch comes, so nothing else is asked for.
  const parts = { bus, logger } as unknown as DetectParts;
  await startDetect(["kreis"], parts, {
    ...{ recordsPerBatchMax: 10, lingerMs: 0, retryDelayMs: 10, minLevel: "low", now: () => 0 },
  });
  asked[0]?.onGap?.({ tenant: "kreis", topic: "raw", partition: 1, from: 3, to: 9 });
  expect(log).toMatchObject([{ level: 50, tenant: "kreis", partition: 1, from: 3, to: 9 }]);
});
