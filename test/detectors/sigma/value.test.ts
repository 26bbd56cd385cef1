import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globMatches } from "../../../detectors/sigma/glob.ts";
import { ANY, ONE, type Piece } from "../../../detectors/sigma/rule.ts";
import {
  base64Offsets,
  base64Text,
  dashVariants,
  encodeText,
  parsePieces,
  plainText,
  surround,
} from "../../../detectors/sigma/value.ts";

const raw = String.raw;

describe("parsePieces", () => {
  it.each([
    ["", []],
    ["abc", ["abc"]],
    ["*", [ANY]],
    ["**", [ANY]],
    ["?", [ONE]],
    ["??", [ONE, ONE]],
    ["*.exe", [ANY, ".exe"]],
    ["a?c*", ["a", ONE, "c", ANY]],
    [raw`\*`, ["*"]],
    [raw`a\?b`, ["a?b"]],
    [raw`C:\Windows\*`, [raw`C:\Windows*`]],
    [raw`C:\Windows\\*`, ["C:\\Windows\\", ANY]],
    [raw`C:\Windows\\\*`, [raw`C:\Windows\*`]],
    [raw`\\server\share`, [raw`\server\share`]],
    [raw`\\\\server`, [raw`\\server`]],
    [raw`a\b`, [raw`a\b`]],
    [raw`a\\b`, [raw`a\b`]],
    [raw`\\*`, ["\\", ANY]],
    [raw`\\\*`, [raw`\*`]],
    [raw`\\\\`, [raw`\\`]],
    [raw`a\\\b`, [raw`a\\b`]],
    [raw`\\\\*`, [raw`\\`, ANY]],
    [raw`\?`, ["?"]],
    [raw`100\%`, [raw`100\%`]],
    ["*a*?*", [ANY, "a", ANY, ONE, ANY]],
    ["ends\\", ["ends\\"]],
  ])("reads %j", (value, pieces) => {
    expect(parsePieces(value)).toEqual(pieces);
  });

  it("gives back every text whose special signs are escaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\\", "*", "?", "ä") }), (text) => {
        expect(plainText(parsePieces(text.replaceAll(/[\\*?]/g, raw`\$&`)))).toBe(text);
      }),
    );
  });

  it("has no plain text where wildcards stand", () => {
    expect(plainText(parsePieces("a*"))).toBeUndefined();
    expect(plainText(parsePieces("?"))).toBeUndefined();
  });
});

describe("surround", () => {
  it.each<[Piece[], boolean, boolean, Piece[]]>([
    [[], true, true, [ANY]],
    [["a"], true, true, [ANY, "a", ANY]],
    [[ANY, "a"], true, false, [ANY, "a"]],
    [["a", ANY], false, true, ["a", ANY]],
    [["a"], false, false, ["a"]],
  ])("puts wildcards around %o once", (pieces, before, after, expected) => {
    expect(surround(pieces, before, after)).toEqual(expected);
  });
});

describe("globMatches", () => {
  it.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["?", "", false],
    ["?", "ab", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["*a*b*", "xxbxaxb", true],
    ["*a*b*", "xxbxa", false],
    ["*?a", "a", false],
    ["a?*", "ab", true],
    ["*line*", "first\nline\r\n", true],
    ["*ab", "aab", true],
    ["*a?c*d", "abcacd", true],
  ])("%j against %j gives %s", (pattern, text, expected) => {
    expect(globMatches(parsePieces(pattern), text)).toBe(expected);
  });

  it("agrees with a regular expression of the same meaning", () => {
    const signs = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 9 });
    fc.assert(
      fc.property(signs, text, (pattern, value) => {
        const regex = pattern.replaceAll("*", "[^]*").replaceAll("?", "[^]");
        expect(globMatches(parsePieces(pattern), value)).toBe(new RegExp(`^${regex}$`).test(value));
      }),
      { numRuns: 2000 },
    );
  });

  it("answers for a pattern of many wildcards over a long value", () => {
    const pattern = parsePieces(`${"*a".repeat(200)}*b`);
    expect(globMatches(pattern, "a".repeat(100_000))).toBe(false);
    expect(globMatches(pattern, `${"a".repeat(100_000)}b`)).toBe(true);
  });
});

describe("dashVariants", () => {
  it("writes an option with each sign that Windows takes for a dash", () => {
    expect(dashVariants("-f")).toEqual(["-f", "/f", "–f", "—f", "―f"]);
    expect(dashVariants("x /all")).toEqual(["x -all", "x /all", "x –all", "x —all", "x ―all"]);
  });

  it("combines the signs of several options", () => {
    const variants = dashVariants("-a /b");
    expect(variants).toHaveLength(25);
    expect(new Set(variants).size).toBe(25);
    expect(variants).toContain("/a -b");
  });

  it.each(["word", "well-known", "a/b/c", "", "- a"])("leaves %j as it is", (value) => {
    expect(dashVariants(value)).toEqual([value]);
  });

  it("takes any of the signs for any other", () => {
    expect(dashVariants("–f")).toEqual(["-f", "/f", "–f", "—f", "―f"]);
    expect(dashVariants("—a ―b")).toHaveLength(25);
  });

  it("gives all spellings of up to four options, and beyond the rule's own with each sign alone", () => {
    expect(new Set(dashVariants("-a -b -c -d")).size).toBe(625);
    const many = "-a /b -c -d -e -f";
    const variants = dashVariants(many);
    expect(variants).toHaveLength(6);
    expect(variants).toContain(many);
    expect(variants).toContain("/a /b /c /d /e /f");
  });
});

describe("encodings", () => {
  it.each([
    ["utf8", "ä", [0xc3, 0xa4]],
    ["utf16le", "aä", [0x61, 0, 0xe4, 0]],
    ["utf16be", "aä", [0, 0x61, 0, 0xe4]],
    ["utf16", "a", [0xff, 0xfe, 0x61, 0]],
  ] as const)("writes %s", (encoding, text, bytes) => {
    expect([...encodeText(text, encoding)]).toEqual(bytes);
  });

  it("writes base64", () => {
    expect(base64Text(Buffer.from("foobar"))).toBe("Zm9vYmFy");
  });

  it("knows the three texts of the specification's example", () => {
    expect(base64Offsets(Buffer.from("http://"))).toEqual(["aHR0cDovL", "h0dHA6Ly", "odHRwOi8v"]);
  });

  it("finds bytes in base64 wherever they stand", () => {
    const bytes = fc.uint8Array({ minLength: 3, maxLength: 12 });
    const around = fc.uint8Array({ maxLength: 7 });
    fc.assert(
      fc.property(bytes, around, around, (needle, before, after) => {
        const text = Buffer.concat([before, needle, after]).toString("base64");
        expect(base64Offsets(needle).some((one) => text.includes(one))).toBe(true);
      }),
    );
  });
});
