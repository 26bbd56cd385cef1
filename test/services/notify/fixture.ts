// The stage on the real embedded store, with channels in the same process that write down what they are given
// and fail as they are told, and a clock that is moved by hand.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Registry } from "prom-client";
import type { Channel, OutgoingPage } from "../../../services/channels/channel.ts";
import { createNotifyMetrics } from "../../../services/notify/metrics.ts";
import {
  type NotifyOptions,
  type NotifyStage,
  startNotify,
} from "../../../services/notify/notify.ts";
import { openPaging } from "../../../services/paging/open.ts";
import type { PagingSetup } from "../../../services/paging/setup.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { findingOf, NOON, setupOf, TENANT } from "../paging/fixture.ts";

const TICK_MS = 5;
const WAIT_MS = 5;

export interface RecordingChannel extends Channel {
  readonly sent: OutgoingPage[];
  /** What happens with the next page; given its attempt. */
  behave: (outgoing: OutgoingPage) => Promise<void> | void;
}

/** Takes every page until it is told otherwise. */
export function recordingChannel(kind = "mail"): RecordingChannel {
  const channel: RecordingChannel = {
    kind,
    sent: [],
    behave: () => undefined,
    async send(outgoing) {
      await channel.behave(outgoing);
      channel.sent.push(outgoing);
      return { reference: `ref-${channel.sent.length}` };
    },
    close: async () => undefined,
  };
  return channel;
}

export interface Bench {
  readonly store: Store;
  readonly registry: Registry;
  readonly mail: RecordingChannel;
  readonly sms: RecordingChannel;
  now: number;
  setup: PagingSetup;
  start(more?: Partial<NotifyOptions>): NotifyStage;
  /** Writes a finding as triage does. */
  raise(id: string, score: number, more?: Partial<Finding>): Promise<void>;
  finding(id: string): Promise<Finding>;
  findings(): Promise<readonly Finding[]>;
}

/** Runs with a new embedded store, and closes all that was started. */
export async function withBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-notify-"));
  const store = openEmbeddedStore({ dataDir });
  try {
    await withBenchOn(store, work);
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
}

/** Runs with a store that whoever asks closes, and ends all stages that were started. */
export async function withBenchOn(
  store: Store,
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  const stages: NotifyStage[] = [];
  const keys = createKeyRing(Buffer.alloc(32, 7));
  const links = {
    link: "https://hw.example/f",
    acknowledgeLink: undefined,
    declineLink: undefined,
  };
  const [mail, sms] = [recordingChannel("mail"), recordingChannel("sms_http")];
  const bench: Bench = {
    ...{ store, mail, sms, registry: new Registry(), now: NOON, setup: setupOf() },
    start(more = {}) {
      const registry = stages.length === 0 ? bench.registry : new Registry();
      const stage = startNotify({
        ...{ store, keys, logger: pino({ level: "silent" }), now: () => bench.now },
        paging: new Map([[TENANT, bench.setup.paging]]),
        channels: new Map([
          ["mail", { channel: mail, timeoutMs: 200 }],
          ["sms", { channel: sms, timeoutMs: 200 }],
        ]),
        setupOf: async () => bench.setup,
        linksOf: () => links,
        metrics: (about) => createNotifyMetrics(registry, { ...about, clockAheadMs: () => 0 }),
        ...{ tickMs: TICK_MS, lookEveryMs: 20 },
        ...more,
      });
      stages.push(stage);
      return stage;
    },
    async raise(id, score, more = {}) {
      const finding = openPaging(findingOf(id, score, more), bench.setup, bench.now);
      await store.create(TENANT, FINDING_KIND, id, finding);
    },
    async finding(id) {
      const found = await store.get(TENANT, FINDING_KIND, id);
      if (found === undefined) throw new RangeError(`no finding ${id}`);
      return found.document;
    },
    async findings() {
      const page = await store.search(TENANT, FINDING_KIND, { sort: [], limit: 2000 });
      return page.hits.map(({ document }) => document);
    },
  };
  try {
    await work(bench);
  } finally {
    for (const stage of stages) await stage.close();
  }
}

/** Waits until something holds; a test that waits in vain is ended by the runner. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
}
