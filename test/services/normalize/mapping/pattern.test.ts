import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTimeReader } from "../../../../services/normalize/mapping/mapping-time.ts";
import { compilePattern } from "../../../../services/normalize/mapping/pattern.ts";

const GERMAN = createTimeReader(["dd.MM.yyyy HH:mm:ss"], undefined).piece;

function match(source: string, line: string): Record<string, string> | string {
  const made = compilePattern(source, GERMAN);
  if ("faults" in made) throw new Error(JSON.stringify(made.faults));
  const matched = made.pattern.match(line);
  if ("miss" in matched) return `${matched.miss.at}: ${matched.miss.expected}`;
  return Object.fromEntries(
    matched.values.map((one) => ("pairs" in one ? ["pairs", one.pairs] : [one.name, one.value])),
  );
}

describe("patterns", () => {
  it.each([
    ["%{WORD:a} %{INT:b}", "login -5", { a: "login", b: "-5" }],
    [
      "[%{TIME:t}] %{DATA:a}: %{GREEDYDATA:b}",
      "[21.11.2026 05:38:16] x y: z: w",
      { t: "21.11.2026 05:38:16", a: "x y", b: "z: w" },
    ],
    ["%{GREEDYDATA:a}: %{WORD:b}", "x: y: z", { a: "x: y", b: "z" }],
    ["%{IP:a}:%{PORT:b}", "10.1.2.3:443", { a: "10.1.2.3", b: "443" }],
    ["[%{IP:a}]:%{PORT:b}", "[2001:db8::1]:443", { a: "2001:db8::1", b: "443" }],
    ["von %{IP:a}.", "von 10.1.2.3.", { a: "10.1.2.3" }],
    [
      "%{IP:a} %{MAC:b}",
      "fe80::1%eth0 00-11-22-aa-bb-cc",
      { a: "fe80::1%eth0", b: "00-11-22-aa-bb-cc" },
    ],
    ["%{NOTSPACE:a}]", "abc]]", { a: "abc]" }],
    ["%{HOST:a}.kreis", "srv-01.lan.kreis", { a: "srv-01.lan" }],
    ["%{USER:a}, ok", "KREIS\\erika.m, ok", { a: "KREIS\\erika.m" }],
    ["%{QUOTED:a} %{QUOTED:b}", '"a \\"b\\" ""c""" \'d\'', { a: 'a "b" "c"', b: "d" }],
    [
      "%{NUMBER:a} %{HEX:b} %{UUID:c}",
      "3,5 0xff 6f2f5a3e-3c7c-4a0e-9a3d-2f6f1f6b0c11",
      { a: "3,5", b: "0xff", c: "6f2f5a3e-3c7c-4a0e-9a3d-2f6f1f6b0c11" },
    ],
    [
      "%{EMAIL:a}; %{URI:b}",
      "a.b@kreis.example; https://x.example/?q=1",
      { a: "a.b@kreis.example", b: "https://x.example/?q=1" },
    ],
    ["%{PATH:a} %{LEVEL:b}", "C:\\Daten\\x.txt WARNUNG", { a: "C:\\Daten\\x.txt", b: "WARNUNG" }],
    ["a%{SPACE}b %{SID:s}", "a   b S-1-5-18", { s: "S-1-5-18" }],
    ["(a|b)*.%%{%{WORD:a}}", "(a|b)*.%{x}", { a: "x" }],
    ["%{WORD} %{KEYVALUE}", "x a=1 b=2", { pairs: "a=1 b=2" }],
    ["Benutzer %{DATA:a} meldet sich an", "Benutzer Erika M. meldet sich an", { a: "Erika M." }],
  ])("match %s", (source, line, expected) => {
    expect(match(source, line)).toEqual(expected);
  });

  it.each([
    ["%{WORD:a} %{INT:b}", "login x", "6: %{INT:b}"],
    ["%{WORD:a}!", "login", "5: !"],
    ["%{WORD:a}", "login x", "5: "],
    ["%{IP:a}", "12:30", "0: %{IP:a}"],
    ["%{IP:a}", "300.1.2.3", "0: %{IP:a}"],
    ["%{DATA:a};b", "x", "0: %{DATA:a}"],
    ["%{QUOTED:a}", '"offen', "0: %{QUOTED:a}"],
    ["%{TIME:t}", "31.02.2026 05:38:16", "0: %{TIME:t}"],
  ])("say where %s leaves %s", (source, line, expected) => {
    expect(match(source, line)).toBe(expected);
  });

  it.each([
    ["%{IPX:a}", "unknown-piece"],
    ["%{WORD:a} %{WORD:a}", "name-twice"],
    ["%{DATA:a}%{WORD:b}", "needs-text"],
    ["%{KEYVALUE} x", "not-last"],
    ["%{WORD:a!}", "bad-name"],
    ["%{WORD}-".repeat(150), "too-many"],
  ])("are refused: %.20s", (source, kind) => {
    const made = compilePattern(source, GERMAN);
    expect("faults" in made ? made.faults.map((fault) => fault.kind) : []).toContain(kind);
  });

  it("need a time format for %{TIME}", () => {
    const made = compilePattern("%{TIME:t}", undefined);
    expect("faults" in made && made.faults[0]?.kind).toBe("no-time");
  });

  it("give back what the line holds, in its order", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const source = words.map((_, index) => `%{WORD:n${index}}`).join(", ");
        const expected = Object.fromEntries(words.map((one, index) => [`n${index}`, one]));
        expect(match(source, words.join(", "))).toEqual(expected);
      }),
    );
  });
});

describe("hostile lines", () => {
  // One piece reads no more than this; a line that needs more is refused and not searched again.
  it.each(["%{QUOTED:a}", "%{NOTSPACE:a}", "%{USER:a}x"])("%s refuses endless values", (source) => {
    const body = source.startsWith("%{QUOTED") ? `"${"a".repeat(40_000)}"` : "a".repeat(40_000);
    expect(match(source, body)).toBe(`0: ${source.replace(/x$/, "")}`);
  });

  it("take an endless rest as one text", () => {
    expect(match("%{WORD:a} %{GREEDYDATA:b}", `x ${"y ".repeat(100_000)}`)).toMatchObject({
      b: "y ".repeat(100_000),
    });
  });
});
