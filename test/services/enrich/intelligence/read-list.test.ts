// Reading threat lists of all three forms: what is taken with what is said of it, and what is counted as
// left out and why.
import { describe, expect, it } from "vitest";
import type { IndicatorFacts } from "../../../../services/enrich/intelligence/indicator-set.ts";
import {
  emptyTally,
  type ListTally,
  readList,
} from "../../../../services/enrich/intelligence/read-list.ts";
import type { Subject } from "../../../../services/enrich/intelligence/subject.ts";
import { parseOutsideJson } from "../../../../services/normalize/json-nesting.ts";

const NOW = Date.UTC(2026, 10, 21);
const DAY_MS = 86_400_000;
const YESTERDAY_S = String((NOW - DAY_MS) / 1000);

interface Read {
  readonly taken: readonly string[];
  readonly facts: readonly IndicatorFacts[];
  readonly tally: Partial<ListTally>;
}

async function read(text: string, limit = 100): Promise<Read> {
  const taken: string[] = [];
  const facts: IndicatorFacts[] = [];
  const tally = emptyTally();
  await readList(text, {
    defaults: { confidence: "medium", tlp: "AMBER" },
    ...{ expiryMs: 90 * DAY_MS, now: NOW, changedAt: NOW - DAY_MS, tally },
    parseJson: parseOutsideJson,
    add: ({ kind, key }: Subject, about) => {
      if (taken.length >= limit) return false;
      taken.push(
        kind === "ip"
          ? `ip ${[...key].map((one) => one.charCodeAt(0)).join(".")}`
          : `${kind} ${key}`,
      );
      facts.push(about);
      return true;
    },
  });
  const counted = Object.entries(tally).filter(([, number]) => number > 0);
  return { taken, facts, tally: Object.fromEntries(counted) };
}

const attribute = (type: string, value: string, more: object = {}) => ({
  ...{ type, value, to_ids: true, timestamp: YESTERDAY_S },
  ...more,
});
const event = (attributes: readonly object[], more: object = {}) => ({
  Event: { info: "Beispiel", Attribute: attributes, ...more },
});
const indicator = (pattern: string, more: object = {}) => ({
  ...{ type: "indicator", spec_version: "2.1", pattern_type: "stix", pattern },
  ...{ valid_from: "2026-11-01T00:00:00Z" },
  ...more,
});
const bundle = (...objects: readonly object[]) =>
  JSON.stringify({ type: "bundle", id: "bundle--1", objects });

describe("a plain list", () => {
  it("gives one indicator a line", async () => {
    const text =
      "# Kommentar\r\n198.51.100.7\r\n\r\nboese.example ; seit gestern\n// nichts\nunsinn\n";
    const { taken, tally, facts } = await read(text);
    expect(taken).toEqual(["ip 198.51.100.7", "domain boese.example"]);
    expect(tally).toEqual({ taken: 2, unreadable: 1 });
    expect(facts[0]).toEqual({
      ...{ confidence: "medium", tlp: "AMBER" },
      expiresAt: (NOW + 89 * DAY_MS) / 1000,
    });
  });

  it.each([
    ["CSV with a header", 'ioc,kind\n"boese.example",domain\n', ["domain boese.example"]],
    ["a hosts file", "127.0.0.1 localhost\n0.0.0.0 boese.example\n", ["domain boese.example"]],
    ["a byte order mark", "\ufeffboese.example\n", ["domain boese.example"]],
    ["an IPv6 address in brackets", "[2a02:1234::1]\n", ["ip 42.2.18.52.0.0.0.0.0.0.0.0.0.0.0.1"]],
  ])("may be %s", async (_name, text, expected) => {
    expect((await read(text)).taken).toEqual(expected);
  });

  it("counts what there is no room for", async () => {
    const { tally } = await read("a1.example\na2.example\na3.example\n", 2);
    expect(tally).toEqual({ taken: 2, overLimit: 1 });
  });

  it("does not read a line without end", async () => {
    expect((await read(`${"a".repeat(100_000)}\nboese.example`)).tally).toEqual({
      ...{ taken: 1, unreadable: 1 },
    });
  });
});

describe("a list of MISP", () => {
  const attributes = [
    attribute("ip-dst", "198.51.100.7"),
    attribute("ip-dst|port", "198.51.100.8|443"),
    attribute("domain|ip", "boese.example|198.51.100.9"),
    attribute("filename|sha256", `a.exe|${"b".repeat(64)}`),
    attribute("url", "http://boese.example/x"),
    attribute("hostname", "www.gut.example", { to_ids: false }),
    attribute("hostname", "www.weg.example", { deleted: true }),
    attribute("email-src", "a@boese.example"),
    attribute("ip-dst", "keine Adresse"),
    attribute("domain", "alt.example", { timestamp: "1500000000" }),
  ];
  const expected = [
    ...["ip 198.51.100.7", "ip 198.51.100.8", "domain boese.example"],
    ...[`hash ${"b".repeat(64)}`, "url boese.example/x"],
  ];

  it.each([
    ["an event", event(attributes)],
    ["several events", [event(attributes.slice(0, 5)), event(attributes.slice(5))]],
    ["an answer with events", { response: [event(attributes)] }],
    ["an answer with attributes", { response: { Attribute: attributes } }],
    [
      "an event with objects",
      event(attributes.slice(0, 3), { Object: [{ Attribute: attributes.slice(3) }] }),
    ],
  ])("may be %s", async (_name, content) => {
    const { taken, tally } = await read(JSON.stringify(content));
    expect(taken).toEqual(expected);
    expect(tally).toEqual({ taken: 5, unmeant: 2, otherKind: 1, unreadable: 1, expired: 1 });
  });

  it("gives the event's marking where an attribute has none, and of several the strictest", async () => {
    const content = event(
      [
        attribute("domain", "eins.example"),
        attribute("domain", "zwei.example", { Tag: [{ name: "tlp:white" }, { name: "x" }] }),
      ],
      { Tag: [{ name: "tlp:green" }, { name: "TLP:AMBER+STRICT" }] },
    );
    const { facts } = await read(JSON.stringify(content));
    expect(facts.map(({ tlp }) => tlp)).toEqual(["AMBER+STRICT", "CLEAR"]);
  });

  it.each([
    ["other JSON", '{"a":[1]}', { unreadable: 1 }],
    ["attributes that are none", '{"Attribute":[1,null,"x",{}]}', { otherKind: 1 }],
    ["a key that objects inherit", '{"Attribute":[{"type":"__proto__"}]}', { otherKind: 1 }],
  ])("may be %s", async (_name, text, tally) => {
    expect((await read(text)).tally).toEqual(tally);
  });

  it.each(['{"Event":', `${"[".repeat(600)}`.replace("[[", "[{")])(
    "is refused whole when it is broken: %.20s",
    async (text) => {
      await expect(read(text)).rejects.toThrow();
    },
  );
});

describe("a STIX bundle", () => {
  it.each([
    ["[ipv4-addr:value = '198.51.100.7']", ["ip 198.51.100.7"]],
    ["[ipv4-addr:value ISSUBSET '198.51.100.0/24']", ["network 198.51.100.0/24"]],
    ["[domain-name:value = 'boese.example']", ["domain boese.example"]],
    ["[url:value = 'http://boese.example/it\\'s']", ["url boese.example/it's"]],
    [
      `[file:hashes.'SHA-256' = '${"a".repeat(64)}' OR file:hashes.MD5 = '${"b".repeat(32)}']`,
      [`hash ${"a".repeat(64)}`, `hash ${"b".repeat(32)}`],
    ],
    [
      "[domain-name:value IN ('eins.example', 'zwei.example')]",
      ["domain eins.example", "domain zwei.example"],
    ],
    [
      "[domain-name:value = 'eins.example'] OR [(ipv4-addr:value = '198.51.100.7')]",
      ["domain eins.example", "ip 198.51.100.7"],
    ],
  ])("gives what %s names", async (pattern, expected) => {
    expect((await read(bundle(indicator(pattern)))).taken).toEqual(expected);
  });

  it.each([
    "[domain-name:value = 'eins.example' AND ipv4-addr:value = '198.51.100.7']",
    "[domain-name:value = 'eins.example'] FOLLOWEDBY [domain-name:value = 'zwei.example']",
    "[domain-name:value = 'eins.example'] WITHIN 5 SECONDS",
    "[domain-name:value != 'gut.example']",
    "[domain-name:value LIKE '%.example']",
    "[NOT domain-name:value = 'gut.example']",
    "[process:name = 'a.exe']",
    "[domain-name:value = 'gut",
    "[domain-name:value IN (",
    "",
    `[${"(".repeat(9000)}`,
  ])("leaves out %s", async (pattern) => {
    expect(await read(bundle(indicator(pattern)))).toMatchObject({
      ...{ taken: [], tally: { unreadable: 1 } },
    });
  });

  it("says how sure it is, how far it may go and until when it holds", async () => {
    const marking = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
    const more = { confidence: 85, object_marking_refs: [marking] };
    const text = bundle(
      indicator("[domain-name:value = 'eins.example']", {
        ...more,
        valid_until: "2026-12-01T00:00:00Z",
      }),
      indicator("[domain-name:value = 'zwei.example']"),
      indicator("[domain-name:value = 'drei.example']", { valid_until: "2026-11-20T00:00:00Z" }),
      indicator("[domain-name:value = 'vier.example']", { revoked: true }),
      indicator("rule x {}", { pattern_type: "yara" }),
      { type: "malware", name: "Beispiel" },
    );
    const { facts, tally } = await read(text);
    expect(facts).toEqual([
      { confidence: "high", tlp: "GREEN", expiresAt: Date.UTC(2026, 11, 1) / 1000 },
      {
        ...{ confidence: "medium", tlp: "AMBER" },
        expiresAt: (Date.UTC(2026, 10, 1) + 90 * DAY_MS) / 1000,
      },
    ]);
    expect(tally).toEqual({ taken: 2, expired: 1, unmeant: 1, otherKind: 1 });
  });
});
