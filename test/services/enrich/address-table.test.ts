// The longest network that holds an address, checked against going through all of them.
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../../services/enrich/address-bytes.ts";
import { createAddressTable } from "../../../services/enrich/address-table.ts";

describe("an address table", () => {
  const table = createAddressTable<string>();
  for (const [network, name] of [
    ["10.0.0.0/8", "Kreis"],
    ["10.1.0.0/16", "Rathaus"],
    ["10.1.2.0/25", "Kasse"],
    ["10.1.2.3", "Kassenserver"],
    ["2001:db8::/32", "IPv6"],
    ["2001:db8:1::/48", "Schule"],
  ] as const)
    table.add(network, name);

  it.each([
    ["10.9.9.9", "Kreis"],
    ["10.1.9.9", "Rathaus"],
    ["10.1.2.127", "Kasse"],
    ["10.1.2.128", "Rathaus"],
    ["10.1.2.3", "Kassenserver"],
    ["::ffff:10.1.2.3", "Kassenserver"],
    ["2001:db8:2::1", "IPv6"],
    ["2001:db8:1:2::1", "Schule"],
    ["11.0.0.1", undefined],
    ["2001:db9::1", undefined],
    ["kasse", undefined],
    ["10.1.2", undefined],
    ["167838211", undefined],
    ["", undefined],
  ])("finds %s in %s", (address, name) => {
    expect(table.find(address)).toBe(name);
  });

  it.each(["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "x/8", "10.0.0.0/", "2001:db8::/129"])(
    "refuses the network %j",
    (network) => {
      expect(createAddressTable<string>().add(network, "x")).toBe(false);
    },
  );

  it("counts each network once, and the later entry wins", () => {
    const own = createAddressTable<string>();
    own.add("10.0.0.0/8", "eins");
    own.add("10.5.5.5/8", "zwei");
    expect([own.size, own.find("10.1.1.1")]).toEqual([1, "zwei"]);
  });

  it("gives what a walk over all networks gives", () => {
    const network = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }));
    fc.assert(
      fc.property(fc.array(network, { maxLength: 30 }), fc.ipV4(), (networks, address) => {
        const own = createAddressTable<string>();
        for (const [base, length] of networks) own.add(`${base}/${length}`, `${base}/${length}`);
        const parsed = ipaddr.IPv4.parse(address);
        const holding = networks.filter(([base, length]) =>
          parsed.match(ipaddr.IPv4.parse(base), length),
        );
        const longest = Math.max(-1, ...holding.map(([, length]) => length));
        const expected = holding.filter(([, length]) => length === longest).at(-1);
        expect(own.find(address)).toBe(expected === undefined ? undefined : expected.join("/"));
      }),
    );
  });
});

describe("an address of the public internet", () => {
  it.each([
    ["8.8.8.8", true],
    ["2a00:1450:4001:80b::200e", true],
    ["10.0.0.1", false],
    ["192.168.1.1", false],
    ["169.254.1.1", false],
    ["127.0.0.1", false],
    ["fe80::1", false],
    ["fd00::1", false],
    ["224.0.0.1", false],
    ["dc01", false],
  ])("%s: %s", (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});
