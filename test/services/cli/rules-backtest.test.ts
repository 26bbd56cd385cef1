// `heidewacht rules backtest` as it is typed: over files, over an archive, and as a gate of a pipeline.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Command } from "commander";
import { SaxesParser } from "saxes";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openEmbeddedArchive } from "../../../services/archive/embedded.ts";
import { addBacktestCommand } from "../../../services/cli/rules-backtest.ts";
import { lockFolder } from "../../../services/folder-lock.ts";
import { STARTER_PACK } from "../../../services/rules/rule-set.ts";
import { ruleText } from "../../support/rule-text.ts";
import { catchPrinted } from "./printed.ts";

/** Joins rules of the pack. */
const PACK_CORRELATION = "linux/ssh-guessed.yml";
const HOUR_MS = 3_600_000;
const START = Date.parse("2026-11-20T22:30:00Z");

let folder = "";
const printed = catchPrinted();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-backtest-"));
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]) {
  process.exitCode = undefined;
  printed.text = "";
  const program = new Command("rules").exitOverride();
  program.configureOutput({ writeErr: () => undefined });
  addBacktestCommand(program, "de");
  await program.parseAsync(["backtest", ...words], { from: "user" });
  return { output: printed.text, exitCode: process.exitCode ?? 0 };
}

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** A start of the tool each hour, by Erika, on FS01. */
function events(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => ({
    ...{ EventID: 1, Channel: "Microsoft-Windows-Sysmon/Operational", EventRecordID: at },
    ...{ Computer: "FS01", Provider_Name: "Microsoft-Windows-Sysmon" },
    UtcTime: new Date(START + at * HOUR_MS).toISOString(),
    ...{ Image: "C:\\x\\tool.exe", CommandLine: "tool.exe", User: "KREIS\\emustermann" },
  }));
  return lines.map((line) => JSON.stringify(line)).join("\n");
}

async function archive(count: number, tenants = ["kreis"]): Promise<string> {
  const data = join(folder, "data");
  mkdirSync(data);
  const opened = openEmbeddedArchive({ dataDir: data, onDamage: () => undefined });
  const position = { stream: "raw/0", firstOffset: 0, lastOffset: count - 1 };
  for (const tenant of tenants) {
    const archived = Array.from({ length: count }, (_, at) => ({
      offset: at,
      event: {
        ...{ id: String(at), time: START + at * HOUR_MS, source: "fs", dataClass: "security" },
        document: {
          ...{ "event.dataset": "windows-flat", "winlog.event_id": "1", "host.name": "fs01" },
          ...{ "winlog.channel": "Microsoft-Windows-Sysmon/Operational" },
          ...{ "process.executable": "C:\\x\\tool.exe", "user.name": "konto-0123456789" },
        },
      },
    }));
    await opened.append(tenant, position, archived);
  }
  await opened.close();
  return data;
}

describe("heidewacht rules backtest", () => {
  it("counts over files, by the day of the zone, and names no identity", async () => {
    const rule = write("a.yml", ruleText());
    const log = write("fs.log", events(3));
    const { output: report, exitCode } = await run(rule, "--events", log, "--format", "json");
    expect(exitCode).toBe(0);
    const { rules, ...sums } = JSON.parse(report);
    expect(sums).toMatchObject({ events: 3, hits: 3, findings: 3, ruleCount: 1, damaged: 0 });
    expect(rules[0].days).toEqual([
      { day: "2026-11-20", hits: 1, findings: 1 },
      { day: "2026-11-21", hits: 2, findings: 2 },
    ]);
    expect(report).not.toContain("emustermann");
  });

  it("judges correlations, over rules of the pack too, and holds them to the bounds", async () => {
    const joined = "{ type: event_count, rules: [tool], timespan: 3h, condition: { gte: 3 } }";
    const id = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e";
    const rule = write("a.yml", ruleText({ name: "tool" }));
    const correlation = write(
      "b.yml",
      `title: Dreimal das Werkzeug\nid: ${id}\nlevel: critical\ncorrelation: ${joined}\n`,
    );
    const log = write("fs.log", events(6));
    const bounds = ["--max-findings-per-day", "2", "--expect-hits"];
    const { output: report, exitCode } = await run(
      ...[rule, correlation, "--events", log, ...bounds],
    );
    // The rule alone makes five findings on the second day; none of them reaches anybody.
    expect(exitCode).toBe(0);
    expect(report).toMatch(/critical +Dreimal das Werkzeug +2 +2 +2/);
    expect(report).toContain("Korrelation über Werkzeug gestartet");
    expect(report).toContain("Eine Korrelation spricht für diese Regel");
    expect(report).toContain("2 Regeln, 8 Treffer, 2 Befunde");
    const fromPack = write(
      "c.yml",
      readFileSync(join(STARTER_PACK, PACK_CORRELATION), "utf8").replace(/^id: .*/m, `id: ${id}`),
    );
    const json = await run(fromPack, "--events", log, "--format", "json");
    const { rules, faults } = JSON.parse(json.output);
    expect(faults).toEqual([]);
    expect(rules.length).toBeGreaterThan(1);
  });

  it("reads rules through the pipelines that it is given", async () => {
    const detection = "{ s: { Bild|endswith: '\\tool.exe' }, condition: s }";
    const rule = write("a.yml", ruleText({ detection }));
    const pipeline = write(
      "p.yml",
      "name: p\ntransformations: [{ type: field_name_mapping, mapping: { Bild: Image } }]\n",
    );
    const log = write("fs.log", events(2));
    const words = [rule, "--events", log, "--format", "json"];
    expect(JSON.parse((await run(...words)).output).hits).toBe(0);
    expect(JSON.parse((await run(...words, "--pipeline", pipeline)).output).hits).toBe(2);
  });

  it("counts over the archive and says which rule can't be exact there", async () => {
    const exact = write("a.yml", ruleText());
    const detection = "{ s: { User: emustermann }, condition: s }";
    const id = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e";
    const inexact = write("b.yml", ruleText({ detection, id, title: "Erika" }));
    const { output: report, exitCode } = await run(exact, inexact, "--archive", await archive(5));
    expect(exitCode).toBe(0);
    expect(report).toMatch(/high +Werkzeug gestartet +5 +5 +4/);
    expect(report).toMatch(/5 Ereignisse gelesen \(100\s%\)/);
    expect(report).toContain("1 Regel ohne Treffer, davon im Archiv nicht genau: 1");
    expect(report).toContain("2 Regeln, 5 Treffer, 5 Befunde");
    const json = await run(inexact, "--archive", join(folder, "data"), "--format", "json");
    expect(JSON.parse(json.output).rules[0]).toMatchObject({ hits: 0, inexactFields: ["User"] });
  });

  it.each([
    [["--from", "2026-11-21"], 4],
    [["--to", "2026-11-21"], 1],
    [["--from", "2026-11-21T00:30:00+01:00", "--to", "2026-11-21T01:00:00Z"], 2],
  ])("reads the events of %s only", async (range, events) => {
    const rule = write("a.yml", ruleText());
    const data = await archive(5);
    const { output: report } = await run(rule, "--archive", data, "--format", "json", ...range);
    expect(JSON.parse(report).events).toBe(events);
  });

  it.each([
    ["holds its bound", ["--max-findings-per-day", "2"], 0, undefined],
    ["makes too many findings", ["--max-findings-per-day", "1"], 1, "2 Befunde am 2026-11-21"],
  ])("lets a rule in or keeps it out when it %s", async (_what, bounds, exit, reason) => {
    const rule = write("a.yml", ruleText());
    const log = write("fs.log", events(3));
    const { output: report, exitCode } = await run(
      ...[rule, "--events", log, "--format", "json", ...bounds],
    );
    expect(exitCode).toBe(exit);
    expect(JSON.parse(report).rules[0].failure ?? "").toContain(reason ?? "");
    expect(JSON.parse(report).rules[0].failure === undefined).toBe(exit === 0);
  });

  it("writes JUnit that is XML whatever the rules are called", async () => {
    const quiet = write("a.yml", ruleText({ title: '"<b>&amp; \\u0007]]>"' }));
    const broken = write("b.yml", ruleText({ level: "severe" }));
    const log = write("fs.log", events(1).replace("tool.exe", "other.exe"));
    const { output: report, exitCode } = await run(
      ...[quiet, broken, "--events", log, "--format", "junit", "--expect-hits"],
    );
    expect(exitCode).toBe(1);
    const seen: string[] = [];
    const parser = new SaxesParser();
    parser.on("opentag", ({ name, attributes }) =>
      seen.push(`${name} ${Object.values(attributes).slice(0, 2).join(" ")}`),
    );
    parser.write(report).close();
    expect(seen[0]).toBe("testsuites heidewacht rules backtest 2");
    expect(seen.filter((one) => one.startsWith("failure"))).toEqual([
      "failure kein Treffer bounds",
    ]);
    expect(seen.filter((one) => one.startsWith("error"))).toHaveLength(1);
  });

  it("reads what it can of damaged input and ends with its own code", async () => {
    const rule = write("a.yml", ruleText());
    write("fs.log", events(2));
    write("broken.log.gz", gzipSync(events(50)).subarray(0, -20));
    const { output: report, exitCode } = await run(rule, "--events", folder);
    expect(exitCode).toBe(3);
    expect(report).toMatch(/Regel, \d+ Treffer/);
  });

  it.each([
    ["no source of events", [], "HW_USAGE"],
    [
      "a reversed range",
      ["--events", ".", "--from", "2026-11-21", "--to", "2026-11-20"],
      "HW_USAGE",
    ],
    ["a time that is none", ["--events", ".", "--from", "gestern"], "HW_USAGE"],
    ["a folder without an archive", ["--archive", "nowhere"], "HW_NOT_FOUND"],
    ["a file that is not there", ["--events", "nowhere.log"], "HW_INPUT_UNREADABLE"],
  ])("refuses %s", async (_what, words, code) => {
    await expect(run(...words)).rejects.toMatchObject({ code });
  });

  it("asks which tenant is meant, and leaves a running service's archive alone", async () => {
    const data = await archive(1, ["kreis", "stadt"]);
    await expect(run("--archive", data)).rejects.toMatchObject({ code: "HW_USAGE" });
    expect((await run("--archive", data, "--tenant", "stadt")).exitCode).toBe(0);
    const unlock = lockFolder(data);
    const locked = run("--archive", data, "--tenant", "stadt");
    await expect(locked).rejects.toMatchObject({ code: "HW_PLACE_TAKEN" });
    unlock();
  });
});
