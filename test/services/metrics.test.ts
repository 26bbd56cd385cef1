// Metrics in the running service: from Telegraf's lines to a finding that says why, over a restart in the middle of
// what is learnt.
import { expect, it } from "vitest";
import type { Running } from "../../services/main.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { installWithAnomalies, startInstalled } from "../support/anomaly-service.ts";
import { randomFrom } from "../support/drawn-series.ts";
import { type Installation, TENANT } from "../support/loopback.ts";

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 2, 2);
const STEP_MS = 600_000;
const DAYS = 6;
const PATIENCE = { timeout: 240_000 };

/** Three file servers whose disks fill by little; on the last day something empties one of them. */
function lines(): string[] {
  const next = randomFrom(11);
  const all: string[] = [];
  for (let at = BEGIN; at < BEGIN + DAYS * DAY_MS; at += STEP_MS)
    for (const host of ["fs01", "fs02", "fs03"]) {
      const isEmptied = host === "fs02" && at >= BEGIN + (DAYS - 0.5) * DAY_MS;
      const used = isEmptied ? 4 : 65 + next();
      const tags = { host, path: "/srv/daten „alt“" };
      const timestamp = at / 1000;
      all.push(JSON.stringify({ name: "disk", tags, fields: { used_percent: used }, timestamp }));
    }
  return all;
}

async function ship(running: Running, { keyOf }: Installation, some: readonly string[]) {
  const answer = await fetch(`${running.inputUrl}/ingest/ndjson`, {
    method: "POST",
    body: some.join("\n"),
    headers: {
      "content-type": "application/x-ndjson",
      authorization: `ApiKey ${Buffer.from(keyOf("firewall")).toString("base64")}`,
    },
  });
  expect(answer.status).toBe(200);
}

async function findings(running: Running): Promise<Finding[]> {
  const page = await running.store.search(TENANT, FINDING_KIND, { sort: [], limit: 50 });
  return page.hits.map(({ document }) => document);
}

it("finds the disk that is emptied, says why, and nobody else", PATIENCE, async () => {
  const installation = installWithAnomalies();
  const all = lines();
  const half = Math.floor(all.length / 2);
  const first = await startInstalled(installation);
  await ship(first, installation, all.slice(0, half));
  await first.idle(TENANT);
  expect(await findings(first)).toEqual([]);
  await first.close();

  const second = await startInstalled(installation);
  await ship(second, installation, all.slice(half));
  await second.idle(TENANT);
  await expect.poll(() => findings(second), { timeout: 60_000 }).not.toEqual([]);
  const found = await findings(second);
  const told = found.map(({ detector, groupKey }) => `${detector.kind} ${groupKey}`);
  expect(new Set(told)).toEqual(new Set(["anomaly host:fs02"]));
  const evidence = found[0]?.evidence[0];
  expect(evidence?.matched[0]?.value).toMatch(/^Ungewöhnliches Verhalten: Rechner „fs02“/);
  expect(evidence?.matched[1]).toMatchObject({
    field: "disk.used_percent{path=/srv/daten__alt_}",
    value: "4",
  });
  expect(evidence?.events[0]?.document).toMatchObject({
    ...{ "event.kind": "metric", "host.name": "fs02", "metric.values.disk.used_percent": 4 },
  });
});
