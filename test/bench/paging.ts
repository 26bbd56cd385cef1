// From an event to the page that a real HTTP peer has taken, while other events come as fast as half of what
// the whole product takes in one process: the 50th and 99th percentile. `node test/bench/paging.ts`
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { startPeer } from "../support/http-peer-server.ts";
import { TENANT } from "../support/loopback.ts";
import { readLinesOf } from "../support/recordings.ts";
import { startService } from "../support/service-process.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { printFigure } from "./figure.ts";
import { untilNothingUnread } from "./pipeline/api-status.ts";
import { sendBulk } from "./pipeline/bulk-load.ts";
import { makeToken, writeMeasuredInstallation } from "./pipeline/installation.ts";
import { type ProbeApi, quantile } from "./pipeline/probe.ts";

const LANE = "sigma/lanes/mix_dev.ndjson.zst";
const RULES = "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz";
/** As many as may page by themselves within an hour. */
const MARKED = 100;
const MARKED_EVERY_MS = 250;
const WAIT_MS_MAX = 60_000;
const POLL_MS = 100;
const RULE_ID = "1b1ba3d0-7d5f-4c0e-9b51-33f6d2a6c5de";
const RULE = `title: Marked event
id: ${RULE_ID}
status: stable
description: Hits the events by which the delay of pages is measured.
level: critical
logsource:
  product: windows
detection:
  selection:
    EventID: 31338
  condition: selection
`;

const pageSchema = z.object({
  findings: z.array(
    z.object({ id: z.string(), entities: z.array(z.object({ value: z.string() })) }),
  ),
});

const lane = sharedDataOrSkip("bench:paging", LANE);
const rules = sharedDataOrSkip("bench:paging", RULES);
if (lane !== undefined && rules !== undefined) await benchmark(readLinesOf(lane), rules);

async function benchmark(lines: readonly string[], rulePath: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-bench-paging-"));
  /** Finding → when the peer had taken its first page. */
  const takenAt = new Map<string, number>();
  const peer = await startPeer(({ body }) => {
    const { link } = z.object({ link: z.string() }).parse(JSON.parse(body));
    const finding = link.slice(link.lastIndexOf("/") + 1);
    if (!takenAt.has(finding)) takenAt.set(finding, performance.now());
    return { status: 200, body: {} };
  });
  const installation = await writeMeasuredInstallation(folder, { rules: rulePath, archive: "off" });
  writeFileSync(join(folder, "rules", "marked.yml"), RULE);
  addPaging(installation.configFile, peer.url);
  const api = { url: installation.apiUrl, token: await makeToken(installation.configFile) };
  const service = startService(installation.configFile);
  try {
    await service.ready;
    const target = { inputUrl: installation.inputUrl, key: installation.keyOf("bench") };
    const startedAt = performance.now();
    await sendBulk(target, lines, "warm-up");
    await untilNothingUnread(api);
    const rate = lines.length / ((performance.now() - startedAt) / 1000) / 2;
    const count = Math.ceil((rate * MARKED * MARKED_EVERY_MS) / 1000);
    const load = Array.from({ length: count }, (_, at) => lines[at % lines.length] ?? "");
    const running = sendBulk(target, load, "load", rate);
    const sentAt = new Map<string, number>();
    for (let number = 0; number < MARKED; number += 1) {
      const name = `marked-${number}`;
      sentAt.set(name, performance.now());
      await sendBulk(target, [markedLine(name)], name);
      await sleep(MARKED_EVERY_MS);
    }
    await running;
    const delays = await delaysOf(api, sentAt, takenAt);
    const more = { marked: MARKED, paged: delays.length };
    printFigure("paging.bench_events_per_s", rate, "events/s", more);
    printFigure("paging.latency_p50_s", quantile(delays, 0.5) / 1000, "s", more);
    printFigure("paging.latency_p99_s", quantile(delays, 0.99) / 1000, "s", more);
    if (delays.length < MARKED) {
      throw new Error(`${MARKED - delays.length} marked events made no page of their own`);
    }
  } finally {
    service.send("SIGTERM");
    await service.ended;
    await peer.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * One person, one web hook, and as many pages as are measured. Only what is about critical hosts is paged, so
 * that findings of the load do not take the place of what is measured.
 */
function addPaging(configFile: string, url: string): void {
  // The configuration that was written a moment ago.
  const config = parse(readFileSync(configFile, "utf8")) as Record<string, Record<string, unknown>>;
  const paging = {
    channels: { hook: { kind: "webhook", url } },
    tenants: {
      [TENANT]: {
        people: { dienst: { name: "Dienst", contacts: [{ channel: "hook" }] } },
        policies: { sofort: { steps: [{ to: [{ person: "dienst" }] }], repeats: 0 } },
        routes: { p1: { policy: "sofort" }, p2: { none: true }, p3: { none: true } },
        scores: { p1: 95, p2: 60, p3: 20 },
        pagesPerHourMax: 100,
      },
    },
  };
  const tenants = [{ id: TENANT, name: "Messung", criticalHosts: ["marked-*"] }];
  const next = {
    ...config,
    tenants,
    console: { ...config.console, publicUrl: "https://heidewacht.kreis.example" },
    paging,
  };
  writeFileSync(configFile, stringify(next));
}

function markedLine(name: string): string {
  const time = new Date().toISOString();
  const channel = "Marked";
  return JSON.stringify({ "@timestamp": time, EventID: 31_338, Channel: channel, Computer: name });
}

/** Milliseconds from the begin of sending to the page at the peer, of those that were paged. */
async function delaysOf(
  { url, token }: ProbeApi,
  sentAt: ReadonlyMap<string, number>,
  takenAt: ReadonlyMap<string, number>,
): Promise<number[]> {
  const query = new URLSearchParams({ detector: RULE_ID, limit: "200" });
  const until = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const answer = await fetch(`${url}/api/v1/findings?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
    const { findings } = pageSchema.parse(await answer.json());
    const delays = findings.flatMap(({ id, entities }) => {
      const taken = takenAt.get(id);
      const sent = entities.flatMap(({ value }) => sentAt.get(value.toLowerCase()) ?? [])[0];
      return taken === undefined || sent === undefined ? [] : [taken - sent];
    });
    if (delays.length >= sentAt.size || performance.now() > until) return delays;
    await sleep(POLL_MS);
  }
}
