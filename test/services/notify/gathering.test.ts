// What can't wait, beside others of its incident: told at once, by its own page or by one that goes out now.
import { expect, it } from "vitest";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { MINUTE_MS, pagingOf, setupOf, TENANT } from "../paging/fixture.ts";
import { type Bench, until, withBench } from "./fixture.ts";

const SETTLED_MS = 600;
const PROPOSAL = { proposal: "incident-1" };

const isTold = async (bench: Bench, id: string) =>
  pagingOf(await bench.finding(id)).pages.some(({ state }) => state === "handed_over");

it("pages by itself when its incident was told already", () =>
  withBench(async (bench) => {
    bench.start();
    await bench.raise("first", 85, PROPOSAL);
    bench.now += SETTLED_MS;
    await until(() => isTold(bench, "first"));
    bench.now += MINUTE_MS;
    await bench.raise("second", 85, PROPOSAL);
    bench.now += SETTLED_MS;
    await until(() => isTold(bench, "second"));
    expect(bench.sms.sent).toHaveLength(2);
  }));

it("is told with what goes out at the same time, or by itself some seconds later", () =>
  withBench(async (bench) => {
    bench.setup = setupOf({ pagesPerHourMax: 1 });
    const ids = Array.from({ length: 6 }, (_, n) => `f${n}`);
    await Promise.all(ids.map((id) => bench.raise(id, 85, PROPOSAL)));
    bench.start();
    bench.now += SETTLED_MS;
    await until(async () => (await Promise.all(ids.map((id) => isTold(bench, id)))).includes(true));
    const pagings = async () => (await bench.findings()).map((one) => pagingOf(one));
    await until(async () =>
      (await pagings()).every(({ leads, state }) => leads === true || state === "gathered"),
    );
    bench.now += 6000;
    // What was told by its name stays; what was not is called about.
    const told = new Set(
      (await pagings()).flatMap(({ pages }) => pages.flatMap((one) => one.told ?? [])),
    );
    expect(told.size).toBeGreaterThan(0);
    await until(async () => (await pagings()).every(({ toldBy }) => toldBy === undefined));
    for (const id of told) expect(pagingOf(await bench.finding(id)).state).toBe("gathered");
  }));

it("goes on by itself when the one that tells of it is gone", () =>
  withBench(async (bench) => {
    bench.setup = setupOf({ pagesPerHourMax: 1 });
    bench.start();
    await bench.raise("first", 65);
    bench.now += 5 * MINUTE_MS + SETTLED_MS;
    await until(() => isTold(bench, "first"));
    await bench.raise("second", 65);
    bench.now += 5 * MINUTE_MS + SETTLED_MS;
    const second = async () => pagingOf(await bench.finding("second"));
    await until(async () => (await second()).state === "gathered");
    expect((await second()).dueAt).toBeUndefined();
    await bench.store.remove(TENANT, FINDING_KIND, "first");
    // No change tells of it: it is found by looking.
    await until(async () => (await second()).state === "escalating");
  }));
