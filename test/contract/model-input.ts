// What models learn from, on every kind of store: days are kept bounded and over a restart, and what people have
// confirmed as an attack is never among them.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FEATURES } from "../../detectors/anomaly/autoencoder/measures.ts";
import type { Entity } from "../../detectors/detector.ts";
import { gatherDays } from "../../services/models/autoencoder-examples.ts";
import { confirmedAttacks } from "../../services/models/confirmed-attacks.ts";
import { createDayRowWriter, readDayRows } from "../../services/models/day-rows.ts";
import { forgetRows } from "../../services/models/row-store.ts";
import type { Finding } from "../../services/store/finding.ts";
import { PRIVACY_EPOCH_KIND } from "../../services/store/identity.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { MODEL_ROWS_KIND } from "../../services/store/model-rows.ts";
import type { Store } from "../../services/store/store.ts";
import { findingOf } from "../services/api/fixture.ts";

interface Subject {
  readonly store: Store;
  readonly dispose: () => Promise<void>;
}

const TENANT = "kreis";
const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 2, 2);
const WINDOW = { from: BEGIN, to: BEGIN + 90 * DAY_MS };
const PACE = { signal: new AbortController().signal, turn: () => undefined };
const NOTHING = () => false;

const account = (value: string): Entity => ({ type: "account", value });
const dayOf = (day: number) => BEGIN + day * DAY_MS;

/** The day of an account, told apart from others by its values. */
function dayRow(entity: Entity, day: number, first = 1) {
  const row = Float32Array.from({ length: FEATURES }, (_, at) => (at === 0 ? first : -6 + at / 10));
  return { entity, from: dayOf(day), row };
}

const TRUE = { verdict: "true_positive", at: 1, by: "x" } as const;

export function describeModelInput(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let store: Store;
    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    const keep = async (rows: ReturnType<typeof dayRow>[], perDayMax?: number) => {
      const writer = createDayRowWriter(store, TENANT, "autoencoder", perDayMax);
      writer.add(rows);
      await writer.flush();
    };
    const kept = () => readDayRows(store, TENANT, "autoencoder", WINDOW, NOTHING, PACE);
    const judge = (id: string, changes: Partial<Finding>) =>
      store.put(TENANT, FINDING_KIND, id, findingOf(id, { verdict: TRUE, ...changes }));
    const attacks = () => confirmedAttacks(store, TENANT, WINDOW, PACE);
    const learnt = async () => {
      const found = await gatherDays(store, TENANT, WINDOW, await attacks(), PACE);
      const { learnt: some, heldOut } = found;
      return (some.length + heldOut.length) / FEATURES;
    };

    it("keeps days over a restart, nearly as they were", async () => {
      await keep([dayRow(account("a"), 0, 2.5), dayRow(account("b"), 1, Number.NaN)]);
      await keep([dayRow(account("c"), 1)]);
      const rows = await kept();
      expect(rows).toHaveLength(3);
      expect(rows[0]?.row[0]).toBeCloseTo(2.5, 1);
      expect(rows[0]?.row[10]).toBeCloseTo(-5, 1);
      expect(rows.map(({ row }) => Math.abs(row[0] ?? 9)).sort()[0]).toBe(0);
    });

    it("keeps the same of the same days, whatever comes twice and in which order", async () => {
      const days = Array.from({ length: 60 }, (_, at) => dayRow(account(`k${at}`), 0, at / 10));
      await keep(days, 20);
      const first = await kept();
      expect(first).toHaveLength(20);
      await keep(days.slice(30), 20);
      await keep(days.toReversed(), 20);
      expect(await kept()).toEqual(first);
    });

    it("lets others have their turn with each day that it reads, and ends when told to", async () => {
      await keep([0, 1, 2, 3, 4, 5, 6].map((day) => dayRow(account("a"), day)));
      let turns = 0;
      const stop = new AbortController();
      const turn = async () => {
        turns += 1;
        if (turns === 9) stop.abort();
      };
      const read = () => {
        const pace = { signal: stop.signal, turn };
        return readDayRows(store, TENANT, "autoencoder", WINDOW, NOTHING, pace);
      };
      expect(await read()).toHaveLength(7);
      expect(turns).toBe(7);
      await expect(read()).rejects.toThrow(/abort/i);
      expect(turns).toBe(9);
    });

    it("names nobody, and forgets days after two months", async () => {
      await keep([dayRow(account("konto-0123456789"), 0), dayRow(account("konto-0123456789"), 1)]);
      const all = await store.search(TENANT, MODEL_ROWS_KIND, { sort: [], limit: 10 });
      expect(all.hits).toHaveLength(2);
      expect(JSON.stringify(all.hits)).not.toContain("0123456789");
      const marks = (await kept()).map(({ mark }) => mark);
      expect(new Set(marks).size).toBe(2);
      await keep([dayRow(account("konto-0123456789"), 61)]);
      expect(await kept()).toHaveLength(2);
    });

    it("forgets days that are too old where none comes any more", async () => {
      await keep(Array.from({ length: 13 }, (_, day) => dayRow(account("a"), day)));
      expect(await forgetRows(store, "other", dayOf(12))).toBe(0);
      expect(await forgetRows(store, TENANT, dayOf(12))).toBe(12);
      expect(await kept()).toHaveLength(1);
    });

    it("refuses days that no calendar knows", async () => {
      await keep([Number.NaN, 1e308, -1e308].map((from) => ({ ...dayRow(account("a"), 0), from })));
      expect(await kept()).toEqual([]);
    });

    it("learns nothing from the days of an entity that was attacked, until that is taken back", async () => {
      const entities = [account("a"), account("b"), { type: "host", value: "FS01" } as const];
      await keep(entities.flatMap((entity) => [0, 1, 2].map((day) => dayRow(entity, day))));
      expect(await learnt()).toBe(9);
      const times = { firstEventAt: dayOf(0) + 5, lastEventAt: dayOf(1) + 5 };
      const about = [account("a"), { type: "host" as const, value: "fs01" }];
      await judge("f", { ...times, entities: about });
      expect(await learnt()).toBe(5);
      await judge("f", {
        ...{ ...times, entities: about, verdictHistory: [TRUE] },
        verdict: { ...TRUE, verdict: "false_positive", reason: "logic" },
      });
      expect(await learnt()).toBe(9);
    });

    it("begins with the earliest event of a finding that was told later", async () => {
      await keep([0, 1, 2].map((day) => dayRow(account("a"), day)));
      const event = { id: "e", time: dayOf(0) + 5, document: {} };
      const evidence = { signalId: "s", time: dayOf(1) + 5, source: "dc", matched: [] };
      await judge("f", {
        ...{ firstEventAt: dayOf(1) + 5, lastEventAt: dayOf(1) + 5, entities: [account("a")] },
        evidence: [{ ...evidence, events: [event] }],
      });
      expect(await learnt()).toBe(1);
    });

    it("leaves out whole days of attacked accounts that had other pseudonyms then", async () => {
      await keep([0, 1, 2].flatMap((day) => ["a", "b"].map((one) => dayRow(account(one), day))));
      const epoch = (number: number, day: number) =>
        store.put(TENANT, PRIVACY_EPOCH_KIND, String(number), {
          ...{ number, startsAt: dayOf(day), sealedKey: "" },
        });
      await judge("f", {
        ...{ firstEventAt: dayOf(0), lastEventAt: dayOf(0), entities: [account("renamed")] },
      });
      await epoch(1, 1);
      expect(await learnt()).toBe(6);
      await epoch(2, 1);
      // One that has not yet begun says nothing.
      await epoch(3, 200);
      expect(await learnt()).toBe(4);
    });

    it("gathers the names that findings of attacks showed", async () => {
      const about = { signalId: "s", time: dayOf(0), source: "dns" };
      const asked = { "dns.question.name": "www.boese.example.com" };
      await judge("f", {
        ...{ firstEventAt: dayOf(0), lastEventAt: dayOf(0) },
        evidence: [
          {
            ...about,
            matched: [
              {
                field: "dga.examples",
                value: "qxvk.net wvxq.info",
                operator: "unusual",
                pattern: "",
              },
            ],
            events: [{ id: "e", time: dayOf(0), document: asked }],
          },
        ],
      });
      expect([...(await attacks()).names].sort()).toEqual(["example.com", "qxvk.net", "wvxq.info"]);
    });

    it("keeps days that can't be written until they can", async () => {
      let isAway = true;
      const away: Store = {
        ...store,
        async put(tenant, kind, id, document) {
          if (isAway) throw new Error("away");
          await store.put(tenant, kind, id, document);
        },
        get: store.get.bind(store),
        search: store.search.bind(store),
      };
      const writer = createDayRowWriter(away, TENANT, "autoencoder");
      writer.add([dayRow(account("a"), 0)]);
      await expect(writer.flush()).rejects.toThrow("away");
      isAway = false;
      writer.add([dayRow(account("b"), 0)]);
      await writer.flush();
      expect(await kept()).toHaveLength(2);
    });
  });
}
