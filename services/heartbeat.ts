// Whether the stages of this process get on, for the one who pages when they don't: a piece of work that does
// not get done, a loop that does not turn, a store or a bus that does not answer. Silence without work is none.
import { isAppError } from "../config/errors.ts";
import type { Batch, Bus } from "./bus/bus.ts";
import type { Ports } from "./ports.ts";

/** Work that hangs or fails for longer, and a loop that has not turned for longer, is not alive. */
export const STAGE_SILENT_MS = 60_000;
/** A server that is away must not keep the one who asks waiting. */
const SERVERS_TIMEOUT_MS = 3000;
/** So long an answer of the servers holds. */
const SERVERS_KEPT_MS = 2000;

/** Consumer groups → the stages that they belong to. */
const STAGE_OF_GROUP: Readonly<Record<string, string>> = {
  detect: "detect",
  baseline: "baseline",
  sources: "baseline",
  triage: "triage",
};

/** What stages tell of their getting on. */
export interface Pulses {
  /** Names a stage that this process runs. */
  runs(stage: string): void;
  /** A loop that must go on turning. @returns called at each turn that came to its end */
  loop(stage: string): () => void;
  /** Follows a piece of work; what fails at one place again and again counts from its first failure. */
  follow<Result>(stage: string, place: string, work: () => Promise<Result>): Promise<Result>;
  /** The same for a failure that somebody else has caught. */
  failed(stage: string, place: string, error: unknown): void;
  /** Stage → milliseconds since it was seen to get on; 0: nothing is in its way. */
  ages(): ReadonlyMap<string, number>;
}

interface Trouble {
  readonly stage: string;
  readonly since: number;
  readonly lastAt: number;
}

/** @param steadyNow milliseconds that only go forward, whatever is done to the clock */
export function createPulses(steadyNow: () => number): Pulses {
  const stages = new Set<string>();
  const turned = new Map<string, number>();
  const underWay = new Set<{ readonly stage: string; readonly since: number }>();
  const troubles = new Map<string, Trouble>();
  const isRecent = ({ lastAt }: Trouble) => steadyNow() - lastAt <= STAGE_SILENT_MS;
  const trouble = (stage: string, place: string, from: number, error: unknown) => {
    // Told to wait, it waits: who does not get on then is the stage behind it.
    if (isAppError(error, "HW_BUSY")) return;
    const key = `${stage}\n${place}`;
    const known = troubles.get(key);
    const since = known !== undefined && isRecent(known) ? known.since : from;
    troubles.set(key, { stage, since, lastAt: steadyNow() });
  };
  return {
    runs: (stage) => void stages.add(stage),
    loop(stage) {
      stages.add(stage);
      turned.set(stage, steadyNow());
      return () => void turned.set(stage, steadyNow());
    },
    async follow(stage, place, work) {
      const one = { stage, since: steadyNow() };
      underWay.add(one);
      try {
        const result = await work();
        troubles.delete(`${stage}\n${place}`);
        return result;
      } catch (error) {
        trouble(stage, place, one.since, error);
        throw error;
      } finally {
        underWay.delete(one);
      }
    },
    failed: (stage, place, error) => trouble(stage, place, steadyNow(), error),
    ages() {
      const now = steadyNow();
      const ages = new Map([...stages].map((stage) => [stage, now - (turned.get(stage) ?? now)]));
      // What is not tried any more went to another process, or is over.
      for (const [key, one] of troubles) if (!isRecent(one)) troubles.delete(key);
      for (const { stage, since } of [...underWay, ...troubles.values()]) {
        ages.set(stage, Math.max(ages.get(stage) ?? 0, now - since));
      }
      return ages;
    },
  };
}

/** A bus whose consumers and whose input are followed. */
export function followBus(bus: Bus, pulses: Pulses): Bus {
  return {
    // Of all that is published, lines from outside alone come from a stage that is not followed otherwise.
    publish: (tenant, topic, records) =>
      topic === "raw"
        ? pulses.follow("ingest", tenant, () => bus.publish(tenant, topic, records))
        : bus.publish(tenant, topic, records),
    consume(tenants, options) {
      const stage = STAGE_OF_GROUP[options.group];
      if (stage === undefined) return bus.consume(tenants, options);
      pulses.runs(stage);
      const place = ({ tenant, topic, partition }: Batch) => `${tenant} ${topic} ${partition}`;
      return bus.consume(tenants, {
        ...options,
        handle: (batch, signal) =>
          pulses.follow(stage, place(batch), () => options.handle(batch, signal)),
        onError(error, batch) {
          if (batch.records.length === 0) pulses.failed(stage, place(batch), error);
          options.onError?.(error, batch);
        },
      });
    },
    lag: (tenant, topic, group) => bus.lag(tenant, topic, group),
    read: (tenant, topic, partition) => bus.read(tenant, topic, partition),
    seek: (tenant, topic, group, to) => bus.seek(tenant, topic, group, to),
    retain: (tenant, now) => bus.retain(tenant, now),
    close: () => bus.close(),
  };
}

/** What `/heartbeat` answers: names of stages and servers, and seconds; nothing else. */
export interface Heartbeat {
  readonly status: "ok" | "silent";
  /** Stages that don't get on, and servers that don't answer: `store`, `bus`. */
  readonly silent: readonly string[];
  readonly stages: Readonly<Record<string, { readonly aliveAgoS: number }>>;
}

export interface HeartbeatParts {
  readonly pulses: Pulses;
  readonly ports: Pick<Ports, "store" | "bus">;
  readonly tenants: readonly string[];
  readonly steadyNow: () => number;
}

/**
 * Says whether this process gets on. Without its store nobody is paged, and without its bus nothing is
 * detected: whoever waits for them is not alive.
 */
export function createHeartbeat(parts: HeartbeatParts): () => Promise<Heartbeat> {
  const { pulses } = parts;
  const servers = keptServers(parts);
  return async () => {
    const away = await servers();
    const ages = [...pulses.ages()];
    const hung = ages.filter(([, ms]) => ms > STAGE_SILENT_MS).map(([stage]) => stage);
    const silent = [...hung, ...away];
    return {
      status: silent.length === 0 ? "ok" : "silent",
      silent,
      stages: Object.fromEntries(
        ages.map(([stage, ms]) => [stage, { aliveAgoS: Math.floor(ms / 1000) }]),
      ),
    };
  };
}

/** Many who ask at once are one question to the servers. */
function keptServers({ ports, tenants, steadyNow }: HeartbeatParts): () => Promise<string[]> {
  const ask = async (): Promise<string[]> => {
    const isThere = await Promise.all([
      answersInTime(() => ports.store.tenants()),
      answersInTime(() => ports.bus.lag(tenants[0] ?? "", "raw", "detect")),
    ]);
    return ["store", "bus"].filter((_, at) => isThere[at] !== true);
  };
  let askedAt = Number.NEGATIVE_INFINITY;
  let asked: Promise<string[]> = Promise.resolve([]);
  return () => {
    if (steadyNow() - askedAt >= SERVERS_KEPT_MS) {
      askedAt = steadyNow();
      asked = ask();
    }
    return asked;
  };
}

async function answersInTime(question: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, SERVERS_TIMEOUT_MS, false);
  });
  try {
    return await Promise.race([question().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
