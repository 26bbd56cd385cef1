// The firewall and the mail server on an ordinary day: staff on the web, scanners from outside, a few
// signatures of the intrusion prevention, newsletters, spam, letters to and from partners.
import { PARTNER_DOMAINS } from "../county/names.ts";
import { firewallLine, intrusionPrevention, traffic, vpn, webFilter } from "../emit/fortigate.ts";
import { mail } from "../emit/mail.ts";
import { habitualSite, siteAddress } from "../history/habits.ts";
import { type Activity, ADMINISTRATORS, OFFICE, ROUND_THE_CLOCK } from "../rhythm.ts";
import { SECOND, type World } from "../world.ts";
import { anyStaff, fileName } from "./desk.ts";

/** A documentation address from outside that is nobody's of the county. */
export function strangerAddress(world: World): string {
  const { random } = world;
  return `${random.pick(["198.51.100", "203.0.113"])}.${random.int(200, 254)}`;
}

function webSession(world: World, time: number): void {
  const { random } = world;
  const member = anyStaff(world);
  const { site, address } = habitualSite(world, member);
  const upload = random.chance(0.01);
  traffic(world, time, {
    from: member.host.ip,
    to: address,
    port: random.chance(0.95) ? 443 : 80,
    // Staff do send large files: plans to tenderers, films to partners.
    sent: upload ? random.int(20e6, 180e6) : random.int(500, 40_000),
    received: Math.round(random.exponential(180_000)) + 900,
  });
  if (random.chance(0.3)) {
    const blocked = random.chance(0.04);
    webFilter(world, time, {
      user: member.account.name.toUpperCase(),
      from: member.host.ip,
      to: address,
      host: site,
      url: `https://${site}/${random.pick(["", "index.html", "suche?q=oeffnungszeiten", "assets/app.js", "api/v2/status"])}`,
      category: blocked
        ? "Malicious Websites"
        : random.pick([
            "Information Technology",
            "Government and Legal Organizations",
            "News and Media",
          ]),
      blocked,
    });
  }
}

function insideSession(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  const { servers } = county;
  const [target, port] = random.pick([
    [servers.files1, 445],
    [servers.files2, 445],
    [servers.registry, 1433],
    [servers.print, 9100],
    [servers.exchange, 443],
    [servers.dc1, 88],
    [servers.dc1, 389],
    [servers.deploy, 8530],
  ] as const);
  traffic(world, time, { from: member.host.ip, to: target.ip, port, direction: "internal" });
}

function scannerFromOutside(world: World, time: number): void {
  const { random, county } = world;
  const from = strangerAddress(world);
  const ports = random.int(1, 5);
  for (let index = 0; index < ports; index++) {
    traffic(world, time + index * 200, {
      from,
      to: county.publicAddress,
      port: random.pick([22, 23, 3389, 445, 8080, 5900, 8443, 1433, 6379, 81]),
      direction: "incoming",
      action: "deny",
      sent: 0,
    });
  }
}

function signature(world: World, time: number): void {
  const { random, county } = world;
  const [attack, id] = random.pick([
    ["ZGrab.Scanner", 48_110],
    ["Nmap.Script.Scanner", 39_264],
    ["PHPUnit.Eval-stdin.PHP.Remote.Code.Execution", 45_765],
    ["HTTP.URI.SQL.Injection", 15_621],
    ["Apache.HTTP.Server.cgi-bin.Path.Traversal", 50_825],
  ] as const);
  intrusionPrevention(world, time, {
    from: strangerAddress(world),
    to: county.servers.portal.ip,
    port: 443,
    attack,
    id,
    severity: random.pick(["info", "low", "low", "medium"]),
    dropped: random.chance(0.85),
  });
}

function guessedVpn(world: World, time: number): void {
  const { random } = world;
  const from = strangerAddress(world);
  for (let attempt = random.int(1, 3); attempt > 0; attempt--) {
    vpn(world, time + attempt * 4 * SECOND, {
      kind: "fail",
      user: random.pick(["admin", "test", "vpn", "info", "support", "gast"]),
      from,
      tunnel: "",
      reason: "sslvpn_login_unknown_user",
    });
  }
}

function firewallAdministration(world: World, time: number): void {
  const { random, county } = world;
  const administrator = random.pick(county.administrators);
  firewallLine(world, time, {
    logid: "0100032001",
    type: "event",
    subtype: "system",
    level: "information",
    logdesc: "Admin login successful",
    sn: String(Math.round(time / 1000)),
    user: administrator.account.name,
    ui: `https(${county.servers.jump.ip})`,
    method: "https",
    srcip: county.servers.jump.ip,
    dstip: county.firewall.ip,
    action: "login",
    status: "success",
    reason: "none",
    profile: "super_admin",
    msg: `Administrator ${administrator.account.name} logged in successfully from https(${county.servers.jump.ip})`,
  });
  if (!random.chance(0.5)) return;
  firewallLine(world, time + 95 * SECOND, {
    logid: "0100044547",
    type: "event",
    subtype: "system",
    level: "information",
    logdesc: "Object attribute configured",
    user: administrator.account.name,
    ui: `GUI(${county.servers.jump.ip})`,
    action: "Edit",
    cfgtid: random.int(1e6, 9e6),
    cfgpath: random.pick(["firewall.address", "firewall.policy", "webfilter.urlfilter"]),
    cfgobj: String(random.int(20, 90)),
    cfgattr: "comments[]",
    msg: "Edit object",
  });
}

const LETTERS = [
  "Rueckfrage zum Antrag",
  "Termin am Donnerstag",
  "Unterlagen",
  "AW: Bauvorhaben",
  "Rechnung",
  "Einladung zur Sitzung",
  "WG: Stellungnahme",
];

function incomingMail(world: World, time: number): void {
  const { random } = world;
  const domain = random.pick(PARTNER_DOMAINS);
  const attached = random.chance(0.35);
  mail(world, time, {
    direction: "Incoming",
    from: `${random.pick(["info", "buero", "sekretariat", "m.kruse", "poststelle", "rechnung"])}@${domain}`,
    to: [anyStaff(world).mail],
    subject: `${random.pick(LETTERS)} ${random.int(100, 9999)}`,
    address: siteAddress(domain),
    bytes: attached ? random.int(80_000, 9_000_000) : random.int(4000, 60_000),
    ...(attached
      ? {
          attachments: [
            fileName(world, random.pick(["pdf", "pdf", "pdf", "docx", "xlsx", "zip", "xlsm"])),
          ],
        }
      : {}),
    spamScore: random.int(0, 3),
  });
}

function outgoingMail(world: World, time: number): void {
  const { random } = world;
  const outside = random.chance(0.4);
  mail(world, time, {
    direction: "Originating",
    from: anyStaff(world).mail,
    to: [outside ? `info@${random.pick(PARTNER_DOMAINS)}` : anyStaff(world).mail],
    subject: `${random.pick(LETTERS)} ${random.int(100, 9999)}`,
    address: world.county.servers.exchange.ip,
    bytes: random.int(5000, 2_000_000),
    ...(random.chance(0.3) ? { attachments: [fileName(world, "pdf")] } : {}),
  });
}

function spam(world: World, time: number): void {
  const { random } = world;
  mail(world, time, {
    direction: "Incoming",
    from: `${random.hex(6)}@${random.pick(["gewinn-jetzt", "paket-infos", "rabatt-welt", "konto-pruefung"])}.test`,
    to: [anyStaff(world).mail],
    subject: random.pick([
      "Ihr Paket wartet",
      "Letzte Mahnung",
      "Sie haben gewonnen",
      "Passwort laeuft ab",
    ]),
    address: strangerAddress(world),
    bytes: random.int(3000, 90_000),
    ...(random.chance(0.2)
      ? { attachments: [random.pick(["Rechnung.pdf.html", "Mahnung.zip", "dokument.pdf"])] }
      : {}),
    verdict: random.chance(0.75) ? "rejected" : "quarantined",
    spamScore: random.int(6, 15),
  });
}

export const PERIMETER_ACTIVITIES: readonly Activity[] = [
  { name: "web-session", perDay: 5200, rhythm: OFFICE, run: webSession },
  { name: "inside-session", perDay: 1400, rhythm: OFFICE, run: insideSession },
  { name: "scanner-from-outside", perDay: 260, rhythm: ROUND_THE_CLOCK, run: scannerFromOutside },
  { name: "signature", perDay: 22, rhythm: ROUND_THE_CLOCK, run: signature },
  { name: "guessed-vpn", perDay: 9, rhythm: ROUND_THE_CLOCK, run: guessedVpn },
  {
    name: "firewall-administration",
    perDay: 3,
    rhythm: ADMINISTRATORS,
    run: firewallAdministration,
  },
  { name: "incoming-mail", perDay: 750, rhythm: OFFICE, run: incomingMail },
  { name: "outgoing-mail", perDay: 550, rhythm: OFFICE, run: outgoingMail },
  { name: "spam", perDay: 300, rhythm: ROUND_THE_CLOCK, run: spam },
];
