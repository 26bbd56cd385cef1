// The embedded archive passes the contract, and what only it can go through: damaged and torn files.
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AppError } from "../../../config/errors.ts";
import type { Archive } from "../../../services/archive/archive.ts";
import { makeBloom, mayContain } from "../../../services/archive/bloom.ts";
import { openEmbeddedArchive } from "../../../services/archive/embedded.ts";
import { describeArchiveContract } from "../../contract/archive.ts";
import { killAfter } from "../../contract/crash.ts";
import { numberedEvents } from "./numbered-events.ts";

const NOON = Date.UTC(2026, 10, 21, 12);

describeArchiveContract("embedded", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-archive-"));
  const opened: Archive[] = [];
  const open = () => {
    const archive = openEmbeddedArchive({
      dataDir,
      onDamage: (error) => {
        throw error;
      },
    });
    opened.push(archive);
    return archive;
  };
  return {
    archive: open(),
    reopen: async () => open(),
    async destroy() {
      for (const archive of opened) await archive.close();
      rmSync(dataDir, { recursive: true });
    },
  };
});

describe("damaged files", () => {
  async function withThreeFrames() {
    const dataDir = mkdtempSync(join(tmpdir(), "hw-archive-"));
    const damage: AppError[] = [];
    const open = () => openEmbeddedArchive({ dataDir, onDamage: (error) => damage.push(error) });
    const archive = open();
    for (const [index, id] of ["a", "b", "c"].entries()) {
      const event = {
        id,
        time: NOON + index,
        source: "s",
        dataClass: "security",
        document: { "@timestamp": "x", message: `Zeile ${id}` },
      };
      const position = { stream: "raw/0", firstOffset: index, lastOffset: index };
      await archive.append("kreis", position, [{ offset: index, event }]);
    }
    const folder = join(dataDir, "kreis", "archive");
    const [name] = readdirSync(folder);
    return { archive, open, damage, file: join(folder, name ?? "") };
  }
  const query = { from: 0, to: NOON + 1000, order: "oldest", limit: 10 } as const;

  it("cost the damaged frame only, and are told with their place", async () => {
    const { archive, damage, file } = await withThreeFrames();
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes.fill(0xff, middle - 5, middle + 5);
    writeFileSync(file, bytes);
    const { events } = await archive.search("kreis", query);
    expect(events.map((event) => event.id)).toEqual(["a", "c"]);
    expect(damage[0]?.code).toBe("HW_STORE_CORRUPT");
    expect(damage[0]?.place).toContain(file);
    await archive.close();
  });

  it("show every changed bit", async () => {
    const { archive, damage, file } = await withThreeFrames();
    const good = readFileSync(file);
    const firstFrameBits = 8 * Math.floor(good.length / 3 - 4);
    for (let bit = 0; bit < firstFrameBits; bit += 1) {
      const bytes = Buffer.from(good);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(file, bytes);
      const { events } = await archive.search("kreis", query);
      expect(events.map((event) => event.id)).toEqual(["b", "c"]);
    }
    expect(damage).toHaveLength(firstFrameBits);
    await archive.close();
  });

  it("lose nothing when a torn append left bytes behind", async () => {
    const { archive, open, damage, file } = await withThreeFrames();
    await archive.close();
    appendFileSync(file, "halb geschrieben");
    const again = open();
    const position = { stream: "raw/0", firstOffset: 3, lastOffset: 3 };
    const event = {
      id: "d",
      time: NOON + 9,
      source: "s",
      dataClass: "security",
      document: { "@timestamp": "x" },
    };
    await again.append("kreis", position, [{ offset: 3, event }]);
    const { events } = await again.search("kreis", query);
    expect(events.map((one) => one.id)).toEqual(["a", "b", "c", "d"]);
    expect(damage).toEqual([]);
    await again.close();
  });
});

describe("retention", () => {
  const RULES = { daysByClass: {}, daysDefault: 90, bytesMax: 1e12 };
  const HOUR_MS = 3_600_000;
  const everything = { from: 0, to: NOON + HOUR_MS, order: "oldest", limit: 1000 } as const;

  async function withFrames(count: number) {
    const dataDir = mkdtempSync(join(tmpdir(), "hw-archive-"));
    const damage: AppError[] = [];
    const archive = openEmbeddedArchive({
      dataDir,
      onDamage: (error) => damage.push(error),
      now: () => NOON,
    });
    const append = (offset: number, time: number) =>
      archive.append("kreis", { stream: "raw/0", firstOffset: offset, lastOffset: offset }, [
        {
          offset,
          event: {
            id: `e${String(offset).padStart(3, "0")}`,
            time,
            source: "s",
            dataClass: "security",
            document: { "@timestamp": "x", "host.name": `h${offset}`, message: "x".repeat(99) },
          },
        },
      ]);
    for (let offset = 0; offset < count; offset += 1) await append(offset, NOON + count - offset);
    const folder = join(dataDir, "kreis", "archive");
    const bytes = () => readdirSync(folder).map((name) => readFileSync(join(folder, name)).length);
    return { archive, append, damage, folder, bytes };
  }

  it("makes one small file of many frames, and takes late events beside it", async () => {
    const { archive, append, bytes } = await withFrames(30);
    const [before = 0] = bytes();
    const events = (await archive.search("kreis", everything)).events;
    await archive.retain("kreis", NOON + 3 * HOUR_MS, RULES);
    const [after = 0, ...more] = bytes();
    expect(more).toEqual([]);
    expect(after).toBeLessThan(before / 4);
    expect((await archive.search("kreis", everything)).events).toEqual(events);
    await append(30, NOON + 50);
    expect(bytes()).toHaveLength(2);
    const ids = async (terms: Record<string, string>) =>
      (await archive.search("kreis", { ...everything, terms })).events.map(({ id }) => id);
    expect(await ids({ "host.name": "H30" })).toEqual(["e030"]);
    expect(await ids({ "host.name": "h7" })).toEqual(["e007"]);
    expect(await ids({ "host.name": "h99" })).toEqual([]);
    expect(await archive.get("kreis", "e007", NOON + 23)).toMatchObject({ id: "e007" });
    await archive.close();
  });

  it("leaves a damaged segment alone and compacts the next time when it is mended", async () => {
    const { archive, damage, folder, bytes } = await withFrames(30);
    const [name = ""] = readdirSync(folder);
    const file = join(folder, name);
    const good = readFileSync(file);
    writeFileSync(file, Buffer.from(good).fill(0xff, 300, 310));
    await archive.retain("kreis", NOON + 3 * HOUR_MS, RULES);
    expect(damage).toHaveLength(1);
    expect(bytes()).toEqual([good.length]);
    expect((await archive.search("kreis", everything)).events).toHaveLength(29);
    writeFileSync(file, good);
    expect((await archive.search("kreis", everything)).events).toHaveLength(30);
    await archive.close();
  });

  it("lets a reader finish a segment that it deletes", async () => {
    const { archive, folder } = await withFrames(30);
    const reading = archive.scan("kreis", everything, new AbortController().signal);
    const iterator = reading[Symbol.asyncIterator]();
    const seen = [(await iterator.next()).value?.id];
    const result = await archive.retain("kreis", NOON + 200 * 24 * HOUR_MS, RULES);
    expect(result).toEqual({ eventsDeleted: 30 });
    expect((await archive.search("kreis", everything)).events).toEqual([]);
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      seen.push(next.value.id);
    expect(seen).toHaveLength(30);
    expect(readdirSync(folder)).toEqual([]);
    await archive.close();
  });

  it("deletes what a crash left over, unless it is young", async () => {
    const { archive, folder } = await withFrames(1);
    const [old, young] = ["old", "young"].map((name) => join(folder, `security-x.${name}.seg`));
    for (const path of [old, young]) writeFileSync(path ?? "", "x");
    utimesSync(old ?? "", 1, 1);
    await archive.retain("kreis", NOON, RULES);
    expect(readdirSync(folder).filter((name) => name.startsWith("security-x"))).toEqual([
      "security-x.young.seg",
    ]);
    await archive.close();
  });
});

describe("the filter of a frame", () => {
  it("never denies what is in it and rarely affirms what is not", () => {
    const inside = new Set(Array.from({ length: 2000 }, (_, index) => `term ${index}`));
    const filter = makeBloom(inside);
    for (const term of inside) expect(mayContain(filter, term)).toBe(true);
    const outside = Array.from({ length: 10_000 }, (_, index) => `other ${index}`);
    expect(outside.filter((term) => mayContain(filter, term)).length).toBeLessThan(200);
  });
});

describe("kill -9", () => {
  it("loses no acknowledged event and doubles none when its sender repeats", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "hw-archive-"));
    const script = new URL("./crash-child.ts", import.meta.url);
    const damage: AppError[] = [];
    let first = 0;
    for (const reports of [1, 25, 60]) {
      const acknowledged = await killAfter(script, [dataDir, String(first)], reports);
      const archive = openEmbeddedArchive({ dataDir, onDamage: (error) => damage.push(error) });
      const ids: string[] = [];
      const range = { from: 0, to: Infinity };
      for await (const { id } of archive.scan("kreis", range, new AbortController().signal))
        ids.push(id);
      const wanted = numberedEvents(0, ids.length - 1).map(({ event }) => event.id);
      expect(ids.sort()).toEqual(wanted);
      expect(ids.length).toBeGreaterThan(acknowledged);
      first = ids.length + 5;
      const position = { stream: "raw/0", firstOffset: 0, lastOffset: first - 1 };
      await archive.append("kreis", position, numberedEvents(0, first - 1));
      expect((await archive.statistics("kreis")).events).toBe(first);
      await archive.close();
    }
    expect(damage).toEqual([]);
    rmSync(dataDir, { recursive: true });
  });
});
