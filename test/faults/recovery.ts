// When a fault is over: what was taken from a sender after its end, and all before that, has gone through
// every stage. Read from the positions of the stages' groups, measured and not guessed.
import { setTimeout as sleep } from "node:timers/promises";
import { Admin } from "@platformatic/kafka";
import { TENANT } from "../support/loopback.ts";

const POLL_MS = 100;
const ANSWER_MS = 3000;
const LATEST = -1n;

/** In the direction of the data. */
const STEPS = [
  ["raw", "detect"],
  ["observations", "baseline"],
  ["signals", "triage"],
] as const;
type Topic = (typeof STEPS)[number][0];
type Offsets = ReadonlyMap<number, number>;

export interface Recovery {
  /** Of the last time: seconds until each group had done its part. */
  readonly parts: string;
  /**
   * Resolves when all stages have processed what lies on their topics now and what comes of it.
   * @throws Error when they have not at `deadline` (ms UTC)
   */
  untilProcessed(deadline: number): Promise<void>;
  close(): Promise<void>;
}

export function openRecovery(broker: string, prefix: string, partitions: number): Recovery {
  const admin = new Admin({
    clientId: "faults-recovery",
    bootstrapBrokers: [broker],
    ...{ connectTimeout: ANSWER_MS, requestTimeout: ANSWER_MS, retries: 0 },
  });
  const nameOf = (topic: Topic) => `${prefix}.${TENANT}.${topic}`;
  const listed = (topic: Topic) => Array.from({ length: partitionsOf(topic) }, (_, at) => at);
  const partitionsOf = (topic: Topic) => (topic === "signals" ? 1 : partitions);

  const endsOf = async (topic: Topic): Promise<Offsets> => {
    const asked = listed(topic).map((partitionIndex) => ({ partitionIndex, timestamp: LATEST }));
    const topics = await admin.listOffsets({
      topics: [{ name: nameOf(topic), partitions: asked }],
    });
    const [found] = topics;
    if (found === undefined) throw new Error(`no ends of ${topic}`);
    return new Map(found.partitions.map((one) => [one.partitionIndex, Number(one.offset)]));
  };
  const committedOf = async (topic: Topic, group: string): Promise<Offsets> => {
    const asked = { name: nameOf(topic), partitionIndexes: listed(topic) };
    const groupId = `${nameOf(topic)}.${group}`;
    const groups = await admin.listConsumerGroupOffsets({ groups: [{ groupId, topics: [asked] }] });
    const found = groups[0]?.topics[0]?.partitions ?? [];
    return new Map(found.map((one) => [one.partitionIndex, Number(one.committedOffset)]));
  };
  const untilPassed = async (topic: Topic, group: string, deadline: number): Promise<void> => {
    const ends = await untilAnswered(() => endsOf(topic), deadline);
    for (;;) {
      const committed = await untilAnswered(() => committedOf(topic, group), deadline);
      const behind = [...ends].filter(([at, end]) => end > 0 && (committed.get(at) ?? -1) < end);
      if (behind.length === 0) return;
      if (Date.now() >= deadline) {
        const places = behind.map(([at, end]) => `${at}: ${committed.get(at)} of ${end}`);
        throw new Error(`${group} is behind on ${topic} (${places.join(", ")})`);
      }
      await sleep(POLL_MS);
    }
  };
  let parts: string[] = [];
  return {
    get parts() {
      return parts.join(", ");
    },
    async untilProcessed(deadline) {
      const began = Date.now();
      parts = [];
      for (const [topic, group] of STEPS) {
        await untilPassed(topic, group, deadline);
        parts.push(`${group} ${((Date.now() - began) / 1000).toFixed(1)}`);
      }
    },
    close: () => admin.close(),
  };
}

async function untilAnswered<T>(ask: () => Promise<T>, deadline: number): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}
