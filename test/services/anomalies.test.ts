// Anomalies in the running service: from lines of a firewall to a finding that says why, over a restart in
// the middle of what is learnt.
import { expect, it } from "vitest";
import type { Running } from "../../services/main.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { installWithAnomalies, startInstalled } from "../support/anomaly-service.ts";
import { type Installation, TENANT } from "../support/loopback.ts";

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 2, 2);
const PATIENCE = { timeout: 240_000 };
const VICTIM = "10.1.0.7";

/** A closed session as a FortiGate logs it. */
function session(at: number, from: string, to: string, sent: number): string {
  const [date, time] = new Date(at).toISOString().split(/[T.]/);
  return (
    `date=${date} time=${time} devname="FW" devid="FG100FTK20000001" eventtime=${at}000000 tz="+0000" ` +
    `logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=${from} ` +
    `srcport=50122 dstip=${to} dstport=443 proto=6 action="close" duration=2 sentbyte=${sent} rcvdbyte=100`
  );
}

/** Four days of forty machines that talk to twenty destinations; one of them reports on the last two. */
function lines(): string[] {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const sessions: [number, string][] = [];
  const add = (at: number, from: string, to: string, sent: number) =>
    sessions.push([at, session(at, from, to, sent)]);
  for (let host = 0; host < 40; host += 1)
    for (let count = 0; count < 96; count += 1) {
      const at = BEGIN + Math.floor(next() * 4 * DAY_MS);
      add(at, `10.1.0.${host}`, `192.0.2.${Math.floor(next() * 20)}`, Math.floor(next() * 9000));
    }
  for (let at = BEGIN + 2 * DAY_MS; at < BEGIN + 4 * DAY_MS; at += 300_000)
    add(at + Math.floor(next() * 5000), VICTIM, "203.0.113.66", 740);
  return sessions.sort(([a], [b]) => a - b).map(([, line]) => line);
}

async function ship(running: Running, { keyOf }: Installation, some: readonly string[]) {
  const answer = await fetch(`${running.inputUrl}/_bulk`, {
    method: "POST",
    body: some.map((line) => `{"create":{}}\n${JSON.stringify({ message: line })}\n`).join(""),
    headers: {
      "content-type": "application/x-ndjson",
      authorization: `ApiKey ${Buffer.from(keyOf("firewall")).toString("base64")}`,
    },
  });
  expect(await answer.json()).toMatchObject({ errors: false });
}

async function findings(running: Running): Promise<Finding[]> {
  const page = await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 50 });
  return page.hits.map(({ document }) => document);
}

it("finds the machine that reports regularly, says why, and nobody else", PATIENCE, async () => {
  const installation = installWithAnomalies();
  const all = lines();
  // Two quiet days: the machine begins to report on the third.
  const half = 1800;
  const first = await startInstalled(installation);
  await ship(first, installation, all.slice(0, half));
  await first.idle(TENANT);
  expect(await findings(first)).toEqual([]);
  await first.close();

  const second = await startInstalled(installation);
  await ship(second, installation, all.slice(half));
  await second.idle(TENANT);
  const found: Finding[] = [];
  while (found.length === 0) {
    found.push(...(await findings(second)));
    if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const told = found.map(({ detector, groupKey }) => `${detector.kind} ${groupKey}`);
  expect(new Set(told)).toEqual(new Set([`anomaly address:${VICTIM}`]));
  const matched = found[0]?.evidence[0]?.matched ?? [];
  expect(matched[0]?.value).toMatch(/^Ungewöhnliches Verhalten: Adresse „10\.1\.0\.7“/);
  expect(found[0]?.evidence[0]?.events.length).toBeGreaterThan(0);
});
