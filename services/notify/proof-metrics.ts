// How old the last proof of life of each channel is, for Prometheus, read from the store when somebody asks:
// so it tells what all processes know, and outlives a restart.
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import { messageOf } from "../../config/errors.ts";
import { CHANNEL_PROOF_KIND } from "../store/channel-proof.ts";
import type { Store } from "../store/store.ts";

/** A store that is away must not hold up the other figures. */
const PATIENCE_MS = 2000;
const SECOND_MS = 1000;

export interface ProofMetricsParts {
  readonly registry: Registry;
  readonly store: Pick<Store, "get">;
  readonly tenants: readonly string[];
  readonly channels: readonly string[];
  readonly logger: Pick<Logger, "debug">;
  readonly now: () => number;
  readonly patienceMs?: number;
}

/** A channel that never gave one has `+Inf`; without an answer of the store there are no values. */
export function registerProofMetrics(parts: ProofMetricsParts): void {
  const { registry, channels, logger, now } = parts;
  new Gauge({
    name: "heidewacht_paging_channel_proof_age_seconds",
    help: "Since a channel took a page or answered a probe last",
    labelNames: ["channel"],
    registers: [registry],
    async collect() {
      this.reset();
      const proved = await withinPatience(provedAt(parts), parts.patienceMs ?? PATIENCE_MS).catch(
        (error: unknown) => {
          logger.debug({ reason: messageOf(error) }, "proofs of channels can't be read");
          return undefined;
        },
      );
      if (proved === undefined) return;
      for (const channel of channels) {
        const at = proved.get(channel) ?? Number.NEGATIVE_INFINITY;
        this.set({ channel }, Math.max(0, now() - at) / SECOND_MS);
      }
    },
  });
}

async function provedAt({ store, tenants, channels }: ProofMetricsParts) {
  const proved = new Map<string, number>();
  for (const tenant of tenants) {
    for (const channel of channels) {
      const found = await store.get(tenant, CHANNEL_PROOF_KIND, channel);
      for (const at of [found?.document.handedOverAt, found?.document.probedAt]) {
        if (at !== undefined) proved.set(channel, Math.max(at, proved.get(channel) ?? at));
      }
    }
  }
  return proved;
}

async function withinPatience<T>(question: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([question, late]);
  } finally {
    clearTimeout(timer);
  }
}
