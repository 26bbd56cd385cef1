// Live connections over a real socket: what comes, to whom, and when they end.
import { describe, expect, it } from "vitest";
import type { FindingRow } from "../../../services/api/schemas.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { addFindings, FOREIGN, findingOf, HOME, ORIGIN, openWorld, type World } from "./fixture.ts";

const LIMITS = { streamBatchMs: 5, streamHeartbeatMs: 20 };

interface Live {
  readonly status: number;
  /** Waits for the next finding; undefined when the connection has ended. */
  readonly next: () => Promise<FindingRow | undefined>;
}

async function connect(url: string, headers: Record<string, string>): Promise<Live> {
  const answer = await fetch(`${url}/api/v1/stream`, { headers });
  const lines = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<FindingRow | undefined> => {
    for (;;) {
      const [, data, rest] = /event: finding\ndata: (.*)\n\n([\s\S]*)/.exec(text) ?? [];
      if (data !== undefined) {
        text = rest ?? "";
        return JSON.parse(data);
      }
      const { value, done } = (await lines?.read()) ?? { done: true, value: undefined };
      if (done) return undefined;
      text += value;
    }
  };
  return { status: answer.status, next };
}

async function listening(world: World): Promise<string> {
  return world.api.listen({ host: "127.0.0.1", port: 0 });
}

const touch = (world: World, id: string, score: number, tenant = HOME) =>
  world.store.put(tenant, FINDING_KIND, id, findingOf(id, { score, tenant }));

describe("the live stream", () => {
  it("sends the newest state of each changed finding of its tenant, and of no other", async () => {
    const world = await openWorld({ limits: LIMITS });
    const url = await listening(world);
    const { cookie } = await world.person("analyst");
    const live = await connect(url, { cookie });
    await touch(world, "foreign", 1, FOREIGN);
    await addFindings(world.store, [findingOf("a", { score: 10 })]);
    await touch(world, "a", 20);
    expect(await live.next()).toMatchObject({
      id: "a",
      version: 2,
      score: 20,
      title: "Sicherungen gelöscht",
    });
    await touch(world, "b", 30);
    expect(await live.next()).toMatchObject({ id: "b" });
  });

  it("ends when its session signs out", async () => {
    const world = await openWorld({ limits: { ...LIMITS, streamHeartbeatMs: 600_000 } });
    const url = await listening(world);
    const { cookie, send } = await world.person("analyst");
    const live = await connect(url, { cookie });
    await send("DELETE", "/session");
    expect(await live.next()).toBeUndefined();
  });

  it("does not keep its session alive, and ends with it", async () => {
    const world = await openWorld({ limits: LIMITS });
    const url = await listening(world);
    const { cookie } = await world.person("analyst");
    const live = await connect(url, { cookie });
    world.pass(30 * 60_000);
    expect(await live.next()).toBeUndefined();
  });

  it("ends when its account may not see findings any more", async () => {
    const world = await openWorld({ limits: LIMITS });
    const url = await listening(world);
    const admin = await world.person("admin");
    const { id, cookie } = await world.person("analyst");
    const live = await connect(url, { cookie });
    await admin.send("PATCH", `/accounts/${id}`, { version: 1, role: "management" });
    expect(await live.next()).toBeUndefined();
  });

  it("ends when the server stops", async () => {
    const world = await openWorld({ limits: LIMITS });
    const url = await listening(world);
    const { cookie } = await world.person("analyst");
    const live = await connect(url, { cookie });
    await world.api.close();
    expect(await live.next()).toBeUndefined();
  });

  it("is open a bounded number of times, per account and in all", async () => {
    const limits = { ...LIMITS, streamsPerActorMax: 2, streamsMax: 3 };
    const world = await openWorld({ limits });
    const url = await listening(world);
    const one = await world.person("analyst");
    const two = await world.person("analyst");
    const statuses: number[] = [];
    for (const { cookie } of [one, one, one, two, two]) {
      statuses.push((await connect(url, { cookie })).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 429]);
    await one.send("DELETE", "/session");
    expect((await connect(url, { cookie: two.cookie })).status).toBe(200);
  });

  it("carries the security headers and is not buffered or stored on its way", async () => {
    const world = await openWorld({ limits: LIMITS });
    const url = await listening(world);
    const { cookie } = await world.person("isb");
    const answer = await fetch(`${url}/api/v1/stream`, { headers: { cookie, origin: ORIGIN } });
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-accel-buffering")).toBe("no");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    await answer.body?.cancel();
  });
});
