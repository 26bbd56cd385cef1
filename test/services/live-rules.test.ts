// Rules change while events run through the service: each event is matched by exactly one set of rules, a
// faulty rule or folder stops nothing, and what changed is written down.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { encodeRaw } from "../../services/bus/raw-record.ts";
import { decodeSignal } from "../../services/bus/signal-record.ts";
import { type Running, startHeidewacht } from "../../services/main.ts";
import { SYSTEM } from "../../services/rule-swap.ts";

const TENANT = "kreis";
const CHANGES = 50;
const RECORDS_PER_TURN = 30;

const idOf = (version: number) => `00000000-0000-4000-8000-${String(version).padStart(12, "0")}`;

/** A rule that is true for every event of the test, and nothing else; `version` makes it another rule. */
function ruleText(version: number, word = "probe"): string {
  return stringify({
    title: `Version ${version}`,
    id: idOf(version),
    status: "test",
    level: "high",
    logsource: {},
    detection: { keywords: [word], condition: "keywords" },
  });
}

/** Replaces a file at once, as careful writers do. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

interface Site {
  readonly running: Running;
  readonly rules: string;
  readonly log: { readonly level: number; readonly msg: string }[];
}

async function start(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "live-rules-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const rules = join(folder, "rules");
  mkdirSync(rules);
  replace(join(rules, "version.yml"), ruleText(0));
  const configFile = join(folder, "heidewacht.yml");
  const text = stringify({
    dataFolder: "data",
    privacy: { masterKeyFile: "master.key" },
    tenants: [{ id: TENANT, name: "Landkreis (Test)" }],
    console: { port: 0 },
    inputs: { http: { port: 0 } },
    detection: { starterPack: false, ruleFolders: ["rules"], recordsPerBatchMax: 20 },
  });
  writeFileSync(configFile, text);
  const log: Site["log"] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => log.push(JSON.parse(line)) });
  const running = await startHeidewacht(loadConfig(configFile, {}), { logger });
  onTestFinished(() => running.close());
  return { running, rules, log };
}

/** Sends records whose ids are numbers. */
async function send({ bus }: Running, from: number, count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, index) => ({
    key: undefined,
    value: encodeRaw({
      id: `event-${from + index}`,
      idFromSender: true,
      source: "test",
      timeZone: "UTC",
      receivedAt: Date.now(),
      text: JSON.stringify({ message: `probe ${from + index}`, number: from + index }),
    }),
  }));
  await bus.publish(TENANT, "raw", records);
}

/** All signals so far: event id → ids of the rules that hit it. */
async function collectSignals({ bus }: Running): Promise<Map<string, string[]>> {
  const hits = new Map<string, string[]>();
  const consumer = await bus.consume([TENANT], {
    topic: "signals",
    group: "test",
    recordsPerBatchMax: 1000,
    lingerMs: 1,
    retryDelayMs: 10,
    handle: async ({ records }) => {
      for (const { value } of records) {
        const { events, detector } = decodeSignal(value);
        for (const { id } of events) hits.set(id, [...(hits.get(id) ?? []), detector.id]);
      }
    },
    onError: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => consumer.close());
  return hits;
}

const auditOf = async ({ store }: Running) =>
  (await store.readAudit(TENANT, 1, 1000)).filter(({ action }) => action === "rules.changed");

describe("a running service", () => {
  it(`matches every event exactly once while rules change ${CHANGES} times`, async () => {
    const { running, rules, log } = await start();
    const hits = await collectSignals(running);
    let sent = 0;
    for (let version = 1; version <= CHANGES; version += 1) {
      // The change and the stream run beside each other.
      replace(join(rules, "version.yml"), ruleText(version));
      const isFaulty = version % 5 === 0;
      replace(join(rules, "other.yml"), isFaulty ? "title: [" : `# ${version}`);
      const reload = running.reloadRules(SYSTEM);
      for (let turn = 0; turn < 3; turn += 1) {
        await send(running, sent, RECORDS_PER_TURN);
        sent += RECORDS_PER_TURN;
      }
      // The watch over the files may have been quicker.
      expect((await reload).kind).not.toBe("kept");
      // Some are always under way.
      const seen = sent - 2 * RECORDS_PER_TURN;
      await expect.poll(() => hits.size, { timeout: 20_000, interval: 5 }).toBeGreaterThan(seen);
    }
    await send(running, sent, RECORDS_PER_TURN);
    sent += RECORDS_PER_TURN;
    await running.idle(TENANT);
    await expect.poll(() => hits.size, { timeout: 20_000 }).toBe(sent);
    const wrong = [...hits].filter(([, ids]) => ids.length !== 1);
    expect(wrong).toEqual([]);
    const versions = new Set([...hits.values()].flat());
    expect(versions.size).toBeGreaterThan(CHANGES / 2);
    expect(versions).toContain(idOf(CHANGES));
    const told = (await auditOf(running)).map(({ payload }) => payload?.added);
    expect(told.filter((added) => added === 1)).toHaveLength(CHANGES);
    expect(log.filter(({ msg }) => msg === "rules changed: +1 −1 ~0")).toHaveLength(CHANGES);
    expect(log.filter(({ msg }) => msg === "a rule was left out").length).toBeGreaterThan(0);
    expect(log.filter(({ level }) => level >= 50)).toEqual([]);
  }, 240_000);

  it("sees by itself that files have changed", async () => {
    const { running, rules } = await start();
    const hits = await collectSignals(running);
    replace(join(rules, "version.yml"), ruleText(1));
    await expect.poll(() => auditOf(running), { timeout: 20_000 }).toHaveLength(1);
    const [entry] = await auditOf(running);
    expect(entry).toMatchObject({ actor: "system", subject: "rules" });
    expect(entry?.payload).toEqual({ added: 1, removed: 1, changed: 0, ids: [idOf(1), idOf(0)] });
    await send(running, 0, 1);
    await expect.poll(() => [...hits], { timeout: 20_000 }).toEqual([["event-0", [idOf(1)]]]);
  });

  it("keeps its rules while a folder can't be read, and takes the next that can be", async () => {
    const { running, rules } = await start();
    const hits = await collectSignals(running);
    renameSync(rules, `${rules}-away`);
    const kept = await running.reloadRules(SYSTEM);
    expect(kept).toMatchObject({ kind: "kept", reason: expect.stringContaining("rules") });
    await send(running, 0, 1);
    await expect.poll(() => [...hits], { timeout: 20_000 }).toEqual([["event-0", [idOf(0)]]]);
    renameSync(`${rules}-away`, rules);
    expect(await running.reloadRules(SYSTEM)).toEqual({ kind: "unchanged" });
    writeFileSync(join(rules, "version.yml"), ruleText(0, "nothing"));
    const changed = await running.reloadRules(SYSTEM);
    expect(changed).toMatchObject({ kind: "changed", change: { changed: [idOf(0)] } });
    await send(running, 1, 1);
    await running.idle(TENANT);
    expect(hits.has("event-1")).toBe(false);
  });

  it("takes changes that are asked for at the same time as one", async () => {
    const { running, rules } = await start();
    const first = running.reloadRules(SYSTEM);
    replace(join(rules, "version.yml"), ruleText(1));
    const [, ...rest] = await Promise.all([
      first,
      ...Array.from({ length: 20 }, () => running.reloadRules({ actor: "a", tenant: TENANT })),
    ]);
    expect(new Set(rest).size).toBeLessThanOrEqual(2);
    expect(await auditOf(running)).toHaveLength(1);
  });
});
