import { describe, expect, it } from "vitest";
import { inputsSchema } from "../../config/inputs.ts";

const BINDING = { tenant: "kreis", source: "firewall" };

describe("inputs schema", () => {
  it("opens HTTP on loopback and nothing else without any setting", () => {
    const inputs = inputsSchema.parse({});
    expect(inputs.http).toMatchObject({ enabled: true, host: "127.0.0.1", keys: [] });
    expect([inputs.syslog, inputs.files, inputs.stdin]).toEqual([[], [], undefined]);
  });

  it.each([
    ["an unknown key", { http: { prot: 1 } }, "http"],
    ["a tenant that is no folder name", { stdin: { ...BINDING, tenant: "../x" } }, "stdin.tenant"],
    [
      "a time zone that is none",
      { stdin: { ...BINDING, timeZone: "Mars/Olymp" } },
      "stdin.timeZone",
    ],
    [
      "a key in clear",
      { http: { keys: [{ id: "a", sha256: "geheim", ...BINDING }] } },
      "http.keys.0.sha256",
    ],
    ["syslog that belongs to nobody", { syslog: [{ protocol: "udp" }] }, "syslog.0"],
    [
      "a network that is none",
      { syslog: [{ protocol: "udp", senders: [{ networks: ["10.0.0.0/40"], ...BINDING }] }] },
      "syslog.0.senders.0.networks.0",
    ],
    ["a prefix that is no path", { http: { prefix: "elastic/" } }, "http.prefix"],
    ["files without a path", { files: [{ ...BINDING, paths: [] }] }, "files.0.paths"],
  ])("refuses %s and names the place", (_name, inputs, place) => {
    const result = inputsSchema.safeParse(inputs);
    expect(result.error?.issues.map((issue) => issue.path.join("."))).toEqual([place]);
  });
});
