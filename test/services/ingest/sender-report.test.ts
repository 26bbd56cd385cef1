// What an operator is told of senders that are refused.
import { pino } from "pino";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import { createSenderReport } from "../../../services/ingest/sender-report.ts";

describe("refused senders", () => {
  it("are all counted, and the first of each reason is logged with its address", async () => {
    const lines: string[] = [];
    const registry = new Registry();
    const logger = pino({}, { write: (line: string) => lines.push(line) });
    const report = createSenderReport("syslog (UDP)", {
      metrics: createIngestMetrics(registry),
      logger,
    });
    for (let count = 0; count < 3; count++) report("sender", "nothing names it", "192.0.2.1");
    report("rate", "it sends too much", "192.0.2.2", "firewall");
    const told = lines.map((line) => JSON.parse(line));
    expect(told).toMatchObject([
      { address: "192.0.2.1", msg: "a syslog (UDP) sender was refused: nothing names it" },
      { address: "192.0.2.2", source: "firewall", reason: "rate" },
    ]);
    expect(told.length).toBe(2);
    expect(await registry.metrics()).toContain('rejected_total{reason="sender"} 3');
  });
});
