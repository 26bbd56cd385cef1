// The age of channels' last proof as Prometheus reads it, from a real store.
import { pino } from "pino";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { registerProofMetrics } from "../../../services/notify/proof-metrics.ts";
import { CHANNEL_PROOF_KIND } from "../../../services/store/channel-proof.ts";
import { withBench } from "./fixture.ts";

const logger = pino({ level: "silent" });
const TENANT = "kreis";
const AT = Date.UTC(2026, 10, 2, 12);
const proof = { kind: "mail", circuit: "closed", changedAt: AT } as const;

async function ages(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split("\n");
  return lines
    .filter((line) => line.startsWith("heidewacht_paging_channel_proof_age_seconds{"))
    .map((line) => line.slice(line.indexOf("{")));
}

describe("the age of a channel's last proof", () => {
  it("is that of its newest one in any tenant, and endless where there is none", async () => {
    await withBench(async ({ store }) => {
      const put = (tenant: string, channel: string, more: object) =>
        store.put(tenant, CHANNEL_PROOF_KIND, channel, { ...proof, channel, ...more });
      await put(TENANT, "mail", { handedOverAt: AT - 90_000, probedAt: AT - 60_000 });
      await put("andere", "mail", { handedOverAt: AT - 30_000 });
      await put(TENANT, "sms", { fault: { at: AT, kind: "unreachable", message: "" } });
      const registry = new Registry();
      registerProofMetrics({
        ...{ registry, store, logger, now: () => AT },
        ...{ tenants: [TENANT, "andere"], channels: ["mail", "sms"] },
      });
      expect(await ages(registry)).toEqual(['{channel="mail"} 30', '{channel="sms"} +Inf']);
    });
  });

  it.each([
    ["refuses", () => Promise.reject(new Error("away"))],
    ["does not answer", () => new Promise<never>(() => undefined)],
  ])("has no value while the store %s", async (_, get) => {
    const registry = new Registry();
    registerProofMetrics({
      ...{ registry, store: { get }, logger, now: () => AT, patienceMs: 10 },
      ...{ tenants: [TENANT], channels: ["mail"] },
    });
    expect(await ages(registry)).toEqual([]);
  });
});
