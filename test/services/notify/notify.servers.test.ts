// The stage on a real Elasticsearch: pages that triage opened, two processes side by side, and a server that is
// away while pages are due.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import type { Signal } from "../../../detectors/detector.ts";
import type { AnsweringChannel } from "../../../services/channels/channel.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { Store } from "../../../services/store/store.ts";
import { signalOf } from "../../paging/signals.ts";
import { triageSignals } from "../../paging/triage-signals.ts";
import { elasticsearchUrl, ownPrefix } from "../../servers/addresses.ts";
import { openCutProxy } from "../../support/cut-proxy.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { openFaultProxy } from "../../support/fault-proxy.ts";
import { MINUTE_MS, pagingOf, setupOf, TENANT } from "../paging/fixture.ts";
import { type Bench, recordingChannel, until, withBenchOn } from "./fixture.ts";

const SETTLED_MS = 600;
/** Of a caller: what waits longer is told that the store is away. */
const GIVE_UP_MS = 500;

/** @param nodes of the stores; each has a connection of its own */
function openStores(...nodes: readonly (string | undefined)[]): readonly Store[] {
  const prefix = ownPrefix();
  onTestFinished(() => cleanUp(prefix));
  return nodes.map((node) => {
    const elasticsearch = connect(prefix, node);
    onTestFinished(() => elasticsearch.client.close());
    const logger = pino({ level: "silent" });
    const store = openElasticsearchStore({ elasticsearch, logger, giveUpMs: GIVE_UP_MS });
    onTestFinished(() => store.close());
    return store;
  });
}

function openStore(node?: string): Store {
  const [store] = openStores(node);
  if (store === undefined) throw new RangeError("no store");
  return store;
}

/** Those that are due. */
const pagesOf = async (bench: Bench) =>
  (await bench.findings())
    .flatMap(({ paging }) => paging?.pages ?? [])
    .filter(({ dueAt }) => dueAt <= bench.now);

async function triaged(bench: Bench): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), "hw-notify-servers-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const signal: Signal = {
    ...signalOf({ number: 1, level: "critical", at: bench.now }),
    tenant: TENANT,
  };
  const place = { folder, store: bench.store, setup: bench.setup, now: () => bench.now };
  await triageSignals(place, [signal]);
  const [finding] = await bench.findings();
  if (finding === undefined) throw new RangeError("no finding");
  return finding;
}

it("sends, escalates and takes the answer to what triage has opened", () =>
  withBenchOn(openStore(), async (bench) => {
    bench.setup = setupOf({ scores: { p1: 1, p2: 1, p3: 1 } });
    const sms = recordingChannel("gammu");
    let give: Parameters<AnsweringChannel["listen"]>[0] = async () => undefined;
    const answering: AnsweringChannel = {
      ...sms,
      listen: (onAnswer, signal) =>
        new Promise((resolve) => {
          give = onAnswer;
          signal.addEventListener("abort", () => resolve());
        }),
    };
    const channels = new Map([
      ["sms", { channel: answering, timeoutMs: 200 }],
      ["mail", { channel: bench.mail, timeoutMs: 200 }],
    ]);
    const { id, paging } = await triaged(bench);
    expect(paging).toMatchObject({ priority: "p1", state: "escalating" });
    bench.start({ channels });
    bench.now += SETTLED_MS;
    await until(() => sms.sent.length === 1);
    bench.now += 10 * MINUTE_MS;
    await until(() => bench.mail.sent.length === 2);
    const [page] = sms.sent;
    const code = page?.page.code ?? "";
    await give({ kind: "acknowledged", page: { code }, from: "+49170000001", at: bench.now });
    const answered = pagingOf(await bench.finding(id));
    expect(answered).toMatchObject({ state: "acknowledged", answers: [{ person: "anna" }] });
    const audit = await bench.store.readAudit(TENANT, 1, 100);
    expect(audit.at(-1)).toMatchObject({ action: "finding.page_acknowledge", subject: id });
    bench.now += 20 * MINUTE_MS;
    await until(async () => (pagingOf(await bench.finding(id)).dueAt ?? 0) > bench.now);
    expect([sms.sent.length, bench.mail.sent.length]).toEqual([1, 2]);
  }));

it("sends each page once where two processes run", async () => {
  const [one, other] = openStores(undefined, undefined);
  if (one === undefined || other === undefined) throw new RangeError("no stores");
  await withBenchOn(one, async (bench) => {
    bench.setup = setupOf({ pagesPerHourMax: 100 });
    bench.start();
    bench.start({ store: other });
    const ids = Array.from({ length: 30 }, (_, n) => `f${n}`);
    await Promise.all(ids.map((id) => bench.raise(id, 85)));
    bench.now += SETTLED_MS;
    const areTaken = async (step: number) => {
      const pages = (await pagesOf(bench)).filter((page) => page.step === step);
      return pages.length >= 30 && pages.every(({ state }) => state === "handed_over");
    };
    await until(() => areTaken(0));
    bench.now += 10 * MINUTE_MS;
    await until(() => areTaken(2));
    const sent = [...bench.sms.sent, ...bench.mail.sent].map((page) => page.id);
    expect(sent).toHaveLength(90);
    expect(new Set(sent).size).toBe(90);
  });
});

it("begins what became due while the store was away as soon as it is back, and loses nothing", async () => {
  const proxy = await openCutProxy(elasticsearchUrl());
  const [through, direct] = openStores(proxy.url, undefined);
  onTestFinished(() => proxy.close());
  if (through === undefined || direct === undefined) throw new RangeError("no stores");
  await withBenchOn(direct, async (bench) => {
    bench.start({ store: through });
    await bench.raise("before", 85);
    bench.now += SETTLED_MS;
    // It goes away while the page is on its way: what became of it is kept until it is back.
    bench.sms.behave = () => proxy.cut();
    await until(() => bench.sms.sent.length === 1);
    bench.sms.behave = () => undefined;
    await until(async () =>
      (await bench.registry.metrics()).includes("\nheidewacht_paging_store_away 1"),
    );
    await bench.raise("meanwhile", 85);
    bench.now += 10 * MINUTE_MS;
    proxy.restore();
    await until(async () => {
      const pages = await pagesOf(bench);
      return pages.length === 4 && pages.every(({ state }) => state === "handed_over");
    });
    const ids = [...bench.sms.sent, ...bench.mail.sent].map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
    const before = pagingOf(await bench.finding("before"));
    expect(before).toMatchObject({ round: 1, step: 0, stepAt: bench.now + 15 * MINUTE_MS });
  });
});

it("sends once what was written although the answer of the store got lost", async () => {
  const proxy = await openFaultProxy(elasticsearchUrl());
  const [through, direct] = openStores(proxy.url, undefined);
  onTestFinished(() => proxy.close());
  if (through === undefined || direct === undefined) throw new RangeError("no stores");
  await withBenchOn(direct, async (bench) => {
    await bench.raise("f1", 85);
    const caught = proxy.swallowAnswer("sentAt");
    bench.start({ store: through });
    bench.now += SETTLED_MS;
    await caught;
    expect((await pagesOf(bench)).map(({ state }) => state)).toEqual(["pending"]);
    expect(bench.sms.sent).toEqual([]);
    proxy.release();
    await until(async () => (await pagesOf(bench))[0]?.state === "handed_over");
    expect(bench.sms.sent).toHaveLength(1);
  });
});
