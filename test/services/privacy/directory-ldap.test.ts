// The import of people over LDAP, by the client library over real sockets, plain and with TLS, against a
// directory server of our own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { privacySchema } from "../../../config/privacy.ts";
import { readLdapDirectory } from "../../../services/privacy/directory-ldap.ts";
import { type LdapServerOptions, startLdapServer } from "../../support/ldap-server.ts";
import { TLS_FOLDER } from "../ingest/network-setup.ts";

const PLACE = {
  bindDn: "CN=leser,DC=kreis,DC=example",
  password: "größer als 8",
  baseDn: "DC=kreis,DC=example",
};
const PETERSEN = {
  sAMAccountName: ["h.petersen"],
  userPrincipalName: ["h.petersen@kreis.example"],
  mail: ["hülya.petersen@kreis.example", "hp@kreis.example"],
  givenName: ["Hülya"],
  sn: ["Petersen"],
  displayName: ["Petersen, Hülya"],
  telephoneNumber: ["4711"],
};

async function server(
  entries: LdapServerOptions["entries"],
  more: Partial<LdapServerOptions> = {},
) {
  const running = await startLdapServer({ ...PLACE, entries, ...more });
  onTestFinished(() => running.close());
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-ldap-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "password"), `${PLACE.password}\n`);
  writeFileSync(join(folder, "wrong"), "falsch\n");
  const protocol = more.tls === undefined ? "ldap" : "ldaps";
  const read = (settings: Record<string, unknown> = {}) => {
    const { bindDn, baseDn } = PLACE;
    const [config] = privacySchema.parse({
      ldap: [
        {
          ...{ tenant: "kreis", url: `${protocol}://127.0.0.1:${running.port}` },
          ...{ bindDn, baseDn, passwordFile: "password", ...settings },
        },
      ],
    }).ldap;
    if (config === undefined) throw new Error("no configuration");
    return readLdapDirectory(config, (path) => (path.startsWith("/") ? path : join(folder, path)));
  };
  return { running, read };
}

it("takes the names of people, and nothing else", async () => {
  const { read } = await server([PETERSEN, { uid: ["kh"], sn: ["Koch"], mail: [] }]);
  expect(await read()).toEqual([
    {
      account: "h.petersen",
      upn: "h.petersen@kreis.example",
      mail: "hülya.petersen@kreis.example",
      givenName: "Hülya",
      surname: "Petersen",
      displayName: "Petersen, Hülya",
    },
    { account: "kh", surname: "Koch" },
  ]);
});

it("takes the department as the group, or else the organisational units above the entry", async () => {
  const people = [{ uid: ["kh"], department: ["Bauamt"] }, { uid: ["pb"] }];
  const baseDn = "OU=Soziales,ou=Personen,DC=kreis,DC=example";
  const { read } = await server(people, { baseDn });
  expect((await read({ baseDn })).map(({ group }) => group)).toEqual([
    "Bauamt",
    "OU=Soziales,ou=Personen",
  ]);
});

it("reads more people than fit on a page, page by page", async () => {
  const people = Array.from({ length: 1234 }, (_, at) => ({ sAMAccountName: [`konto${at}`] }));
  const { read, running } = await server(people);
  const found = await read();
  expect(found.map(({ account }) => account)).toEqual(people.map((one) => one.sAMAccountName[0]));
  expect(running.pages).toEqual([500, 500, 500]);
});

const tls = {
  cert: readFileSync(join(TLS_FOLDER, "server.pem")),
  key: readFileSync(join(TLS_FOLDER, "server.key")),
};

it("speaks TLS with a server whose authority is given", async () => {
  const { read } = await server([PETERSEN], { tls });
  expect(await read({ caFile: join(TLS_FOLDER, "ca.pem") })).toHaveLength(1);
});

it.each([
  ["a wrong password", {}, { passwordFile: "wrong" }],
  ["no file of the password", {}, { passwordFile: "nowhere" }],
  ["a place that the server does not have", {}, { baseDn: "DC=stadt,DC=example" }],
  ["a server that is away", {}, { url: "ldap://127.0.0.1:1" }],
  ["a certificate of an authority that nobody knows", { tls }, {}],
  ["another authority", { tls }, { caFile: join(TLS_FOLDER, "other-ca.pem") }],
])("says that it can't read with %s", async (_, more, settings) => {
  const { read } = await server([PETERSEN], more);
  await expect(read(settings)).rejects.toMatchObject({ code: "HW_INPUT_UNREADABLE" });
});
