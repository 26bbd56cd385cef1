import { describe, expect, it } from "vitest";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { addFindings, findingOf, HOME, openWorld, START, type World } from "./fixture.ts";

const detector = findingOf("x").detector;
const HOUR_MS = 3_600_000;

const MANY = [
  findingOf("a", { score: 90, lastEventAt: START - 3 * HOUR_MS, status: "in_progress" }),
  findingOf("b", {
    score: 40,
    lastEventAt: START - HOUR_MS,
    detector: { ...detector, id: "d2", level: "critical", tactics: ["credential-access"] },
    entities: [{ type: "address", value: "2001:db8::1" }],
    summary: "Anmeldungen wurden geraten.",
  }),
  findingOf("c", {
    score: 70,
    proposal: "p-1",
    lastEventAt: START - 2 * HOUR_MS,
    status: "closed",
    verdict: { verdict: "duplicate", at: START, by: "somebody" },
    detector: { ...detector, level: "low", title: "Dienst angelegt" },
  }),
];

async function withMany(): Promise<World & { list: (query: string) => Promise<string[]> }> {
  const world = await openWorld();
  await addFindings(world.store, MANY);
  const { send } = await world.person("analyst");
  const list = async (query: string) => {
    const { body } = await send("GET", `/findings?${query}`);
    return (body.findings ?? [body.error.code]).map((row: { id?: string }) => row.id ?? row);
  };
  return { ...world, list };
}

describe("the queue", () => {
  it.each([
    ["", "a c b"],
    ["sort=score", "a c b"],
    ["sort=level", "b a c"],
    ["sort=lastEventAt", "b c a"],
    ["sort=last", "b c a"],
    ["status=new,in_progress", "a b"],
    ["status=new&status=closed", "c b"],
    ["level=critical,low&sort=level", "b c"],
    ["verdict=duplicate", "c"],
    ["tactic=credential-access", "b"],
    ["entity=fs01", "a c"],
    ["entity=host:fs01", "a c"],
    ["entity=address:2001:db8::1", "b"],
    ["entity=2001:db8::1", "b"],
    ["detector=d2", "b"],
    ["proposal=p-1", "c"],
    ["proposal=p-2", ""],
    [`from=${START - 2 * HOUR_MS}&to=${START - HOUR_MS}`, "c"],
    ["from=2026-11-20T07:00:00Z", "b"],
    ["text=Dienst", "c"],
    ["text=geraten", "b"],
    ["text=%22%27*)(&status=new", "b"],
    ["status=new&level=low", ""],
  ])("answers %j with %j", async (query, ids) => {
    const { list } = await withMany();
    expect((await list(query)).join(" ")).toBe(ids);
  });

  it.each([
    "status=open",
    "level=high,extreme",
    "limit=501",
    "limit=0",
    "limit=1e9",
    "sort=judgedBy",
    "from=gestern",
    "from=5&to=4",
    "cursor=x",
    `text=${"x".repeat(501)}`,
  ])("refuses %j", async (query) => {
    const { list } = await withMany();
    expect(await list(query)).toEqual(["HW_REQUEST_INVALID"]);
  });

  it("comes page by page, each finding once, with the number of all", async () => {
    const { person } = await withMany();
    const { send } = await person("analyst");
    const first = (await send("GET", "/findings?limit=2")).body;
    const second = (await send("GET", `/findings?limit=2&cursor=${first.cursor}`)).body;
    expect([first.total, first.findings.length, second.findings.length]).toEqual([3, 2, 1]);
    expect(second.cursor).toBeUndefined();
    expect([...first.findings, ...second.findings].map(({ id }) => id)).toEqual(["a", "c", "b"]);
  });

  it("gives rows without evidence, with the version that a change has to name", async () => {
    const { person } = await withMany();
    const { send } = await person("analyst");
    const [row] = (await send("GET", "/findings?verdict=duplicate")).body.findings;
    expect(row).toMatchObject({ id: "c", version: 1, title: "Dienst angelegt", level: "low" });
    expect(row).not.toHaveProperty("evidence");
  });

  it("is counted by status, and what is open by level", async () => {
    const { person } = await withMany();
    const { send } = await person("analyst");
    expect((await send("GET", "/findings/summary")).body).toEqual({
      total: 3,
      status: { new: 1, in_progress: 1, closed: 1 },
      quiet: { silenced: 0, excepted: 0, maintenance: 0, inhibited: 0 },
      level: { critical: 1, high: 1, medium: 0, low: 0, informational: 0 },
    });
  });
});

describe("a finding", () => {
  it("is judged from the version that was seen, audited with old and new", async () => {
    const world = await withMany();
    const { id, send } = await world.person("analyst");
    const body = { version: 1, verdict: "false_positive", reason: "logic", comment: " zu weit " };
    const { status, body: answer } = await send("POST", "/findings/a/verdict", body);
    const verdict = { verdict: "false_positive", reason: "logic", comment: "zu weit" };
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      version: 2,
      finding: { status: "closed", verdict: { ...verdict, by: id, at: START } },
    });
    expect((await send("GET", "/findings/a")).body).toEqual(answer);
    const { entries, truncated } = (await send("GET", "/findings/a/history")).body;
    expect(truncated).toBe(false);
    expect(entries).toMatchObject([
      {
        actor: id,
        action: "finding.verdict",
        subject: "a",
        payload: { before: { status: "in_progress" }, after: { status: "closed", verdict } },
      },
    ]);
  });

  it.each([
    ["a false positive without a reason", { verdict: "false_positive" }, "body/reason"],
    ["a reason where none belongs", { verdict: "duplicate", reason: "logic" }, "body/reason"],
    ["undetermined without a sentence", { verdict: "undetermined" }, "body/comment"],
    ["undetermined with a blank", { verdict: "undetermined", comment: "  " }, "body/comment"],
    ["an unknown verdict", { verdict: "ignored" }, "body/verdict"],
    ["somebody else's name", { verdict: "duplicate", by: "x" }, "body"],
    ["too long a comment", { verdict: "duplicate", comment: "x".repeat(2001) }, "body/comment"],
  ])("is not judged with %s", async (_name, body, place) => {
    const world = await withMany();
    const { send } = await world.person("analyst");
    const { status, body: answer } = await send("POST", "/findings/a/verdict", {
      version: 1,
      ...body,
    });
    expect([status, answer.error.code, answer.error.place]).toEqual([
      422,
      "HW_REQUEST_INVALID",
      place,
    ]);
    expect((await send("GET", "/findings/a")).body.version).toBe(1);
    expect((await send("GET", "/findings/a/history")).body.entries).toEqual([]);
  });

  it.each([
    ["verdict", { verdict: "duplicate" }],
    ["status", { status: "new" }],
    ["undo-verdict", {}],
  ])("that changed meanwhile answers %s with 409 and its present state", async (path, body) => {
    const world = await withMany();
    const { send } = await world.person("analyst");
    await world.store.replace(HOME, FINDING_KIND, "c", findingOf("c", { score: 71 }), 1);
    const answer = await send("POST", `/findings/c/${path}`, { version: 1, ...body });
    expect([answer.status, answer.body.error.code]).toEqual([409, "HW_CONFLICT"]);
    expect(answer.body.error.details).toMatchObject({ version: 2, finding: { score: 71 } });
  });

  it("is judged once when two people judge at the same time", async () => {
    const world = await withMany();
    const [one, two] = [await world.person("analyst"), await world.person("analyst")];
    const body = { version: 1, verdict: "true_positive" };
    const answers = await Promise.all([
      one.send("POST", "/findings/b/verdict", body),
      two.send("POST", "/findings/b/verdict", body),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await one.send("GET", "/findings/b/history")).body.entries).toHaveLength(1);
  });

  it("can be started, re-opened and un-judged; its old verdicts stay", async () => {
    const world = await withMany();
    const { send } = await world.person("analyst");
    const steps = [
      ["b/status", { status: "in_progress" }],
      ["b/verdict", { verdict: "duplicate" }],
      ["b/status", { status: "in_progress" }],
      ["b/verdict", { verdict: "true_positive" }],
      ["b/undo-verdict", {}],
    ] as const;
    let present = 1;
    for (const [path, body] of steps) {
      // A verdict may change the score too, so the answer tells which version comes next.
      const answer = await send("POST", `/findings/${path}`, { ...body, version: present });
      expect(answer.status).toBe(200);
      present = answer.body.version;
    }
    const { version, finding } = (await send("GET", "/findings/b")).body;
    expect([version, finding.status, finding.verdict]).toEqual([present, "in_progress", undefined]);
    const verdicts = finding.verdictHistory.map(({ verdict }: { verdict: string }) => verdict);
    expect(verdicts).toEqual(["duplicate", "true_positive"]);
    const { entries } = (await send("GET", "/findings/b/history")).body;
    expect(entries.map(({ action }: { action: string }) => action)).toEqual([
      "finding.status",
      "finding.verdict",
      "finding.reopen",
      "finding.verdict",
      "finding.undo_verdict",
    ]);
  });

  it("without a verdict has none to take back, and is not closed without one", async () => {
    const world = await withMany();
    const { send } = await world.person("analyst");
    const undo = await send("POST", "/findings/a/undo-verdict", { version: 1 });
    expect([undo.status, undo.body.error.code]).toEqual([409, "HW_CONFLICT"]);
    const close = await send("POST", "/findings/a/status", { version: 1, status: "closed" });
    expect(close.status).toBe(422);
  });

  it("that does not exist answers 404, whatever its id looks like", async () => {
    const world = await withMany();
    const { send } = await world.person("analyst");
    for (const id of ["x", "..%2F..%2Fetc", "__proto__", "a%00", "'%20OR%201=1", "x".repeat(400)]) {
      expect((await send("GET", `/findings/${id}`)).status).toBe(404);
    }
  });

  it("finds its own entries in a long chain, older ones of other findings aside", async () => {
    const world = await withMany();
    for (let i = 0; i < 2500; i += 1) {
      await world.store.appendAudit(HOME, {
        at: START - 10 * HOUR_MS + i * 14_400,
        actor: "x",
        action: "finding.verdict",
        subject: i % 500 === 0 ? "a" : "other",
        payload: {},
      });
    }
    const { send } = await world.person("analyst");
    await send("POST", "/findings/a/status", { version: 1, status: "new" });
    const { entries } = (await send("GET", "/findings/a/history")).body;
    // Raised at START - 59 s: of the five made-up entries on `a` all are older.
    expect(entries.map(({ action }: { action: string }) => action)).toEqual(["finding.status"]);
  });
});

describe("the events of a finding", () => {
  it("come from the archive, once each, and missing ones are counted", async () => {
    const world = await openWorld();
    const document = { "@timestamp": "2026-11-20T07:59:00.000Z", "host.name": "fs01" };
    const event = { id: "e1", time: START - 60_000, document };
    const gone = { id: "e2", time: START - 60_000, document };
    const archived = { ...event, source: "dc", dataClass: "security" };
    const position = { stream: "raw/0", firstOffset: 0, lastOffset: 0 };
    await world.archive.append(HOME, position, [{ offset: 0, event: archived }]);
    const signal = { signalId: "s", time: event.time, source: "dc", matched: [] };
    const evidence = [
      { ...signal, events: [event, gone] },
      { ...signal, events: [event] },
    ];
    await addFindings(world.store, [findingOf("a", { evidence })]);
    const { send } = await world.person("analyst");
    const { body } = await send("GET", "/findings/a/events");
    expect(body).toEqual({ events: [archived], missing: 1 });

    const found = (await send("GET", "/events?text=host.name:FS01&from=0&to=9999999999999")).body;
    expect(found).toEqual({ events: [archived] });
    expect((await send("GET", `/events/e1?time=${event.time}`)).body).toEqual(archived);
    expect((await send("GET", `/events/e9?time=${event.time}`)).status).toBe(404);
    expect((await send("GET", "/events?text=nowhere")).body).toEqual({ events: [] });
    expect((await send("GET", "/events?cursor=x")).status).toBe(422);
    const foreign = await world.person("analyst", "samtgemeinde");
    expect((await foreign.send("GET", `/events/e1?time=${event.time}`)).status).toBe(404);
    expect((await foreign.send("GET", "/events")).body).toEqual({ events: [] });
    expect((await send("GET", "/status")).body.archive).toMatchObject({ events: 1 });
  });
});
