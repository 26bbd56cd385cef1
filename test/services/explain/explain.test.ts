// The stage over a real store and a real server of a model that does well, badly, or is not there: it
// annotates, first of the queue first, and findings and their order stay what they are.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { Registry } from "prom-client";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type ExplainOptions, startExplain } from "../../../services/explain/explain.ts";
import { createLlmMetrics } from "../../../services/explain/metrics.ts";
import { forgetOld } from "../../../services/explain/retention.ts";
import { parseOutsideJson } from "../../../services/normalize/json-nesting.ts";
import { createTokens } from "../../../services/privacy/tokens.ts";
import { ANNOTATION_KIND, type Annotation } from "../../../services/store/annotation.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { LLM_CALL_KIND } from "../../../services/store/llm-call.ts";
import { switchLlm } from "../../../services/store/llm-switch.ts";
import type { Kind, Store } from "../../../services/store/store.ts";
import { addFindings, findingOf, HOME, START } from "../api/fixture.ts";
import {
  clientOf,
  completion,
  type ModelDouble,
  sendJson,
  startDouble,
} from "../llm/model-double.ts";

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 });
const QUEUE = { sort: [{ field: "score", order: "desc" as const }], limit: 100 };
const BY = { at: START, actor: "somebody" };

/** An answer whose claim holds. */
const GOOD = JSON.stringify({
  assessment: "possible_attack",
  claims: [
    {
      ...{ kind: "statement", section: "what" },
      text: "Die Regel {rule:1} wurde am {time:2} ausgelöst.",
      citations: [
        { slot: 1, event: "F1", field: "rule.name" },
        { slot: 2, event: "F1", field: "finding.first_event" },
      ],
    },
  ],
});
const good: ModelDouble["answer"] = (response) => sendJson(response, completion(GOOD));

function openStore(): Store {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-explain-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  return store;
}

function startStage(store: Store, url: string, more: Partial<ExplainOptions> = {}) {
  const registry = new Registry();
  const { client } = clientOf(url, { retriesMax: 0, timeoutMs: 20_000 });
  const stage = startExplain({
    ...{ store, tenants: [HOME], minLevel: "medium", debounceMs: 0, concurrencyMax: 1 },
    parts: { client, createTokens, promptCharsMax: 12_000, parseJson: parseOutsideJson },
    ...{ keepDays: 90, timeZoneOf: () => "Europe/Berlin", now: Date.now },
    metrics: (waiting) => createLlmMetrics(registry, waiting),
    logger: pino({ level: "silent" }),
    ...more,
  });
  onTestFinished(() => stage.close());
  return { stage, registry };
}

async function all<D>(store: Store, kind: Kind<D>): Promise<D[]> {
  const field = kind.name === "annotation" ? "createdAt" : "at";
  const sort = [{ field, order: "asc" as const }];
  const page = await store.search(HOME, kind, { sort, limit: 100 });
  return page.hits.map(({ document }) => document);
}

const finding = (id: string, score: number, level: "low" | "high" = "high") =>
  findingOf(id, {
    score,
    summary: `Vorlage ${id}`,
    detector: { ...findingOf(id).detector, level },
  });

describe("the stage", () => {
  it("annotates open findings once, the first of the queue first, and leaves them as they are", async () => {
    const store = openStore();
    const double = await startDouble(good);
    await addFindings(store, [
      finding("b", 50),
      finding("a", 90),
      finding("c", 70),
      finding("weak", 99, "low"),
    ]);
    const before = await store.search(HOME, FINDING_KIND, QUEUE);
    const { registry, stage } = startStage(store, double.url);
    await until(async () => expect(await all(store, ANNOTATION_KIND)).toHaveLength(3));
    const made = await all(store, ANNOTATION_KIND);
    expect(made.map(({ subject }) => subject.id)).toEqual(["a", "c", "b"]);
    expect(made[0]).toMatchObject({
      ...{ task: "summary", state: "proposed", outcome: "verified", template: "Vorlage a" },
      ...{
        assessment: "possible_attack",
        model: "double-1",
        verification: { total: 1, dropped: {} },
      },
      claims: [
        { parts: [{ text: "Die Regel " }, { type: "rule", event: "a" }, {}, { type: "time" }, {}] },
      ],
    });
    const calls = await all(store, LLM_CALL_KIND);
    expect(calls.map(({ annotation }) => annotation).sort()).toEqual(
      made.map(({ id }) => id).sort(),
    );
    expect(calls[0]).toMatchObject({
      outcome: "verified",
      output: GOOD,
      sampling: { temperature: 0 },
    });
    expect(calls.map(({ promptHash }) => promptHash)).toContain(made[0]?.promptHash);

    // The same content again is no reason to ask again.
    for (const { id, version, document } of before.hits) {
      await store.replace(HOME, FINDING_KIND, id, { ...document, tags: ["seen"] }, version);
    }
    await stage.close();
    const second = startStage(store, double.url);
    await addFindings(store, [finding("d", 10)]);
    await until(async () => expect(await all(store, ANNOTATION_KIND)).toHaveLength(4));
    expect(double.asked).toHaveLength(4);
    expect(await registry.metrics()).toContain('heidewacht_llm_calls_total{outcome="verified"}');
    await second.stage.close();
    const after = await store.search(HOME, FINDING_KIND, { ...QUEUE, terms: { tag: ["seen"] } });
    expect(after.hits.map(({ document }) => ({ ...document, tags: undefined }))).toEqual(
      before.hits.map(({ document }) => ({ ...document, tags: undefined })),
    );
  });

  const lies = JSON.stringify({
    assessment: "unclear",
    claims: [{ kind: "statement", section: "what", text: "Alles ist harmlos.", citations: [] }],
  });
  const bad: [string, ModelDouble["answer"], string][] = [
    ["is broken", (r) => sendJson(r, "{}", 500), "server_error"],
    [
      "answers HTML",
      (r) => r.writeHead(200, { "content-type": "text/html" }).end("<p>"),
      "not_json",
    ],
    [
      "stops in the middle",
      (r) => sendJson(r, completion("{", { finish_reason: "length" })),
      "truncated",
    ],
    [
      "writes another shape",
      (r) => sendJson(r, completion('{"verdict":"false_positive"}')),
      "wrong_schema",
    ],
    ["writes no JSON", (r) => sendJson(r, completion("Gerne!")), "wrong_schema"],
    ["hangs up", (r) => r.destroy(), "unreachable"],
    ["lies", (r) => sendJson(r, completion(lies)), "replaced"],
  ];
  it.each(bad)(
    "leaves findings and their order alone when the model %s",
    async (_, answer, outcome) => {
      const store = openStore();
      const double = await startDouble(answer);
      await addFindings(store, [finding("a", 90), finding("b", 50)]);
      const before = await store.search(HOME, FINDING_KIND, QUEUE);
      startStage(store, double.url);
      await until(async () => expect(await all(store, LLM_CALL_KIND)).toHaveLength(2));
      expect((await all(store, LLM_CALL_KIND)).map((call) => call.outcome)).toEqual([
        outcome,
        outcome,
      ]);
      await until(async () =>
        expect(await all(store, ANNOTATION_KIND)).toHaveLength(outcome === "replaced" ? 2 : 0),
      );
      for (const one of await all(store, ANNOTATION_KIND)) {
        expect(one).toMatchObject({ outcome: "replaced", claims: [] });
        expect(one.assessment).toBeUndefined();
      }
      expect(await store.search(HOME, FINDING_KIND, QUEUE)).toEqual(before);
    },
  );

  it("breaks off within a second when the tenant's switch is thrown, and asks no more", async () => {
    const store = openStore();
    const double = await startDouble(() => undefined);
    await addFindings(store, [finding("a", 90), finding("b", 50)]);
    startStage(store, double.url);
    await until(() => expect(double.asked).toHaveLength(1));
    await switchLlm(store, HOME, false, BY);
    await until(() => expect(double.brokenOff()).toBe(1));
    const request = await ask(store, { kind: "finding", id: "a" }, "questions");
    await until(async () =>
      expect(await read(store, request)).toMatchObject({
        outcome: "failed",
        failure: "switched_off",
      }),
    );
    expect(double.asked).toHaveLength(1);
    const [entry] = await store.readAudit(HOME, 0, 10);
    expect(entry).toMatchObject({
      action: "llm.switch",
      payload: { before: { on: true }, after: { on: false } },
    });
  });

  it("breaks off what runs when it is stopped", async () => {
    const store = openStore();
    const double = await startDouble(() => undefined);
    await addFindings(store, [finding("a", 90)]);
    const { stage } = startStage(store, double.url);
    await until(() => expect(double.asked).toHaveLength(1));
    await stage.close();
    await until(() => expect(double.brokenOff()).toBe(1));
    expect(await all(store, LLM_CALL_KIND)).toEqual([]);
  });

  it("answers what people ask for, and says so when it can't", async () => {
    const store = openStore();
    const double = await startDouble(good);
    await addFindings(store, [finding("a", 90, "low")]);
    const asked = await ask(store, { kind: "finding", id: "a" }, "questions");
    const lost = await ask(store, { kind: "incident", id: "none" }, "report");
    startStage(store, double.url);
    await until(async () =>
      expect(await read(store, asked)).toMatchObject({
        ...{ state: "proposed", outcome: "verified", requestedBy: "somebody", template: "T" },
        claims: [{ kind: "statement" }],
      }),
    );
    await until(async () =>
      expect(await read(store, lost)).toMatchObject({ outcome: "failed", failure: "no_findings" }),
    );
    expect(double.asked[0]?.messages[0]?.content).toContain("Fragen");
  });

  it("deletes what was kept long enough, except what people took over", async () => {
    const store = openStore();
    const kept = await ask(store, { kind: "finding", id: "a" }, "report", "accepted");
    const old = await ask(store, { kind: "finding", id: "a" }, "report", "rejected");
    await forgetOld(store, HOME, 90, START + 89 * 86_400_000);
    expect(await read(store, old)).toBeDefined();
    await forgetOld(store, HOME, 90, START + 91 * 86_400_000);
    expect([await read(store, old), await read(store, kept)]).toMatchObject([
      undefined,
      { id: kept },
    ]);
  });
});

async function ask(
  store: Store,
  subject: Annotation["subject"],
  task: Annotation["task"],
  state: Annotation["state"] = "requested",
): Promise<string> {
  const id = crypto.randomUUID();
  const about = { id, tenant: HOME, subject, task, contentHash: id, requestedBy: "somebody" };
  const open = { outcome: "pending" as const, claims: [], template: "T", createdAt: START };
  await store.create(HOME, ANNOTATION_KIND, id, { ...about, ...open, state });
  return id;
}

async function read(store: Store, id: string): Promise<Annotation | undefined> {
  return (await store.get(HOME, ANNOTATION_KIND, id))?.document;
}
