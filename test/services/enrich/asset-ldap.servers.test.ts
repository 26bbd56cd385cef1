// Machines of a real directory server: what becomes of them in events, over TLS, and a server that refuses
// or goes away. Skipped by name where no `slapd` is installed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type EnrichmentConfig, enrichmentSchema } from "../../../config/enrichment.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import { openEnricher } from "../../../services/enrich/enricher.ts";
import { parseOutsideJson } from "../../../services/normalize/json-nesting.ts";
import {
  hasSlapd,
  type OwnSlapd,
  PASSWORD,
  READER,
  SUFFIX,
  startSlapd,
} from "../../servers/own-slapd.ts";

const MINUTE_MS = 60_000;
const MANY = 1200;

const unit = (dn: string, name: string) =>
  `dn: ${dn}\nobjectClass: organizationalUnit\nou: ${name}\n`;
const machine = (cn: string, under: string, more = "") =>
  `dn: cn=${cn},${under}\nobjectClass: computer\ncn: ${cn}\n${more}`;
const SERVERS = `ou=Server,${SUFFIX}`;
const CONTROLLERS = `ou=Domain Controllers,${SERVERS}`;
const LDIF = [
  unit(SERVERS, "Server"),
  unit(CONTROLLERS, "Domain Controllers"),
  unit(`ou=Amt 1\\, Haus A,${SUFFIX}`, "Amt 1, Haus A"),
  machine(
    "DC01",
    CONTROLLERS,
    "dNSHostName: dc01.kreis.example\noperatingSystem: Windows Server 2022\ndescription: Anmeldung\n",
  ),
  machine("FS01", SERVERS, "dNSHostName: fs01.kreis.example\n"),
  machine("PC1", `ou=Amt 1\\, Haus A,${SUFFIX}`, "description: PC von Erika Beispiel\n"),
  ...Array.from({ length: MANY }, (_, at) => machine(`VIELE${at}`, SUFFIX)),
].join("\n");

type Server = Partial<EnrichmentConfig["ldapAssets"][number]>;

describe.skipIf(!hasSlapd())("machines of a directory (slapd)", () => {
  let slapd: OwnSlapd;
  beforeAll(async () => {
    slapd = await startSlapd(LDIF);
  });
  afterAll(() => slapd.stop());

  async function open(server: Server = {}) {
    const folder = mkdtempSync(join(tmpdir(), "heidewacht-ldap-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "kennwort"), `${PASSWORD}\n`);
    writeFileSync(join(folder, "falsch"), "falsch\n");
    const faults: string[] = [];
    let time = 0;
    const enricher = await openEnricher({
      config: enrichmentSchema.parse({
        ldapAssets: [
          {
            ...{ tenant: "kreis", url: slapd.tlsUrl, caFile: slapd.caFile },
            ...{ bindDn: READER, passwordFile: join(folder, "kennwort"), baseDn: SUFFIX },
            filter: "(objectClass=computer)",
            criticality: [
              { under: `OU=Server, ${SUFFIX}`, value: "mittel" },
              { under: CONTROLLERS, value: "hoch" },
            ],
            ...server,
            ...(server.passwordFile ? { passwordFile: join(folder, server.passwordFile) } : {}),
          },
        ],
      }),
      ...{ at: (path) => path, asked: new Set(), now: () => time, parseJson: parseOutsideJson },
      onThreatList: () => undefined,
      onFileFault: ({ message }) => faults.push(message),
      onFault: (id) => expect.unreachable(id),
    });
    const factsOf = (host: string, tenant = "kreis") => {
      const document: EcsDocument = { "host.name": host };
      enricher.document(document, tenant);
      const { "host.name": _, ...facts } = document;
      return facts;
    };
    const pass = async (ms: number) => {
      time += ms;
      await enricher.refresh();
    };
    return { factsOf, faults, pass };
  }

  it("are known by short and long name, with unit, system and worth", async () => {
    const { factsOf, faults } = await open();
    await expect
      .poll(() => factsOf("dc01"), { timeout: 30_000 })
      .toEqual({
        "host.asset.name": "dc01.kreis.example",
        "host.asset.unit": "Domain Controllers",
        "host.asset.criticality": "hoch",
        "host.asset.os": "Windows Server 2022",
      });
    expect(factsOf("FS01.kreis.example")).toEqual({
      "host.asset.name": "fs01.kreis.example",
      "host.asset.unit": "Server",
      "host.asset.criticality": "mittel",
    });
    expect(factsOf("pc1")).toEqual({
      ...{ "host.asset.name": "PC1", "host.asset.unit": "Amt 1, Haus A" },
    });
    expect(factsOf("dc01", "stadt")).toEqual({});
    expect(faults).toEqual([]);
  });

  it("come page by page, and with descriptions where that is asked for", async () => {
    const { factsOf } = await open({ descriptions: true });
    const last = `viele${MANY - 1}`;
    await expect.poll(() => factsOf(last), { timeout: 30_000 }).not.toEqual({});
    expect(factsOf("dc01")).toMatchObject({ "host.asset.role": "Anmeldung" });
  });

  it.each<[string, () => Server]>([
    ["StartTLS", () => ({ url: slapd.url })],
    ["clear text where that is allowed", () => ({ url: slapd.url, clearText: true })],
  ])("come over %s too", async (_name, server) => {
    const { factsOf, faults } = await open(server());
    await expect.poll(() => factsOf("dc01"), { timeout: 30_000 }).not.toEqual({});
    expect(faults).toEqual([]);
  });

  it.each<[string, () => Server]>([
    ["a wrong password", () => ({ passwordFile: "falsch" })],
    ["a certificate that nobody vouches for", () => ({ caFile: undefined })],
    ["a place that is not there", () => ({ baseDn: `ou=fehlt,${SUFFIX}` })],
    ["a server that is away", () => ({ url: "ldaps://localhost:1" })],
  ])("stop nothing with %s, told once", async (_name, server) => {
    const { factsOf, faults, pass } = await open(server());
    await expect.poll(() => faults.length, { timeout: 30_000 }).toBe(1);
    for (let round = 0; round < 3; round += 1) await pass(MINUTE_MS);
    expect([faults.length, factsOf("dc01")]).toEqual([1, {}]);
  });
});
