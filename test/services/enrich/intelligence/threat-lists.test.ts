// Threat lists on disk against events: what is written into documents, what rules may ask, and lists that
// change, are damaged, belong to one administration or are too long.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type EnrichmentConfig, enrichmentSchema } from "../../../../config/enrichment.ts";
import { loadLogSources } from "../../../../config/log-sources.ts";
import type { EcsDocument } from "../../../../detectors/event.ts";
import { readRuleFile } from "../../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../../detectors/sigma/engine.ts";
import { askedFields } from "../../../../services/enrich/asked-fields.ts";
import { type Enricher, openEnricher } from "../../../../services/enrich/enricher.ts";
import type { ListTally } from "../../../../services/enrich/intelligence/read-list.ts";
import { parseOutsideJson } from "../../../../services/normalize/json-nesting.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";

const DAY_MS = 86_400_000;
const SHA256 = "a".repeat(64);
const PLAIN = `198.51.100.7\n203.0.113.0/24\nboese.example\nhttp://gut.example/x.exe\n${SHA256}\n`;

interface World {
  readonly enricher: Enricher;
  readonly write: (name: string, content: string) => void;
  readonly remove: (name: string) => void;
  readonly faults: string[];
  readonly tallies: ListTally[];
  readonly pass: (ms: number) => void;
}

type Lists = readonly Partial<EnrichmentConfig["threatLists"][number]>[];

async function open(
  files: Readonly<Record<string, string>>,
  lists: Lists,
  more: { readonly asked?: ReadonlySet<string>; readonly max?: number } = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-threat-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let written = 0;
  const write = (name: string, content: string) => {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
    written += 1;
    utimesSync(path, new Date(), new Date(Date.now() + written * 1000));
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  const faults: string[] = [];
  const tallies: ListTally[] = [];
  let now = Date.now();
  const off = { registeredDomain: false, userAgent: false, communityId: false };
  const limit = more.max === undefined ? {} : { threatIndicatorsMax: more.max };
  const threatLists = lists.map((list) => ({ provider: "CERT", ...list }));
  const enricher = await openEnricher({
    config: enrichmentSchema.parse({ ...off, ...limit, threatLists }),
    at: (path) => join(folder, path),
    asked: more.asked ?? new Set(),
    now: () => now,
    parseJson: parseOutsideJson,
    onThreatList: (_list, tally) => tallies.push(tally),
    onFileFault: ({ place }) => faults.push(place ?? ""),
    onFault: (_id, error) => {
      throw error;
    },
  });
  const remove = (name: string) => rmSync(join(folder, name), { recursive: true });
  const pass = (ms: number) => {
    now += ms;
  };
  return { enricher, write, remove, faults, tallies, pass };
}

function added(enricher: Enricher, document: EcsDocument, tenant = "kreis"): EcsDocument {
  const whole = { ...document };
  enricher.document(whole, tenant);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !(name in document)));
}

const LISTED = {
  "threat.indicator.provider": "CERT",
  "threat.indicator.confidence": "Medium",
  "threat.indicator.marking.tlp": "AMBER",
};

describe("a document", () => {
  it.each<[string, EcsDocument, EcsDocument]>([
    [
      "an address",
      { "destination.ip": "198.51.100.7", "source.ip": "10.1.2.3" },
      {
        ...LISTED,
        "threat.indicator.type": "ipv4-addr",
        "threat.indicator.name": "198.51.100.7",
        "threat.indicator.ip": "198.51.100.7",
        "labels.threat_matched": ["destination.ip"],
      },
    ],
    [
      "an address of a network, and one in IPv6's form",
      { "source.ip": "203.0.113.9", "destination.ip": "::ffff:198.51.100.7" },
      {
        ...LISTED,
        "threat.indicator.type": "ipv4-addr",
        "threat.indicator.name": "203.0.113.9",
        "threat.indicator.ip": "203.0.113.9",
        "labels.threat_matched": ["source.ip", "destination.ip"],
      },
    ],
    [
      "a name below a listed one",
      { "dns.question.name": "x.y.BOESE.example." },
      {
        ...LISTED,
        "threat.indicator.type": "domain-name",
        "threat.indicator.name": "boese.example",
        "threat.indicator.url.domain": "boese.example",
        "labels.threat_matched": ["dns.question.name"],
      },
    ],
    [
      "the name in a URL",
      { "url.full": "https://www.boese.example:8443/a" },
      {
        ...LISTED,
        "threat.indicator.type": "domain-name",
        "threat.indicator.name": "boese.example",
        "threat.indicator.url.domain": "boese.example",
        "labels.threat_matched": ["url.full"],
      },
    ],
    [
      "a URL, whatever its scheme",
      { "url.full": "https://GUT.example/x.exe#y", "url.domain": "gut.example" },
      {
        ...LISTED,
        "threat.indicator.type": "url",
        "threat.indicator.name": "https://GUT.example/x.exe#y",
        "threat.indicator.url.full": "https://GUT.example/x.exe#y",
        "labels.threat_matched": ["url.full"],
      },
    ],
    [
      "a hash",
      { "process.hash.sha256": SHA256.toUpperCase() },
      {
        ...LISTED,
        "threat.indicator.type": "file",
        "threat.indicator.name": SHA256,
        "threat.indicator.file.hash.sha256": SHA256,
        "labels.threat_matched": ["process.hash.sha256"],
      },
    ],
    [
      "nothing of neighbours",
      {
        "source.ip": "198.51.100.8",
        "dns.question.name": "boese.example.org",
        "url.domain": "nichtboese.example",
        "url.full": "https://gut.example/x.exe?y",
        "file.hash.sha256": "b".repeat(64),
        "host.name": "boese.example",
      },
      {},
    ],
    [
      "nothing of texts that are too long",
      {
        "url.full": `http://gut.example/${"x".repeat(5000)}`,
        "dns.question.name": "a.".repeat(500),
      },
      {},
    ],
  ])("gets %s", async (_name, document, expected) => {
    const { enricher, faults } = await open({ "liste.txt": PLAIN }, [{ path: "liste.txt" }]);
    expect(faults).toEqual([]);
    expect(added(enricher, document)).toEqual(expected);
  });

  it("names all providers of the surest, and the strictest marking", async () => {
    const { enricher } = await open(
      { "a.txt": "boese.example", "b.txt": "boese.example\n198.51.100.7" },
      [
        { path: "a.txt", provider: "A", tlp: "RED", confidence: "low" },
        { path: "b.txt", provider: "B", tlp: "GREEN", confidence: "high" },
      ],
    );
    const document = { "source.ip": "198.51.100.7", "url.domain": "www.boese.example" };
    expect(added(enricher, document)).toMatchObject({
      "threat.indicator.name": "198.51.100.7",
      "threat.indicator.provider": "B",
      "threat.indicator.marking.tlp": "GREEN",
      "labels.threat_matched": ["source.ip", "url.domain"],
    });
    expect(added(enricher, { "url.domain": "boese.example" })).toMatchObject({
      "threat.indicator.provider": ["A", "B"],
      "threat.indicator.confidence": "High",
      "threat.indicator.marking.tlp": "RED",
    });
  });

  it("of one administration sees nothing of another's list", async () => {
    const { enricher } = await open({ "a.txt": "boese.example" }, [
      { path: "a.txt", tenant: "kreis" },
    ]);
    const document = { "url.domain": "boese.example" };
    expect(added(enricher, document, "stadt")).toEqual({});
    expect(added(enricher, document)).toMatchObject({ "threat.indicator.name": "boese.example" });
  });
});

describe("a rule", () => {
  const RULE = `
title: Verbindung zu einer Adresse der Bedrohungslisten
id: 11111111-2222-4333-8444-777777777777
logsource: { product: fortigate }
detection:
  selection:
    threat.indicator.type: ipv4-addr
    threat.indicator.confidence: High
  condition: selection
level: high
`;
  const LINE =
    'date=2026-11-20 time=09:00:00 devname="fw" devid="FGT" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.2.3 srcport=5555 dstip=198.51.100.7 dstport=443 proto=6 action="accept"';

  it("may ask for what a list says", async () => {
    const { rules } = readRuleFile(RULE, "test.yml");
    const logSources = loadLogSources();
    const lists = [{ path: "a.txt", confidence: "high" as const }];
    const asked = askedFields(rules, logSources);
    const { enricher } = await open({ "a.txt": PLAIN }, lists, { asked });
    const raw = {
      id: "1",
      idFromSender: true,
      source: "fw",
      timeZone: "UTC",
      receivedAt: 0,
      text: LINE,
    };
    const { event } = eventOrThrow(createNormalizer({ mappings: [] }).normalize(raw, "kreis"));
    const engine = createSigmaEngine({ rules, logSources });
    expect(engine.match(event)).toHaveLength(0);
    expect(engine.match(enricher.view(event))).toHaveLength(1);
  });
});

describe("a list", () => {
  const document = { "url.domain": "boese.example" };
  const isListed = ({ enricher }: World) => Object.keys(added(enricher, document)).length > 0;

  it("is taken anew when it changes", async () => {
    const world = await open({ "a.txt": "gut.example" }, [{ path: "a.txt" }]);
    expect(isListed(world)).toBe(false);
    world.write("a.txt", "boese.example");
    await world.enricher.refresh();
    expect(isListed(world)).toBe(true);
    await world.enricher.refresh();
    expect(world.tallies).toHaveLength(2);
  });

  it("may be a folder of all three forms, whose files come and go", async () => {
    const misp = {
      Event: { Attribute: [{ type: "domain", value: "boese.example", to_ids: true }] },
    };
    const files = {
      "feed/1.json": JSON.stringify(misp),
      "feed/manifest.json": "{",
      "feed/x.bin": "x",
    };
    const world = await open({ ...files, "feed/2.txt": "198.51.100.7" }, [{ path: "feed" }]);
    expect([isListed(world), world.faults, world.tallies[0]?.taken]).toEqual([true, [], 2]);
    world.remove("feed/1.json");
    await world.enricher.refresh();
    expect(isListed(world)).toBe(false);
  });

  it.each<[string, (world: World) => void]>([
    ["damaged", ({ write }) => write("a.json", '{"Event":')],
    ["gone", ({ remove }) => remove("a.json")],
  ])("that is %s leaves the last good content, told once", async (_name, spoil) => {
    const misp = {
      Event: { Attribute: [{ type: "domain", value: "boese.example", to_ids: true }] },
    };
    const world = await open({ "a.json": JSON.stringify(misp) }, [{ path: "a.json" }]);
    spoil(world);
    for (let round = 0; round < 3; round += 1) await world.enricher.refresh();
    expect(world.faults).toHaveLength(1);
    expect(isListed(world)).toBe(true);
  });

  it("that is not there stops nothing", async () => {
    const world = await open({ "a.txt": "boese.example" }, [{ path: "fehlt" }, { path: "a.txt" }]);
    expect([world.faults.length, isListed(world)]).toEqual([1, true]);
  });

  it("ends by itself when its time is over", async () => {
    const world = await open({ "a.txt": "boese.example" }, [{ path: "a.txt", expiryDays: 7 }]);
    world.pass(6 * DAY_MS);
    expect(isListed(world)).toBe(true);
    world.pass(2 * DAY_MS);
    expect(isListed(world)).toBe(false);
  });

  it("gets only the room that others have left", async () => {
    const names = (from: string) =>
      Array.from({ length: 800 }, (_, at) => `${from}${at}.example`).join("\n");
    const files = { "a.txt": names("a"), "b.txt": names("b") };
    const { tallies } = await open(files, [{ path: "a.txt" }, { path: "b.txt" }], { max: 1000 });
    expect(tallies.map(({ taken, overLimit }) => [taken, overLimit])).toEqual([
      [800, 0],
      [200, 600],
    ]);
  });
});
