import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRegex, UnsafePattern } from "../../../detectors/sigma/regex.ts";
import { isLinear } from "../../../detectors/sigma/regex-guard.ts";
import { engineOf, ruleOf } from "./fixture.ts";
import { pattern, value } from "./regex-patterns.ts";

const raw = String.raw;
const as = (count: number) => "a".repeat(count);

describe("isLinear", () => {
  it.each(["^(a+)+$", "(a|a)*b", "[a-z]+", "a.b", "(?<!a)b"])("takes %s", (source) => {
    expect(isLinear(source, "")).toBe(true);
  });

  it.each([raw`(a)\1`, "(?=a)b", "(?!a)b", "(", "(?:ab){500}"])("refuses %s", (source) => {
    expect(isLinear(source, "")).toBe(false);
  });
});

describe("compileRegex", () => {
  // A pattern, its flags, the engine, a value without a match that makes others backtrack, and a match.
  it.each([
    ["^(a+)+$", "", "v8", `${as(100_000)}!`, as(100_000)],
    ["^(a+)+$", "i", "v8", `${as(100_000)}!`, as(1000).toUpperCase()],
    ["(a|a)*b", "", "v8", as(2000), `${as(2000)}b`],
    ["(x+x+)+y", "i", "v8", "x".repeat(2000), `${"x".repeat(2000)}Y`],
    ["^(?:a?){30}a{30}$", "", "re2", as(29), as(30)],
    ["^(?:(?:a|aa)+){2,20}$", "i", "re2", `${as(60)}!`, as(60)],
    ["(?:a+){1,20}b", "", "re2", as(2000), `${as(2000)}b`],
    ["(?:a{1,9}){1,9}b", "", "v8", as(2000), `${as(2000)}b`],
    ["^a{1,90}$", "", "v8", as(91), as(90)],
    ["(?<=(?:a+)+)b", "", "v8", as(2000), `${as(2000)}b`],
    [raw`(\w+\s?)*$x`, "", "v8", "a ".repeat(2000), undefined],
    ["(?i)(a|A)+$", "", "v8", `${as(100_000)}!`, `${as(1000)}A`],
    ["a+b", "", "v8", `b${as(1_000_000)}`, `${as(1_000_000)}b`],
    ["a*a*b", "i", "v8", `${as(1_000_000)}c`, `${as(1_000_000)}B`],
    [".*.*.*=x", "s", "v8", as(2000), `${as(1000)}=x`],
  ])("runs %s with %j in %s, whatever the value", (source, flags, engine, miss, hit) => {
    const regex = compileRegex(source, flags);
    expect(regex.engine).toBe(engine);
    expect(regex.test(miss)).toBe(false);
    if (hit !== undefined) expect(regex.test(hit)).toBe(true);
  });

  it("searches values of 100 kB", () => {
    const text = `${as(50_000)}needle${as(50_000)}`;
    expect(compileRegex("need[l]e", "i").test(text)).toBe(true);
    expect(compileRegex("a+needle(?:a{2}){3,20}", "").test(text)).toBe(true);
    expect(compileRegex("need.{2,3}b", "").test(text)).toBe(false);
  });

  it.each([
    [raw`(a)\1`],
    ["(?=a)b"],
    ["a(?!b)"],
    ["a++"],
    ["(?>a)b"],
    ["(a"],
    ["[a"],
    ["a{5000}(?:b){2}"],
    [raw`a\Z`],
  ])("refuses %s and says why", (source) => {
    expect(() => compileRegex(source, "")).toThrow(UnsafePattern);
    expect(() => compileRegex(source, "")).toThrow(/^the pattern can't be run in linear time: ./);
  });

  it("is a fault of the one rule, which the others don't notice", () => {
    const bad = ruleOf({ s: { "f|re": "(?=a)b" }, condition: "s" });
    const good = ruleOf({ s: { "f|re": "ab" }, condition: "s" });
    expect(() => engineOf([bad, good])).toThrow("can't be run in linear time");
  });

  // JavaScript would read these as something else.
  it.each([
    [raw`\Aab`, "ab", true],
    [raw`\Aab`, "xab", false],
    [raw`ab\z`, "xab", true],
    [raw`ab\z`, "abz", false],
    ["[]a]b", "]b", true],
    ["[^]a]b", "ab", false],
    ["[[:digit:]]x", "1x", true],
    ["[[:digit:]]x", "dx", false],
    [raw`\Qa.b\E`, "a.b", true],
    [raw`\Qa.b\E`, "axb", false],
    ["^.{1}$", "é", true],
    ["^😀{2}$", "😀😀", true],
    [raw`C:\\Apps`, raw`C:\Apps`, true],
    ["(?P<name>a)b", "ab", true],
    ["(?<name>a)b{2}(?:c){1,30}", "abbc", true],
    ["(?i:A)b", "ab", true],
    ["(?i:A)b", "aB", false],
  ])("reads %s as PCRE does: %j %s", (source, text, expected) => {
    expect(compileRegex(source, "").test(text)).toBe(expected);
  });

  it.each([
    [raw`[\.-x]`, "y"],
    [raw`\x41`, "a"],
    ["[!-_]", "z"],
    ["[^a]", "A"],
    ["[a-]", "A"],
    ["[-a]", "A"],
    ["ä", "Ä"],
  ])("reads %s with i as JavaScript does", (source, text) => {
    expect(compileRegex(source, "i").test(text)).toBe(new RegExp(source, "i").test(text));
  });

  it.each([
    ["1|.*?x^a", "s"],
    ["(?:1|.*?[!-_]^a)", "s"],
    ["[0-9b]a{0,2}|.*?[!-_]^a", "is"],
    ["0|1|.*?x^a|2", "sm"],
  ])("finds what stands beside a beginning that comes too late: %s", (source, flags) => {
    expect(compileRegex(source, flags).test("a1")).toBe(true);
    expect(compileRegex(source, flags).test("a")).toBe(false);
  });

  it("means what JavaScript means by patterns that both know", () => {
    const engines = new Set<string>();
    fc.assert(
      fc.property(
        pattern,
        fc.array(value, { minLength: 5, maxLength: 5 }),
        fc.constantFrom("", "i", "m", "s", "is"),
        (source, values, flags) => {
          const regex = compileRegex(source, flags);
          engines.add(regex.engine);
          // V8 itself misreads some patterns with a beginning in the middle: see the test below.
          fc.pre(!/[^(|^]\^/.test(source.replace(/\[[^\]]*\]/g, "c").replaceAll("(?:", "(")));
          const expected = new RegExp(source, flags);
          for (const text of values) expect(regex.test(text)).toBe(expected.test(text));
        },
      ),
      { numRuns: 2000 },
    );
    expect([...engines].sort()).toEqual(["re2", "v8"]);
  });
});
