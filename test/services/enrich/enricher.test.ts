// All enrichments together: written into documents, read by rules, taken anew from changed files, and
// never in the way of an event.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type EnrichmentConfig, enrichmentSchema } from "../../../config/enrichment.ts";
import { loadLogSources } from "../../../config/log-sources.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import { askedFields } from "../../../services/enrich/asked-fields.ts";
import { type Enricher, openEnricher } from "../../../services/enrich/enricher.ts";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { parseOutsideJson } from "../../../services/normalize/json-nesting.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { writeMmdb } from "../../support/mmdb.ts";

const ASSETS = [
  "name;ip;unit;criticality;role",
  "dc01;10.1.2.3, 10.1.2.4;FD 12 IT;hoch;Domänencontroller",
  "kasse;nirgends;FD 20",
  '"web";203.0.113.80;FD 12;mittel;Webserver',
].join("\r\n");
const NETWORKS = "# Netze\n10.0.0.0/8;Kreisnetz\n10.1.0.0/16;Rathaus\nunsinn\n";
const GEO = writeMmdb({
  "81.2.69.0/24": { country: { iso_code: "GB" }, city: { names: { en: "London" } } },
  "2a02:1234::/32": { country: { iso_code: "DE" } },
  "10.0.0.0/8": { country: { iso_code: "XX" } },
});
const AS = writeMmdb({
  "81.2.69.0/25": {
    autonomous_system_number: 64_500,
    autonomous_system_organization: "Beispielnetz",
  },
});

interface World {
  readonly enricher: Enricher;
  readonly folder: string;
  readonly fileFaults: string[];
  readonly faults: string[];
}

async function open(
  config: Partial<EnrichmentConfig> = {},
  asked: ReadonlySet<string> = new Set(),
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-enrich-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: string | Buffer) =>
    writeFileSync(join(folder, name), content);
  write("rechner.csv", ASSETS);
  write("netze.csv", NETWORKS);
  write("stadt.mmdb", GEO);
  write("as.mmdb", AS);
  const fileFaults: string[] = [];
  const faults: string[] = [];
  const enricher = await openEnricher({
    config: enrichmentSchema.parse({
      assets: [{ tenant: "kreis", file: "rechner.csv" }],
      networks: [{ tenant: "kreis", file: "netze.csv" }],
      geoFiles: ["stadt.mmdb", "as.mmdb"],
      ...config,
    }),
    at: (path) => join(folder, path),
    asked,
    now: Date.now,
    parseJson: parseOutsideJson,
    onThreatList: () => undefined,
    onFileFault: ({ message }) => fileFaults.push(message),
    onFault: (enrichment) => faults.push(enrichment),
  });
  return { enricher, folder, fileFaults, faults };
}

function enriched(enricher: Enricher, document: EcsDocument, tenant = "kreis"): EcsDocument {
  const whole = { ...document };
  enricher.document(whole, tenant);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !(name in document)));
}

describe("a document", () => {
  it.each<[string, EcsDocument, EcsDocument]>([
    [
      "a machine by its name",
      { "host.name": "DC01.kreis.example" },
      {
        "host.asset.name": "dc01",
        "host.asset.unit": "FD 12 IT",
        "host.asset.criticality": "hoch",
        "host.asset.role": "Domänencontroller",
      },
    ],
    [
      "a network by an address, the longest",
      { "source.ip": "10.1.9.9" },
      { "source.network.name": "Rathaus" },
    ],
    [
      "machine and network by an address",
      { "destination.ip": "10.1.2.4" },
      {
        "destination.asset.name": "dc01",
        "destination.asset.unit": "FD 12 IT",
        "destination.asset.criticality": "hoch",
        "destination.asset.role": "Domänencontroller",
        "destination.network.name": "Rathaus",
      },
    ],
    [
      "country, city and autonomous system",
      { "source.ip": "81.2.69.7" },
      {
        "source.geo.country_iso_code": "GB",
        "source.geo.city_name": "London",
        "source.as.number": 64_500,
        "source.as.organization.name": "Beispielnetz",
      },
    ],
    [
      "a country over IPv6",
      { "destination.ip": "2a02:1234::5" },
      { "destination.geo.country_iso_code": "DE" },
    ],
    ["nothing where nothing is known", { "source.ip": "198.51.100.1", "user.name": "x" }, {}],
  ])("gets %s", async (_name, document, expected) => {
    const { enricher } = await open();
    expect(enriched(enricher, document)).toEqual(expected);
  });

  it("keeps what it has", async () => {
    const { enricher } = await open();
    const document = { "source.ip": "81.2.69.7", "source.geo.country_iso_code": "FR" };
    expect(enriched(enricher, document)).not.toHaveProperty(["source.geo.country_iso_code"]);
  });

  it("says nothing of another administration's machines", async () => {
    const { enricher } = await open();
    expect(enriched(enricher, { "host.name": "dc01", "source.ip": "10.1.2.3" }, "stadt")).toEqual(
      {},
    );
  });

  it("is left alone when everything is off", async () => {
    const { enricher } = await open({
      ...{ assets: [], networks: [], geoFiles: [] },
      ...{ registeredDomain: false, userAgent: false, communityId: false },
    });
    const document = {
      "host.name": "dc01",
      "source.ip": "81.2.69.7",
      "destination.ip": "10.1.2.3",
      "network.transport": "icmp",
      "icmp.type": 8,
      "url.domain": "www.kreis.example",
      "user_agent.original": "curl/8.5.0",
    };
    expect(enriched(enricher, document)).toEqual({});
  });
});

const RULE = `
title: Anmeldung aus fernem Netz
id: 11111111-2222-4333-8444-555555555555
logsource: { product: fortigate }
detection:
  selection:
    source.geo.country_iso_code: GB
    destination.asset.criticality: hoch
  condition: selection
level: high
`;
const LINE =
  'date=2026-11-20 time=09:00:00 devname="fw" devid="FGT" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=81.2.69.7 srcport=5555 dstip=10.1.2.3 dstport=443 proto=6 action="accept"';

const WINDOWS_RULE = `
title: Anmeldung am Domänencontroller aus dem Rathaus
id: 11111111-2222-4333-8444-666666666666
logsource: { product: windows, service: security }
detection:
  selection:
    EventID: 4624
    source.network.name: Rathaus
    host.asset.role: Domänencontroller
  condition: selection
level: low
`;
const LOGONS = [
  '{"EventID":4624,"Channel":"Security","Hostname":"dc01","EventTime":"2026-11-20 08:00:00","IpAddress":"10.1.9.9","SourceName":"Microsoft-Windows-Security-Auditing"}',
  '{"@timestamp":"2026-11-20T08:00:00Z","winlog":{"event_id":4624,"channel":"Security","computer_name":"DC01.kreis.example","provider_name":"Microsoft-Windows-Security-Auditing","event_data":{"IpAddress":"10.1.9.9"}},"host":{"name":"DC01"}}',
];

describe("rules", () => {
  const { rules } = readRuleFile(RULE, "test.yml");
  const logSources = loadLogSources();
  const asked = askedFields(rules, logSources);
  const normalizer = createNormalizer({ mappings: [] });
  const parse = (text = LINE) => {
    const raw = {
      id: "1",
      idFromSender: true,
      source: "fw",
      timeZone: "UTC",
      receivedAt: Date.UTC(2026, 10, 20, 9),
      text,
    };
    return eventOrThrow(normalizer.normalize(raw, "kreis"));
  };
  const engine = createSigmaEngine({ rules, logSources });

  it("match on enriched fields, and show them as evidence", async () => {
    const { enricher } = await open({}, asked);
    const { event } = parse();
    expect(engine.match(event)).toHaveLength(0);
    const [match] = engine.match(enricher.view(event));
    expect(match?.explain().map(({ field, value }) => [field, value])).toEqual([
      ["source.geo.country_iso_code", "GB"],
      ["destination.asset.criticality", "hoch"],
    ]);
  });

  it.each(LOGONS)("match on names of Windows' machines and networks: %s", async (text) => {
    const windows = readRuleFile(WINDOWS_RULE, "test.yml").rules;
    const { enricher } = await open({}, askedFields(windows, logSources));
    const { event } = parse(text);
    const matches = createSigmaEngine({ rules: windows, logSources }).match(enricher.view(event));
    expect(matches).toHaveLength(1);
  });

  it("leave neither a trace in the record nor in the document", async () => {
    const { enricher } = await open({}, asked);
    const { event, format } = parse();
    const before = JSON.stringify([event.record, ecsDocument(event, format)]);
    const viewed = enricher.view(event);
    engine.match(viewed);
    expect(JSON.stringify([viewed.record, ecsDocument(event, format)])).toBe(before);
  });

  it("cost nothing when none asks for an enriched field", async () => {
    const { enricher } = await open({}, new Set(["CommandLine"]));
    const { event } = parse();
    expect(enricher.view(event)).toBe(event);
    // Until rules change.
    enricher.ask(asked);
    expect(enricher.view(event)).not.toBe(event);
    enricher.ask(new Set());
    expect(enricher.view(event)).toBe(event);
  });

  it("are not fooled by a sender's key of the hidden name", async () => {
    const { enricher } = await open({}, asked);
    const { event } = parse();
    const forged = {
      ...event,
      record: {
        ...event.record,
        srcip: "198.51.100.1",
        "\u0000enriched": { "source.geo.country_iso_code": "GB" },
      },
    };
    expect(engine.match(enricher.view(forged))).toHaveLength(0);
  });
});

describe("a file", () => {
  it("is taken anew when it changes", async () => {
    const { enricher, folder } = await open();
    const path = join(folder, "netze.csv");
    writeFileSync(path, "10.0.0.0/8;Umbenannt\n");
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    await enricher.refresh();
    expect(enriched(enricher, { "source.ip": "10.1.9.9" })).toEqual({
      "source.network.name": "Umbenannt",
    });
  });

  it("with faulty lines gives the others and names them once", async () => {
    const { enricher, fileFaults } = await open();
    await enricher.refresh();
    expect(fileFaults.sort()).toEqual([
      "1 faulty lines, among them 3",
      "1 faulty lines, among them 4",
    ]);
  });

  it("that is damaged or goes away leaves the last good content, told once", async () => {
    const { enricher, folder, fileFaults } = await open();
    fileFaults.length = 0;
    writeFileSync(join(folder, "stadt.mmdb"), "kein MaxMind DB");
    rmSync(join(folder, "rechner.csv"));
    for (let round = 0; round < 3; round += 1) await enricher.refresh();
    expect(fileFaults).toHaveLength(2);
    expect(enriched(enricher, { "source.ip": "81.2.69.7" })).toMatchObject({
      "source.geo.country_iso_code": "GB",
    });
    expect(enriched(enricher, { "host.name": "dc01" })).toMatchObject({
      "host.asset.unit": "FD 12 IT",
    });
  });

  it("that never was one does not stop the start", async () => {
    const { enricher, fileFaults, folder } = await open({
      geoFiles: ["fehlt.mmdb"],
      assets: [{ tenant: "kreis", file: "ordner" }],
    });
    mkdirSync(join(folder, "ordner"));
    await enricher.refresh();
    expect(fileFaults.length).toBeGreaterThanOrEqual(2);
    expect(enriched(enricher, { "source.ip": "10.1.9.9" })).toEqual({
      "source.network.name": "Rathaus",
    });
  });

  it("whose tree leads nowhere costs its own fields only", async () => {
    const { enricher, folder, faults } = await open();
    // Records of the tree that point far behind the end of the data.
    const broken = Buffer.from(GEO);
    broken.fill(0x7f, 0, 40);
    writeFileSync(join(folder, "stadt.mmdb"), broken);
    utimesSync(join(folder, "stadt.mmdb"), new Date(), new Date(Date.now() + 5000));
    await enricher.refresh();
    const found = enriched(enricher, { "source.ip": "81.2.69.7", "destination.ip": "10.1.9.9" });
    expect(found).toMatchObject({ "destination.network.name": "Rathaus" });
    expect(found).not.toHaveProperty(["source.geo.country_iso_code"]);
    expect(faults.every((name) => name.startsWith("geo."))).toBe(true);
  });
});
