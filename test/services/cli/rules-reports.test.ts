// What the `rules` commands print, word for word: scripts and editors read it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import { importRules } from "../../../services/cli/rules-import.ts";
import { listReport } from "../../../services/cli/rules-list.ts";
import { testReport, testRules } from "../../../services/cli/rules-test.ts";
import { faultKind, printable, splitPlace } from "../../../services/cli/rules-text.ts";
import { usableMappings } from "../../../services/normalize/mapping/mapping-folder.ts";
import { checkRules } from "../../../services/rules/rule-check.ts";
import { ruleText } from "../../support/rule-text.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-reports-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const tables = loadLogSources();
const filesOf = (...texts: string[]) =>
  texts.map((text, at) => ({ path: `${at}.yml`, origin: `a,b/${at}.yml`, text }));
const checkOf = (...texts: string[]) => checkRules(filesOf(...texts), { logSources: tables });

describe("the list", () => {
  const check = checkOf(
    ruleText({ title: "Niedrig", level: "low", id: "a" }),
    ruleText({
      title: "Ähnlich",
      id: "b",
      logsource: "{}",
      tags: "[attack.impact, attack.stealth]",
    }),
    ruleText({ title: "Zuletzt", id: "c" }),
    ruleText({ level: "severe" }),
  );

  it("is a table, the most severe rules first", () => {
    expect(listReport(check, {}, "table", "de")).toBe(
      [
        "STUFE  TITEL    ID  LOGSOURCE                   TAKTIKEN",
        "high   Ähnlich  b   alle                        impact, stealth",
        "high   Zuletzt  c   windows / process_creation  execution",
        "low    Niedrig  a   windows / process_creation  execution",
        "",
        "3 Regeln",
        "1 fehlerhafte Regeln fehlen in der Liste: heidewacht rules check",
        "",
      ].join("\n"),
    );
  });

  it.each([
    [{ level: "low" as const }, ["a"]],
    [{ product: "Windows" }, ["c", "a"]],
    [{ product: "windows", level: "high" as const }, ["c"]],
    [{ product: "linux" }, []],
  ])("holds what %j asks for", (filter, ids) => {
    const list: { id: string }[] = JSON.parse(listReport(check, filter, "json", "de"));
    expect(list.map(({ id }) => id)).toEqual(ids);
  });

  it("tells programs what else a rule says of itself", () => {
    const text = `${ruleText({ title: "Eigene" })}\nauthor: Amt\nticket: { number: 7 }\nrelated: [{ id: x, type: similar }]\n`;
    expect(JSON.parse(listReport(checkOf(text), {}, "json", "de"))).toMatchObject([
      {
        author: "Amt",
        custom: { ticket: { number: 7 } },
        related: [{ id: "x", type: "similar" }],
        filters: [],
      },
    ]);
  });

  it("shortens titles that break the table", () => {
    const long = checkOf(ruleText({ title: "x".repeat(500) }));
    expect(listReport(long, {}, "table", "en")).toContain(`${"x".repeat(71)}…  7a1f`);
  });
});

describe("the test of rules", () => {
  const event = (image: string) =>
    JSON.stringify({
      Channel: "Security",
      EventID: 4688,
      Hostname: "pc1",
      EventTime: "2026-11-20 10:00:00",
      NewProcessName: image,
    });
  const sample = (hit: string, miss: string) =>
    `rule: a\nhits:\n  - { format: windows-flat, text: '${event(hit)}' }\n` +
    `misses:\n  - { format: windows-flat, text: '${event(miss)}', why: harmless }\n`;
  const run = (text: string) => {
    writeFileSync(join(folder, "a.yml"), text);
    const result = testRules(
      checkOf(
        ruleText({ id: "a" }),
        ruleText({ id: "b", detection: "{ s: { Image|endswith: none }, condition: s }" }),
      ),
      folder,
      tables,
    );
    return { ...result, report: testReport(result, "text", "de").replaceAll(`${folder}/`, "") };
  };

  it("passes when hits fire and near misses don't", () => {
    const { isFailed, report } = run(sample("C:\\x\\tool.exe", "C:\\x\\word.exe"));
    expect(report).toBe(
      "1 Regeln an 2 Beispielen erprobt, 0 fehlgeschlagen\n1 Regeln haben keine Beispiele\n" +
        "  Werkzeug gestartet  (a,b/1.yml:1:1)\n",
    );
    expect(isFailed).toBe(false);
  });

  it("says what is wrong and what matched", () => {
    const { isFailed, report } = run(sample("C:\\x\\word.exe", "C:\\x\\tool.exe"));
    expect(report.split("\n").slice(0, 5)).toEqual([
      "a.yml:3:5  „Werkzeug gestartet“ löst auf einen Treffer nicht aus",
      "    keine Regel löst aus; passen logsource und Felder zum Ereignis?",
      "a.yml:5:5  „Werkzeug gestartet“ löst auf einen Beinahe-Treffer aus, wegen",
      "    Image endswith \\tool.exe  ←  C:\\x\\tool.exe",
      "1 Regeln an 2 Beispielen erprobt, 2 fehlgeschlagen",
    ]);
    expect(isFailed).toBe(true);
  });

  it("gives the same to programs", () => {
    const result = run(sample("C:\\x\\word.exe", "C:\\x\\tool.exe"));
    expect(JSON.parse(testReport(result, "json", "en"))).toMatchObject({
      rules: 1,
      samples: 2,
      failures: [
        { line: 3, column: 5, rule: "a", reason: "silent" },
        { line: 5, column: 5, rule: "a", reason: "loud" },
      ],
      faults: [],
      untested: [{ id: "b", file: "a,b/1.yml" }],
    });
  });

  it("is told to CI systems as JUnit, a case a sample", () => {
    const report = testReport(run(sample("C:\\x\\tool.exe", "C:\\x\\<tool.exe")), "junit", "en");
    expect(report.replaceAll(folder, "")).toContain(
      '<testsuite name="Werkzeug gestartet" tests="2" failures="0" errors="0" skipped="0">\n' +
        '    <testcase classname="a" name="hit /a.yml:3:5"/>\n' +
        '    <testcase classname="a" name="miss /a.yml:5:5"/>\n  </testsuite>',
    );
    expect(report).toContain('<testcase classname="b" name="Werkzeug gestartet"><skipped/>');
    const failed = testReport(run(sample("C:\\x\\<word.exe", "C:\\x\\tool.exe")), "junit", "en");
    expect(failed).toContain('tests="3" failures="2" errors="0">');
    expect(failed).toContain("&#34;Werkzeug gestartet&#34; fires on a near miss, because of");
    const faulty = testReport(run("rule: <a>\u001b\n"), "junit", "en");
    expect(faulty).toContain('<testsuite name="faults" tests="1" failures="1"');
    expect(faulty).not.toContain("\u001b");
  });

  it.each([
    ["a sample file is no sample file", "rule: a\n", "HW_RULE_INVALID"],
    ["no such format exists", sample("a", "b").replaceAll("windows-flat", "runes"), "runes"],
    ["no such rule exists", sample("a", "b").replace("rule: a", "rule: z"), "z"],
  ])("fails when %s", (_what, text, word) => {
    const { isFailed, report } = run(text);
    expect(report.split("\n")[0]).toContain(word);
    expect(isFailed).toBe(true);
  });

  it("proves rules for mapped applications", () => {
    const line = (action: string, result: string) =>
      `21.11.2026;05:38:18;emustermann;10.1.2.3;${action};32-1/26;a.pdf;${result}`;
    writeFileSync(
      join(folder, "dms.yml"),
      `rule: a\nhits:\n  - { format: dms-audit, text: "${line("LOESCHEN", "VERWEIGERT")}" }\n` +
        `misses:\n  - { format: dms-audit, text: "${line("LOESCHEN", "OK")}", why: erlaubt }\n`,
    );
    const rule = ruleText({
      id: "a",
      logsource: "{ product: dms, service: audit }",
      detection: "{ s: { event.action: LOESCHEN, event.outcome: failure }, condition: s }",
    });
    const mapped = usableMappings(["config/mappings-examples"], "de");
    expect(testRules(checkOf(rule), folder, tables, mapped)).toMatchObject({
      samples: 2,
      failures: [],
      isFailed: false,
    });
    expect(testRules(checkOf(rule), folder, tables).failures).toHaveLength(2);
  });

  it("fails when there are no samples at all", () => {
    expect(testRules(checkOf(ruleText()), folder, tables).isFailed).toBe(true);
  });
});

describe("the import", () => {
  const source = { rules: filesOf(ruleText(), "title: ["), licences: [], faults: [] };

  it("says what came, what did not, and how to use it", async () => {
    const report = await importRules(source, folder, false, "de");
    expect(report.replaceAll(folder, "DIR").split("\n")).toEqual([
      "1 Regeldateien nach DIR übernommen",
      "  1 neu, 0 geändert, 0 unverändert",
      "  1 Regeln darin können geladen werden",
      "Keine Lizenzdatei gefunden: bitte klären, unter welcher Lizenz die Regeln stehen",
      "1 Dateien ausgelassen, weil keine Regel darin läuft; 1 Fehler:",
      expect.stringMatching(/^ {2}a,b\/1\.yml:1:\d+ {2}HW_RULE_INVALID {2}\S/),
      "",
      "So werden sie geladen (Konfiguration):",
      "  detection:",
      '    ruleFolders: ["DIR"]',
      "",
    ]);
  });

  it("only says so in a dry run", async () => {
    const target = join(folder, "new");
    expect(await importRules(source, target, true, "en")).toContain("nothing was written");
    expect(await importRules(source, target, true, "en")).toContain("1 new, 0 changed");
  });
});

describe("texts", () => {
  it.each([
    ["a.yml:3:14", { file: "a.yml", line: 3, column: 14 }],
    ["x.zip!a:b.yml:3:14", { file: "x.zip!a:b.yml", line: 3, column: 14 }],
    ["folder", { file: "folder", line: undefined, column: undefined }],
  ])("take the place %s apart", (place, parts) => {
    expect(splitPlace(place)).toEqual(parts);
  });

  it("hold no character that steers a terminal", () => {
    expect(printable("a\u001b[31m\r\nb\u202ec\u0000")).toBe("a [31m b c");
  });

  it.each([
    [ruleText({ level: "severe" }), "level"],
    [ruleText({ detection: "{ s: { a: 1 }, condition: s and }" }), "condition"],
    [ruleText({ detection: "{ s: { a: 1 } }" }), "condition"],
    [ruleText({ detection: "{ s: { a: 1 }, condition: s | count() > 5 }" }), "aggregation"],
    [ruleText({ detection: "{ s: { a|x: 1 }, condition: s }" }), "modifier"],
    [ruleText({ detection: "{ s: { a|re: '(?=b)' }, condition: s }" }), "pattern"],
    ["title: 'x\n", "yaml"],
    [ruleText({ detection: "{ s: { a|gt: x }, condition: s }" }), undefined],
  ])("know the mend of the fault in %j", (text, kind) => {
    const [fault] = checkOf(text).faults;
    expect(fault && faultKind(fault)).toBe(kind);
  });
});
