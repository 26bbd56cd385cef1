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
const FIRST_EVENT_ID = 31_400;

const idOfRule = (number: number) => `1b1ba3d0-7d5f-4c0e-9b51-${String(number).padStart(12, "0")}`;

/** Each marked event has a rule of its own: hits of one rule on many machines are one case and one page. */
const ruleOf = (number: number) => `title: Marked event ${number}
id: ${idOfRule(number)}
status: stable
description: Hits an event by which the delay of pages is measured.
level: critical
logsource:
  product: windows
detection:
  selection:
    EventID: ${FIRST_EVENT_ID + number}
  condition: selection
`;

const pageSchema = z.object({ findings: z.array(z.object({ id: z.string() })) });

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
  for (let number = 0; number < MARKED; number += 1) {
    writeFileSync(join(folder, "rules", `marked-${number}.yml`), ruleOf(number));
  }
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
    const sentAt: number[] = [];
    for (let number = 0; number < MARKED; number += 1) {
      sentAt.push(performance.now());
      await sendBulk(target, [markedLine(number)], `marked-${number}`);
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

function markedLine(number: number): string {
  return JSON.stringify({
    "@timestamp": new Date().toISOString(),
    EventID: FIRST_EVENT_ID + number,
    Channel: "Marked",
    Computer: `marked-${number}`,
  });
}

/** Milliseconds from the begin of sending to the page at the peer, of those that were paged. */
async function delaysOf(
  { url, token }: ProbeApi,
  sentAt: readonly number[],
  takenAt: ReadonlyMap<string, number>,
): Promise<number[]> {
  const until = performance.now() + WAIT_MS_MAX;
  while (takenAt.size < sentAt.length && performance.now() < until) await sleep(POLL_MS);
  const delays: number[] = [];
  for (const [number, sent] of sentAt.entries()) {
    const query = new URLSearchParams({ detector: idOfRule(number), limit: "1" });
    const answer = await fetch(`${url}/api/v1/findings?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
    const taken = takenAt.get(pageSchema.parse(await answer.json()).findings[0]?.id ?? "");
    if (taken !== undefined) delays.push(taken - sent);
  }
  return delays;
}
