// A storm with paging on: 40,000 drawn signals through the real triage and the real stage, with a real HTTP
// peer, and how often people are called by it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { Registry } from "prom-client";
import { pagingSchema } from "../../config/paging.ts";
import type { Level, Signal } from "../../detectors/detector.ts";
import { openChannel } from "../../services/channels/open.ts";
import { createNotifyMetrics } from "../../services/notify/metrics.ts";
import { startNotify } from "../../services/notify/notify.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createRandom } from "../../services/simulator/random.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { startPeer } from "../support/http-peer-server.ts";
import { TENANT, TIME_ZONE } from "./settings.ts";
import { signalOf } from "./signals.ts";
import { triageSignals } from "./triage-signals.ts";

const HOSTS = 100;
/** Of each level. */
const DETECTORS = 5;
const LEVELS: readonly Level[] = ["critical", "high", "high", "medium", "medium", "low"];
/** What is gathered and what is placed comes to rest within this. */
const REST_MS = 3000;

export interface PagedStorm {
  readonly signals: number;
  readonly findings: number;
  /** Findings that were to be paged about. */
  readonly paged: number;
  /** Different pages that the peer has taken. */
  readonly pages: number;
  /** Findings of the highest priority that neither page by themselves nor are told with another one. */
  readonly untold: number;
}

export async function pageStorm(seed: string, signals: number): Promise<PagedStorm> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-paged-storm-"));
  const taken = new Set<string>();
  const peer = await startPeer(({ headers }) => {
    taken.add(String(headers["idempotency-key"]));
    return { status: 200, body: {} };
  });
  const store = openEmbeddedStore({ dataDir: folder });
  try {
    const stop = startStage(store, peer.url);
    const setup = setupOf("http://127.0.0.1");
    await triageSignals({ folder, store, setup, now: Date.now }, drawSignals(seed, signals));
    await sleep(REST_MS);
    await stop();
    return { signals, pages: taken.size, ...(await count(store)) };
  } finally {
    await store.close();
    await peer.close();
    rmSync(folder, { recursive: true });
  }
}

function settings(url: string) {
  return pagingSchema.parse({
    channels: { hook: { kind: "webhook", url } },
    tenants: {
      [TENANT]: {
        people: { dienst: { name: "Dienst", contacts: [{ channel: "hook" }] } },
        policies: { sofort: { steps: [{ to: [{ person: "dienst" }] }] } },
        routes: { p1: { policy: "sofort" }, p2: { policy: "sofort" } },
      },
    },
  });
}

const setupOf = (url: string) => {
  const { channels, tenants } = settings(url);
  const paging = tenants[TENANT];
  if (paging === undefined) throw new Error("the settings name the tenant");
  const about = { tenant: TENANT, tenantName: "Kreis", timeZone: TIME_ZONE } as const;
  return { ...about, language: "de" as const, paging, channels, onDuty: () => undefined };
};

function startStage(store: Store, url: string): () => Promise<void> {
  const setup = setupOf(url);
  const registry = new Registry();
  const channels = new Map(
    Object.entries(settings(url).channels).map(([name, one]) => {
      return [name, { channel: openChannel(one, (path) => path), timeoutMs: one.timeoutMs }];
    }),
  );
  const none = { link: undefined, acknowledgeLink: undefined, declineLink: undefined };
  const stage = startNotify({
    ...{ store, channels, paging: new Map([[TENANT, setup.paging]]) },
    ...{ keys: createKeyRing(Buffer.alloc(32, 7)), logger: pino({ level: "silent" }) },
    ...{ setupOf: async () => setup, linksOf: () => none, now: Date.now },
    metrics: (about) => createNotifyMetrics(registry, { ...about, clockAheadMs: () => 0 }),
  });
  return () => stage.close();
}

function drawSignals(seed: string, count: number): Signal[] {
  const random = createRandom(seed);
  const begin = Date.now() - 60_000;
  return Array.from({ length: count }, (_, number) => {
    const level = random.pick(LEVELS);
    const raised = { number: random.int(1, HOSTS), level, at: begin + random.int(0, 60_000) };
    const signal = signalOf(raised);
    const detector = { ...signal.detector, id: `detector-${level}-${random.int(1, DETECTORS)}` };
    return { ...signal, id: `signal-${number}`, detector };
  });
}

async function count(store: Store) {
  const totalOf = async (terms: Record<string, string[]>) =>
    (await store.search(TENANT, FINDING_KIND, { terms, sort: [], limit: 1 })).total;
  const findings = await totalOf({});
  const paged = await totalOf({ pagingPriority: ["p1", "p2"] });
  const states = { pagingState: ["escalating", "quiet", "gathered", "acknowledged"] };
  const urgent = await totalOf({ pagingPriority: ["p1"] });
  return {
    findings,
    paged,
    untold: urgent - (await totalOf({ pagingPriority: ["p1"], ...states })),
  };
}
