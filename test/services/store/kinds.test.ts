// The shared kinds: what is searched for must be what their fields give.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { type Incident, incidentSchema } from "../../../services/store/incident.ts";
import {
  FINDING_KIND,
  INCIDENT_KIND,
  SETTING_KIND,
  settingSchema,
} from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { exampleFold, exampleSignal } from "../../contract/store-examples.ts";

let dataDir: string;
let store: Store;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "hw-kinds-"));
  store = openEmbeddedStore({ dataDir });
});

afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const incident = (id: string, more: Partial<Incident> = {}): Incident =>
  incidentSchema.parse({
    id,
    tenant: "kreis",
    title: "Verschlüsselung auf fs01",
    description: "",
    findingIds: [],
    status: "open",
    verdict: "undetermined",
    severity: "high",
    category: "malicious_code",
    tlp: "amber",
    exercise: false,
    firstCompromise: { method: "unknown", evidenceIds: [] },
    impact: { confidentiality: "unknown", integrity: "unknown", availability: "unknown" },
    ...{ actions: [], tasks: [], evidence: [], reopened: [], mergedFrom: [], splitInto: [] },
    watchers: [],
    createdAt: 1000,
    createdBy: "account-7",
    changedAt: 1000,
    definitionVersion: 1,
    tags: [],
    ...more,
  });

describe("an incident", () => {
  it("is found by its findings, tags, status and words, and sorted by its times", async () => {
    const documents = [
      incident("i1", { findingIds: ["f1", "f2"], detectedAt: 2000 }),
      incident("i2", { findingIds: ["f2"], tags: ["ransomware"], detectedAt: 1000 }),
      incident("i3", { status: "closed", title: "Phishing" }),
    ];
    for (const one of documents) await store.create("kreis", INCIDENT_KIND, one.id, one);
    const sort = [{ field: "detectedAt", order: "desc" }] as const;
    const find = async (query: object) =>
      (await store.search("kreis", INCIDENT_KIND, { sort, limit: 9, ...query })).hits.map(
        ({ id }) => id,
      );
    expect(await find({})).toEqual(["i1", "i2", "i3"]);
    expect(await find({ terms: { finding: ["f2"] } })).toEqual(["i1", "i2"]);
    expect(await find({ terms: { tag: ["ransomware"] } })).toEqual(["i2"]);
    expect(await find({ terms: { status: ["closed"] } })).toEqual(["i3"]);
    expect(await find({ text: "verschlüsselung fs" })).toEqual(["i1", "i2"]);
    expect(await find({ ranges: { recoveredAt: { lt: 9e15 } } })).toEqual([]);
  });
});

describe("a setting", () => {
  it("comes back as it was put", async () => {
    const setting = settingSchema.parse({
      value: { tage: [1, 2] },
      changedAt: 5,
      changedBy: "cli",
    });
    await store.put("kreis", SETTING_KIND, "retention", setting);
    await store.put("kreis", SETTING_KIND, "retention", { ...setting, changedAt: 6 });
    const found = await store.get("kreis", SETTING_KIND, "retention");
    expect(found).toEqual({ id: "retention", version: 2, document: { ...setting, changedAt: 6 } });
  });
});

it("finds what was written before a kind had its present fields", async () => {
  const { quiet, silencedBy, inhibitedBy, latestRaisedAt, ...fields } = FINDING_KIND.fields;
  expect([quiet, silencedBy, inhibitedBy, latestRaisedAt]).not.toContain(undefined);
  const before = { ...FINDING_KIND, revision: 1, fields };
  const { latest: _latest, ...old } = exampleFold(undefined, [exampleSignal("s1")]);
  await store.put("kreis", before, "f1", old);
  await store.close();
  store = openEmbeddedStore({ dataDir });
  const found = await store.search("kreis", FINDING_KIND, {
    terms: { quiet: ["none"] },
    ranges: { latestRaisedAt: { gte: old.raisedAt, lt: old.raisedAt + 1 } },
    sort: [{ field: "latestRaisedAt", order: "desc" }],
    limit: 10,
  });
  expect(found.hits.map(({ document }) => document)).toEqual([old]);
});
