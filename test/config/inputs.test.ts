import { describe, expect, it } from "vitest";
import { inputsSchema } from "../../config/inputs.ts";
import { configSchema } from "../../config/schema.ts";

const BINDING = { tenant: "kreis", source: "firewall" };
const TLS = { certificateFile: "server.pem", keyFile: "server.key" };
const BY_NAME = [{ certificates: ["web01"], ...BINDING }];

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
    ["RELP that belongs to nobody", { relp: [{}] }, "relp.0"],
    ["TLS without files", { syslog: [{ protocol: "tls", binding: BINDING }] }, "syslog.0"],
    ["TLS on UDP", { gelf: [{ protocol: "udp", binding: BINDING, tls: TLS }] }, "gelf.0.tls"],
    ["senders by certificate without TLS", { relp: [{ senders: BY_NAME }] }, "relp.0.senders"],
    [
      "senders by certificate where none is asked for",
      { lumberjack: [{ senders: BY_NAME, tls: TLS }] },
      "lumberjack.0.senders",
    ],
    [
      "client certificates without an authority",
      { relp: [{ binding: BINDING, tls: { ...TLS, clientCertificates: "required" } }] },
      "relp.0.tls",
    ],
    [
      "an authority that is not asked",
      { relp: [{ binding: BINDING, tls: { ...TLS, clientCaFile: "ca.pem" } }] },
      "relp.0.tls",
    ],
    [
      "a sender without network and certificate",
      { lumberjack: [{ senders: [BINDING] }] },
      "lumberjack.0.senders.0",
    ],
    [
      "a fingerprint with colons",
      {
        relp: [
          {
            senders: [{ certificates: ["sha256:AB:CD"], ...BINDING }],
            tls: { ...TLS, clientCaFile: "ca.pem", clientCertificates: "optional" },
          },
        ],
      },
      "relp.0.senders.0.certificates.0",
    ],
    ["files without a path", { files: [{ ...BINDING, paths: [] }] }, "files.0.paths"],
  ])("refuses %s and names the place", (_name, inputs, place) => {
    const result = inputsSchema.safeParse(inputs);
    expect(result.error?.issues.map((issue) => issue.path.join("."))).toEqual([place]);
  });

  it.each(["syslog", "relp", "gelf", "lumberjack"])("refuses unknown tenants of %s", (kind) => {
    const config = {
      tenants: [{ id: "kreis", name: "Kreis" }],
      inputs: {
        [kind]: [
          {
            ...(kind === "syslog" || kind === "gelf" ? { protocol: "tcp" } : {}),
            binding: { ...BINDING, tenant: "fremd" },
            senders: [{ networks: ["10.0.0.1"], ...BINDING, tenant: "auch-fremd" }],
          },
        ],
      },
    };
    const paths = configSchema.safeParse(config).error?.issues.map((issue) => issue.path.join("."));
    expect(paths).toEqual([`inputs.${kind}.0.binding.tenant`, `inputs.${kind}.0.senders.0.tenant`]);
  });
});
