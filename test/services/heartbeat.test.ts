import { pino } from "pino";
import { Registry } from "prom-client";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { AppError } from "../../config/errors.ts";
import type { Bus, ConsumeOptions } from "../../services/bus/bus.ts";
import {
  createHeartbeat,
  createPulses,
  followBus,
  type Pulses,
  STAGE_SILENT_MS,
} from "../../services/heartbeat.ts";
import { WATCHDOG_SILENT_MS, watchWatchdog } from "../../services/watchdog-watch.ts";

let clock: number;
let pulses: Pulses;
beforeEach(() => {
  clock = 5_000_000;
  pulses = createPulses(() => clock);
});

const away = () => Promise.reject(new AppError("HW_UNAVAILABLE", "away"));
const there = { tenants: async () => ["kreis"] };

function ask(store: { tenants: () => Promise<readonly string[]> } = there, lag = async () => ({})) {
  // Of both ports the heartbeat asks these alone.
  const ports = { store, bus: { lag } } as unknown as Parameters<
    typeof createHeartbeat
  >[0]["ports"];
  return createHeartbeat({ pulses, ports, tenants: ["kreis"], steadyNow: () => clock })();
}

describe("a process", () => {
  it("without work is alive for as long as one likes", async () => {
    pulses.runs("triage");
    clock += 100 * STAGE_SILENT_MS;
    expect(await ask()).toEqual({ status: "ok", silent: [], stages: { triage: { aliveAgoS: 0 } } });
  });

  it("is silent when one of its stages hangs in a piece of work, and alive again after it", async () => {
    pulses.runs("detect");
    pulses.runs("triage");
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = pulses.follow("triage", "kreis", () => promise);
    clock += STAGE_SILENT_MS;
    expect((await ask()).status).toBe("ok");
    clock += 1000;
    expect(await ask()).toEqual({
      ...{ status: "silent", silent: ["triage"] },
      stages: { detect: { aliveAgoS: 0 }, triage: { aliveAgoS: 61 } },
    });
    resolve();
    await work;
    expect((await ask()).status).toBe("ok");
  });

  it("is silent when the same work fails again and again, until it succeeds", async () => {
    pulses.runs("triage");
    const silent = [];
    for (let second = 0; second <= 70; second += 10) {
      await expect(pulses.follow("triage", "kreis", away)).rejects.toThrow("away");
      silent.push((await ask()).silent.length);
      clock += 10_000;
    }
    expect(silent).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    await pulses.follow("triage", "kreis", async () => undefined);
    expect((await ask()).status).toBe("ok");
  });

  it("is not silent for what failed once and went to another process", async () => {
    pulses.runs("triage");
    await expect(pulses.follow("triage", "kreis", away)).rejects.toThrow("away");
    clock += STAGE_SILENT_MS + 1;
    expect((await ask()).status).toBe("ok");
    await expect(pulses.follow("triage", "kreis", away)).rejects.toThrow("away");
    expect((await ask()).status).toBe("ok");
  });

  it("is not silent while it waits for a stage behind it that is slow", async () => {
    pulses.runs("detect");
    const busy = () => Promise.reject(new AppError("HW_BUSY", "full"));
    for (let n = 0; n < 10; n += 1) {
      await expect(pulses.follow("detect", "kreis", busy)).rejects.toThrow("full");
      clock += 20_000;
    }
    expect((await ask()).status).toBe("ok");
  });

  it("is silent when a loop does not turn any more", async () => {
    const turned = pulses.loop("notify");
    clock += STAGE_SILENT_MS + 1000;
    expect((await ask()).silent).toEqual(["notify"]);
    turned();
    expect((await ask()).silent).toEqual([]);
  });

  it.each([
    ["store", { tenants: away }, async () => ({})],
    ["bus", there, away],
  ] as const)("is silent while its %s is away", async (name, store, lag) => {
    pulses.runs("triage");
    expect((await ask(store, lag)).silent).toEqual([name]);
  });
});

describe("a followed bus", () => {
  it("follows the batches of a stage, and what can't be read", async () => {
    let consumed: ConsumeOptions | undefined;
    // What is followed of it is this.
    const bus = {
      consume: async (_tenants: readonly string[], options: ConsumeOptions) => {
        consumed = options;
      },
    } as unknown as Bus;
    const { promise, resolve } = Promise.withResolvers<void>();
    await followBus(bus, pulses).consume(["kreis"], {
      ...{ topic: "signals", group: "triage", recordsPerBatchMax: 1, lingerMs: 0, retryDelayMs: 1 },
      handle: () => promise,
    });
    const batch = { tenant: "kreis", topic: "signals", partition: 0, records: [] };
    const handled = consumed?.handle(batch, new AbortController().signal);
    clock += 20_000;
    expect(pulses.ages().get("triage")).toBe(20_000);
    resolve();
    await handled;
    expect(pulses.ages().get("triage")).toBe(0);
    consumed?.onError?.(new Error("away"), batch);
    clock += 30_000;
    expect(pulses.ages().get("triage")).toBe(30_000);
  });

  it("follows what comes in", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    // What is followed of it is this.
    const bus = { publish: () => promise } as unknown as Bus;
    const published = followBus(bus, pulses).publish("kreis", "raw", []);
    const beside = followBus(bus, pulses).publish("kreis", "dead-letter", []);
    clock += 20_000;
    expect([...pulses.ages()]).toEqual([["ingest", 20_000]]);
    resolve();
    await Promise.all([published, beside]);
  });
});

describe("the watch over the watchdog", () => {
  function watched() {
    const registry = new Registry();
    const lines: { readonly level: number; readonly msg: string }[] = [];
    const logger = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
    const watch = watchWatchdog({ registry, logger, steadyNow: () => clock });
    onTestFinished(() => watch.close());
    const gauge = async () =>
      Number(/^heidewacht_watchdog_silent (\d)$/m.exec(await registry.metrics())?.[1]);
    return { watch, lines, gauge };
  }

  it("misses one that has asked and stops, tells it once, and that it is back", async () => {
    const { watch, lines, gauge } = watched();
    watch.asked("heidewacht-watchdog");
    clock += WATCHDOG_SILENT_MS;
    watch.look();
    expect([await gauge(), lines.length]).toEqual([0, 0]);
    clock += 1000;
    for (let n = 0; n < 3; n += 1) watch.look();
    expect([await gauge(), lines.map(({ level }) => level)]).toEqual([1, [40]]);
    watch.asked("heidewacht-watchdog");
    expect([await gauge(), lines.map(({ level }) => level)]).toEqual([0, [40, 30]]);
  });

  it.each([undefined, "curl/8.5", "kube-probe/1.31"])("misses nobody after %s", async (agent) => {
    const { watch, lines, gauge } = watched();
    watch.asked(agent);
    clock += 10 * WATCHDOG_SILENT_MS;
    watch.look();
    expect([await gauge(), lines.length]).toEqual([0, 0]);
  });
});
