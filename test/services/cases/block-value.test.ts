// What may stand on a block list: the one form of each value, and everything of our own stays out.
import { describe, expect, it } from "vitest";
import {
  type Protected,
  protectionOf,
  readBlockValue,
} from "../../../services/cases/block-value.ts";
import { PROPOSAL_MESSAGES } from "../../../services/cases/proposal-messages.ts";
import type { BlockType } from "../../../services/store/block-list.ts";

const SHA256 = "AB".repeat(32);

describe("the one form of a value", () => {
  const table: [BlockType, string, string][] = [
    ["address", " 93.184.216.34 ", "93.184.216.34"],
    ["address", "2A02:26F0:0:0::1", "2a02:26f0::1"],
    ["address", "::ffff:93.184.216.34", "93.184.216.34"],
    ["domain", "Böse.Example.", "xn--bse-sna.example"],
    ["domain", "EVIL.example", "evil.example"],
    ["domain", "_dmarc.evil.example", "_dmarc.evil.example"],
    ["hash", SHA256, SHA256.toLowerCase()],
    ["hash", "a".repeat(40), "a".repeat(40)],
    ["hash", "a".repeat(32), "a".repeat(32)],
  ];
  it.each(table)("of the %s %s is %s", (type, given, value) => {
    expect(readBlockValue(type, given)).toEqual({ value });
  });
});

describe("what is none of its type", () => {
  const table: [BlockType, string][] = [
    ["address", "93.184.216"],
    ["address", "0x5db8d822"],
    ["address", "093.184.216.034"],
    ["address", "93.184.216.34/24"],
    ["address", "fe80::1%eth0"],
    ["address", "evil.example"],
    ["address", "93.184.216.34\n0.0.0.0"],
    ["domain", "localhost"],
    ["domain", "93.184.216.34"],
    ["domain", "*.evil.example"],
    ["domain", "evil.example/path"],
    ["domain", "evil.example\nlandkreis.example"],
    ["domain", `${"a".repeat(64)}.example`],
    ["domain", `${"a.".repeat(127)}example`],
    ["domain", "-evil.example"],
    ["hash", "g".repeat(64)],
    ["hash", "a".repeat(63)],
    ["hash", `${"a".repeat(64)}\n`.repeat(2)],
  ];
  it.each(table)("as %s is refused: %j", (type, given) => {
    expect(readBlockValue(type, given)).toHaveProperty("refused");
  });
});

describe("what must not be blocked", () => {
  const shield: Protected = {
    ownNetworks: ["93.184.216.0/24", "2a02:26f0::/32"],
    ownDomains: ["kreis.example"],
    critical: ["8.8.8.8", "9.9.9.0/24", "updates.example.org"],
    ownNetworkOf: (address) => (address === "5.6.7.8" ? "Rathaus" : undefined),
  };
  const table: [BlockType, string, string | undefined][] = [
    ["address", "93.184.216.34", "Die Adresse liegt im eigenen Netz 93.184.216.0/24."],
    ["address", "93.184.217.1", undefined],
    ["address", "2a02:26f0::1", "Die Adresse liegt im eigenen Netz 2a02:26f0::/32."],
    ["address", "2a03::1", undefined],
    ["address", "5.6.7.8", "Die Adresse liegt im eigenen Netz Rathaus."],
    ["address", "8.8.8.8", "„8.8.8.8“ ist als unverzichtbar eingetragen."],
    ["address", "9.9.9.9", "„9.9.9.0/24“ ist als unverzichtbar eingetragen."],
    ["address", "8.8.4.4", undefined],
    ["address", "10.1.2.3", "Die Adresse ist nicht aus dem öffentlichen Netz (private)."],
    ["address", "127.0.0.1", "Die Adresse ist nicht aus dem öffentlichen Netz (loopback)."],
    ["address", "0.0.0.0", "Die Adresse ist nicht aus dem öffentlichen Netz (unspecified)."],
    ["address", "255.255.255.255", "Die Adresse ist nicht aus dem öffentlichen Netz (broadcast)."],
    ["address", "100.64.0.1", "Die Adresse ist nicht aus dem öffentlichen Netz (carrierGradeNat)."],
    ["address", "fd00::1", "Die Adresse ist nicht aus dem öffentlichen Netz (uniqueLocal)."],
    ["address", "fe80::1", "Die Adresse ist nicht aus dem öffentlichen Netz (linkLocal)."],
    [
      "domain",
      "kreis.example",
      "Der Name gehört zur eigenen Domäne kreis.example, oder enthält sie.",
    ],
    [
      "domain",
      "www.kreis.example",
      "Der Name gehört zur eigenen Domäne kreis.example, oder enthält sie.",
    ],
    ["domain", "notkreis.example", undefined],
    ["domain", "example.org", "„updates.example.org“ ist als unverzichtbar eingetragen."],
    ["domain", "evil.example.org", undefined],
    ["domain", "co.uk", "Das ist eine ganze Domänenendung, keine Domäne."],
    ["hash", "d41d8cd98f00b204e9800998ecf8427e", "Das ist die Prüfsumme einer leeren Datei."],
    ["hash", "a".repeat(64), undefined],
  ];
  it.each(table)("%s %s: %s", (type, value, said) => {
    expect(protectionOf(type, value, shield)?.(PROPOSAL_MESSAGES.de)).toBe(said);
  });
});
