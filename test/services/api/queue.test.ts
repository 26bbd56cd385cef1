// The queue over HTTP: proposed incidents and lone findings in one order, and what people decide about
// which findings belong together.
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { createTriageLink } from "../../../services/triage-link.ts";
import { addFindings, findingOf, HOME, openWorld, START } from "./fixture.ts";

const MINUTE_MS = 60_000;

/** A finding of a rule of its own, `minutes` after the start of the story. */
function step(id: string, host: string, minutes: number, tactic: string, score = 40): Finding {
  const base = findingOf(id);
  const at = START - 300 * MINUTE_MS + minutes * MINUTE_MS;
  return {
    ...base,
    detector: { ...base.detector, id: `rule-${id}`, title: `Regel ${id}`, tactics: [tactic] },
    groupKey: `host:${host}`,
    entities: [{ type: "host", value: host }],
    score,
    firstEventAt: at,
    lastEventAt: at,
  };
}

const STORY = [
  step("a1", "ws01", 0, "execution"),
  step("a2", "ws01", 20, "credential-access"),
  step("a3", "ws01", 50, "lateral-movement"),
  step("b1", "ws02", 5, "discovery"),
  step("b2", "ws02", 9, "collection"),
  step("c1", "ws03", 30, "impact"),
];

async function withStory(findings: readonly Finding[] = STORY) {
  const world = await openWorld();
  await addFindings(world.store, findings);
  const link = createTriageLink(world.store, { inhibitions: [], riskThreshold: 0 });
  const regroup = () =>
    link.regroup(
      HOME,
      findings.map(({ firstEventAt }) => firstEventAt),
    );
  await regroup();
  const { send, id: account } = await world.person("analyst");
  const items = async () =>
    (await send("GET", "/queue")).body.items.map(itemId).sort().join(" ") as string;
  return { ...world, send, account, items, regroup };
}

// Tests look into answers freely; what is wrong in them fails the expectation.
type Json = ReturnType<typeof JSON.parse>;

function itemId(item: Json): string {
  return item.type === "proposal" ? `${item.proposal.id}*` : item.finding.id;
}

describe("the queue", () => {
  it("has one item for findings that belong together, above what stands alone", async () => {
    const { send } = await withStory();
    const { body } = await send("GET", "/queue");
    expect(body.items.map(itemId)).toEqual(["a1*", "b1*", "c1"]);
    const scores = body.items.map((item: Json) => (item.proposal ?? item.finding).score);
    expect(scores).toEqual([...scores].sort((x: number, y: number) => y - x));
  });

  it("comes page by page, each item once, with the number of all", async () => {
    const { send } = await withStory();
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await send("GET", `/queue?limit=1${cursor && `&cursor=${cursor}`}`);
      expect(body.total).toBe(3);
      seen.push(...body.items.map(itemId));
      cursor = body.cursor ?? "";
    } while (cursor !== "");
    expect(seen).toEqual(["a1*", "b1*", "c1"]);
  });

  it("lets go of a proposed incident when its last open finding is judged", async () => {
    const { send, items } = await withStory();
    for (const id of ["b1", "b2"]) {
      const { version } = (await send("GET", `/findings/${id}`)).body;
      await send("POST", `/findings/${id}/verdict`, { version, verdict: "true_positive" });
    }
    expect(await items()).toBe("a1* c1");
  });

  it.each(["cursor=x", "cursor=WyJ4Il0", "limit=0", "limit=201"])("refuses %j", async (query) => {
    const { send } = await withStory();
    expect((await send("GET", `/queue?${query}`)).body.error.code).toBe("HW_REQUEST_INVALID");
  });
});

describe("a proposed incident", () => {
  it("tells its story in time order, in German, with place and tactic", async () => {
    const { send } = await withStory();
    const { proposal, findings } = (await send("GET", "/proposals/a1")).body;
    expect(proposal.story.map((line: Json) => [line.finding, line.tactic, line.text])).toEqual([
      ["a1", "execution", "Regel a1: Rechner ws01"],
      ["a2", "credential-access", "Regel a2: Rechner ws01"],
      ["a3", "lateral-movement", "Regel a3: Rechner ws01"],
    ]);
    expect(proposal.summary).toContain("Ausführung → Zugangsdaten → Ausbreitung");
    expect(findings.length).toBe(3);
  });

  it("lets a finding be taken out for good, on record, until that is taken back", async () => {
    const { send, items, regroup, store, account } = await withStory();
    const split = await send("POST", "/proposals/a1/split", { findings: ["a3"], reason: "Übung" });
    expect(split.status).toBe(200);
    expect(await items()).toBe("a1* a3 b1* c1");
    await regroup();
    expect(await items()).toBe("a1* a3 b1* c1");
    const [entry] = (await store.readAudit(HOME, 1, 100)).filter(
      ({ action }) => action === "proposal.split",
    );
    expect(entry).toMatchObject({ actor: account, payload: { findings: ["a3"], reason: "Übung" } });
    const { grouping, version } = split.body;
    await send("POST", `/groupings/${grouping.id}/end`, { version });
    expect(await items()).toBe("a1* b1* c1");
    const again = await send("POST", `/groupings/${grouping.id}/end`, { version });
    expect(again.body.error.code).toBe("HW_CONFLICT");
  });

  it("is joined with others under the older id, and a merge takes back what parted them", async () => {
    const { send, items, regroup } = await withStory();
    const merged = await send("POST", "/proposals/merge", { proposals: ["a1", "b1"] });
    expect(merged.body.proposals).toEqual(["a1"]);
    expect(await items()).toBe("a1* c1");
    await send("POST", "/proposals/a1/split", { findings: ["b1", "b2"] });
    expect(await items()).toBe("a1* b1* c1");
    await send("POST", "/proposals/merge", { proposals: ["a1", "b1"], findings: ["c1"] });
    await regroup();
    expect(await items()).toBe("a1*");
  });

  it.each([
    ["/proposals/a1/split", { findings: ["b1"] }, "HW_REQUEST_INVALID"],
    ["/proposals/a1/split", { findings: ["a1", "a2", "a3"] }, "HW_REQUEST_INVALID"],
    ["/proposals/a1/split", { findings: [] }, "HW_REQUEST_INVALID"],
    ["/proposals/a1/split", { findings: ["none"] }, "HW_NOT_FOUND"],
    ["/proposals/none/split", { findings: ["a1"] }, "HW_REQUEST_INVALID"],
    ["/proposals/merge", { proposals: ["a1"] }, "HW_REQUEST_INVALID"],
    ["/proposals/merge", { proposals: ["a1", "none"] }, "HW_NOT_FOUND"],
    ["/groupings/none/end", { version: 1 }, "HW_NOT_FOUND"],
  ])("refuses %s with %j by %s", async (path, body, code) => {
    const { send } = await withStory();
    expect((await send("POST", path, body)).body.error.code).toBe(code);
  });

  it("is changed by nobody who only reads, and not by another tenant", async () => {
    const { person, store } = await withStory();
    const reader = await person("isb");
    const answer = await reader.send("POST", "/proposals/a1/split", { findings: ["a3"] });
    expect(answer.status).toBe(403);
    const stranger = await person("analyst", "samtgemeinde");
    expect((await stranger.send("GET", "/proposals/a1")).status).toBe(404);
    expect((await store.get(HOME, FINDING_KIND, "a3"))?.document.proposal).toBe("a1");
  });
});
