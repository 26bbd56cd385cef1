// An archive that keeps nothing is one all the same.
import { describe, expect, it } from "vitest";
import { openNoArchive } from "../../../services/archive/off.ts";

const everything = { from: 0, to: 1, order: "oldest", limit: 10 } as const;
const position = { stream: "raw/0", firstOffset: 0, lastOffset: 0 };

describe("an archive that is off", () => {
  it("takes events and has none", async () => {
    const archive = openNoArchive();
    const document = { "@timestamp": "x" };
    const event = { id: "1", time: 0, source: "s", dataClass: "security", document };
    await archive.append("kreis", position, [{ offset: 0, event }]);
    expect(await archive.search("kreis", everything)).toEqual({ events: [], cursor: undefined });
    expect(await archive.get("kreis", "1", 0)).toBeUndefined();
    expect(await archive.statistics("kreis")).toMatchObject({ events: 0, bytes: 0 });
    const seen = await Array.fromAsync(
      archive.scan("kreis", { from: 0, to: 1 }, new AbortController().signal),
    );
    expect(seen).toEqual([]);
    const rules = { daysByClass: {}, daysDefault: 1, bytesMax: 1 };
    expect(await archive.retain("kreis", 0, rules)).toEqual({ eventsDeleted: 0 });
  });

  it("refuses what others refuse: odd names, a search nobody waits for, use after close", async () => {
    const archive = openNoArchive();
    await expect(archive.append("../a", position, [])).rejects.toMatchObject({
      code: "HW_REQUEST_INVALID",
    });
    await expect(archive.search("kreis", everything, AbortSignal.abort())).rejects.toThrow(/abort/);
    await archive.close();
    await expect(archive.append("kreis", position, [])).rejects.toMatchObject({
      code: "HW_CLOSED",
    });
  });
});
