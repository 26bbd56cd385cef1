// What the service's backtests run for a request: loaded rules and correlations by their ids, all of them,
// or text beside them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadLogSources } from "../../config/log-sources.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import { PLAIN_READING } from "../../detectors/sigma/reading.ts";
import type { BacktestBody } from "../../services/api/backtest-schemas.ts";
import { openEmbeddedArchive } from "../../services/archive/embedded.ts";
import { createBacktests } from "../../services/backtests.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createPrivacy } from "../../services/privacy/protect.ts";
import { ruleText } from "../support/rule-text.ts";

const OTHER = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e";
const TOOL = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d";
const THRICE = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5f";
const CORRELATION = `title: Dreimal
id: ${THRICE}
level: critical
correlation: { type: event_count, rules: [${TOOL}], timespan: 1h, condition: { gte: 3 } }
`;
const LOADED = [ruleText(), ruleText({ title: "Anderes", id: OTHER }), CORRELATION].join("---\n");

const LINES = Array.from({ length: 6 }, (_, at) => ({
  ...{ EventID: 1, Channel: "Microsoft-Windows-Sysmon/Operational", EventRecordID: at },
  ...{ Computer: "FS01", Provider_Name: "Microsoft-Windows-Sysmon", Image: "C:\\x\\tool.exe" },
  UtcTime: new Date(Date.UTC(2026, 10, 20, 7, at)).toISOString(),
}))
  .map((line) => JSON.stringify(line))
  .join("\n");

/** Runs it and gives title, hits and whether others speak for it, of each rule. */
async function outcome(body: Omit<BacktestBody, "lines">) {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-backtests-"));
  const archive = openEmbeddedArchive({ dataDir, onDamage: () => undefined });
  const { rules, correlations } = readRuleFile(LOADED, "loaded.yml");
  const engine = createSigmaEngine({ rules, logSources: loadLogSources() });
  const backtests = createBacktests({
    ...{ archive, engine: () => engine, correlations: () => correlations, formats: [] },
    ...{ reading: PLAIN_READING, timeZoneOf: () => "Europe/Berlin", findingWindowMs: 3_600_000 },
    ...{ view: (event) => event, now: Date.now, logger: pino({ level: "silent" }) },
    privacy: createPrivacy(createKeyRing(Buffer.alloc(32, 7))),
  });
  onTestFinished(async () => {
    await backtests.close();
    await archive.close();
    rmSync(dataDir, { recursive: true });
  });
  const { id, name, ruleCount } = backtests.start("kreis", { ...body, lines: LINES });
  await expect.poll(() => backtests.get("kreis", id)?.state).toBe("done");
  const { rules: counted = [], faults } = backtests.get("kreis", id)?.result ?? {};
  const told = counted.map(({ title, hits, isSilenced }) => [title, hits, isSilenced]);
  return { name, ruleCount, told, faults };
}

describe("the backtests of the service", () => {
  it("run a loaded correlation with the rules that it names", async () => {
    expect(await outcome({ ids: [THRICE] })).toEqual({
      ...{ name: "Dreimal", ruleCount: 2, faults: [] },
      told: [
        ["Werkzeug gestartet", 6, true],
        ["Dreimal", 2, false],
      ],
    });
  });

  it("mark a loaded rule for which a correlation speaks that was not asked for", async () => {
    expect(await outcome({ ids: [TOOL] })).toEqual({
      ...{ name: "Werkzeug gestartet", ruleCount: 1, faults: [] },
      told: [["Werkzeug gestartet", 6, true]],
    });
  });

  it("run a new correlation over loaded rules", async () => {
    const text = CORRELATION.replace("gte: 3", "gte: 6").replace(TOOL, OTHER);
    expect(await outcome({ text })).toEqual({
      ...{ name: "Dreimal", ruleCount: 2, faults: [] },
      told: [
        ["Anderes", 6, true],
        ["Dreimal", 1, false],
      ],
    });
  });

  it("tell of a correlation whose rules are nowhere", async () => {
    const { faults, told } = await outcome({ text: CORRELATION.replace(TOOL, "nirgends") });
    expect(faults).toMatchObject([{ title: "Dreimal", place: "backtest.yml:1:1" }]);
    expect(told).toEqual([]);
  });

  it("run everything that is loaded, and tell of what has hits", async () => {
    expect((await outcome({ pack: true })).told).toEqual([
      ["Werkzeug gestartet", 6, true],
      ["Anderes", 6, false],
      ["Dreimal", 2, false],
    ]);
  });
});
