// Backtests over HTTP: start, watch, read, cancel, with the real archive and the real engine behind it.
import { describe, expect, it } from "vitest";
import { openWorld, type Send, START } from "./fixture.ts";

const RULE = `
title: Schattenkopien gelöscht
id: 6a5f1f0e-5b0c-4c1d-9a55-0d6b0a3a0001
level: high
logsource: { product: windows, category: process_creation }
detection:
  s: { Image|endswith: '\\vssadmin.exe', CommandLine|contains: 'delete shadows' }
  condition: s
`;
const EVENT = {
  ...{ EventID: 1, Channel: "Microsoft-Windows-Sysmon/Operational", EventRecordID: 1 },
  ...{ Computer: "FS01", Provider_Name: "Microsoft-Windows-Sysmon" },
  ...{ UtcTime: "2026-11-20 07:00:00.000", User: "KREIS\\emustermann" },
  ...{ Image: "C:\\vssadmin.exe", CommandLine: "vssadmin delete shadows C:\\Users\\emustermann" },
};
const LINES = `${JSON.stringify(EVENT)}\n{"EventID": 1\n`;
const DAY_MS = 86_400_000;

async function finished(send: Send, id: string) {
  await expect.poll(async () => (await send("GET", `/backtests/${id}`)).body.state).toBe("done");
  return (await send("GET", `/backtests/${id}`)).body;
}

describe("a backtest over HTTP", () => {
  it("runs a rule that is sent along over lines that are sent along", async () => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    const { status, body } = await send("POST", "/backtests", { text: RULE, lines: LINES });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: "Schattenkopien gelöscht", ruleCount: 1, state: "running" });
    const { result } = await finished(send, body.id);
    expect(result).toMatchObject({ events: 1, unparsed: 1, hits: 1, share: 1, ruleCount: 1 });
    expect(result.rules[0].days).toEqual([{ day: "2026-11-20", hits: 1, findings: 1 }]);
    expect(result.rules[0].samples[0].groupKey).toBe("host:fs01");
    expect(JSON.stringify(result)).not.toContain("emustermann");
    expect((await send("GET", "/backtests")).body.backtests).toMatchObject([{ id: body.id }]);
  });

  it("runs over the archive of the tenant alone", async () => {
    const world = await openWorld();
    const event = { time: START, source: "fs", dataClass: "security" };
    const document = {
      ...{ "event.dataset": "windows-flat", "winlog.event_id": "1", "host.name": "fs01" },
      ...{ "winlog.channel": "Microsoft-Windows-Sysmon/Operational" },
      "process.executable": "C:\\vssadmin.exe",
      "process.command_line": "vssadmin delete shadows",
    };
    const position = { stream: "raw/0", firstOffset: 0, lastOffset: 0 };
    for (const tenant of ["landkreis", "samtgemeinde"]) {
      const archived = [{ offset: 0, event: { ...event, id: `${tenant}-1`, document } }];
      await world.archive.append(tenant, position, archived);
    }
    const { send } = await world.person("analyst");
    const range = { from: START - DAY_MS, to: START + 1 };
    const { body } = await send("POST", "/backtests", { text: RULE, range });
    const { result } = await finished(send, body.id);
    expect(result).toMatchObject({ events: 1, hits: 1 });
    expect(result.rules[0].samples[0].eventId).toBe("landkreis-1");
  });

  it("shows the faults of a rule with their places, and the rules that run", async () => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    const text = `${RULE}---\ntitle: Kaputt\nlogsource: { product: windows }\n`;
    const { body } = await send("POST", "/backtests", { text, lines: LINES });
    const { result } = await finished(send, body.id);
    expect(result.faults).toHaveLength(1);
    expect(result.faults[0].place).toMatch(/^backtest\.yml:\d+:\d+$/);
    expect(result.hits).toBe(1);
  });

  it("is written into the audit chain, without the rule and the lines", async () => {
    const world = await openWorld();
    const { send, id: actor } = await world.person("analyst");
    const { body } = await send("POST", "/backtests", { text: RULE, lines: LINES });
    await finished(send, body.id);
    expect((await send("DELETE", `/backtests/${body.id}`)).status).toBe(204);
    expect((await send("GET", `/backtests/${body.id}`)).status).toBe(404);
    const isb = await world.person("isb");
    const { entries } = (await isb.send("GET", "/audit")).body;
    expect(entries).toMatchObject([
      { actor, action: "backtest.start", subject: body.id, payload: { rules: "text" } },
      { actor, action: "backtest.remove", subject: body.id },
    ]);
    expect(JSON.stringify(entries)).not.toContain("vssadmin");
  });

  it("is refused while another one runs", async () => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    const lines = LINES.repeat(2000);
    const first = await send("POST", "/backtests", { text: RULE, lines });
    const second = await send("POST", "/backtests", { text: RULE, lines });
    expect(second).toMatchObject({ status: 503, body: { error: { code: "HW_BUSY" } } });
    expect((await send("DELETE", `/backtests/${first.body.id}`)).status).toBe(204);
    const state = async () => (await send("GET", `/backtests/${first.body.id}`)).body.state;
    await expect.poll(state).toBe("cancelled");
  });

  it.each([
    ["neither rules nor events", {}],
    ["two kinds of rules", { text: RULE, pack: true, lines: LINES }],
    ["two kinds of events", { text: RULE, range: { from: 0, to: 1 }, lines: LINES }],
    ["a reversed range", { pack: true, range: { from: 2, to: 1 } }],
    ["a range of years", { pack: true, range: { from: 0, to: START } }],
    ["too many rules", { ids: Array(501).fill("x"), lines: LINES }],
    ["a key that nobody knows", { text: RULE, lines: LINES, tenant: "samtgemeinde" }],
  ])("is refused for %s", async (_what, body) => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    expect((await send("POST", "/backtests", body)).status).toBe(422);
    expect((await send("GET", "/backtests")).body.backtests).toEqual([]);
  });
});
