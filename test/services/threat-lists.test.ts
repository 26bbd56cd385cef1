// A threat list in the running service, from its file to the score of a finding.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { encodeRaw } from "../../services/bus/raw-record.ts";
import { startHeidewacht } from "../../services/main.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";

const TENANT = "kreis";
const RULE = {
  ...{
    title: "Verbindung zu einer gelisteten Adresse",
    id: "listed",
    level: "high",
    status: "test",
  },
  logsource: { product: "fortigate" },
  detection: { s: { "threat.indicator.type": "ipv4-addr" }, condition: "s" },
};
const line = (address: string) =>
  `date=2026-11-20 time=09:00:00 devname="fw" devid="FGT" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.2.3 srcport=5555 dstip=${address} dstport=443 proto=6 action="accept"`;

it("is found by a rule, stands in the evidence, and moves the finding up", async () => {
  const folder = mkdtempSync(join(tmpdir(), "threat-lists-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("rule.yml", stringify(RULE));
  write("liste.txt", "198.51.100.7\n");
  write(
    "heidewacht.yml",
    stringify({
      dataFolder: "data",
      privacy: { masterKeyFile: "master.key" },
      tenants: [{ id: TENANT, name: "Landkreis (Test)" }],
      console: { port: 0 },
      inputs: { http: { port: 0 } },
      detection: { starterPack: false, ruleFolders: ["rule.yml"] },
      enrichment: { threatLists: [{ path: "liste.txt", provider: "CERT", confidence: "high" }] },
    }),
  );
  const config = loadConfig(join(folder, "heidewacht.yml"), {});
  const running = await startHeidewacht(config, { logger: pino({ level: "silent" }) });
  onTestFinished(() => running.close());
  const record = (id: string, address: string) => ({
    key: undefined,
    value: encodeRaw({
      ...{ id, idFromSender: true, source: "fw", timeZone: "UTC" },
      ...{ receivedAt: Date.now(), text: line(address) },
    }),
  });
  await running.bus.publish(TENANT, "raw", [
    record("listed", "198.51.100.7"),
    record("not-listed", "198.51.100.8"),
  ]);
  await running.idle(TENANT);
  const findings = async () => {
    const query = { terms: { detector: ["listed"] }, sort: [], limit: 10 };
    const { hits } = await running.store.search(TENANT, FINDING_KIND, query);
    return hits.map(({ document }) => document);
  };
  await expect.poll(async () => (await findings()).length, { timeout: 30_000 }).toBe(1);
  const [finding] = await findings();
  const events = finding?.evidence.flatMap((one) => one.events) ?? [];
  expect(events.map(({ id }) => id)).toEqual(["listed"]);
  expect(events[0]?.document).toMatchObject({
    "threat.indicator.ip": "198.51.100.7",
    "threat.indicator.provider": "CERT",
    "threat.indicator.confidence": "High",
    "threat.indicator.marking.tlp": "AMBER",
    "labels.threat_matched": ["destination.ip"],
  });
  expect(finding?.scoreParts).toContainEqual({
    ...{ key: "intelligence", points: 5, detail: "198.51.100.7" },
  });
});
