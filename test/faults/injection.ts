// Does a fault: resolves when it has ended and all that is needed is there again, or can be.
import { setTimeout as sleep } from "node:timers/promises";
import type { Arena } from "./arena.ts";
import type { Draw, Fault } from "./draw.ts";
import { fillElasticsearch, freeElasticsearch } from "./flood-stage.ts";

const DEATH_MS_MAX = 15_000;
const POLL_MS = 100;

/** All faults of a draw; resolves when the last one has ended. */
export async function inject({ faults, apartMs }: Draw, arena: Arena): Promise<void> {
  const doing = faults.map(async (fault, at) => {
    if (at > 0) await sleep(apartMs);
    await injectOne(fault, arena);
  });
  await Promise.all(doing);
}

async function injectOne(fault: Fault, arena: Arena): Promise<void> {
  const { supervisor, lines } = arena;
  switch (fault.kind) {
    case "kill":
      return supervisor.kill(fault.target);
    case "stop":
      supervisor.send(fault.target, "SIGSTOP");
      await sleep(fault.ms);
      return supervisor.send(fault.target, "SIGCONT");
    case "server_kill":
      await arena[fault.target].kill();
      await sleep(fault.ms);
      return arena[fault.target].start();
    case "server_stop":
      arena[fault.target].send("SIGSTOP");
      await sleep(fault.ms);
      return arena[fault.target].send("SIGCONT");
    case "cut":
      lines[fault.target].cut();
      await sleep(fault.ms);
      return lines[fault.target].restore();
    case "hold":
      lines[fault.target].hold();
      await sleep(fault.ms);
      return lines[fault.target].restore();
    case "half_open":
      return lines[fault.target].halfOpen();
    case "disk_full":
      return fault.target === "kafka" ? fillKafka(arena, fault.ms) : fillStore(arena, fault.ms);
  }
}

// A broker whose only disk takes nothing any more ends itself.
async function fillKafka({ kafka }: Arena, ms: number): Promise<void> {
  kafka.quota?.fill(1);
  const until = Date.now() + DEATH_MS_MAX;
  while (kafka.isRunning() && Date.now() < until) await sleep(POLL_MS);
  await sleep(ms);
  kafka.quota?.free();
  if (!kafka.isRunning()) await kafka.start();
}

async function fillStore({ elasticsearch }: Arena, ms: number): Promise<void> {
  await fillElasticsearch(elasticsearch);
  await sleep(ms);
  await freeElasticsearch(elasticsearch);
}
