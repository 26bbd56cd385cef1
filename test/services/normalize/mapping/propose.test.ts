// Proposals for unknown lines: each shape is found, named and proved, and holds no names of persons.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { proposeMapping } from "../../../../services/normalize/mapping/propose.ts";
import { CONTEXT, iso, parseLine } from "../format-check.ts";

function propose(lines: readonly string[]) {
  return proposeMapping(lines, {
    id: "probe",
    title: "Probe",
    comment: "Vorschlag",
    context: CONTEXT,
    protectLine: (line) => line,
  });
}

const accounts = ["mmueller", "KREIS\\kmeyer", "svc-backup", "jschulz"];
const many = <Line>(line: (index: number, account: string, ip: string) => Line, count = 40) =>
  Array.from({ length: count }, (_one, index) =>
    line(index, accounts[index % 4] ?? "", `10.1.${index % 7}.${index + 1}`),
  );
const clock = (index: number) => `05:${String(10 + (index % 40))}:16`;

describe("proposals", () => {
  it("find the paths of JSON", () => {
    const lines = many((index, account, ip) =>
      JSON.stringify({
        vorgang: { id: `v-${index}`, zeitpunkt: 1795235896000 + index, erfolg: index % 2 === 0 },
        konto: { kennung: account },
        ip,
      }),
    );
    const made = propose(lines);
    expect(made).toMatchObject({ shape: "json", lines: 40, parsed: 40, timed: 40 });
    expect(parse(made?.mapping ?? "")).toMatchObject({
      json: {},
      time: { field: "vorgang.zeitpunkt", format: "epoch-ms" },
      identity: "vorgang.id",
      fields: { "user.name": "konto.kennung", "source.ip": "ip" },
      translate: {
        "event.outcome": { from: "vorgang.erfolg", map: { true: "success", false: "failure" } },
      },
      match: { keys: ["vorgang.zeitpunkt", "vorgang.id", "vorgang.erfolg"] },
    });
  });

  it.each([";", "\t", "|"])("find columns between %j, named by the first line", (delimiter) => {
    const rows = many((index, account, ip) =>
      [`21.11.2026 ${clock(index)}`, account, ip, "LESEN", "OK"].join(delimiter),
    );
    const made = propose([
      ["Zeitpunkt", "Benutzer", "Adresse", "Aktion", "Ergebnis"].join(delimiter),
      ...rows,
    ]);
    expect(made).toMatchObject({ shape: "csv", parsed: 41 });
    expect(parse(made?.mapping ?? "")).toMatchObject({
      time: { field: "Zeitpunkt", format: "dd.MM.yyyy HH:mm:ss" },
      fields: { "user.name": "Benutzer", "source.ip": "Adresse", "event.action": "Aktion" },
    });
  });

  it("find columns without names, and a time in two of them", () => {
    const made = propose(
      many((index, account, ip) => `21.11.2026,${clock(index)},${account},${ip},L${index}`),
    );
    expect(parse(made?.mapping ?? "")).toMatchObject({
      csv: { delimiter: ",", columns: ["spalte1", "spalte2", "account", "ip", "spalte5"] },
      time: { field: ["spalte1", "spalte2"], format: "dd.MM.yyyy HH:mm:ss" },
      fields: { "user.name": "account", "source.ip": "ip" },
    });
  });

  it.each([
    [" ", "="],
    [";", "="],
    ["|", ":"],
  ])("find pairs between %j with %j", (delimiter, assign) => {
    const lines = many((index, account, ip) =>
      Object.entries({ zeit: `${1795235896 + index}`, benutzer: account, client: ip, art: "lesen" })
        .map((pair) => pair.join(assign))
        .join(delimiter),
    );
    const made = propose(lines);
    expect(made).toMatchObject({ shape: "keyValue", parsed: 40, timed: 40 });
    expect(parse(made?.mapping ?? "")).toMatchObject({
      keyValue: { delimiter, assign },
      fields: { "user.name": "benutzer", "source.ip": "client", "event.action": "art" },
    });
  });

  it("find what stands before pairs", () => {
    const made = propose(
      many(
        (index, account) =>
          `[21.11.2026 ${clock(index)}] INFO benutzer=${account} akte=${index} art=lesen`,
      ),
    );
    expect(parse(made?.mapping ?? "")).toMatchObject({
      pattern: ["[%{TIME:zeit}] %{LEVEL:log.level} %{KEYVALUE}"],
      fields: { "user.name": "benutzer" },
    });
  });

  it("find the skeleton of text, one pattern a kind of line", () => {
    const made = propose(
      many((index, account, ip) =>
        index % 2 === 0
          ? `21.11.2026 ${clock(index)} INFO Benutzer ${account} angemeldet von ${ip}`
          : `21.11.2026 ${clock(index)} WARN Abfrage dauerte ${index * 100} ms`,
      ),
    );
    expect(made).toMatchObject({ shape: "pattern", parsed: 40, timed: 40 });
    expect(parse(made?.mapping ?? "").pattern).toEqual([
      "%{TIME:zeit} %{LEVEL:log.level} Benutzer %{USER:user.name} angemeldet von %{IP:source.ip}",
      "%{TIME:zeit} %{LEVEL:log.level} Abfrage dauerte %{INT:dauerte} ms",
      "%{TIME:zeit} %{LEVEL:log.level} %{GREEDYDATA:message}",
    ]);
  });

  it("know a seconds' count from one of milliseconds, and fields from verbs", () => {
    const made = propose(
      many((index, account, ip) => `${1795235896 + index} Login failed for ${account} (${ip})`),
    );
    expect(parse(made?.mapping ?? "")).toMatchObject({
      pattern: ["%{TIME:zeit} Login failed for %{USER:user.name} (%{IP:source.ip})"],
      time: { format: "epoch-s" },
    });
  });

  it("look behind a syslog header, and recognise its program", () => {
    const made = propose(
      many(
        (index, account, ip) =>
          `<134>Nov 21 ${clock(index)} app01 wohngeld[8]: Zugriff ${account} von ${ip}`,
      ),
    );
    const mapping = parse(made?.mapping ?? "");
    expect(mapping).toMatchObject({ syslog: true, match: { program: "wohngeld" } });
    expect(mapping.pattern).toContain("Zugriff %{USER:user.name} von %{IP:source.ip}");
  });

  it("take sentences as one text", () => {
    const words = "der die das drucker akte fehler modul server start ende".split(" ");
    // Park and Miller's generator: the same words in each run.
    let state = 7;
    const next = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const made = propose(
      many((index) => {
        const sentence = Array.from({ length: 2 + next(6) }, () => words[next(10)]);
        return `2026-11-21T05:38:16.${100 + index} [INFO] ${sentence.join(" ")}`;
      }, 200),
    );
    expect(parse(made?.mapping ?? "").pattern).toEqual([
      "%{TIME:zeit} [%{LEVEL:log.level}] %{GREEDYDATA:message}",
    ]);
  });

  it("write no name of a person into a pattern, however often it comes", () => {
    const made = propose(
      many((index) => `21.11.2026 ${clock(index)} Benutzer mmueller las Akte ${index}`),
    );
    expect(made?.mapping).not.toContain("mmueller");
    expect(made?.mapping).toContain("Benutzer %{USER:user.name}");
  });

  it("give tests that say what the mapping reads", () => {
    const lines = many((index, account) => `21.11.2026 ${clock(index)} Benutzer ${account} kam`);
    const made = propose(lines);
    const { tests } = parse(made?.tests ?? "");
    expect(tests.length).toBe(4);
    for (const test of tests) {
      const parsed = made && parseLine(made.format, test.line);
      expect(iso(parsed?.time)).toBe(test.time);
    }
  });

  it.each([
    ["nothing", []],
    ["lines without a common shape", ["a", "b c d 7", "{[(", "x=1", "ö", ";;"]],
  ])("are not made for %s", (_what, lines) => {
    expect(propose(lines)).toBeUndefined();
  });

  it("survive any lines, and are valid where they are made", () => {
    const line = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.constantFrom("%{x}", "a=1 b=2 c=3", "1;2;3", '{"a":1}', "x: %%{", "\\", "«»"),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const made = propose(lines);
        if (made !== undefined) expect(made.parsed * 2).toBeGreaterThanOrEqual(made.lines);
      }),
      { numRuns: 300 },
    );
  });

  it.each(["constructor", "toString", "hasOwnProperty"])(
    "reads names that every object has as the lines' own: %s",
    (name) => {
      const lines = many((index) => `<34>Nov 21 05:00:00 host app[7]: ${name}=${index} b=c d=e`);
      expect(propose(lines)).toMatchObject({ parsed: 40 });
    },
  );
});
