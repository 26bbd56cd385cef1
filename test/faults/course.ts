// The course of a run: faults one draw after the other, each followed by the recovery from it, while records
// and verdicts come; then quiet, and the balance.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../services/simulator/random.ts";
import { untilClusterIdle } from "../support/cluster.ts";
import { TENANT } from "../support/loopback.ts";
import { type Outcome, readOutcome } from "../support/outcome.ts";
import { startAnalyst } from "./analyst.ts";
import { type Arena, BASELINES, PARTITIONS, PREFIX, SESSION_TIMEOUT_MS } from "./arena.ts";
import {
  type Balance,
  balanceOfEvents,
  balanceOfFindings,
  balanceOfVerdicts,
  unjudged,
} from "./balance.ts";
import { type Draw, draws, type Fault, SERVERS } from "./draw.ts";
import { watchDisk } from "./flood-stage.ts";
import { inject } from "./injection.ts";
import { openRecovery, type Recovery } from "./recovery.ts";
import { runReference } from "./reference.ts";
import { startTopicShipper } from "./shipper-topic.ts";
import { type Shipping, shipmentsOfDays, startShipping } from "./shipping.ts";
import { type Recovered, tell } from "./told.ts";

const REQUEST_EVERY_MS = 80;
const MINUTE_MS = 60_000;
/** Until the first fault: everything has started and has had something to do. */
const FIRST_MS_MAX = 180_000;
const RECOVERY_MS_MAX = 180_000;
const IDLE_MS_MAX = 300_000;
const IDLE_RETRY_MS = 500;

export interface CourseOptions {
  readonly seed: string;
  readonly faultsMax: number;
  readonly minutesMax: number;
  /** Nothing else is drawn; undefined: all kinds. */
  readonly only: Fault["kind"] | undefined;
}

export interface Course {
  readonly recovered: readonly Recovered[];
  readonly balance: Balance;
  /** What a reader needs to judge the figures. */
  readonly labels: Readonly<Record<string, unknown>>;
}

/** @throws Error when a fault is not recovered from in time */
export async function runCourse(arena: Arena, options: CourseOptions): Promise<Course> {
  const { ports, folder, supervisor } = arena;
  const random = createRandom(options.seed);
  await watchDisk(arena.elasticsearch);
  const broker = `127.0.0.1:${arena.lines.kafka.port}`;
  const shipping = startShipping(
    shipmentsOfDays(options.seed),
    arena.installation,
    REQUEST_EVERY_MS,
  );
  const lastTime = () => shipping.acknowledged.at(-1)?.records.at(-1)?.time ?? Date.now();
  const recovery = openRecovery(broker, PREFIX, PARTITIONS);
  await untilRecovered(shipping, recovery, Date.now() + FIRST_MS_MAX);
  const topicShipper = await startTopicShipper(broker, lastTime);
  const analyst = startAnalyst(arena.consoleUrl, arena.token, random.fork("analyst"));
  tell("everything runs");

  const recovered = await injectAll(arena, options, shipping, recovery);
  await Promise.all([shipping.stop(), topicShipper.stop(), analyst.stop()]);
  tell(`quiet; waiting until all is processed (${shipping.retries} attempts of senders repeated)`);
  await untilIdle(arena);

  const shipper = await topicShipper.eventIds();
  await Promise.all([topicShipper.close(), recovery.close()]);
  const outcome = await readOutcome(ports, TENANT);
  tell(`${outcome.archived.size} events, ${outcome.findings.size} findings; the undisturbed run`);
  const shipments = shipping.acknowledged;
  const reference = await runReference(folder, shipments, arena.masterKey, ports.store);
  const sent = shipments.flatMap(({ records }) => records.map(({ id }) => id));
  const balance: Balance = {
    events: balanceOfEvents([...sent, ...shipper], outcome),
    findings: balanceOfFindings(outcome, reference),
    verdicts: await balanceOfVerdicts(analyst.acknowledged, ports.store, TENANT),
    broken: brokenOf(outcome),
  };
  keepDifferences(folder, balance, outcome, reference);
  for (const one of supervisor.endedAlone) tell(`ended though nobody killed it: ${one}`);
  return {
    recovered,
    balance,
    labels: {
      ...{ events: sent.length, of_topic: shipper.size, findings: reference.findings.size },
      ...{ verdicts: analyst.acknowledged.length, ended_alone: supervisor.endedAlone.length },
      ...{ repeated_by_senders: shipping.retries, repeated_by_analyst: analyst.retries },
    },
  };
}

async function injectAll(
  arena: Arena,
  { seed, faultsMax, minutesMax, only }: CourseOptions,
  shipping: Shipping,
  recovery: Recovery,
): Promise<Recovered[]> {
  const { supervisor, kafka } = arena;
  const recovered: Recovered[] = [];
  const endsAt = Date.now() + minutesMax * MINUTE_MS;
  const canFill = kafka.quota === undefined ? (["elasticsearch"] as const) : undefined;
  if (canFill !== undefined) tell("no disk can be limited here: Kafka's is never full");
  let count = 0;
  const drawing = {
    ...{ random: createRandom(`${seed}/faults`), processes: supervisor.names, only },
    ...{ sessionTimeoutMs: SESSION_TIMEOUT_MS, canFill: canFill ?? SERVERS },
  };
  for (const draw of draws(drawing)) {
    if (count >= faultsMax || Date.now() >= endsAt) break;
    const what = draw.faults.map((one) => JSON.stringify(one)).join(` +${draw.apartMs} ms `);
    const began = Date.now();
    await inject(draw, arena);
    const ended = Date.now();
    try {
      await untilRecovered(shipping, recovery, ended + RECOVERY_MS_MAX);
    } catch (cause) {
      throw new Error(`not recovered from ${what}`, { cause });
    }
    count += draw.faults.length;
    const seconds = (Date.now() - ended) / 1000;
    recovered.push({ kind: kindOf(draw), faults: draw.faults.length, seconds });
    const lasted = ((ended - began) / 1000).toFixed(1);
    tell(
      `${count} ${what}: lasted ${lasted} s, recovered in ${seconds.toFixed(1)} s (${recovery.parts})`,
    );
  }
  return recovered;
}

/** What was taken from a sender from now on, and all before it, is processed. */
async function untilRecovered(
  shipping: Shipping,
  recovery: Recovery,
  deadline: number,
): Promise<void> {
  await shipping.untilNext(deadline);
  await recovery.untilProcessed(deadline);
}

function kindOf({ faults }: Draw): string {
  const [first] = faults;
  if (first === undefined || faults.length > 1) return "two at once";
  return `${first.kind} ${first.target.replace(/-\d$/, "")}`;
}

async function untilIdle({ ports, cluster }: Arena): Promise<void> {
  const monitored = BASELINES.map((name) => cluster.monitoringPort(name));
  const until = Date.now() + IDLE_MS_MAX;
  for (;;) {
    try {
      await Promise.race([untilClusterIdle(ports, TENANT, monitored), late(until)]);
      return;
    } catch (error) {
      if (Date.now() >= until) throw error;
      await sleep(IDLE_RETRY_MS);
    }
  }
}

async function late(until: number): Promise<never> {
  await sleep(Math.max(1, until - Date.now()), undefined, { ref: false });
  throw new Error("the processes do not become idle");
}

function brokenOf({ auditBroken, evidenceMissing }: Outcome): string[] {
  const audit = auditBroken === undefined ? [] : [`audit chain at ${auditBroken}`];
  return [...audit, ...evidenceMissing.map((id) => `evidence ${id}`)];
}

/** Beside the logs, for whoever looks for the cause. */
function keepDifferences(
  folder: string,
  { findings, ...rest }: Balance,
  outcome: Outcome,
  reference: Outcome,
): void {
  const of = (id: string) => ({
    id,
    found: outcome.findings.get(id),
    wanted: reference.findings.get(id),
  });
  const wrong = [...findings.lost, ...findings.twice, ...findings.different].map(of).map((one) => ({
    ...one,
    found: one.found && unjudged(one.found),
    wanted: one.wanted && unjudged(one.wanted),
  }));
  writeFileSync(
    join(folder, "differences.json"),
    JSON.stringify({ findings: wrong, ...rest }, null, 1),
  );
}
