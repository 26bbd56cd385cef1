// How much work waits on the bus, for Prometheus: what each stage has not read yet, by tenant. Asked for
// when somebody scrapes, and not more often than every few seconds.
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import { messageOf } from "../config/errors.ts";
import type { Bus, Lag } from "./bus/bus.ts";

/** Topics and the groups that read them, on the way from a line to a finding. */
export const BUS_GROUPS = [
  ["raw", "detect"],
  ["observations", "baseline"],
  ["signals", "triage"],
] as const;

/** The same, and what is read beside it. */
export const ALL_GROUPS = [...BUS_GROUPS, ["source-counts", "sources"]] as const;

/** So long an answer of the bus holds. */
const KEPT_MS = 5000;
/** A bus that is away must not hold up the other figures. */
const PATIENCE_MS = 2000;

export interface BusMetricsParts {
  readonly registry: Registry;
  readonly bus: Pick<Bus, "lag">;
  readonly tenants: readonly string[];
  readonly logger: Logger;
  readonly now: () => number;
}

interface Reading extends Lag {
  readonly labels: { readonly tenant: string; readonly topic: string; readonly group: string };
}

/** Registers `heidewacht_bus_lag_records` and `heidewacht_bus_lag_bytes`; without an answer, no values. */
export function registerBusMetrics(parts: BusMetricsParts): void {
  const readings = keptReadings(parts);
  const register = (name: string, help: string, value: (lag: Lag) => number) =>
    new Gauge({
      ...{ name, help, labelNames: ["tenant", "topic", "group"], registers: [parts.registry] },
      async collect() {
        const read = await readings();
        this.reset();
        for (const one of read) this.set(one.labels, value(one));
      },
    });
  register(
    "heidewacht_bus_lag_records",
    "Records that a stage has not processed yet",
    ({ records }) => records,
  );
  register(
    "heidewacht_bus_lag_bytes",
    "Bytes of the records that a stage has not processed yet",
    ({ bytes }) => bytes,
  );
}

// Both gauges of one scrape tell of the same moment; a question at hand is not asked again.
function keptReadings({ bus, tenants, logger, now }: BusMetricsParts): () => Promise<Reading[]> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let asked: Promise<Reading[]> = Promise.resolve([]);
  let isAsking = false;
  let isAway = false;
  const ask = async (): Promise<Reading[]> => {
    isAsking = true;
    try {
      const read: Reading[] = [];
      for (const tenant of tenants) {
        for (const [topic, group] of BUS_GROUPS) {
          read.push({ labels: { tenant, topic, group }, ...(await bus.lag(tenant, topic, group)) });
        }
      }
      isAway = false;
      return read;
    } catch (error) {
      if (!isAway) logger.warn({ reason: messageOf(error) }, "the bus does not tell its lag");
      isAway = true;
      return [];
    } finally {
      isAsking = false;
    }
  };
  return () => {
    const at = now();
    if (!isAsking && (at - askedAt >= KEPT_MS || at < askedAt)) {
      askedAt = at;
      asked = ask();
    }
    return withinPatience(asked);
  };
}

async function withinPatience(asked: Promise<Reading[]>): Promise<Reading[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reading[]>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, []);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
