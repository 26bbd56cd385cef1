// From a match to a signal: derived ids, entities, grouping, and nothing in clear.
import { describe, expect, it } from "vitest";
import type { Match } from "../../../detectors/detector.ts";
import type { EcsDocument, LogEvent } from "../../../detectors/event.ts";
import { signalId } from "../../../detectors/signal-id.ts";
import { signalOf } from "../../../services/detect/signal.ts";
import { entitiesOf, groupKeyOf } from "../../../services/privacy/entities.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";

const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 3)));

describe("entities", () => {
  const table: [string, EcsDocument, string[], string][] = [
    [
      "host, account and address of a Windows event",
      { "host.name": "WS1", "user.name": "konto-0123456789", "source.ip": "203.0.113.7" },
      ["host:ws1", "account:konto-0123456789", "address:203.0.113.7"],
      "host:ws1",
    ],
    [
      "the address first where a firewall reports",
      { "observer.name": "fw1", "source.ip": "203.0.113.7" },
      ["host:fw1", "address:203.0.113.7"],
      "address:203.0.113.7",
    ],
    [
      "the account where a cloud service reports",
      { "user.name": "konto-0123456789@lk.example" },
      ["account:konto-0123456789"],
      "account:konto-0123456789",
    ],
    [
      "no system account and no loopback address",
      { "host.name": "dc1", "user.name": "SYSTEM", "source.ip": "127.0.0.1" },
      ["host:dc1"],
      "host:dc1",
    ],
    [
      "the service where nothing else is named",
      { "service.name": "firewall" },
      ["service:firewall"],
      "service:firewall",
    ],
    [
      "no service beside a host",
      { "host.name": "dc1", "service.name": "ntds" },
      ["host:dc1"],
      "host:dc1",
    ],
    ["nothing", {}, [], "source:quelle"],
  ];
  for (const [title, document, entities, group] of table) {
    it(`are ${title}`, () => {
      expect(entitiesOf(document).map((one) => `${one.type}:${one.value}`)).toEqual(entities);
      expect(groupKeyOf(document, "quelle")).toBe(group);
    });
  }
});

describe("a signal", () => {
  const event: LogEvent = {
    id: "dc1/Security/1",
    tenant: "kreis",
    source: "dc",
    time: 1000,
    ingestedAt: 2000,
    shape: { id: "x", family: "windows", locate: () => [] },
    record: {},
    text: undefined,
  };
  const match: Match = {
    detector: {
      id: "r1",
      kind: "sigma",
      title: "t",
      description: "",
      level: "high",
      status: "test",
      techniques: [],
      tactics: [],
      falsePositives: [],
      references: [],
      response: [],
      origin: "o",
    },
    event,
    explain: () => [
      {
        field: "CommandLine",
        value: `net user hpetersen /add ${"x".repeat(5000)}`,
        operator: "contains",
        pattern: "net user",
      },
    ],
    read: () => undefined,
  };

  it("of an event made of several records is counted by what they share", () => {
    const joined = { key: "dc:auditd/web01/1:2", records: ["a", "b"] };
    const idOf = (one: LogEvent) =>
      signalOf({ ...match, event: one }, {}, new Map(), privacy, 0).id;
    expect(idOf({ ...event, id: "a", joined })).toBe(idOf({ ...event, id: "b", joined }));
    expect(idOf({ ...event, id: "a", joined })).toBe(signalId("r1", [joined.key]));
  });

  it("has an id made of detector and events, and carries no name in clear", () => {
    const document: EcsDocument = { "host.name": "ws1", "user.name": "hpetersen" };
    const identities = privacy.protectDocument("kreis", document);
    const signal = signalOf(match, document, identities, privacy, 3000);
    expect(signal.id).toBe(signalId("r1", ["dc1/Security/1"]));
    expect(JSON.stringify(signal)).not.toContain("hpetersen");
    expect(signal.matched[0]?.value.length).toBeLessThanOrEqual(2000);
    expect(signalId("r2", ["dc1/Security/1"])).not.toBe(signal.id);
    expect(signalId("r1", ["dc1/Security/2"])).not.toBe(signal.id);
  });

  it("of a suppressing detector is grouped by the values of the fields, without identities", () => {
    const suppress = { by: ["host.name", "TargetUserName"], forMs: 14_400_000 };
    const document: EcsDocument = { "host.name": "ws1", "user.name": "hpetersen" };
    const identities = privacy.protectDocument("kreis", document);
    const detector = { ...match.detector, suppress };
    const named = { ...match, detector, read: () => "hpetersen" };
    const signal = signalOf(named, document, identities, privacy, 3000);
    expect(signal.groupKey).toContain("ws1");
    expect(signal.groupKey).toContain(privacy.pseudonymOf("kreis", "hpetersen"));
    expect(signal.groupKey).not.toContain("hpetersen");
    expect(signal.groupWindowMs).toBe(14_400_000);
    const nameless = signalOf({ ...match, detector }, document, identities, privacy, 3000);
    expect(nameless.groupKey).toBe("host:ws1");
    expect(nameless.groupWindowMs).toBeUndefined();
  });
});
