import { describe, expect, it } from "vitest";
import { engineOf, fires, ruleOf } from "./fixture.ts";

const raw = String.raw;
const long = "a long text of more than twenty-four characters";
const base64 = (text: string, encoding: "utf8" | "utf16le" = "utf8") =>
  Buffer.from(text, encoding).toString("base64");

describe("text", () => {
  it.each([
    ["f", "whoami", "WhoAmI"],
    ["f", "4688", 4688],
    ["f", 4688, "4688"],
    ["f", true, "TRUE"],
    ["f", true, true],
    ["f", "", ""],
    ["f", "*", ""],
    ["f", "*", {}],
    ["f", "*.exe", raw`C:\a.EXE`],
    ["f", "a?c", "abc"],
    ["f", raw`\*`, "*"],
    ["f", ["x", "y"], "Y"],
    ["f", "b", ["a", "b"]],
    ["f", long, long.toUpperCase()],
    ["f", "GRÜẞE", "grüße"],
    ["f|contains", "dum", "mimiDUMp"],
    ["f|contains", "*", "anything"],
    ["f|contains", "a*b", "xaxxbx"],
    ["f|contains", long, `x${long}x`],
    ["f|contains", "über", "ÜBER"],
    ["f|startswith", "mimi", "mimiKatz"],
    ["f|startswith", long, `${long}x`],
    ["f|endswith", raw`\cmd.exe`, raw`C:\Windows\CMD.EXE`],
    ["f|endswith", long, `x${long}`],
    ["f|contains|all", ["a", "b"], "xbxax"],
    ["f|contains|all", ["a", "b"], ["a", "b"]],
    ["f|cased", "Ab", "Ab"],
    ["f|contains|cased", "Ab", "xAbx"],
    ["f|neq", "a", "b"],
    ["f|contains|neq", ["a", "b"], "c"],
  ])("%s: %j fires on %j", (key, value, actual) => {
    expect(fires({ [key]: value }, { f: actual })).toBe(true);
  });

  it.each([
    ["f", "whoami", "whoami "],
    ["f", "", "a"],
    ["f", "a?c", "ac"],
    ["f", raw`\*`, "a"],
    ["f", 1, 1.5],
    ["f", "a", { a: "a" }],
    ["f", long, `${long}x`],
    ["f|contains", "dump", "dum"],
    ["f|contains", long, long.slice(1)],
    ["f|contains", "ü", "u"],
    ["f|contains", "ä", "ö"],
    ["f|startswith", "b", "ab"],
    ["f|startswith", long, `x${long}`],
    ["f|endswith", "b", "ba"],
    ["f|endswith", long, `${long}x`],
    ["f|contains|all", ["a", "b"], "xax"],
    ["f|cased", "Ab", "ab"],
    ["f|contains|cased", "Ab", "xabx"],
    ["f|neq", "a", "A"],
    ["f|contains|neq", ["a", "b"], "xbx"],
  ])("%s: %j stays silent on %j", (key, value, actual) => {
    expect(fires({ [key]: value }, { f: actual })).toBe(false);
  });
});

describe("missing fields", () => {
  it.each([
    [{ "f|exists": true }, { f: "" }, true],
    [{ "f|exists": true }, { f: 0 }, true],
    [{ "f|exists": true }, { f: false }, true],
    [{ "f|exists": true }, { f: null }, false],
    [{ "f|exists": true }, {}, false],
    [{ "f|exists": false }, {}, true],
    [{ "f|exists": false }, { f: "x" }, false],
    [{ f: null }, {}, true],
    [{ f: null }, { f: null }, true],
    [{ f: null }, { f: "" }, false],
    [{ f: [null, "-"] }, { f: "-" }, true],
    [{ f: [null, "-"] }, {}, true],
    [{ f: [null, "-"] }, { f: "x" }, false],
    [{ "f|re": [null, "^-+$"] }, {}, true],
    [{ "f|re": [null, "^-+$"] }, { f: "--" }, true],
    [{ f: "*" }, {}, false],
    [{ "f|contains": "*" }, {}, false],
    [{ "f|contains": "*" }, { f: null }, false],
    [{ f: "" }, {}, false],
    [{ f: "" }, { f: "" }, true],
    [{ f: "" }, { f: null }, false],
    [{ "f|neq": null }, { f: "x" }, true],
    [{ "f|neq": null }, {}, false],
    [{ "f|neq": "" }, { f: "x" }, true],
    [{ "f|exists|neq": true }, {}, true],
    [{ "f|contains": [null, "x"] }, {}, true],
    [{ "f|re": ".*" }, {}, false],
    [{ "f|re": ".*" }, { f: "" }, true],
    [{ "f|neq": "a" }, {}, true],
  ])("%j on %j: %s", (selection, record, expected) => {
    expect(fires(selection, record)).toBe(expected);
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "a field called %s is there only when the record has it",
    (name) => {
      const record = { f: "x" };
      expect(fires({ [`${name}|exists`]: true }, record)).toBe(false);
      const own: Record<string, unknown> = JSON.parse(`{"${name}": "x"}`);
      expect(fires({ [name]: "x" }, own)).toBe(true);
      expect(fires({ [`${name}|contains`]: "x" }, own)).toBe(true);
    },
  );
});

describe("re", () => {
  it.each([
    ["f|re", "^a.c$", "abc", true],
    ["f|re", "a.c", "xabcx", true],
    ["f|re", "ABC", "abc", false],
    ["f|re|i", "ABC", "abc", true],
    ["f|re", "(?i)ABC", "abc", true],
    ["f|re", "^b$", "a\nb", false],
    ["f|re|m", "^b$", "a\nb", true],
    ["f|re", "a.b", "a\nb", false],
    ["f|re|s", "a.b", "a\nb", true],
    ["f|re|i|s", "A.B", "a\nb", true],
    ["f|re", raw`\d{3,5}`, "12", false],
    ["f|re", raw`\d{3,5}`, "x1234", true],
    ["f|re", ["^x", "y$"], "ay", true],
    ["f|re|all", ["^x", "y$"], "ay", false],
    ["f|re|all", ["^x", "y$"], "xy", true],
    ["f|re", "^12$", 12, true],
    ["f|re|ignorecase", "ABC", "abc", true],
    ["f|re|multiline", "^b$", "a\nb", true],
    ["f|re|dotall", "a.b", "a\nb", true],
    ["f|re|contains", "a|b", "xbx", true],
    ["f|re|startswith", "a|b", "bx", true],
    ["f|re|startswith", "a|b", "xb", false],
    ["f|re|endswith", "a|b", "xa", true],
    ["f|re|endswith", "a|b", "ax", false],
    ["f|re|cased", "ABC", "abc", false],
    ["f|re|neq", "^a", "b", true],
    ["f|re|neq", "^a", "ab", false],
    ["f|re", raw`\*\.exe`, "*.exe", true],
  ])("%s: %j on %j: %s", (key, pattern, value, expected) => {
    expect(fires({ [key]: pattern }, { f: value })).toBe(expected);
  });
});

describe("encodings", () => {
  it.each([
    ["f|base64", "whoami", base64("whoami"), true],
    ["f|base64", "whoami", base64("whoami").toLowerCase(), false],
    ["f|base64|contains", "whoami", `x ${base64("whoami")} x`, true],
    ["f|base64", "a", "YQ==", true],
    ["f|base64", "a", "YQ", false],
    ["f|base64", raw`a\*`, base64("a*"), true],
    ["f|base64|startswith", "http://", `${base64("http://")}x`, true],
    ["f|base64|endswith", "http://", `x${base64("http://")}`, true],
    ["f|base64|base64", "whoami", base64(base64("whoami")), true],
    ["f|windash|base64", "-enc", base64("/enc"), true],
    ["f|base64offset|contains", 4688, base64("x 4688 x"), true],
    ["f|contains|base64offset", "http://", base64("xx http://x"), true],
    ["f|base64offset|contains", "http://", base64("x http://x"), true],
    ["f|base64offset|contains", "http://", base64("xx http://x"), true],
    ["f|base64offset|contains", "http://", base64("xxx http://x"), true],
    ["f|base64offset|contains", "http://", base64("https://"), false],
    ["f|wide|base64offset|contains", "ping", base64("xping -n", "utf16le"), true],
    ["f|utf16le|base64offset|contains", "ping", base64("ping", "utf16le"), true],
    ["f|wide|base64offset|contains", "ping", base64("ping"), false],
    [
      "f|utf16be|base64offset|contains",
      "ping",
      Buffer.from("\0p\0i\0n\0g").toString("base64"),
      true,
    ],
    ["f|utf16|base64", "a", Buffer.of(0xff, 0xfe, 0x61, 0).toString("base64"), true],
    ["f|utf8|base64offset|contains", "ä", base64("ä"), true],
    ["f|wide|contains", "ab", "xa\0b\0x", true],
  ])("%s: %j on %j: %s", (key, pattern, value, expected) => {
    expect(fires({ [key]: pattern }, { f: value })).toBe(expected);
  });
});

describe("windash", () => {
  it.each([
    ["-exec bypass", "x /exec bypass", true],
    ["-exec bypass", "x –EXEC bypass", true],
    ["/c", "cmd -c", true],
    ["-exec bypass", "x exec bypass", false],
    ["-exec bypass", "x —exec bypass", true],
    ["-exec bypass", "x ―exec bypass", true],
    ["–exec", "x -exec", true],
    ["-a -b", "x /a —b", true],
    ["well-known", "well/known", false],
    ["- a", "/ a", false],
    ["-a -b -c -d -e -f", "-a -b -c -d -e -f", true],
    ["-a /b -c -d -e -f", "-a /b -c -d -e -f", true],
  ])("%j on %j: %s", (pattern, value, expected) => {
    expect(fires({ "f|windash|contains": pattern }, { f: value })).toBe(expected);
    expect(fires({ "f|contains|windash": pattern }, { f: value })).toBe(expected);
  });
});

describe("cidr", () => {
  it.each([
    ["10.0.0.0/8", "10.255.1.2", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["192.168.1.128/25", "192.168.1.127", false],
    ["192.168.1.128/25", "192.168.1.129", true],
    ["0.0.0.0/0", "203.0.113.9", true],
    ["192.0.2.1", "192.0.2.1", true],
    ["192.0.2.1", "192.0.2.2", false],
    ["fe80::/10", "fe80::1", true],
    ["fe80::/10", "2001:db8::1", false],
    ["2001:db8::/32", "2001:DB8:0:0::1", true],
    ["2001:db8::1", "2001:db8::1", true],
    ["2001:db8::1", "2001:db8::2", false],
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["0.0.0.0/0", "::1", false],
    ["10.0.0.0/8", "10.0.1", false],
    ["10.0.0.0/8", 167_772_161, false],
    ["0.0.0.0/8", "4688", false],
    ["10.0.0.0/8", "10.0.0.256", false],
    ["fe80::/10", "fe80::1%eth0", true],
    ["10.0.0.0/8", "no address", false],
    ["10.0.0.0/8", "", false],
  ])("%s on %j: %s", (network, value, expected) => {
    expect(fires({ "f|cidr": network }, { f: value })).toBe(expected);
  });

  it("takes any of several networks and any of several addresses", () => {
    expect(fires({ "f|cidr": ["10.0.0.0/8", "::1/128"] }, { f: ["x", "::1"] })).toBe(true);
  });

  it.each(["10.0.0.0/33", "10.0/8/8", "", "host"])("refuses %j as a rule's fault", (network) => {
    const rule = ruleOf({ s: { "f|cidr": network }, condition: "s" });
    expect(() => engineOf([rule])).toThrow("is not a network in CIDR notation");
  });
});

describe("numbers", () => {
  it.each([
    ["gt", 5, 6, true],
    ["gt", 5, 5, false],
    ["gte", 5, "5", true],
    ["gte", 5, 4.9, false],
    ["lt", "5", 4, true],
    ["lt", 5, 5, false],
    ["lte", 5, 5, true],
    ["lte", -1.5, -1, false],
    ["gt", 5, "six", false],
    ["lt", 5, "", false],
    ["lt", 5, null, false],
    ["lt", 10, "9", true],
  ])("%s %j on %j: %s", (modifier, wanted, value, expected) => {
    expect(fires({ [`f|${modifier}`]: wanted }, { f: value })).toBe(expected);
  });
});

describe("fieldref", () => {
  it.each([
    ["f|fieldref", { f: "Same", g: "same" }, true],
    ["f|fieldref|cased", { f: "Same", g: "same" }, false],
    ["f|fieldref|cased", { f: "Same", g: "Same" }, true],
    ["f|fieldref|startswith", { f: "same-and-more", g: "SAME" }, true],
    ["f|fieldref|endswith", { f: "more-same", g: "same" }, true],
    ["f|fieldref|contains", { f: "more-same-more", g: "same" }, true],
    ["f|fieldref|contains", { f: "sam", g: "same" }, false],
    ["f|fieldref", { f: ["a", "b"], g: ["c", "b"] }, true],
    ["f|fieldref", { f: 1, g: "1" }, true],
    ["f|fieldref", { f: "x" }, false],
    ["f|fieldref", { g: "x" }, false],
    ["f|fieldref", {}, false],
    ["f|fieldref|neq", { f: "a", g: "b" }, true],
    ["f|fieldref|neq", { f: "a", g: "A" }, false],
    ["f|startswith|fieldref", { f: "same-and-more", g: "SAME" }, true],
    ["f|endswith|fieldref", { f: "same-and-more", g: "SAME" }, false],
    ["f|contains|fieldref|cased", { f: "more-same", g: "SAME" }, false],
    ["f|startswith|endswith|fieldref", { f: "more-same-more", g: "same" }, true],
  ])("%s on %j: %s", (key, record, expected) => {
    expect(fires({ [key]: "g" }, record)).toBe(expected);
  });
});

describe("parts of a time", () => {
  it.each([
    ["minute", 30, "2026-03-01T12:30:00Z", true],
    ["hour", 12, "2026-03-01T12:30:00Z", true],
    ["hour", 11, "2026-03-01T12:30:00+01:00", true],
    ["hour", 12, "2026-03-01 12:30:00.123", true],
    ["hour", 12, "2026-03-01T12:30:00", true],
    ["day", 1, "2026-03-01T12:30:00Z", true],
    ["month", 3, "2026-03-01T12:30:00Z", true],
    ["month", 2, "2026-03-01T12:30:00Z", false],
    ["year", 2026, "2026-03-01T12:30:00Z", true],
    ["week", 53, "2027-01-03T00:00:00Z", true],
    ["week", 1, "2027-01-04T00:00:00Z", true],
    ["week", 1, "2025-12-29T00:00:00Z", true],
    ["year", 1970, 0, true],
    ["hour", 1, 3600, true],
    ["hour", 12, 1_772_368_200_000, true],
    ["hour", 12, "1772368200", true],
    ["year", 2026, "no time", false],
    ["year", 1970, "", false],
    ["year", 1970, null, false],
  ])("%s %i of %j: %s", (part, wanted, value, expected) => {
    expect(fires({ [`f|${part}`]: wanted }, { f: value })).toBe(expected);
  });
});
