// The Linux servers on an ordinary day: administrators with keys, sudo, cron, visitors and bots on
// the citizens' portal, password guessers on the one server that is reachable from outside.
import { auditExec, syslog, webAccess } from "../emit/linux.ts";
import { type Activity, ADMINISTRATORS, CITIZENS, ROUND_THE_CLOCK } from "../rhythm.ts";
import { ephemeralPort, SECOND, type World } from "../world.ts";
import { strangerAddress } from "./perimeter.ts";

const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
];

function administratorSession(world: World, time: number): void {
  const { random, county } = world;
  const administrator = random.pick(county.administrators);
  const host = random.pick([county.servers.web, county.servers.portal, county.servers.monitor]);
  const pid = random.int(1000, 60_000);
  const user = administrator.account.name.replace("_", "");
  const from = random.chance(0.8) ? county.servers.jump.ip : administrator.staff.host.ip;
  const fingerprint = Buffer.from(`${user}-schluessel-simuliert-0000`)
    .toString("base64")
    .slice(0, 43);
  syslog(
    world,
    time,
    host,
    `sshd[${pid}]`,
    `Accepted publickey for ${user} from ${from} port ${ephemeralPort(random)} ssh2: ED25519 SHA256:${fingerprint}`,
  );
  syslog(
    world,
    time + 40,
    host,
    `sshd[${pid}]`,
    `pam_unix(sshd:session): session opened for user ${user}(uid=1004) by ${user}(uid=0)`,
  );
  for (let command = random.int(0, 3); command > 0; command--) {
    const line = random.pick([
      ["/usr/bin/systemctl", "status", "nginx"],
      ["/usr/bin/systemctl", "reload", "nginx"],
      ["/usr/bin/apt-get", "update"],
      ["/usr/bin/tail", "-n", "200", "/var/log/nginx/error.log"],
      ["/usr/bin/journalctl", "-u", "php8.2-fpm", "--since", "today"],
      ["/usr/sbin/ufw", "status"],
      ["/usr/bin/less", "/var/log/auth.log"],
    ]);
    const at = time + command * random.int(10, 60) * SECOND;
    syslog(
      world,
      at,
      host,
      "sudo",
      `    ${user} : TTY=pts/0 ; PWD=/home/${user} ; USER=root ; COMMAND=${line.join(" ")}`,
    );
    syslog(
      world,
      at + 8,
      host,
      "sudo",
      `pam_unix(sudo:session): session opened for user root(uid=0) by ${user}(uid=1004)`,
    );
    auditExec(world, at + 20, {
      host,
      arguments: line,
      executable: line[0] ?? "/usr/bin/true",
      uid: 0,
      loginUid: 1004,
      directory: `/home/${user}`,
    });
    syslog(world, at + 900, host, "sudo", "pam_unix(sudo:session): session closed for user root");
  }
  syslog(
    world,
    time + random.int(300, 2400) * SECOND,
    host,
    `sshd[${pid}]`,
    `pam_unix(sshd:session): session closed for user ${user}`,
  );
}

function cron(world: World, time: number): void {
  const { random, county } = world;
  const host = random.pick([county.servers.web, county.servers.portal, county.servers.monitor]);
  const [user, uid, command] = random.pick([
    ["root", 0, ["/usr/bin/run-parts", "/etc/cron.hourly"]],
    ["www-data", 33, ["/usr/bin/php", "/var/www/portal/cron.php"]],
    ["root", 0, ["/usr/bin/certbot", "-q", "renew"]],
    ["monitor", 998, ["/usr/local/bin/pruefung", "--alle"]],
  ] as const);
  const pid = random.int(1000, 60_000);
  syslog(
    world,
    time,
    host,
    `CRON[${pid}]`,
    `pam_unix(cron:session): session opened for user ${user}(uid=${uid}) by (uid=0)`,
  );
  syslog(world, time + 5, host, `CRON[${pid + 1}]`, `(${user}) CMD (${command.join(" ")})`);
  if (random.chance(0.5)) {
    auditExec(world, time + 9, {
      host,
      arguments: command,
      executable: command[0],
      uid,
      loginUid: 4294967295,
    });
  }
  syslog(
    world,
    time + 1500,
    host,
    `CRON[${pid}]`,
    `pam_unix(cron:session): session closed for user ${user}`,
  );
}

function passwordGuesser(world: World, time: number): void {
  const { random, county } = world;
  const from = strangerAddress(world);
  const tries = random.chance(0.2) ? random.int(6, 15) : random.int(1, 3);
  for (let attempt = 0; attempt < tries; attempt++) {
    const user = random.pick(["root", "admin", "ubuntu", "test", "oracle", "postgres", "git"]);
    const at = time + attempt * random.int(3, 30) * SECOND;
    const pid = random.int(1000, 60_000);
    const port = ephemeralPort(random);
    const known = user === "root";
    if (!known)
      syslog(
        world,
        at,
        county.servers.web,
        `sshd[${pid}]`,
        `Invalid user ${user} from ${from} port ${port}`,
      );
    syslog(
      world,
      at + 900,
      county.servers.web,
      `sshd[${pid}]`,
      `Failed password for ${known ? "" : "invalid user "}${user} from ${from} port ${port} ssh2`,
    );
    syslog(
      world,
      at + 1000,
      county.servers.web,
      `sshd[${pid}]`,
      `Connection closed by ${known ? "authenticating" : "invalid"} user ${user} ${from} port ${port} [preauth]`,
    );
  }
}

function visitor(world: World, time: number): void {
  const { random, county } = world;
  const group = () => random.int(1, 0xffff).toString(16);
  const from = random.chance(0.3)
    ? `2001:db8:${group()}:${group()}::${group()}`
    : `${random.pick(["198.51.100", "203.0.113"])}.${random.int(1, 199)}`;
  const agent = random.pick(AGENTS);
  const pages = random.int(1, 6);
  let referrer = "-";
  for (let page = 0; page < pages; page++) {
    const path = random.pick([
      "/",
      "/termine",
      "/kfz/wunschkennzeichen",
      "/abfall/kalender?ort=moorau",
      "/formulare/bauantrag.pdf",
      "/stellen",
      "/presse/2026",
      "/suche?q=f%C3%BChrerschein",
      "/assets/app.css",
      "/assets/app.js",
      "/oparl/v1/body/1",
    ]);
    webAccess(world, time + page * random.int(1, 25) * SECOND, {
      host: county.servers.portal,
      from,
      request: `GET ${path} HTTP/2.0`,
      status: random.chance(0.03) ? 404 : random.chance(0.1) ? 304 : 200,
      bytes: random.int(300, 90_000),
      referrer,
      agent,
    });
    referrer = "https://www.lk-heide.example/";
  }
  if (random.chance(0.08)) {
    webAccess(world, time + 120 * SECOND, {
      host: county.servers.portal,
      from,
      request: "POST /termine/buchen HTTP/2.0",
      status: 302,
      bytes: 0,
      referrer,
      agent,
    });
  }
}

function botOrScanner(world: World, time: number): void {
  const { random, county } = world;
  const from = strangerAddress(world);
  const [agent, paths] = random.pick([
    [
      "Mozilla/5.0 (compatible; SimBot/2.1; +http://suche.example/bot)",
      ["/robots.txt", "/sitemap.xml", "/presse/2025", "/stellen"],
    ],
    ["Mozilla/5.0 zgrab/0.x", ["/", "/.env", "/.git/config"]],
    ["curl/8.5.0", ["/wp-login.php", "/xmlrpc.php"]],
    ["Mozilla/5.0 (compatible; Nmap Scripting Engine)", ["/nmaplowercheck1772", "/HNAP1", "/sdk"]],
    [
      "python-requests/2.32.3",
      [
        "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
        "/?id=1%27%20or%201=1--",
        "/cgi-bin/.%2e/.%2e/bin/sh",
      ],
    ],
  ] as const);
  paths.forEach((path, index) => {
    webAccess(world, time + index * 700, {
      host: county.servers.portal,
      from,
      request: `GET ${path} HTTP/1.1`,
      status: path === "/" || path.endsWith(".xml") ? 200 : 404,
      bytes: random.int(150, 600),
      agent,
    });
  });
}

export const LINUX_ACTIVITIES: readonly Activity[] = [
  { name: "administrator-session", perDay: 14, rhythm: ADMINISTRATORS, run: administratorSession },
  { name: "cron", perDay: 170, rhythm: ROUND_THE_CLOCK, run: cron },
  { name: "password-guesser", perDay: 40, rhythm: ROUND_THE_CLOCK, run: passwordGuesser },
  { name: "visitor", perDay: 700, rhythm: CITIZENS, run: visitor },
  { name: "bot-or-scanner", perDay: 90, rhythm: ROUND_THE_CLOCK, run: botOrScanner },
];
