// `heidewacht parse`: what it says of files and of live sources, in both languages and two widths.
import { createSocket } from "node:dgram";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { followSource } from "../../../services/cli/parse-follow.ts";
import { parseJson } from "../../../services/cli/parse-json.ts";
import { createJudge } from "../../../services/cli/parse-judge.ts";
import {
  linesToPropose,
  proposalFor,
  proposalReport,
  writeProposal,
} from "../../../services/cli/parse-propose.ts";
import { parseReport, type ReportView } from "../../../services/cli/parse-report.ts";
import { createTally } from "../../../services/cli/parse-tally.ts";
import { testMappings } from "../../../services/cli/parse-test.ts";
import { tableLines, wrapped } from "../../../services/cli/text-table.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-parse-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LEEF =
  "LEEF:1.0|V|P|1|97|src=10.1.2.3\tusrName=emustermann\tdevTime=1795235896000\tmsg=emustermann kam";
const PAIRS = "<134>Nov 21 05:38:18 wlc01 name=ap-3 client_ip=10.30.4.4 user=emustermann";
const UNKNOWN = "Erika Mustermann war hier";
const view = (over: Partial<ReportView> = {}): ReportView => ({
  language: "de",
  timeZone: "Europe/Berlin",
  width: 80,
  isClear: false,
  ...over,
});

function judge(clear = false, format?: string) {
  const timeZone = "Europe/Berlin";
  return createJudge({ format, configured: [], timeZone, clear, keyFile: undefined });
}

function tallyOf(lines: readonly string[], clear = false, events = 1) {
  const tally = createTally(judge(clear), events);
  tally.openFile("/var/log/probe.log");
  for (const [index, line] of lines.entries()) tally.take(line, index + 1);
  return tally;
}

describe("the report", () => {
  const lines = [LEEF, LEEF, PAIRS, "#Fields: a b", UNKNOWN];

  it("says which formats it saw, what share they have and how sure it is", () => {
    const report = parseReport(tallyOf(lines), view());
    expect(report).toContain("/var/log/probe.log: 4 Zeilen und 1 Kopfzeile");
    expect(report).toMatch(/^leef +Log Event Extended Format \(LEEF\) +2 +50,0 % +ja \(1\)$/m);
    expect(report).toMatch(/^key-value .* 1 +25,0 % +wohl \(0,6\)$/m);
    expect(report).toMatch(/^\(keines\) +kein Format nimmt sie +1 +25,0 %$/m);
  });

  it("shows an event of each format, without names of persons", () => {
    const report = parseReport(tallyOf(lines), view());
    expect(report).not.toMatch(/mustermann/i);
    expect(report).toMatch(/^ {2}user\.name +konto-\w+$/m);
    expect(report).toMatch(/^ {2}message +konto-\w+ kam$/m);
    expect(report).toMatch(/usrName=konto-/);
    expect(report).toContain("  5  aaaaa aaaaaaaaaa aaa aaaa");
  });

  it("shows clear text when asked for it", () => {
    const report = parseReport(tallyOf(lines, true), view({ isClear: true }));
    expect(report).toMatch(/^ {2}user\.name +emustermann$/m);
    expect(report).toContain(UNKNOWN);
  });

  it.each([80, 120])("fits %i columns", (width) => {
    const long = LEEF.replace("kam", "kam ".repeat(100));
    const report = parseReport(tallyOf([long, ...lines]), view({ width }));
    const tooLong = report.split("\n").filter((line) => [...line].length > width);
    expect(tooLong).toEqual([]);
  });

  it("speaks English too", () => {
    const report = parseReport(tallyOf(lines), view({ language: "en" }));
    expect(report).toMatch(/^FORMAT +NAME +LINES +SHARE +SURE$/m);
    expect(report).toContain("50.0 %");
  });

  it("tells of lines without time, and of nothing at all", () => {
    expect(parseReport(tallyOf(['{"a":1}']), view())).toContain("json: 1 Zeilen ohne eigene Zeit");
    expect(parseReport(tallyOf([]), view())).toContain("keine Zeilen gefunden");
  });

  it("names what looked like a format and was none", () => {
    const broken = "LEEF:1.0|V|P";
    expect(parseReport(tallyOf([broken]), view())).toContain("(sah aus wie leef)");
  });

  it("is JSON for machines", () => {
    const report = JSON.parse(parseJson(tallyOf(lines), undefined));
    expect(report).toMatchObject({
      lines: 4,
      header_lines: 1,
      formats: [{ id: "leef", lines: 2, share: 0.5, sure: 1, inside: null }, { id: "key-value" }],
      unclaimed: { lines: 1, first: [{ line: 5, reason: null }] },
      events: [
        { line: 1, format: "leef" },
        { line: 3, format: "key-value" },
      ],
    });
  });

  it("quotes no line in the reason of a fault", () => {
    const broken = '{"konto":"emustermann",}';
    const hidden = parseJson(tallyOf([broken]), undefined);
    expect(hidden).not.toContain("emustermann");
    expect(parseJson(tallyOf([broken], true), undefined)).toContain("no JSON");
  });

  it("takes a format as given, and refuses one that there is not", () => {
    const forced = createTally(judge(false, "plain"), 0);
    forced.take(UNKNOWN, 1);
    expect(parseReport(forced, view())).toMatch(/^plain .* vorgegeben$/m);
    expect(() => judge(false, "nixda")).toThrow(expect.objectContaining({ code: "HW_NOT_FOUND" }));
  });
});

describe("a proposal", () => {
  const lines = Array.from(
    { length: 20 },
    (_one, index) =>
      `21.11.2026 05:38:${10 + index} Benutzer emustermann kam von 10.1.2.${index} an`,
  );

  it("is made for unknown lines, written once, and passes its own tests", () => {
    const tally = tallyOf(lines);
    const made = proposalFor(linesToPropose(tally, false), tally, judge(), view());
    if (made === undefined) throw new Error("no proposal");
    expect(proposalReport(made, view())).toContain(
      "Vorschlag für 20 Zeilen (Text mit festem Gerüst)",
    );
    expect(made.mapping + made.tests).not.toContain("emustermann");
    const target = join(folder, "vorschlag");
    expect(writeProposal(made, target, view())).toContain("probe-eigen.tests.yml");
    expect(() => writeProposal(made, target, view())).toThrow(
      expect.objectContaining({ code: "HW_EXISTS" }),
    );
    const { report, isFailed } = testMappings([target], "de");
    expect(report).toContain("4 Tests bestanden");
    expect(isFailed).toBe(false);
  });

  it("is not made where every line has a format of its own", () => {
    expect(linesToPropose(tallyOf([LEEF, LEEF]), false)).toEqual([]);
    const syslog = tallyOf(["<13>Nov 21 05:38:18 h p: text", "<13>Nov 21 05:38:19 h q: other"]);
    expect(linesToPropose(syslog, false)).toEqual([]);
    expect(linesToPropose(syslog, true).length).toBe(2);
  });
});

describe("parse test", () => {
  const mapping = 'id: probe\ntitle: Probe\npattern: "%{WORD:event.action} %{INT:nummer}"\n';

  it("names what was expected and what was seen", () => {
    const target = mkdtempSync(join(folder, "test-"));
    writeFileSync(join(target, "a.yml"), mapping);
    writeFileSync(
      join(target, "a.tests.yml"),
      "tests:\n  - { line: lesen 1, fields: { event.action: schreiben, x: null } }\n  - { line: lesen x, fields: { event.action: lesen } }\n  - { line: lesen 1, refused: true }\n  - { line: lesen, refused: true }\n",
    );
    writeFileSync(join(target, "b.yml"), mapping.replace("probe", "zweite"));
    const { report, isFailed } = testMappings([target], "de");
    expect(isFailed).toBe(true);
    expect(report).toContain("3 von 4 Tests fehlgeschlagen");
    expect(report).toContain("event.action: erwartet schreiben, gesehen lesen");
    expect(report).toContain("Muster 1, Zeichen 7: erwartet %{INT:nummer}");
    expect(report).toContain("sollte abgewiesen werden");
    expect(report).toContain("b.yml: keine Tests");
  });

  it("names faults of mappings and of tests with their mend", () => {
    const target = mkdtempSync(join(folder, "test-"));
    writeFileSync(join(target, "a.yml"), "id: A\n");
    writeFileSync(join(target, "b.yml"), mapping);
    writeFileSync(join(target, "b.tests.yml"), "tests:\n  - { line: x }\n");
    const { report, isFailed } = testMappings([target], "de");
    expect(isFailed).toBe(true);
    expect(report).toMatch(/a\.yml:1:5 {2}id: Kleinbuchstaben.*\n {4}Abhilfe: /);
    expect(report).toContain("b.tests.yml:2:5  tests.0: time, fields, identity oder refused");
  });

  it("refuses a folder without mappings", () => {
    const empty = mkdtempSync(join(folder, "leer-"));
    expect(() => testMappings([empty], "de")).toThrow(
      expect.objectContaining({ code: "HW_NOT_FOUND" }),
    );
  });
});

describe("following", () => {
  interface Live {
    /** Everything written so far. */
    readonly output: () => string;
    readonly seen: (text: string) => Promise<void>;
    readonly stop: () => Promise<string>;
  }

  function follow(source: string, stdin = Readable.from([])): Live {
    let output = "";
    const waiting: (() => void)[] = [];
    const stopped = Promise.withResolvers<void>();
    const done = followSource({
      source,
      stdin,
      judge: judge(),
      view: view(),
      stopped: stopped.promise,
      write(text) {
        output += text;
        for (const look of waiting.splice(0)) look();
      },
    });
    return {
      output: () => output,
      async seen(text) {
        while (!output.includes(text)) await new Promise<void>((look) => waiting.push(look));
      },
      async stop() {
        stopped.resolve();
        await done;
        return output;
      },
    };
  }

  it("reads standard input to its end, and sums up", async () => {
    const live = follow("-", Readable.from([Buffer.from(`${LEEF}\n${UNKNOWN}\n`)]));
    await live.seen("kein Format nimmt sie");
    const output = await live.stop();
    expect(output).toMatch(/^05:38:16 {2}leef +ja +event\.code=97 user\.name=konto-\w+/m);
    expect(output).toMatch(/^– +\(keines\) +aaaaa aaaaaaaaaa/m);
    expect(output).not.toMatch(/mustermann/i);
  });

  it("reads what a file gets from now on", async () => {
    const path = join(folder, "wachsend.log");
    writeFileSync(path, `${PAIRS}\n`);
    const live = follow(path);
    await live.seen("FELDER");
    const adding = setInterval(() => appendFileSync(path, `${LEEF}\n`), 100);
    await live.seen("leef");
    clearInterval(adding);
    expect(await live.stop()).not.toContain("key-value");
  });

  it.each(["udp", "tcp"] as const)("takes syslog by %s", async (protocol) => {
    const live = follow(`${protocol}:0`);
    await live.seen("FELDER");
    const port = Number(/(?:udp|tcp):(\d+)/.exec(live.output())?.[1]);
    if (protocol === "udp") {
      const socket = createSocket("udp4");
      socket.send(PAIRS, port, "127.0.0.1", () => socket.close());
    } else connect(port, "127.0.0.1").end(`${PAIRS}\n`);
    await live.seen("key-value");
    expect(await live.stop()).toMatch(/^key-value .* 1 +100,0 %/m);
  });

  it.each(["udp:99999", "sctp:1", "/gibt/es/nicht"])("does not understand %s", async (source) => {
    await expect(
      followSource({
        source,
        stdin: Readable.from([]),
        judge: judge(),
        view: view(),
        stopped: Promise.resolve(),
        write: () => undefined,
      }),
    ).rejects.toMatchObject({ code: "HW_USAGE" });
  });
});

describe("text for terminals", () => {
  it.each([
    ["kurz", 10, 3, ["kurz"]],
    ["eins zwei drei", 10, 3, ["eins zwei", "drei"]],
    ["abcdefghijkl", 5, 2, ["abcde", "fghi…"]],
    ["", 5, 2, [""]],
  ])("%j in %i columns", (text, width, lines, expected) => {
    expect(wrapped(text, width, lines)).toEqual(expected);
  });

  it("lets the soft column of a table give way", () => {
    const columns = [{ title: "A" }, { title: "B", shrinks: true }, { title: "C" }];
    const table = tableLines(columns, [["eins", "x".repeat(40), "drei"]], 30);
    expect(table[1]).toBe(`eins  ${"x".repeat(17)}…  drei`);
  });
});
