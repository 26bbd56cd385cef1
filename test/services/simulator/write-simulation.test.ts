// Writing a simulation to a folder.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SOURCES } from "../../../services/simulator/record.ts";
import { simulate } from "../../../services/simulator/simulate.ts";
import { writeSimulation } from "../../../services/simulator/write-simulation.ts";

it("writes every record into the file of its source, and the truth beside them", () => {
  const dir = mkdtempSync(join(tmpdir(), "simulation-"));
  try {
    const options = { seed: 3, intrusion: true, staffAccounts: 60, eventsTarget: 3000 };
    const { records, truth } = writeSimulation(dir, options);
    const expected = new Map<string, string[]>();
    for (const record of simulate(options).records) {
      const { file } = SOURCES[record.source];
      expected.set(file, [...(expected.get(file) ?? []), record.text]);
    }
    expect(readdirSync(dir).sort()).toEqual([...expected.keys(), "truth.json"].sort());
    let written = 0;
    for (const [file, lines] of expected) {
      const found = readFileSync(join(dir, file), "utf8").split("\n");
      expect(found).toEqual([...lines, ""]);
      written += lines.length;
    }
    expect(records).toBe(written);
    expect(JSON.parse(readFileSync(join(dir, "truth.json"), "utf8"))).toEqual(truth);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
