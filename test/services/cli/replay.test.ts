// What no parser understood is read again after a restart, once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../../config/load.ts";
import { encodeRaw } from "../../../services/bus/raw-record.ts";
import { replayDeadLetters } from "../../../services/cli/replay.ts";
import { startHeidewacht } from "../../../services/main.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

const loaded = loadConfig(
  undefined,
  {},
  {
    dataFolder: join(folder, "data"),
    privacy: { masterKeyFile: join(folder, "master.key") },
    console: { port: 0 },
    inputs: { http: { enabled: false } },
    detection: { starterPack: false },
  },
);
const TENANT = loaded.config.tenants[0]?.id ?? "";
const start = () => startHeidewacht(loaded, { logger: pino({ level: "silent" }) });
const everything = { from: 0, to: 9e15, order: "oldest", limit: 100 } as const;

describe("heidewacht replay", () => {
  it("puts dead letters back on the way once, and refuses to work beside a running service", async () => {
    const first = await start();
    const record = {
      id: "b/0",
      idFromSender: false,
      source: "netz",
      timeZone: "UTC",
      receivedAt: Date.now(),
      text: "\u0001 das versteht niemand",
    };
    await first.bus.publish(TENANT, "raw", [{ key: undefined, value: encodeRaw(record) }]);
    await first.idle(TENANT);
    const kept = await first.archive.search(TENANT, everything);
    expect(kept.events[0]?.document["event.kind"]).toBe("pipeline_error");
    expect(JSON.stringify(kept.events)).not.toContain("versteht");
    await expect(replayDeadLetters(loaded)).rejects.toMatchObject({ code: "HW_PLACE_TAKEN" });
    await first.close();

    expect(await replayDeadLetters(loaded)).toEqual(new Map([[TENANT, 1]]));
    expect(await replayDeadLetters(loaded)).toEqual(new Map([[TENANT, 0]]));

    const second = await start();
    expect((await second.bus.lag(TENANT, "raw", "detect")).records).toBeLessThanOrEqual(1);
    await second.idle(TENANT);
    // Still not understood: a letter again, and one trace in the archive.
    expect((await second.archive.search(TENANT, everything)).events.length).toBe(1);
    await second.close();
    expect(await replayDeadLetters(loaded)).toEqual(new Map([[TENANT, 1]]));
  });
});
