import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { Gauge, Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { startMonitoring } from "../../services/monitoring-server.ts";

async function started(ready: () => Promise<readonly string[]>, isForNow = false): Promise<string> {
  const registry = new Registry();
  new Gauge({ name: "heidewacht_test", help: "A figure", registers: [registry] }).set(3);
  const logger = pino({ level: "silent" });
  const monitoring = await startMonitoring({
    ...{ host: "127.0.0.1", port: 0, registry, ready, logger, isForNow },
  });
  onTestFinished(() => monitoring.close());
  return monitoring.url;
}

const states: readonly {
  readonly name: string;
  readonly ready: () => Promise<readonly string[]>;
  readonly code: number;
  readonly health: object;
}[] = [
  {
    name: "all works",
    ready: async () => [],
    code: 200,
    health: { status: "ok", notReady: [] },
  },
  {
    name: "a part does not work",
    ready: async () => ["store", "bus"],
    code: 503,
    health: { status: "unready", notReady: ["store", "bus"] },
  },
  {
    name: "nobody can say",
    ready: () => Promise.reject(new Error("away")),
    code: 503,
    health: { status: "unready", notReady: ["error"] },
  },
];

test.each(states)("health says whether the process can work: $name", async (state) => {
  const url = await started(state.ready);
  const health = await fetch(`${url}/health`);
  expect([health.status, await health.json()]).toEqual([state.code, state.health]);
  expect((await fetch(`${url}/readyz`)).status).toBe(state.code);
});

test.each([
  { status: "ok", silent: [], code: 200 },
  { status: "silent", silent: ["triage"], code: 503 },
] as const)("the heartbeat of stages that are $status is told", async ({ code, ...told }) => {
  const answer = { ...told, stages: { triage: { aliveAgoS: 0 } } };
  const agents: (string | undefined)[] = [];
  const monitoring = await startMonitoring({
    ...{ host: "127.0.0.1", port: 0, registry: new Registry(), ready: async () => [] },
    logger: pino({ level: "silent" }),
    heartbeat: async (agent) => {
      agents.push(agent);
      return answer;
    },
  });
  onTestFinished(() => monitoring.close());
  const headers = { "user-agent": "heidewacht-watchdog" };
  const response = await fetch(`${monitoring.url}/heartbeat`, { headers });
  expect([response.status, await response.json()]).toEqual([code, answer]);
  expect(agents).toEqual(["heidewacht-watchdog"]);
});

test("a process that waits for its servers has no heartbeat yet", async () => {
  const url = await started(async () => ["kafka"], true);
  expect((await fetch(`${url}/heartbeat`)).status).toBe(503);
});

test("a process that is not ready is alive all the same", async () => {
  const url = await started(async () => ["store"]);
  const alive = await fetch(`${url}/healthz`);
  expect([alive.status, await alive.json()]).toEqual([200, { status: "ok" }]);
});

test.each([
  { name: "is not there", isForNow: false, code: 404, retryAfter: null },
  { name: "is not there yet", isForNow: true, code: 503, retryAfter: "5" },
])("what it does not have $name", async ({ isForNow, code, retryAfter }) => {
  const url = await started(async () => ["kafka"], isForNow);
  const answer = await fetch(`${url}/api/v1/findings`);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([code, retryAfter]);
});

test("metrics are told in Prometheus' text format", async () => {
  const url = await started(async () => []);
  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.headers.get("content-type")).toContain("text/plain");
  expect(await metrics.text()).toContain("heidewacht_test 3");
});

test("other paths and methods are refused", async () => {
  const url = await started(async () => []);
  expect((await fetch(`${url}/api/v1/findings`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: "POST", body: "x" })).status).toBe(404);
});

test("a port that is in use is named", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    other.close();
  });
  // A server that listens on TCP has an address with a port.
  const { port } = other.address() as AddressInfo;
  const parts = {
    ...{ host: "127.0.0.1", port, registry: new Registry(), ready: async () => [] },
    logger: pino({ level: "silent" }),
  };
  await expect(startMonitoring(parts)).rejects.toMatchObject({
    code: "HW_PLACE_TAKEN",
    place: "monitoring.port",
  });
});
