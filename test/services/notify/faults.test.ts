// Faults of the program in one finding: told as what they are, and no other finding waits for them.
import { pino } from "pino";
import { expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { createOwnFaults, isOwnFault } from "../../../services/notify/own-faults.ts";
import { openPaging } from "../../../services/paging/open.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { findingOf, pagingOf, setupOf, TENANT } from "../paging/fixture.ts";
import { type Bench, until, withBench } from "./fixture.ts";

const SETTLED_MS = 600;

/** Lines of a log. */
function linesOf() {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { lines, logger };
}

/** A finding whose paging the engine can't read, as a fault of ours might leave it. */
async function poison(bench: Bench, id: string, score: number): Promise<void> {
  const opened = openPaging(findingOf(id, score), bench.setup, bench.now);
  const { pages: _, ...paging } = pagingOf(opened);
  await bench.store.create(TENANT, FINDING_KIND, id, { ...opened, paging } as Finding); // Wrong on purpose.
}

/** A finding that no page can be made of. */
const unreadable = (id: string) => {
  const { response: _, ...detector } = findingOf(id, 85).detector;
  return { detector } as Partial<Finding>; // Wrong on purpose.
};

it("is logged with its finding, counted, and keeps no other finding waiting", () =>
  withBench(async (bench) => {
    const { lines, logger } = linesOf();
    bench.setup = setupOf({ pagesPerHourMax: 100 });
    for (let n = 0; n < 50; n += 1) await poison(bench, `poison-${n}`, 65);
    await bench.raise("well", 85);
    const stage = bench.start({ logger });
    bench.now += 6 * 60_000;
    await until(() => bench.sms.sent.length === 1);
    await until(() => stage.stuck(TENANT) === 50);
    const told = await bench.registry.metrics();
    expect(told).toContain("heidewacht_paging_stuck_findings 50");
    expect(told).toContain('heidewacht_paging_program_faults_total{where="finding"}');
    expect(told).toContain("\nheidewacht_paging_store_away 0");
    const faults = lines.filter(({ msg }) => String(msg).includes("a fault of the program"));
    expect(faults).toHaveLength(20);
    expect(faults[0]).toMatchObject({ level: 50, tenant: TENANT });
    expect(String(faults[0]?.finding)).toMatch(/^poison-\d+$/);
    expect(lines.some(({ msg }) => msg === "paging waits for the store")).toBe(false);
  }));

it("is over when the finding is mended", () =>
  withBench(async (bench) => {
    await poison(bench, "f1", 85);
    const stage = bench.start();
    bench.now += SETTLED_MS;
    await until(() => stage.stuck(TENANT) === 1);
    const mended = openPaging(findingOf("f1", 85), bench.setup, bench.now - SETTLED_MS);
    await bench.store.put(TENANT, FINDING_KIND, "f1", mended);
    await until(() => bench.sms.sent.length === 1);
    await until(() => stage.stuck(TENANT) === 0);
  }));

it("keeps the stage from getting on only where nobody is called about what can't wait", () =>
  withBench(async (bench) => {
    const failed = new Set<string>();
    const follow = async (place: string, work: () => Promise<void>) => {
      await work().catch((error: unknown) => {
        failed.add(place);
        throw error;
      });
    };
    await poison(bench, "urgent", 85);
    await poison(bench, "calm", 65);
    const stage = bench.start({ pulse: { turned: () => undefined, follow } });
    bench.now += 6 * 60_000;
    await until(() => stage.stuck(TENANT) === 2);
    expect([...failed]).toEqual([`${TENANT} urgent`]);
  }));

it("has the page sent all the same, with what can be said", () =>
  withBench(async (bench) => {
    const { lines, logger } = linesOf();
    await bench.raise("f1", 85, unreadable("f1"));
    bench.start({ logger });
    bench.now += SETTLED_MS;
    await until(() => bench.sms.sent.length === 1);
    expect(bench.sms.sent[0]?.page).toMatchObject({
      title: "P1: Befund, der sich nicht darstellen lässt",
      link: "https://hw.example/f",
    });
    expect(bench.sms.sent[0]?.page.code).toBeDefined();
    expect(lines).toContainEqual(expect.objectContaining({ level: 50, finding: "f1" }));
    expect(await bench.registry.metrics()).toContain('program_faults_total{where="page"} 2');
  }));

it("takes a finding that is told with another one for what it is", () =>
  withBench(async (bench) => {
    bench.setup = setupOf({ pagesPerHourMax: 1 });
    await bench.raise("f1", 65);
    bench.start();
    bench.now += 5 * 60_000 + SETTLED_MS;
    await until(() => bench.mail.sent.length === 1);
    const opened = openPaging(findingOf("f2", 65), bench.setup, bench.now);
    const detector = { ...opened.detector, title: 7 };
    const paging = { ...pagingOf(opened), state: "gathered" as const, gatheredIn: "f3" };
    const leader = openPaging(findingOf("f3", 85), bench.setup, bench.now);
    await bench.store.create(TENANT, FINDING_KIND, "f3", leader);
    await bench.store.create(TENANT, FINDING_KIND, "f2", { ...opened, detector, paging } as never); // Wrong on purpose.
    bench.now += SETTLED_MS;
    await until(() => bench.sms.sent.length === 1);
    expect(bench.sms.sent[0]?.page).toMatchObject({
      title: "P1: Neuer Dienst",
      more: ["und 1 weitere"],
    });
  }));

it.each([
  ["the store is away", new AppError("HW_UNAVAILABLE", "away"), false],
  [
    "the disk is full",
    Object.assign(new Error("full"), { code: "ERR_SQLITE_ERROR", errcode: 13 }),
    false,
  ],
  [
    "the line is cut",
    Object.assign(new Error("cut"), { code: "ECONNRESET", syscall: "read" }),
    false,
  ],
  ["something is undefined", new TypeError("undefined"), true],
  ["an assertion fails", Object.assign(new Error("no"), { code: "ERR_ASSERTION" }), true],
] as const)("is none of ours when %s, or is it", (_, error, isOurs) => {
  expect(isOwnFault(error)).toBe(isOurs);
});

it("is tried again ever more rarely, sooner where it can't wait", () => {
  let now = 0;
  const faults = createOwnFaults(
    () => now,
    () => undefined,
    pino({ level: "silent" }),
  );
  const pauses = (priority: "p1" | "p3") =>
    Array.from({ length: 12 }, () => {
      const until = faults.failed("a", priority, priority, new TypeError("x"));
      const pause = until - now;
      now = until;
      return pause;
    });
  const urgent = pauses("p1");
  const calm = pauses("p3");
  expect(urgent.slice(0, 3)).toEqual([1000, 2000, 4000]);
  expect([Math.max(...urgent), Math.max(...calm)]).toEqual([30_000, 300_000]);
});
