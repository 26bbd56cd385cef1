// Community ID: the figures of the public specification, both directions, and what is no flow.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { communityId, communityIds } from "../../../services/enrich/community-id.ts";

// Flows and ids as the specification's reference data give them.
const VECTORS: readonly (readonly [
  number,
  string,
  string,
  number | undefined,
  number | undefined,
  string,
])[] = [
  [6, "128.232.110.120", "66.35.250.204", 34_855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
  [6, "66.35.250.204", "128.232.110.120", 80, 34_855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
  [17, "192.168.1.52", "8.8.8.8", 54_585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
  [17, "8.8.8.8", "192.168.1.52", 53, 54_585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
  [132, "192.168.170.8", "192.168.170.56", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="],
  [132, "192.168.170.56", "192.168.170.8", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="],
  [
    6,
    "2001:470:e5bf:dead:4957:2174:e82c:4887",
    "2607:f8b0:400c:c03::1a",
    63_943,
    25,
    "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
  ],
  [1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  [1, "192.168.0.1", "192.168.0.89", 0, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  [1, "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM="],
  [
    58,
    "fe80::200:86ff:fe05:80da",
    "fe80::260:97ff:fe07:69ea",
    135,
    0,
    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
  ],
  [
    58,
    "fe80::260:97ff:fe07:69ea",
    "fe80::200:86ff:fe05:80da",
    136,
    0,
    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
  ],
  [
    58,
    "3ffe:501:1800:2345::2",
    "3ffe:507:0:1:200:86ff:fe05:80da",
    3,
    0,
    "1:2ObVBgIn28oZvibYZhZMBgh7WdQ=",
  ],
  [
    58,
    "3ffe:501:410:0:2c0:dfff:fe47:33e",
    "3ffe:507:0:1:200:86ff:fe05:80da",
    1,
    4,
    "1:hLZd0XGWojozrvxqE0dWB1iM6R0=",
  ],
  [58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0="],
  [58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0, "1:pkvHqCL88/tg1k4cPigmZXUtL00="],
  [46, "10.1.12.1", "10.1.12.2", undefined, undefined, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="],
  [46, "10.1.12.2", "10.1.12.1", undefined, undefined, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="],
];

describe("the community id", () => {
  it.each(VECTORS)("of protocol %d from %s to %s (%s, %s) is %s", (...row) => {
    const [protocol, source, destination, sourcePort, destinationPort, id] = row;
    expect(communityId({ protocol, source, destination, sourcePort, destinationPort })).toBe(id);
  });

  it.each([
    ["no address", { source: "fw-lk-01" }],
    ["two families", { source: "2001:db8::1" }],
    ["no port", { destinationPort: undefined }],
    ["a number of hosts", { source: "10.0.0" }],
  ])("is missing for %s", (_name, change) => {
    const flow = {
      protocol: 6,
      sourcePort: 1,
      destinationPort: 2,
      source: "10.0.0.1",
      destination: "10.0.0.2",
    };
    expect(communityId({ ...flow, ...change })).toBeUndefined();
  });

  it("is the same in both directions", () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), port, port, (source, destination, one, other) => {
        const there = { protocol: 6, source, destination, sourcePort: one, destinationPort: other };
        const back = {
          ...there,
          source: destination,
          destination: source,
          sourcePort: other,
          destinationPort: one,
        };
        expect(communityId(there)).toBe(communityId(back));
      }),
    );
  });
});

describe("the enrichment", () => {
  const fields = {
    "source.ip": "128.232.110.120",
    "destination.ip": "66.35.250.204",
    "source.port": 34_855,
    "destination.port": "80",
    "network.transport": "TCP",
  };
  const fill = (record: Readonly<Record<string, unknown>>) =>
    communityIds.fill((name) => record[name], "kreis");

  it("reads the flow from ECS fields", () => {
    const id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
    expect(fill(fields)).toEqual({ "network.community_id": id });
    const byNumber = { ...fields, "network.transport": undefined, "network.iana_number": "6" };
    expect(fill(byNumber)).toEqual({ "network.community_id": id });
  });

  it.each(["source.ip", "destination.port", "network.transport"])("needs %s", (name) => {
    expect(fill({ ...fields, [name]: undefined })).toBeUndefined();
  });

  it("knows no protocol by the name of what every object has", () => {
    expect(fill({ ...fields, "network.transport": "constructor" })).toBeUndefined();
  });
});
