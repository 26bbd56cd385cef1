import { describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { ChannelFault } from "../../../services/channels/channel.ts";
import { answer } from "../../../services/paging/answers.ts";
import { CHANNEL_PROOF_KIND } from "../../../services/store/channel-proof.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { requestedTestPage, TEST_PAGE_KIND } from "../../../services/store/test-page.ts";
import { HOUR_MS, MINUTE_MS, pagingOf, setupOf, TENANT } from "../paging/fixture.ts";
import { type Bench, until, withBench } from "./fixture.ts";

const SETTLED_MS = 600;

const statesOf = async (bench: Bench, id: string) =>
  pagingOf(await bench.finding(id)).pages.map(({ state }) => state);

/** A store whose server goes away when it is told to. */
function breakable(store: Store): { readonly store: Store; isAway: boolean } {
  const broken = {
    isAway: false,
    store: new Proxy(store, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== "function" || name === "watch") {
          return typeof value === "function" ? value.bind(target) : value;
        }
        return async (...given: unknown[]) => {
          if (broken.isAway) throw new AppError("HW_UNAVAILABLE", "the store is away");
          return Reflect.apply(value, target, given);
        };
      },
    }),
  };
  return broken;
}

describe("the stage", () => {
  it("hands a page over and writes that down", () =>
    withBench(async (bench) => {
      bench.start();
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(async () => (await statesOf(bench, "f1")).includes("handed_over"));
      const [page] = pagingOf(await bench.finding("f1")).pages;
      expect(page).toMatchObject({
        person: "anna",
        channel: "sms",
        attempts: 1,
        reference: "ref-1",
      });
      expect(bench.sms.sent).toHaveLength(1);
      expect(bench.sms.sent[0]).toMatchObject({ id: page?.id, to: "+49170000001", attempt: 1 });
      expect(bench.sms.sent[0]?.page.title).toBe("P1: Neuer Dienst");
      const told = await bench.registry.metrics();
      expect(told).toContain('heidewacht_paging_handed_over_total{channel="sms",priority="p1"} 1');
    }));

  it("says that it gets on as long as it can look into the store", () =>
    withBench(async (bench) => {
      let turns = 0;
      const followed: string[] = [];
      const broken = breakable(bench.store);
      bench.start({
        store: broken.store,
        pulse: {
          turned: () => {
            turns += 1;
          },
          follow: (place, work) => {
            followed.push(place);
            return work();
          },
        },
      });
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(async () => (await statesOf(bench, "f1")).includes("handed_over"));
      expect(new Set(followed)).toEqual(new Set([`${TENANT} f1`]));
      expect(turns).toBeGreaterThan(0);
      broken.isAway = true;
      await until(async () =>
        (await bench.registry.metrics()).includes("\nheidewacht_paging_store_away 1"),
      );
      const before = turns;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(turns).toBe(before);
      broken.isAway = false;
      await until(() => turns > before);
    }));

  it("goes through the steps until somebody acknowledges", () =>
    withBench(async (bench) => {
      bench.start();
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(() => bench.sms.sent.length === 1);
      bench.now += 10 * MINUTE_MS;
      await until(() => bench.mail.sent.length === 2);
      const found = await bench.store.get(TENANT, FINDING_KIND, "f1");
      if (found === undefined) throw new RangeError("no finding");
      const given = { kind: "acknowledged", at: bench.now, via: "console" } as const;
      const paging = answer(found.document, given, bench.now);
      const next = { ...found.document, ...(paging === undefined ? {} : { paging }) };
      await bench.store.reviseAll(TENANT, FINDING_KIND, ["f1"], () => ({ document: next }));
      bench.now += 20 * MINUTE_MS;
      await until(async () => (pagingOf(await bench.finding("f1")).dueAt ?? 0) > bench.now);
      expect(bench.sms.sent).toHaveLength(1);
    }));

  it("tries a page again with the same id until the channel takes it", () =>
    withBench(async (bench) => {
      bench.sms.behave = ({ attempt }) => {
        if (attempt < 4) throw new ChannelFault("unreachable", "503");
      };
      bench.start();
      await bench.raise("f1", 85);
      while (bench.sms.sent.length === 0) {
        bench.now += 5000;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await until(async () => (await statesOf(bench, "f1")).includes("handed_over"));
      const [page] = pagingOf(await bench.finding("f1")).pages;
      expect(page?.id).toBe(bench.sms.sent[0]?.id);
      expect(bench.sms.sent[0]?.attempt).toBe(4);
    }));

  it("goes to the next step at once when a page is refused for good", () =>
    withBench(async (bench) => {
      bench.sms.behave = () => {
        throw new ChannelFault("refused", "no such number");
      };
      bench.start();
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(() => bench.mail.sent.length === 2);
      expect(pagingOf(await bench.finding("f1")).skipped?.[0]).toMatchObject({ why: "refused" });
      expect(bench.mail.sent[0]?.page.notice).toContain("Stufe 1 konnte nicht zugestellt werden");
    }));

  it("is delayed by no channel that hangs", () =>
    withBench(async (bench) => {
      bench.setup = setupOf({ pagesPerHourMax: 100 });
      bench.sms.behave = () => new Promise(() => undefined);
      bench.start();
      for (let n = 0; n < 5; n += 1) await bench.raise(`hang-${n}`, 85);
      await bench.raise("calm", 65);
      bench.now += 5 * MINUTE_MS + SETTLED_MS;
      await until(() => bench.mail.sent.length > 0);
      expect(bench.mail.sent[0]?.to).toBe("bernd@kreis.example");
    }));

  it("sends again what a killed process may have sent, with the same id, and once", () =>
    withBench(async (bench) => {
      const killed = breakable(bench.store);
      bench.sms.behave = () => {
        killed.isAway = true;
      };
      bench.start({ store: killed.store });
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(() => bench.sms.sent.length === 1);
      bench.sms.behave = () => undefined;
      bench.start();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(bench.sms.sent).toHaveLength(1);
      bench.now += 10_000;
      await until(async () => (await statesOf(bench, "f1")).includes("handed_over"));
      expect(bench.sms.sent.map(({ id }) => id)).toEqual([
        bench.sms.sent[0]?.id,
        bench.sms.sent[0]?.id,
      ]);
    }));

  it("writes down what it has sent when the store is back", () =>
    withBench(async (bench) => {
      const broken = breakable(bench.store);
      bench.sms.behave = () => {
        broken.isAway = true;
      };
      bench.start({ store: broken.store });
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(() => bench.sms.sent.length === 1);
      bench.now += MINUTE_MS;
      await new Promise((resolve) => setTimeout(resolve, 50));
      broken.isAway = false;
      bench.now += MINUTE_MS;
      await until(async () => (await statesOf(bench, "f1")).includes("handed_over"));
      expect(bench.sms.sent).toHaveLength(1);
    }));

  it("goes on for a tenant while another one can't be looked at", () =>
    withBench(async (bench) => {
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      const store = new Proxy(bench.store, {
        get(target, name, receiver) {
          const value: unknown = Reflect.get(target, name, receiver);
          if (typeof value !== "function") return value;
          return (tenant: unknown, ...rest: unknown[]) => {
            const isBroken = tenant === "broken" && name !== "watch";
            if (isBroken) return Promise.reject(new AppError("HW_UNAVAILABLE", "it is away"));
            return Reflect.apply(value, target, [tenant, ...rest]);
          };
        },
      });
      const { paging } = bench.setup;
      bench.start({
        store,
        paging: new Map([
          ["broken", paging],
          [TENANT, paging],
        ]),
      });
      await until(() => bench.sms.sent.length === 1);
    }));

  it("writes down at its end what became of pages, however much else is due", () =>
    withBench(async (bench) => {
      bench.setup = setupOf({ pagesPerHourMax: 100 });
      const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
      let begun = 0;
      bench.sms.behave = () => {
        begun += 1;
        return gate;
      };
      // However slow the machine is, no attempt is given up meanwhile.
      const channels = new Map([["sms", { channel: bench.sms, timeoutMs: 600_000 }]]);
      const stage = bench.start({ channels });
      for (let n = 0; n < 100; n += 1) await bench.raise(`f${n}`, 85);
      bench.now += SETTLED_MS;
      await until(async () =>
        (await bench.findings()).every(({ paging }) => paging?.pages.length === 1),
      );
      const closed = stage.close();
      bench.now += 1000;
      letGo();
      await closed;
      const pages = (await bench.findings()).flatMap(({ paging }) => paging?.pages ?? []);
      const taken = pages.filter(({ state }) => state === "handed_over");
      expect(begun).toBeGreaterThan(0);
      expect(taken.map(({ id }) => id).sort()).toEqual(bench.sms.sent.map(({ id }) => id).sort());
    }));

  it("begins after a restart what became due meanwhile, at once", () =>
    withBench(async (bench) => {
      await bench.raise("f1", 85);
      bench.now += 3 * HOUR_MS;
      bench.start();
      await until(() => bench.sms.sent.length === 1);
      expect(bench.sms.sent[0]?.page.notice).toBeUndefined();
    }));

  it("sends each page once where two processes run", () =>
    withBench(async (bench) => {
      bench.setup = setupOf({ pagesPerHourMax: 100 });
      bench.start();
      bench.start();
      const ids = Array.from({ length: 40 }, (_, n) => `f${n}`);
      await Promise.all(ids.map((id) => bench.raise(id, 85)));
      bench.now += SETTLED_MS;
      await until(async () =>
        (await bench.findings()).every(({ paging }) =>
          paging?.pages.some(({ state }) => state === "handed_over"),
        ),
      );
      expect(bench.sms.sent).toHaveLength(40);
    }));
});

describe("a storm", () => {
  it("pages five times, and tells of all", () =>
    withBench(async (bench) => {
      bench.start();
      const ids = Array.from({ length: 300 }, (_, n) => `f${n}`);
      await Promise.all(ids.map((id) => bench.raise(id, 85)));
      bench.now += SETTLED_MS;
      const inStates = async (states: readonly string[]) =>
        (await bench.findings()).every(({ paging }) => states.includes(paging?.state ?? ""));
      await until(
        async () =>
          bench.sms.sent.length > 0 &&
          (await bench.findings()).every(
            ({ paging }) => paging?.leads === true || paging?.state === "gathered",
          ),
      );
      await until(async () => {
        const all = (await bench.findings()).flatMap(({ paging }) => paging?.pages ?? []);
        return all.every(({ state }) => state === "handed_over");
      });
      expect(bench.sms.sent).toHaveLength(5);
      expect(await inStates(["escalating", "gathered"])).toBe(true);
      bench.now += 10 * MINUTE_MS;
      const mores = () =>
        bench.mail.sent
          .filter(({ to }) => to === "bernd@kreis.example")
          .map(({ page }) => page.more);
      await until(() => mores().length === 5);
      const told = mores().find((more) => more.length > 0);
      expect(told).toHaveLength(11);
      expect(told?.at(-1)).toBe("und 285 weitere");
    }));
});

describe("a digest", () => {
  it("tells of all that waited in one page", () =>
    withBench(async (bench) => {
      for (let n = 0; n < 12; n += 1) await bench.raise(`f${n}`, 45);
      bench.start();
      bench.now = Date.UTC(2026, 10, 25, 6, 30);
      await until(async () => {
        const states = (await bench.findings()).map(({ paging }) => paging?.state);
        return states.filter((state) => state === "gathered").length === 11;
      });
      bench.now += 15_000;
      await until(() => bench.mail.sent.length > 0);
      await until(async () => {
        bench.now += MINUTE_MS;
        return (await bench.findings()).every(({ paging }) => paging?.ended === "digested");
      });
      expect(bench.mail.sent).toHaveLength(1);
      expect(bench.mail.sent[0]).toMatchObject({
        to: "digest@x.example",
        page: { kind: "digest", title: "Sammelmeldung: 12 Befunde" },
      });
      expect(bench.mail.sent[0]?.page.more.at(-1)).toBe("und 2 weitere");
    }));
});

describe("test pages", () => {
  it("leave the proof of every contact", () =>
    withBench(async (bench) => {
      bench.sms.behave = () => {
        throw new ChannelFault("refused", "no such number");
      };
      bench.start();
      const about = { tenant: TENANT, requestedAt: bench.now, requestedBy: "cli" };
      const asked = requestedTestPage({ id: "t1", ...about, target: { person: "bernd" } });
      await bench.store.create(TENANT, TEST_PAGE_KIND, "t1", asked);
      const read = async () => (await bench.store.get(TENANT, TEST_PAGE_KIND, "t1"))?.document;
      await until(async () => (await read())?.state === "done");
      expect((await read())?.results).toMatchObject([
        { person: "bernd", channel: "mail", state: "handed_over", tookMs: 0 },
        { person: "bernd", channel: "sms", state: "failed", fault: "refused: no such number" },
      ]);
      const proof = async () =>
        (await bench.store.get(TENANT, CHANNEL_PROOF_KIND, "mail"))?.document;
      await until(async () => (await proof())?.handedOverAt === bench.now);
    }));

  it("are asked for by the calendar once a month", () =>
    withBench(async (bench) => {
      bench.setup = setupOf({ testPage: { day: 1, at: "10:00", policy: "urgent" } });
      bench.start();
      bench.start();
      const all = async () =>
        (await bench.store.search(TENANT, TEST_PAGE_KIND, { sort: [], limit: 10 })).hits;
      await until(async () => (await all())[0]?.document.state === "done");
      expect((await all()).map(({ id }) => id)).toEqual(["schedule-2026-11"]);
      expect(bench.sms.sent).toHaveLength(1);
    }));
});
