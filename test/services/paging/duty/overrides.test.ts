// Overrides as they are kept and read, in a real store, and which ones may not be made.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TenantPaging } from "../../../../config/paging.ts";
import { configSchema } from "../../../../config/schema.ts";
import { overrideFaults, readOverrides } from "../../../../services/paging/duty/overrides.ts";
import {
  DUTY_OVERRIDE_KIND,
  type DutyOverride,
  dutyOverrideSchema,
} from "../../../../services/store/duty-override.ts";
import { openEmbeddedStore } from "../../../../services/store/embedded.ts";
import type { Store } from "../../../../services/store/store.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");

let dataDir: string;
let store: Store;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "hw-overrides-"));
  store = openEmbeddedStore({ dataDir });
});

afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function paging(): TenantPaging {
  const contacts = [{ channel: "post", to: "soc@kreis.example" }];
  const { paging: parsed } = configSchema.parse({
    tenants: [{ id: "kreis", name: "Landkreis" }],
    paging: {
      tenants: {
        kreis: {
          people: { anna: { name: "A", contacts }, bert: { name: "B", contacts } },
          schedules: {
            nacht: { title: "Nacht", layers: [{ people: ["anna"], begins: "2026-01-01T00:00" }] },
          },
          policies: { alle: { steps: [{ to: [{ schedule: "nacht" }] }] } },
          routes: { p1: { policy: "alle" }, p2: { policy: "alle" } },
        },
      },
    },
  });
  const found = parsed.tenants.kreis;
  if (found === undefined) throw new Error("the tenant was configured just now");
  return found;
}

const override = (id: string, more: Partial<DutyOverride> = {}): DutyOverride =>
  dutyOverrideSchema.parse({
    ...{ id, tenant: "kreis", schedule: "nacht", person: "bert", reason: "Urlaub" },
    ...{ from: NOW, until: NOW + DAY_MS, createdAt: NOW, createdBy: "account-7" },
    ...more,
  });

describe("overrides", () => {
  it("are read by schedule, newest first, as far as they touch the span", async () => {
    const all = [
      override("o1"),
      override("o2", { createdAt: NOW + 1 }),
      override("o3", { schedule: "tag" }),
      override("o4", { from: NOW + 9 * DAY_MS, until: NOW + 10 * DAY_MS }),
      override("o5", { from: NOW - 2 * DAY_MS, until: NOW - DAY_MS }),
    ];
    for (const one of all) await store.create("kreis", DUTY_OVERRIDE_KIND, one.id, one);
    const span = { from: NOW - 60_000, until: NOW + 2 * DAY_MS };
    const found = await readOverrides(store, "kreis", paging(), span);
    expect([...found].map(([name, those]) => [name, those.map(({ id }) => id)])).toEqual([
      ["nacht", ["o2", "o1"]],
      ["tag", ["o3"]],
    ]);
    expect(await readOverrides(store, "stadt", paging(), span)).toEqual(new Map());
  });

  it("come on as many pages as there are", async () => {
    for (let at = 0; at < 620; at += 1)
      await store.put("kreis", DUTY_OVERRIDE_KIND, `o${at}`, override(`o${at}`));
    const found = await readOverrides(store, "kreis", paging(), { from: NOW, until: NOW + 1 });
    expect(found.get("nacht")).toHaveLength(620);
  });

  it("of somebody who is not configured any more leave duty to the layers", async () => {
    await store.put("kreis", DUTY_OVERRIDE_KIND, "o1", override("o1", { person: "cleo" }));
    const found = await readOverrides(store, "kreis", paging(), { from: NOW, until: NOW + 1 });
    expect(found.size).toBe(0);
  });

  it("may be made for people and schedules that there are", () => {
    expect(overrideFaults(override("o1"), paging(), NOW)).toEqual([]);
  });

  it.each<[string, Partial<DutyOverride>]>([
    ["schedule_unknown", { schedule: "constructor" }],
    ["person_unknown", { person: "cleo" }],
    ["ends_before_it_begins", { until: NOW + DAY_MS, from: NOW + DAY_MS }],
    ["too_long", { until: NOW + 63 * DAY_MS }],
    ["over_already", { from: NOW - DAY_MS, until: NOW }],
    ["too_far_ahead", { from: NOW + 401 * DAY_MS, until: NOW + 402 * DAY_MS }],
    ["reason_missing", { reason: " \n" }],
  ])("may not be made: %s", (fault, more) => {
    expect(overrideFaults(override("o1", more), paging(), NOW)).toEqual([fault]);
  });
});
