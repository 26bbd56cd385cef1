// The simulated county: accounts, hosts and addresses, drawn from the seed. The administration is
// fictional; domains are reserved (RFC 2606), outside addresses are documentation addresses
// (RFC 5737), inside addresses are private (RFC 1918).
import { createRandom, type Random } from "../random.ts";
import { DEPARTMENTS, FAMILY_NAMES, GIVEN_NAMES } from "./names.ts";

const COUNTY_NAME = "Landkreis Heidetal (simuliert)";
export const DOMAIN = "lk-heide.example";
export const NETBIOS = "LKHEIDE";

/** A machine that writes or causes log records. */
export interface Host {
  /** Short name, upper case for Windows. */
  readonly name: string;
  readonly fqdn: string;
  readonly ip: string;
  /** Account SID of the machine, and seed of its ids. */
  readonly sid: string;
  /** Name of the log source that ships its records. */
  readonly source: "dc" | "clients" | "fileserver" | "servers" | "backup" | "linux";
}

/** A log-on account. */
export interface Account {
  readonly name: string;
  readonly domain: string;
  readonly sid: string;
  readonly kind: "staff" | "admin" | "service" | "machine" | "system";
}

/** A member of staff: an account with a desk. */
export interface Staff {
  readonly account: Account;
  readonly given: string;
  readonly family: string;
  readonly mail: string;
  readonly host: Host;
  readonly department: (typeof DEPARTMENTS)[number];
  /** Minutes after local midnight at which the day usually begins and ends. */
  readonly arrives: number;
  readonly leaves: number;
  /** Address at home for those who work there today. */
  readonly homeAddress: string | undefined;
}

/** Somebody of the IT department: a desk and a second, privileged account. */
export interface Administrator {
  readonly staff: Staff;
  readonly account: Account;
  readonly domainAdmin: boolean;
}

export interface County {
  readonly name: string;
  readonly seed: string;
  readonly domainSid: string;
  readonly staff: readonly Staff[];
  readonly administrators: readonly Administrator[];
  readonly helpdesk: readonly Staff[];
  readonly services: Readonly<Record<ServiceAccount, Account>>;
  readonly servers: Readonly<Record<ServerRole, Host>>;
  readonly firewall: { readonly name: string; readonly serial: string; readonly ip: string };
  /** Address behind which the county is seen from outside. */
  readonly publicAddress: string;
}

type ServiceAccount = "backup" | "database" | "registry" | "monitoring" | "scanner" | "deploy";
type ServerRole =
  | "dc1"
  | "dc2"
  | "files1"
  | "files2"
  | "print"
  | "registry"
  | "deploy"
  | "exchange"
  | "jump"
  | "backup"
  | "web"
  | "portal"
  | "monitor";

export const SYSTEM: Account = {
  name: "SYSTEM",
  domain: "NT AUTHORITY",
  sid: "S-1-5-18",
  kind: "system",
};

/** The county of a seed. */
export function buildCounty(seed: string, staffAccounts: number): County {
  const random = createNaming(seed);
  const servers = buildServers(random);
  const staff = buildStaff(random, staffAccounts);
  const informatics = staff.filter((member) => member.department.code === "FD11");
  const administrators = informatics.slice(0, 8).map((member, index) => ({
    staff: member,
    account: account(random, `${random.adminPrefix}${member.account.name}`, "admin"),
    domainAdmin: index < 3,
  }));
  return {
    name: COUNTY_NAME,
    seed,
    domainSid: random.domainSid,
    staff,
    administrators,
    helpdesk: informatics.slice(8, 12).length > 0 ? informatics.slice(8, 12) : informatics,
    services: {
      backup: account(random, `${random.servicePrefix}backup`, "service"),
      database: account(random, `${random.servicePrefix}sql`, "service"),
      registry: account(random, `${random.servicePrefix}meldewesen`, "service"),
      monitoring: account(random, `${random.servicePrefix}monitor`, "service"),
      scanner: account(random, `${random.servicePrefix}scan`, "service"),
      deploy: account(random, `${random.servicePrefix}verteilung`, "service"),
    },
    servers,
    firewall: {
      name: `FGT-${random.site}-01`,
      serial: `FGVMSIM${random.draw.int(100000000, 999999999)}`,
      ip: `10.${random.net}.0.1`,
    },
    publicAddress: `192.0.2.${random.draw.int(10, 60)}`,
  };
}

interface Naming {
  readonly draw: Random;
  readonly domainSid: string;
  readonly net: number;
  readonly site: string;
  readonly clientPrefix: string;
  readonly serverPrefix: string;
  readonly adminPrefix: string;
  readonly servicePrefix: string;
  readonly login: (given: string, family: string, number: number) => string;
  rid: number;
}

function createNaming(seed: string): Naming {
  const draw = createRandom(`${seed}/county`);
  const logins: Naming["login"][] = [
    (given, family) => `${ascii(given)}.${ascii(family)}`,
    (given, family) => `${ascii(family)}${ascii(given).slice(0, 1)}`,
    (given, family) => `${ascii(given).slice(0, 1)}.${ascii(family)}`,
    (given, family, number) =>
      `${ascii(family).slice(0, 3)}${ascii(given).slice(0, 1)}${String(number).padStart(3, "0")}`,
  ];
  return {
    draw,
    domainSid: `S-1-5-21-${draw.int(1e9, 4e9)}-${draw.int(1e9, 4e9)}-${draw.int(1e9, 4e9)}`,
    net: draw.int(16, 60),
    site: draw.pick(["KH", "HTL", "LKH"]),
    clientPrefix: draw.pick(["PC-", "WS", "LKH-C", "NB"]),
    serverPrefix: draw.pick(["SRV-", "LKHS", "S-"]),
    adminPrefix: draw.pick(["adm-", "a_", "admin."]),
    servicePrefix: draw.pick(["svc_", "svc-", "dienst_"]),
    login: draw.pick(logins),
    rid: 1100,
  };
}

function account(naming: Naming, name: string, kind: Account["kind"]): Account {
  return { name, domain: NETBIOS, sid: `${naming.domainSid}-${naming.rid++}`, kind };
}

function buildStaff(naming: Naming, count: number): Staff[] {
  const taken = new Set<string>();
  const total = DEPARTMENTS.reduce((sum, department) => sum + department.share, 0);
  // The IT department comes first and is never smaller than 12: administrators are taken from it.
  const informatics = DEPARTMENTS.find((department) => department.code === "FD11");
  const inOrder = informatics === undefined ? [] : Array<typeof informatics>(12).fill(informatics);
  return Array.from({ length: Math.max(count, 16) }, (_, index) => {
    const given = naming.draw.pick(GIVEN_NAMES);
    const family = naming.draw.pick(FAMILY_NAMES);
    const department = inOrder[index] ?? drawDepartment(naming.draw.next() * total);
    let name = naming.login(given, family, index);
    for (let twin = 2; taken.has(name); twin++)
      name = `${naming.login(given, family, index)}${twin}`;
    taken.add(name);
    const arrives = Math.round(naming.draw.normal(7 * 60 + 35, 35));
    return {
      account: account(naming, name, "staff"),
      given,
      family,
      mail: `${name}@${DOMAIN}`,
      host: clientHost(naming, index),
      department,
      arrives,
      leaves: arrives + Math.round(naming.draw.normal(8.4 * 60, 55)),
      homeAddress: naming.draw.chance(0.17) ? homeAddress(naming.draw) : undefined,
    };
  });
}

function drawDepartment(point: number): (typeof DEPARTMENTS)[number] {
  let sum = 0;
  for (const department of DEPARTMENTS) {
    sum += department.share;
    if (point < sum) return department;
  }
  return DEPARTMENTS[0];
}

function homeAddress(random: Random): string {
  return `${random.pick(["198.51.100", "203.0.113"])}.${random.int(1, 199)}`;
}

function clientHost(naming: Naming, index: number): Host {
  const name = `${naming.clientPrefix}${String(10001 + index * 3).slice(-5)}`;
  return {
    name,
    fqdn: `${name.toLowerCase()}.${DOMAIN}`,
    ip: `10.${naming.net}.${32 + Math.floor(index / 240)}.${10 + (index % 240)}`,
    sid: `${naming.domainSid}-${20_000 + index}`,
    source: "clients",
  };
}

function buildServers(naming: Naming): Record<ServerRole, Host> {
  let number = 10;
  const server = (name: string, source: Host["source"]): Host => {
    const full = source === "linux" ? name : `${naming.serverPrefix}${name}`;
    number += 1;
    return {
      name: full,
      fqdn: `${full.toLowerCase()}.${DOMAIN}`,
      ip: `10.${naming.net}.${source === "linux" ? 8 : 4}.${number}`,
      sid: `${naming.domainSid}-${10_000 + number}`,
      source,
    };
  };
  return {
    dc1: server("DC01", "dc"),
    dc2: server("DC02", "dc"),
    files1: server("FILE01", "fileserver"),
    files2: server("FILE02", "fileserver"),
    print: server("PRINT01", "servers"),
    registry: server("MESO01", "servers"),
    deploy: server("WSUS01", "servers"),
    exchange: server("EX01", "servers"),
    jump: server("ADMIN01", "servers"),
    backup: server("BACKUP01", "backup"),
    web: server("web01", "linux"),
    portal: server("portal01", "linux"),
    monitor: server("mon01", "linux"),
  };
}

/** A name without umlauts, as log-on names are written. */
function ascii(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replaceAll("ß", "ss");
}
