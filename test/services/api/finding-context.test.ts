// The context of a finding over the API, with real registers, GeoIP files and threat lists.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { enrichmentSchema } from "../../../config/enrichment.ts";
import { openEnricher } from "../../../services/enrich/enricher.ts";
import { createFindingContextLink } from "../../../services/finding-context.ts";
import { parseOutsideJson } from "../../../services/normalize/json-nesting.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { writeMmdb } from "../../support/mmdb.ts";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, START } from "./fixture.ts";

const DAY_MS = 86_400_000;

type Verdict = NonNullable<Finding["verdict"]>["verdict"];

const judged = (verdict: Verdict): Partial<Finding> => ({
  ...{ status: "closed", verdict: { verdict, at: START, by: "account-geheim" } },
});

const evidence = (document: Readonly<Record<string, string | string[]>>): Finding["evidence"] => [
  {
    ...{ signalId: "s1", time: START, source: "dc", matched: [] },
    events: [{ id: "e1", time: START, document }],
  },
];

async function enricherOf() {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-context-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "rechner.csv"), "fs01;10.1.2.3;FD 12 IT;hoch;Dateiserver\n");
  writeFileSync(
    join(folder, "geo.mmdb"),
    writeMmdb({ "81.2.69.0/24": { country: { iso_code: "GB" } } }),
  );
  writeFileSync(join(folder, "liste.txt"), "81.2.69.7\n");
  return openEnricher({
    config: enrichmentSchema.parse({
      assets: [{ tenant: HOME, file: "rechner.csv" }],
      geoFiles: ["geo.mmdb"],
      threatLists: [{ path: "liste.txt", provider: "CERT" }],
    }),
    ...{ at: (path) => join(folder, path), asked: new Set(), now: Date.now },
    ...{ parseJson: parseOutsideJson, onThreatList: () => undefined },
    onFileFault: ({ message }) => expect.unreachable(message),
    onFault: (id) => expect.unreachable(id),
  });
}

/** A world whose findings lie in a store of their own, so that the link can be made before the API. */
async function openFilled(findings: readonly Finding[]) {
  const enricher = await enricherOf();
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-context-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  for (const finding of findings) await store.put(HOME, FINDING_KIND, finding.id, finding);
  const world = await openWorld(
    {},
    {
      findingContext: createFindingContextLink({
        config: { timeLimitMs: 10_000, cacheSeconds: 0, cacheEntriesMax: 100 },
        ...{ enricher, store, language: "de", now: () => START },
        logger: pino({ level: "silent" }),
      }),
    },
  );
  await addFindings(world.store, findings);
  return world;
}

describe("the context of a finding", () => {
  it("tells machines, addresses, ATT&CK, the past and threat lists", async () => {
    const { person } = await openFilled([
      findingOf("f1", {
        detector: { ...findingOf("f1").detector, techniques: ["T1059.001", "T9999"] },
        evidence: evidence({
          "source.ip": "81.2.69.7",
          "threat.indicator.name": "boese.example",
          "threat.indicator.type": "domain-name",
          "threat.indicator.provider": "CERT",
          "threat.indicator.confidence": "High",
          "threat.indicator.marking.tlp": "RED",
          "labels.threat_matched": ["url.domain"],
        }),
      }),
    ]);
    const { send } = await person("analyst");
    const { status, body } = await send("GET", "/findings/f1/context");
    expect(status).toBe(200);
    expect(body.assets.value).toEqual([
      {
        host: "fs01",
        facts: { name: "fs01", unit: "FD 12 IT", criticality: "hoch", role: "Dateiserver" },
      },
    ]);
    expect(body.addresses.value).toEqual([
      { address: "81.2.69.7", facts: { "geo.country_iso_code": "GB" } },
    ]);
    expect(body.attack.value).toEqual({
      tactics: [{ id: "impact", name: "Schadwirkung" }],
      techniques: [
        { id: "T1059.001", name: "Command and Scripting Interpreter: PowerShell" },
        { id: "T9999" },
      ],
    });
    expect(body.intelligence.value).toEqual([
      {
        ...{ indicator: "boese.example", type: "domain-name", providers: ["CERT"] },
        ...{ confidence: "High", tlp: "RED", fields: ["url.domain"] },
        ...{ listedThen: true, listedNow: false },
      },
      {
        ...{ indicator: "81.2.69.7", type: "ipv4-addr", providers: ["CERT"] },
        ...{ confidence: "Medium", tlp: "AMBER", fields: ["source.ip"] },
        ...{ listedThen: false, listedNow: true },
      },
    ]);
  });

  it("counts by verdict how its detector fired in 30 days, and names nobody", async () => {
    const at = (days: number) => ({ raisedAt: START - days * DAY_MS });
    const { person } = await openFilled([
      findingOf("f1"),
      findingOf("f2", { ...judged("false_positive"), ...at(2) }),
      findingOf("f3", { ...judged("false_positive"), ...at(29) }),
      findingOf("f4", { ...judged("true_positive"), ...at(5), entities: [] }),
      findingOf("f5", { ...judged("true_positive"), ...at(31) }),
      findingOf("f6", { detector: { ...findingOf("f6").detector, id: "anderer" }, entities: [] }),
    ]);
    const { send } = await person("analyst");
    const { body } = await send("GET", "/findings/f1/context");
    expect(body.detector.value).toEqual({
      ...{ days: 30, findings: 4, unjudged: 1 },
      verdicts: {
        ...{ true_positive: 1, benign_true_positive: 0, false_positive: 2 },
        ...{ duplicate: 0, undetermined: 0 },
      },
    });
    expect(body.earlier.value.total).toBe(3);
    expect(body.earlier.value.findings.map(({ id }: { id: string }) => id)).toEqual([
      "f2",
      "f3",
      "f5",
    ]);
    expect(body.earlier.value.findings[0]).toMatchObject({ verdict: "false_positive" });
    expect(JSON.stringify(body)).not.toContain("account-geheim");
  });

  it("is there without anything to tell", async () => {
    const { person } = await openFilled([findingOf("f1", { entities: [], raisedAt: 0 })]);
    const { send } = await person("isb");
    const { status, body } = await send("GET", "/findings/f1/context");
    expect(status).toBe(200);
    expect([body.assets.value, body.earlier.value]).toEqual([[], { total: 0, findings: [] }]);
  });

  it("is refused to those who see no findings, and for another tenant's", async () => {
    const { person } = await openFilled([findingOf("f1")]);
    const asked = async (role: "analyst" | "management", tenant: string) =>
      (await (await person(role, tenant)).send("GET", "/findings/f1/context")).status;
    expect(await asked("management", HOME)).toBe(403);
    expect(await asked("analyst", FOREIGN)).toBe(404);
  });
});
