// A real OpenLDAP server for one test file, with machines as a directory of Windows has them. It is started
// where `slapd` is installed (Debian: `apt-get install slapd`).
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/loopback.ts";

const SLAPD = "/usr/sbin/slapd";
const SLAPADD = "/usr/sbin/slapadd";
const TLS = join(import.meta.dirname, "..", "fixtures", "tls");
export const SUFFIX = "dc=kreis,dc=example";
export const READER = `cn=leser,${SUFFIX}`;
export const PASSWORD = "nur zum Lesen";

// Ids and syntaxes as Active Directory has them; OpenLDAP doesn't know them by itself.
const SCHEMA = `
attributetype ( 1.2.840.113556.1.4.619 NAME 'dNSHostName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.363 NAME 'operatingSystem' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.3.30 NAME 'computer' SUP top STRUCTURAL MUST cn MAY ( dNSHostName $ operatingSystem $ description ) )
`;

export interface OwnSlapd {
  readonly url: string;
  readonly tlsUrl: string;
  /** Of the authority that its certificate is signed by. */
  readonly caFile: string;
  stop(): Promise<void>;
}

export function hasSlapd(): boolean {
  return existsSync(SLAPD);
}

/** @param ldif entries below `SUFFIX`, which is there already */
export async function startSlapd(ldif: string): Promise<OwnSlapd> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-slapd-"));
  const at = (name: string) => join(folder, name);
  mkdirSync(at("data"));
  writeFileSync(at("machines.schema"), SCHEMA);
  writeFileSync(at("slapd.conf"), configuration(at));
  const root = `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: kreis\no: Kreis\n`;
  writeFileSync(at("tree.ldif"), `${root}\n${ldif}`);
  execFileSync(SLAPADD, ["-f", at("slapd.conf"), "-l", at("tree.ldif")], { stdio: "pipe" });
  const [plain, tls] = [await freePort(), await freePort()];
  const urls = `ldap://127.0.0.1:${plain} ldaps://127.0.0.1:${tls}`;
  // With `-d` it stays in the foreground: it ends with the id that we know.
  const server = spawn(SLAPD, ["-f", at("slapd.conf"), "-h", urls, "-d", "0"], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  for (const port of [plain, tls]) await untilListening(port);
  return {
    url: `ldap://localhost:${plain}`,
    tlsUrl: `ldaps://localhost:${tls}`,
    caFile: join(TLS, "ca.pem"),
    async stop() {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(at: (name: string) => string): string {
  return `
include /etc/ldap/schema/core.schema
include ${at("machines.schema")}
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile ${join(TLS, "ca.pem")}
TLSCertificateFile ${join(TLS, "server.pem")}
TLSCertificateKeyFile ${join(TLS, "server.key")}
database mdb
suffix "${SUFFIX}"
rootdn "${READER}"
rootpw "${PASSWORD}"
directory ${at("data")}
`;
}

async function untilListening(port: number): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const isThere = await fetch(`http://127.0.0.1:${port}`).then(
      () => true,
      // Whatever it says, it has answered; only a refused connection is none.
      (error: unknown) =>
        !String(error instanceof Error ? error.cause : error).includes("ECONNREFUSED"),
    );
    if (isThere) return;
    if (Date.now() > until) throw new Error(`slapd does not listen on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
