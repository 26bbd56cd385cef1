// Exceptions, maintenance windows and block lists on Elasticsearch: what two persons do at the same time, and
// that each change has its entry.
import { pino } from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { approveBlock, feedOf, proposeBlock } from "../../../services/cases/block-list.ts";
import type { Actor } from "../../../services/cases/consent.ts";
import {
  agreeToException,
  proposeException,
  withdrawException,
} from "../../../services/cases/exception.ts";
import { planMaintenance } from "../../../services/cases/maintenance.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { createQuiet } from "../../../services/triage/quiet.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { findingOf, HOME, START } from "../api/fixture.ts";

const HOUR_MS = 3_600_000;
const elasticsearch = connect();
const store = openElasticsearchStore({ elasticsearch, logger: pino({ level: "silent" }) });
const NOTHING = { ownNetworks: [], ownDomains: [], critical: [] };

afterAll(async () => {
  await store.close();
  await elasticsearch.client.close();
  await cleanUp(elasticsearch.prefix);
});

const actor = (account: string): Actor => ({ at: START, actor: account, account, isPerson: true });
const matchers = [{ field: "entity", operator: "equals" as const, value: "fs01" }];
const add = (id: string, change: Partial<Finding>) =>
  store.create(HOME, FINDING_KIND, id, findingOf(id, change));

describe("on Elasticsearch", () => {
  it("one of two who agree at once is heard, and every change has one entry", async () => {
    const verdict = { verdict: "false_positive", reason: "logic", at: START, by: "x" } as const;
    const real = { verdict: "true_positive", at: START, by: "x" } as const;
    await add("fp", { status: "closed", verdict });
    await add("real", { status: "closed", verdict: real });
    await add("open", {});
    const ask = { finding: "fp", matchers, from: START - HOUR_MS, reason: "Verteilsoftware" };
    const made = await proposeException(store, HOME, ask, actor("first"));
    expect(made.document.consent).toMatchObject({ truePositives: ["real"] });
    const agreeing = ["second", "third"].map((name) =>
      agreeToException(store, HOME, made.id, actor(name)),
    );
    const settled = await Promise.allSettled(agreeing);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const quiet = createQuiet(store, []);
    const [heard] = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    if (heard === undefined) throw new Error("nobody was heard");
    await quiet.exceptionChanged(HOME, heard.document);
    const hidden = async () =>
      (
        await store.search(HOME, FINDING_KIND, {
          terms: { quiet: ["excepted"] },
          sort: [],
          limit: 9,
        })
      ).total;
    expect(await hidden()).toBe(3);
    const by = { ...actor("first"), reason: "Irrtum" };
    const withdrawn = await withdrawException(store, HOME, made.id, by);
    await quiet.exceptionChanged(HOME, withdrawn.document);
    expect(await hidden()).toBe(0);
    const actions = (await store.readAudit(HOME, 1, 20)).map(({ action }) => action);
    expect(actions).toEqual(["exception.propose", "exception.agree", "exception.withdraw"]);
    expect(await store.verifyAudit(HOME)).toBeUndefined();
  });

  it("hides in a maintenance window and serves a feed", async () => {
    await add("work", { entities: [{ type: "host", value: "fs02" }] });
    const plan = {
      matchers: [{ field: "entity", operator: "equals" as const, value: "fs02" }],
      ...{ from: START - HOUR_MS, until: START + HOUR_MS, reason: "Umzug" },
    };
    const made = await planMaintenance(store, HOME, plan, "Europe/Berlin", actor("first"));
    await createQuiet(store, []).maintenanceChanged(HOME, made.document);
    const found = await store.get(HOME, FINDING_KIND, "work");
    expect(found?.document.maintenanceBy).toEqual([made.id]);
    for (const value of ["93.184.216.35", "93.184.216.34"]) {
      const asked = { type: "address", value, finding: "work", reason: "x", days: 1 } as const;
      const { id } = await proposeBlock(store, HOME, asked, NOTHING, actor("first"));
      await approveBlock(store, HOME, id, NOTHING, actor("second"));
    }
    const feed = (now: number) => feedOf(store, HOME, "address", NOTHING, now);
    expect(await feed(START)).toEqual(["93.184.216.34", "93.184.216.35"]);
    expect(await feed(START + 24 * HOUR_MS)).toEqual([]);
  });
});
