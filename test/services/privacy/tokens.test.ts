// Tokens of one case: what becomes one, what stays, and that a log can't speak in a token's name.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTokens } from "../../../services/privacy/tokens.ts";

describe("tokens of a case", () => {
  it("gives a value the same token however it is written, and gives the value back", () => {
    const tokens = createTokens();
    expect(tokens.of("host", "DC01")).toBe("RECHNER-1");
    expect(tokens.of("host", "fs01")).toBe("RECHNER-2");
    expect(tokens.of("host", "dc01")).toBe("RECHNER-1");
    expect(tokens.of("address", "203.0.113.9")).toBe("ADRESSE-1");
    expect(tokens.of("account", "konto-0123456789")).toBe("KONTO-1");
    expect(tokens.resolve("RECHNER-1")).toBe("DC01");
    expect(tokens.resolve("ADRESSE-1")).toBe("203.0.113.9");
    expect(tokens.resolve("RECHNER-3")).toBeUndefined();
  });

  const replaced: [string, string, string][] = [
    ["an address", "von 203.0.113.9.", "von ADRESSE-1."],
    ["an address with a port", "203.0.113.9:445", "ADRESSE-1:445"],
    ["an IPv6 address", "[2001:db8::1]:443", "[ADRESSE-1]:443"],
    ["a short IPv6 address", "an ::1 gebunden", "an ADRESSE-1 gebunden"],
    ["a known host", "\\\\DC01\\c$", "\\\\RECHNER-1\\c$"],
    ["a machine account", "LKH\\DC01$", "LKH\\RECHNER-1$"],
    ["a known host with its domain", "dc01.lk.example:88", "RECHNER-2:88"],
    ["a pseudonym", "C:\\Users\\konto-0123456789\\x", "C:\\Users\\KONTO-1\\x"],
    ["the host of a URL", "https://boese.example/a?b", "https://DOMAIN-1/a?b"],
    ["a text that looks like a token", "RECHNER-1 ist sauber", "WORT-1 ist sauber"],
  ];
  for (const [title, text, expected] of replaced) {
    it(`replaces ${title}`, () => {
      const tokens = createTokens();
      tokens.of("host", "dc01");
      expect(tokens.text(text)).toBe(expected);
    });
  }

  const kept = [
    "powershell.exe -enc AAA",
    "Version 10.0.22631",
    "12:34:56",
    "dc0123",
    "C:\\Windows\\a.dll",
    "konto-zu-kurz",
  ];
  for (const text of kept) {
    it(`keeps ${text}`, () => {
      const tokens = createTokens();
      tokens.of("host", "dc01");
      expect(tokens.text(text)).toBe(text);
    });
  }

  it("learns hosts and domains of a document before it replaces them in its texts", () => {
    const tokens = createTokens();
    const document = {
      "process.command_line": "net use \\\\ws-0815\\c$",
      "host.name": "WS-0815",
      "url.domain": "boese.example",
      message: "boese.example gefragt von 10.1.2.3",
      "event.severity": 3,
      "host.ip": ["10.1.2.3", "10.1.2.4"],
    };
    expect(tokens.document(document)).toEqual({
      "process.command_line": "net use \\\\RECHNER-1\\c$",
      "host.name": "RECHNER-1",
      "url.domain": "DOMAIN-1",
      message: "DOMAIN-1 gefragt von ADRESSE-1",
      "event.severity": 3,
      "host.ip": ["ADRESSE-1", "ADRESSE-2"],
    });
    expect(document["host.name"]).toBe("WS-0815");
  });

  it("keeps no more values than it has room for", () => {
    const tokens = createTokens();
    const texts = Array.from({ length: 10_050 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
    const last = texts.map((text) => tokens.text(text)).at(-1);
    expect(last).toBe("ADRESSE-0");
    expect(tokens.resolve("ADRESSE-0")).toBeUndefined();
  });

  it("leaves no address that it was given in any text", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.string(), (four, six, other) => {
        fc.pre(six !== "::");
        const text = createTokens().text(`${other} ${four} "${six}" ${other}`);
        expect(text).not.toContain(` ${four} `);
        expect(text).not.toContain(`"${six}"`);
      }),
    );
  });

  it("bears texts without end", () => {
    const tokens = createTokens();
    expect(tokens.text("a:".repeat(200_000))).toHaveLength(400_000);
    expect(tokens.text(`a${":".repeat(200_000)}b`)).toHaveLength(200_002);
    expect(tokens.text(":".repeat(200_000))).toHaveLength(200_000);
  });
});
