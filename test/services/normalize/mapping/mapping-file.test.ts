// Mapping files: what they make of lines, and how their faults are told.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Format } from "../../../../services/normalize/format.ts";
import {
  loadMappings,
  readMapping,
  usableMappings,
} from "../../../../services/normalize/mapping/mapping-folder.ts";
import { createNormalizer } from "../../../../services/normalize/normalizer.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-mappings-"));
afterAll(() => rmSync(folder, { recursive: true }));

function formatOf(source: string): Format {
  const read = readMapping(source, "x.yml", "de");
  if ("faults" in read) throw new Error(JSON.stringify(read.faults));
  return read.format;
}

function faultsOf(source: string): string[] {
  const read = readMapping(source, "x.yml", "de");
  return "faults" in read
    ? read.faults.map(({ place, path, message }) => `${place} ${path}: ${message}`)
    : [];
}

const HEAD = "id: probe\ntitle: Probe\n";
const text = formatOf(
  `${HEAD}pattern: "%{TIME:zeit} %{LEVEL:log.level} %{USER:konto}@%{IP:source.ip} %{GREEDYDATA:message}"
time: { field: zeit, format: [iso, "dd.MM.yyyy HH:mm:ss"] }
fields: { user.name: konto }
constants: { event.category: [web] }
match: { contains: [" WARN "] }
syslog: true
logsource: { product: probe }
`,
);
const LINE = "21.11.2026 05:38:16 WARN mmueller@10.1.2.3 Zugriff verweigert";
const FRAMED = `<13>Nov 21 05:38:20 app01 probe[7]: ${LINE}`;

describe("a mapping with a pattern", () => {
  it.each([
    [LINE, "user.name", "mmueller"],
    [LINE, "konto", "mmueller"],
    [LINE, "probe.konto", "mmueller"],
    [LINE, "source.ip", "10.1.2.3"],
    [LINE, "message", "Zugriff verweigert"],
    [FRAMED, "host", "app01"],
    [FRAMED, "program", "probe"],
  ])("reads %.30s: %s", (line, name, expected) => {
    expect(fieldOf(text.shape, parseLine(text, line).record, name)).toBe(expected);
    expect(iso(parseLine(text, line).time)).toBe("2026-11-21T04:38:16.000Z");
  });

  it("writes ECS names, and its own where there are none", () => {
    expect(text.ecs(parseLine(text, FRAMED).record)).toEqual({
      "event.kind": "event",
      "event.category": ["web"],
      "host.name": "app01",
      "log.level": "WARN",
      "log.syslog.facility.name": "user",
      "log.syslog.severity.name": "notice",
      message: "Zugriff verweigert",
      "process.name": "probe",
      "process.pid": 7,
      "source.ip": "10.1.2.3",
      "user.name": "mmueller",
    });
  });

  it("is found by its marks, before the formats that come along", () => {
    expect(sniffLine(text, LINE)).toBe(1);
    expect(sniffLine(text, LINE.replace("WARN", "INFO"))).toBe(0);
    const normalizer = createNormalizer({ mappings: [], formats: [text] });
    const raw = { id: "1", idFromSender: false, source: "s", ...CONTEXT, text: FRAMED };
    const made = normalizer.normalize(raw, "kreis");
    expect("event" in made && made.event.shape).toMatchObject({
      id: "probe",
      family: "mapped",
      logsource: { product: "probe" },
    });
  });

  it("says at which character a line stopped fitting", () => {
    expect(() => parseLine(text, LINE.replace("10.1", "zehn"))).toThrow(
      "character 35: expected %{IP:source.ip}",
    );
  });

  it("survives any line", () => survivesAnything(text, [LINE, FRAMED]));
});

describe("a mapping with columns", () => {
  const csv = formatOf(
    `${HEAD}csv: { delimiter: "\\t", columns: [zeit, "-", konto, text] }\ntime: { field: zeit, format: epoch-ms }\n`,
  );

  it("leaves out what it does not name, and reads quoted values", () => {
    const { record, time } = parseLine(csv, '1795235896250\tx\tmmueller\t"a ""b""\tc"');
    expect(record).toEqual({ zeit: "1795235896250", konto: "mmueller", text: 'a "b"\tc' });
    expect(iso(time)).toBe("2026-11-21T04:38:16.250Z");
  });

  it("takes blanks around quoted values for layout", () => {
    const piped = formatOf(`${HEAD}csv: { delimiter: "|", columns: [a, b, c] }\n`);
    expect(parseLine(piped, 'x | "y | z" | w').record).toEqual({ a: "x", b: "y | z", c: "w" });
  });

  it("passes over the line that names the columns", () => {
    const normalizer = createNormalizer({ mappings: [], formats: [csv] });
    const raw = { id: "1", idFromSender: false, source: "s", format: "probe", ...CONTEXT };
    const skipped = normalizer.normalize({ ...raw, text: "Zeit\t-\tKonto\tText" }, "kreis");
    expect(skipped).toEqual({ skipped: "header" });
  });

  it.each(["", "a", "a\tb\tc", "a\tb\tc\td\te"])("refuses %j", (line) => {
    expect(() => parseLine(csv, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(csv, ['1795235896250\tx\tm\t"a"']));
});

describe("a mapping with pairs", () => {
  it.each([
    ["", 'a=1 b="x y" c="say \\"hi\\""', { a: "1", b: "x y", c: 'say "hi"' }],
    ["{ delimiter: ';' }", 'a=1; b=x y;c="p;q";d', { a: "1", b: "x y", c: "p;q" }],
    ["{ delimiter: '|', assign: ':' }", "a:1|b: x:y|c:", { a: "1", b: "x:y", c: "" }],
    ["{ delimiter: '\\t' }", "a=1\tb=2 3", { a: "1", b: "2 3" }],
  ])("written %s", (shape, line, expected) => {
    const pairs = formatOf(
      `${HEAD}keyValue: ${shape === "" ? "{}" : shape.replaceAll("'", '"')}\n`,
    );
    expect(parseLine(pairs, line).record).toEqual(expected);
    expect(() => parseLine(pairs, "nichts")).toThrow("no pairs");
    survivesAnything(pairs, [line]);
  });
});

describe("a mapping with JSON", () => {
  const json = formatOf(
    `${HEAD}json: {}\nsyslog: true\ntime: { field: t, format: epoch-s }\nidentity: a.id\nfields: { user.name: a.b, source.ip: ip }\ntranslate: { event.outcome: { from: ok, map: { "true": success }, otherwise: failure } }\nmatch: { keys: [a.b], equals: { ok: true } }\n`,
  );
  const OBJECT =
    '{"t":1795235896,"a":{"b":"mmueller","id":7},"ip":"?","ok":true,"__proto__":{"x":1}}';

  it("finds values by their paths, bare and behind syslog", () => {
    for (const line of [OBJECT, `<13>Nov 21 05:38:20 app01 probe: ${OBJECT}`]) {
      const { record, time, identity } = parseLine(json, line);
      expect(fieldOf(json.shape, record, "user.name")).toBe("mmueller");
      expect(fieldOf(json.shape, record, "event.outcome")).toBe("success");
      expect([iso(time), identity]).toEqual(["2026-11-21T04:38:16.000Z", "7"]);
      expect(sniffLine(json, line)).toBe(1);
      expect(json.ecs(record)).toMatchObject({ "user.name": "mmueller", "probe.ip": "?" });
    }
  });

  it.each(["1.8e305", "-1e300", "null", '"bald"'])("takes %s for no time", (value) => {
    expect(parseLine(json, OBJECT.replace("1795235896", value)).time).toBeUndefined();
  });

  it("does not know what bears not all of its marks", () => {
    expect(sniffLine(json, '{"a":{"b":1},"ok":false}')).toBe(0);
    expect(sniffLine(json, '{"ok":true}')).toBe(0);
    expect(sniffLine(json, "text")).toBe(0);
  });

  it("survives any line", () => survivesAnything(json, [OBJECT]));
});

describe("faults", () => {
  it("are told all at once, with line and column, in German", () => {
    const found = faultsOf(
      'id: Probe\ntitle: Probe\npattern: "%{IP:a}"\nmatch: {}\ntime: { field: a, zone: Mars }\nextra: 1\n',
    );
    expect(found).toEqual([
      expect.stringMatching(/^x\.yml:1:5 id: Kleinbuchstaben/),
      expect.stringMatching(/^x\.yml:5:25 time\.zone: eine IANA-Zeitzone/),
      expect.stringMatching(/^x\.yml:4:8 match: mindestens ein Merkmal/),
      expect.stringMatching(/^x\.yml:6:8 : .*extra/),
    ]);
  });

  it.each([
    [`${HEAD}`, "genau eines von pattern"],
    [`${HEAD}json: {}\npattern: a\n`, "genau eines von pattern"],
    [`${HEAD}pattern: "%{IPX:a}"\n`, "%{IPX:a} gibt es nicht"],
    [`${HEAD}pattern: ["%{WORD:a}", "%{DATA:b}%{WORD:c}"]\n`, "x.yml:3:24 pattern.1"],
    [`${HEAD}pattern: "%{WORD:a}"\nfields: { user.name: b }\n`, "„b“ kommt nicht vor; es gibt: a"],
    [`${HEAD}csv: { columns: [a, b, a] }\n`, "die Spalte a kommt zweimal vor"],
    [`${HEAD}csv: { columns: [a, b], delimiter: ";;" }\n`, "genau ein Zeichen"],
    [
      `${HEAD}json: {}\ntime: { field: a, format: "QQ" }\n`,
      "die Zeitangabe ist nicht verständlich",
    ],
    [`${HEAD}pattern: "%{WORD:a}"\ntime: { field: t, format: iso }\n`, "im Muster fehlt %{TIME:t}"],
    ["- 1\n", "x.yml:1:1"],
    ["a: [\n", "x.yml:2:1"],
    ["", "Schlüssel und Werte"],
  ])("in %j are named", (source, expected) => {
    expect(faultsOf(source).join("\n")).toContain(expected);
  });

  it("of folders name ids that are taken", () => {
    writeFileSync(join(folder, "a.yml"), `${HEAD}json: {}\n`);
    writeFileSync(join(folder, "b.yml"), `${HEAD}json: {}\n`);
    writeFileSync(join(folder, "c.yml"), "id: syslog\ntitle: x\njson: {}\n");
    const { mappings, faults } = loadMappings([folder, join(folder, "none")], "de");
    expect(mappings.map(({ path }) => path)).toEqual([join(folder, "a.yml")]);
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringContaining("ENOENT"),
      `die id probe hat schon ${join(folder, "a.yml")}`,
      "die id syslog trägt schon ein mitgeliefertes Format",
    ]);
    expect(() => usableMappings([folder], "de")).toThrow("Zuordnungsdateien haben 2 Fehler");
  });
});
