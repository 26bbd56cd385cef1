// What every archive has to do. An implementation passes this suite unchanged.
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Archive, ArchivedEvent, ArchiveQuery } from "../../services/archive/archive.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RULES = { daysByClass: { security: 90, content: 30 }, daysDefault: 90, bytesMax: 1e12 };

export interface ArchiveUnderTest {
  readonly archive: Archive;
  /** The same data as a new process would open it, without closing the old one properly. */
  reopen(): Promise<Archive>;
  destroy(): Promise<void>;
}

function event(id: string, time: number, more: Partial<ArchivedEvent> = {}): ArchivedEvent {
  return {
    id,
    time,
    source: "dc",
    dataClass: "security",
    document: { "@timestamp": new Date(time).toISOString(), "event.id": id, "host.name": "DC01" },
    ...more,
  };
}

function batch(events: readonly ArchivedEvent[], first = 0) {
  return events.map((one, index) => ({ offset: first + index, event: one }));
}

function position(first: number, last: number, stream = "raw/0") {
  return { stream, firstOffset: first, lastOffset: last };
}

const everything: ArchiveQuery = { from: 0, to: NOON + 900 * DAY_MS, order: "oldest", limit: 1000 };

export function describeArchiveContract(name: string, open: () => Promise<ArchiveUnderTest>): void {
  describe(`archive contract: ${name}`, () => {
    let current: ArchiveUnderTest | undefined;
    afterEach(async () => {
      await current?.destroy();
      current = undefined;
    });
    const start = async (): Promise<Archive> => {
      current = await open();
      return current.archive;
    };
    const ids = async (archive: Archive, query: Partial<ArchiveQuery> = {}, tenant = "a") =>
      (await archive.search(tenant, { ...everything, ...query })).events.map((one) => one.id);

    it("gives back what was appended, in the order asked for", async () => {
      const archive = await start();
      await archive.append(
        "a",
        position(0, 2),
        batch([event("2", NOON + 5), event("1", NOON), event("3", NOON + HOUR_MS)]),
      );
      expect(await ids(archive)).toEqual(["1", "2", "3"]);
      expect(await ids(archive, { order: "newest" })).toEqual(["3", "2", "1"]);
      const [first] = (await archive.search("a", everything)).events;
      expect(first).toEqual(event("1", NOON));
      expect(await archive.get("a", "3", NOON + HOUR_MS)).toEqual(event("3", NOON + HOUR_MS));
      expect(await archive.get("a", "4", NOON)).toBeUndefined();
    });

    it("keeps everything after a crash right behind an append", async () => {
      const archive = await start();
      await archive.append("a", position(0, 0), batch([event("1", NOON)]));
      const again = await current?.reopen();
      expect(again && (await ids(again))).toEqual(["1"]);
    });

    it("changes nothing when a position comes again, whole or in part", async () => {
      const archive = await start();
      const events = [event("1", NOON), event("2", NOON + 1), event("3", NOON + 2)];
      await archive.append("a", position(0, 1), batch(events.slice(0, 2)));
      await archive.append("a", position(0, 1), batch(events.slice(0, 2)));
      await archive.append("a", position(1, 2), batch(events.slice(1), 1));
      expect(await ids(archive)).toEqual(["1", "2", "3"]);
      expect((await archive.statistics("a")).events).toBe(3);
    });

    it("keeps equal offsets of different streams apart", async () => {
      const archive = await start();
      await archive.append("a", position(0, 0, "raw/0"), batch([event("1", NOON)]));
      await archive.append("a", position(0, 0, "raw/1"), batch([event("2", NOON)]));
      expect(await ids(archive)).toEqual(["1", "2"]);
    });

    it("shows an event once that a sender delivered twice", async () => {
      const archive = await start();
      await archive.append("a", position(0, 0), batch([event("1", NOON)]));
      await archive.append("a", position(1, 1), batch([event("1", NOON)], 1));
      expect(await ids(archive)).toEqual(["1"]);
    });

    it("pages through everything without gap or repetition, in both directions", async () => {
      const archive = await start();
      const events = Array.from({ length: 57 }, (_, index) =>
        event(`e${String(index).padStart(3, "0")}`, NOON + Math.floor(index / 3) * (HOUR_MS / 4)),
      );
      await archive.append("a", position(0, 56), batch(events));
      for (const order of ["oldest", "newest"] as const) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const query: ArchiveQuery = {
            ...everything,
            order,
            limit: 10,
            ...(cursor === undefined ? {} : { cursor }),
          };
          const page = await archive.search("a", query);
          seen.push(...page.events.map((one) => one.id));
          cursor = page.cursor;
        } while (cursor !== undefined);
        const sorted = events.map((one) => one.id);
        expect(seen).toEqual(order === "oldest" ? sorted : sorted.reverse());
      }
    });

    it("finds by time, by field and by words, in any case", async () => {
      const archive = await start();
      const odd = event("odd", NOON + 1, {
        document: {
          "@timestamp": "x",
          "host.name": "FS01",
          "process.command_line": 'vssadmin "Delete" Schatten\\Größe',
          "host.ip": ["10.0.0.1", "10.0.0.2"],
        },
      });
      await archive.append("a", position(0, 1), batch([event("1", NOON), odd]));
      const table: [Partial<ArchiveQuery>, string[]][] = [
        [{ from: NOON + 1 }, ["odd"]],
        [{ to: NOON + 1 }, ["1"]],
        [{ terms: { "host.name": "fs01" } }, ["odd"]],
        [{ terms: { "host.name": "fs01", "host.ip": "10.0.0.2" } }, ["odd"]],
        [{ terms: { "host.name": "fs02" } }, []],
        [{ terms: { "user.name": "x" } }, []],
        [{ text: "größe VSSADMIN" }, ["odd"]],
        [{ text: '"delete" schatten\\' }, ["odd"]],
        [{ text: "vssadmin dc01" }, []],
        [{ text: "" }, ["1", "odd"]],
      ];
      for (const [query, expected] of table) expect(await ids(archive, query)).toEqual(expected);
    });

    it("refuses a cursor that it did not make", async () => {
      const archive = await start();
      await expect(archive.search("a", { ...everything, cursor: "kaputt" })).rejects.toThrow(
        /cursor/,
      );
    });

    it("streams a range in time order and stops when told to", async () => {
      const archive = await start();
      const events = [event("b", NOON + HOUR_MS), event("a", NOON), event("c", NOON + 3 * HOUR_MS)];
      await archive.append("a", position(0, 2), batch(events));
      const seen: string[] = [];
      const range = { from: NOON, to: NOON + 3 * HOUR_MS };
      for await (const one of archive.scan("a", range, new AbortController().signal))
        seen.push(one.id);
      expect(seen).toEqual(["a", "b"]);
      const aborted = archive.scan("a", range, AbortSignal.abort());
      await expect(aborted[Symbol.asyncIterator]().next()).rejects.toThrow(/abort/i);
    });

    it("never shows one tenant's events to another", async () => {
      const archive = await start();
      await archive.append("a", position(0, 0), batch([event("1", NOON)]));
      expect(await ids(archive, {}, "b")).toEqual([]);
      expect(await archive.get("b", "1", NOON)).toBeUndefined();
      expect((await archive.statistics("b")).events).toBe(0);
      await expect(archive.statistics("../a")).rejects.toThrow(/tenant/);
      await archive.retain("b", NOON + 900 * DAY_MS, RULES);
      expect(await ids(archive)).toEqual(["1"]);
    });

    it("deletes by the days of each data class, then the oldest over the byte limit", async () => {
      const archive = await start();
      const content = event("mail", NOON, { dataClass: "content" });
      const late = event("late", NOON + 50 * DAY_MS);
      await archive.append("a", position(0, 2), batch([event("1", NOON), content, late]));
      expect(await archive.retain("a", NOON + 29 * DAY_MS, RULES)).toEqual({ eventsDeleted: 0 });
      expect(await archive.retain("a", NOON + 31 * DAY_MS, RULES)).toEqual({ eventsDeleted: 1 });
      expect(await ids(archive)).toEqual(["1", "late"]);
      await archive.retain("a", NOON + 51 * DAY_MS, { ...RULES, bytesMax: 200 });
      expect(await ids(archive)).not.toContain("1");
    });

    it("keeps the content when retention rearranges its files", async () => {
      const archive = await start();
      for (let index = 0; index < 20; index += 1) {
        const one = event(`e${String(index).padStart(2, "0")}`, NOON + index);
        await archive.append("a", position(index, index), batch([one], index));
      }
      const before = (await archive.search("a", everything)).events;
      await archive.retain("a", NOON + DAY_MS, RULES);
      expect((await archive.search("a", everything)).events).toEqual(before);
      await archive.append("a", position(20, 20), batch([event("late", NOON + 99)], 20));
      expect((await ids(archive)).length).toBe(21);
    });

    it("writes concurrent batches of several streams all, each once", async () => {
      const archive = await start();
      const appends: Promise<void>[] = [];
      for (let stream = 0; stream < 4; stream += 1)
        for (let offset = 0; offset < 40; offset += 2)
          for (let time = 0; time < 2; time += 1) {
            const pair = [0, 1].map((one) => event(`${stream}/${offset + one}`, NOON + offset));
            const place = position(offset, offset + 1, `raw/${stream}`);
            appends.push(archive.append("a", place, batch(pair, offset)));
          }
      await Promise.all(appends);
      expect((await archive.statistics("a")).events).toBe(160);
      expect(new Set(await ids(archive)).size).toBe(160);
    });

    it("takes a batch with events of many hours and classes", async () => {
      const archive = await start();
      const events = Array.from({ length: 400 }, (_, index) =>
        event(`e${String(index).padStart(3, "0")}`, NOON - index * HOUR_MS, {
          dataClass: ["security", "network", "content"][index % 3] ?? "security",
        }),
      );
      await archive.append("a", position(0, 399), batch(events));
      expect(await ids(archive)).toEqual(events.map((one) => one.id).reverse());
      const statistics = await archive.statistics("a");
      expect(statistics).toMatchObject({
        events: 400,
        oldest: NOON - 399 * HOUR_MS,
        newest: NOON,
      });
      expect(statistics.bytes).toBeGreaterThan(0);
    });

    it("agrees with a plain filter and sort of the same events", async () => {
      const archive = await start();
      const times = fc.integer({ min: 0, max: 5 * HOUR_MS });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(times, { minLength: 1, maxLength: 12 }), { maxLength: 12 }),
          fc.constantFrom("oldest" as const, "newest" as const),
          fc.integer({ min: 1, max: 30 }),
          times,
          times,
          async (batches, order, limit, one, other) => {
            const tenant = `t${run++}`;
            const [from, to] = [NOON + Math.min(one, other), NOON + Math.max(one, other)];
            const all: ArchivedEvent[] = [];
            for (const offsets of batches) {
              const first = all.length;
              const events = offsets.map((time, at) => event(`e${first + at}`, NOON + time));
              all.push(...events);
              await archive.append(tenant, position(first, all.length - 1), batch(events, first));
            }
            const wanted = all
              .filter(({ time }) => time >= from && time < to)
              .sort((x, y) => x.time - y.time || (x.id < y.id ? -1 : 1))
              .map(({ id }) => id);
            const scanned: string[] = [];
            const { signal } = new AbortController();
            for await (const { id } of archive.scan(tenant, { from, to }, signal)) scanned.push(id);
            expect(scanned).toEqual(wanted);
            const sorted = order === "oldest" ? wanted : wanted.reverse();
            const page = await archive.search(tenant, { from, to, order, limit });
            expect(page.events.map(({ id }) => id)).toEqual(sorted.slice(0, limit));
          },
        ),
        { numRuns: 25 },
      );
    });

    it("does not let an impossible time stop a stream", async () => {
      const archive = await start();
      const times = [1.7e18, -1.7e18, Number.NaN, Number.POSITIVE_INFINITY, 0.5];
      const events = times.map((time, index) => ({ ...event("x", 0), id: `${index}`, time }));
      await archive.append("a", position(0, 4), batch(events));
      expect((await archive.statistics("a")).events).toBe(5);
    });

    it("counts the age of a time in the future from its appending", async () => {
      const archive = await start();
      const far = event("far", Date.now() + 900 * DAY_MS);
      await archive.append("a", position(0, 0), batch([far]));
      expect(await archive.retain("a", Date.now() + 80 * DAY_MS, RULES)).toEqual({
        eventsDeleted: 0,
      });
      expect(await archive.retain("a", Date.now() + 95 * DAY_MS, RULES)).toEqual({
        eventsDeleted: 1,
      });
    });

    it("stops a search that nobody waits for any more", async () => {
      const archive = await start();
      await archive.append("a", position(0, 0), batch([event("1", NOON)]));
      await expect(archive.search("a", everything, AbortSignal.abort())).rejects.toThrow(/abort/i);
    });

    it.each(["../b", "", "A", "a/b", "..", "a\u0000"])(
      "refuses %j as a tenant name",
      async (tenant) => {
        const archive = await start();
        const code = { code: "HW_REQUEST_INVALID" };
        await expect(archive.append(tenant, position(0, 0), [])).rejects.toMatchObject(code);
        await expect(archive.get(tenant, "1", NOON)).rejects.toMatchObject(code);
        await expect(archive.search(tenant, everything)).rejects.toMatchObject(code);
        await expect(archive.retain(tenant, NOON, RULES)).rejects.toMatchObject(code);
        const scan = archive.scan(tenant, { from: 0, to: 1 }, new AbortController().signal);
        await expect(scan[Symbol.asyncIterator]().next()).rejects.toMatchObject(code);
      },
    );

    it("refuses everything after close", async () => {
      const archive = await start();
      await archive.append("a", position(0, 0), batch([event("1", NOON)]));
      await archive.close();
      const code = { code: "HW_CLOSED" };
      await expect(archive.append("a", position(1, 1), [])).rejects.toMatchObject(code);
      await expect(archive.search("a", everything)).rejects.toMatchObject(code);
    });
  });
}
