// The embedded archive passes the contract, and what only it can go through: damaged and torn files.
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
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

describe("the filter of a frame", () => {
  it("never denies what is in it and rarely affirms what is not", () => {
    const inside = new Set(Array.from({ length: 2000 }, (_, index) => `term ${index}`));
    const filter = makeBloom(inside);
    for (const term of inside) expect(mayContain(filter, term)).toBe(true);
    const outside = Array.from({ length: 10_000 }, (_, index) => `other ${index}`);
    expect(outside.filter((term) => mayContain(filter, term)).length).toBeLessThan(200);
  });
});
