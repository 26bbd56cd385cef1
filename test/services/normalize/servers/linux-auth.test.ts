import { describe, expect, it } from "vitest";
import { linuxAuth } from "../../../../services/normalize/servers/linux-auth.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const line = (program: string, message: string) => `Nov 21 05:38:16 web01 ${program}: ${message}`;

const CASES: readonly (readonly [
  program: string,
  message: string,
  fields: Record<string, string>,
])[] = [
  [
    "sshd[812]",
    "Accepted publickey for admin from 192.0.2.7 port 50122 ssh2: ED25519 SHA256:abc",
    {
      action: "ssh-login",
      outcome: "success",
      method: "publickey",
      user: "admin",
      source_ip: "192.0.2.7",
      source_port: "50122",
    },
  ],
  [
    "sshd[812]",
    "Failed password for root from 2001:db8::1 port 22 ssh2",
    { action: "ssh-login", outcome: "failure", user: "root", source_ip: "2001:db8::1" },
  ],
  [
    "sshd-session[812]",
    "Failed password for invalid user test from 192.0.2.7 port 50122 ssh2",
    { user: "test", invalid_user: "true" },
  ],
  [
    "sshd[812]",
    "Failed password for invalid user root from 198.51.100.1 port 1 from 192.0.2.7 port 50122 ssh2",
    { user: "root from 198.51.100.1 port 1", source_ip: "192.0.2.7" },
  ],
  [
    "sshd[812]",
    "Invalid user oracle from 192.0.2.7 port 50122",
    { action: "ssh-invalid-user", user: "oracle", source_port: "50122" },
  ],
  [
    "sshd[812]",
    "message repeated 5 times: [ Failed password for root from 192.0.2.7 port 22 ssh2]",
    { outcome: "failure", user: "root", repeated: "5" },
  ],
  [
    "sshd[812]",
    "error: maximum authentication attempts exceeded for root from 192.0.2.7 port 22 ssh2 [preauth]",
    { action: "ssh-attempts-exceeded", user: "root", source_ip: "192.0.2.7" },
  ],
  [
    "sshd[812]",
    "Connection closed by authenticating user root 192.0.2.7 port 22 [preauth]",
    { action: "ssh-connection", user: "root", source_ip: "192.0.2.7", source_port: "22" },
  ],
  [
    "sshd[812]",
    "Received disconnect from 192.0.2.7 port 22:11: Bye Bye [preauth]",
    { action: "ssh-connection", source_ip: "192.0.2.7" },
  ],
  [
    "sshd[812]",
    "User bob from 192.0.2.7 not allowed because not listed in AllowUsers",
    { outcome: "failure", user: "bob", source_ip: "192.0.2.7" },
  ],
  [
    "sshd[812]",
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
    { action: "authentication-failure", outcome: "failure", source_ip: "192.0.2.7", user: "root" },
  ],
  [
    "sshd[812]",
    "pam_unix(sshd:session): session opened for user admin(uid=1000) by (uid=0)",
    { action: "session-opened", user: "admin" },
  ],
  [
    "sudo",
    "   admin : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/bin/sh -c id ; ls",
    {
      action: "sudo",
      outcome: "success",
      user: "admin",
      target_user: "root",
      USER: "root",
      command: "/bin/sh -c id ; ls",
    },
  ],
  [
    "sudo",
    "bob : user NOT in sudoers ; TTY=pts/1 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/bash",
    { outcome: "failure", reason: "user NOT in sudoers", user: "bob", command: "/bin/bash" },
  ],
  [
    "sudo",
    "bob : 3 incorrect password attempts ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/su",
    { outcome: "failure", reason: "3 incorrect password attempts" },
  ],
  [
    "sudo",
    "pam_unix(sudo:session): session opened for user root(uid=0) by admin(uid=1000)",
    { user: "root", asking_user: "admin" },
  ],
  [
    "su[9]",
    "(to root) admin on pts/0",
    { action: "su", outcome: "success", user: "admin", target_user: "root" },
  ],
  ["su[9]", "FAILED SU (to root) admin on pts/0", { outcome: "failure" }],
  [
    "CRON[77]",
    "(root) CMD (run-parts /etc/cron.hourly)",
    { action: "cron-cmd", user: "root", command: "run-parts /etc/cron.hourly" },
  ],
  [
    "crontab[77]",
    "(www-data) BEGIN EDIT (www-data)",
    { action: "cron-begin-edit", user: "www-data", target_user: "www-data" },
  ],
  [
    "useradd[5]",
    "new user: name=backdoor, UID=0, GID=0, home=/root, shell=/bin/bash, from=/dev/pts/0",
    { action: "added-user-account", target_user: "backdoor" },
  ],
  [
    "usermod[5]",
    "add 'bob' to group 'sudo'",
    { action: "added-member-to-group", target_user: "bob", group: "sudo" },
  ],
  ["userdel[5]", "delete user 'bob'", { action: "deleted-user-account", target_user: "bob" }],
  [
    "passwd[5]",
    "pam_unix(passwd:chauthtok): password changed for root",
    { action: "password-changed", user: "root" },
  ],
  [
    "systemd-logind[1]",
    "New session 12 of user admin.",
    { action: "session-opened", session: "12", user: "admin" },
  ],
  [
    "sshd(pam_unix)[812]",
    "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=192.0.2.7  user=root",
    {
      program: "sshd(pam_unix)",
      process: "sshd",
      pid: "812",
      pam_service: "sshd",
      action: "authentication-failure",
      user: "root",
      source_ip: "192.0.2.7",
    },
  ],
  [
    "su(pam_unix)[21]",
    "session opened for user cyrus by (uid=0)",
    { process: "su", action: "session-opened", user: "cyrus" },
  ],
  [
    " -- root[2421]",
    "ROOT LOGIN ON tty2",
    { program: "-- root", process: "login", pid: "2421", action: "login", user: "root" },
  ],
  ["login[3]", "LOGIN ON tty1 BY admin", { action: "login", outcome: "success", user: "admin" }],
  [
    "login[3]",
    "FAILED LOGIN 1 FROM 192.0.2.7 FOR admin, Authentication failure",
    { action: "login", outcome: "failure", user: "admin", source_ip: "192.0.2.7" },
  ],
  [
    "login[3]",
    "FAILED LOGIN (1) on '/dev/tty1' FOR 'admin', Authentication failure",
    { action: "login", outcome: "failure", user: "admin", TTY: "/dev/tty1" },
  ],
  [
    "ftpd[29504]",
    "connection from 192.0.2.7 (gw.example.org) at Fri Jun 17 07:07:00 2005",
    { action: "ftp-connection", source_ip: "192.0.2.7" },
  ],
  [
    "ftpd[1]",
    "ANONYMOUS FTP LOGIN FROM 192.0.2.7, (anonymous)",
    { action: "ftp-login", outcome: "success", source_ip: "192.0.2.7" },
  ],
  [
    "vsftpd[1]",
    '[admin] FAIL LOGIN: Client "192.0.2.7"',
    { action: "ftp-login", outcome: "failure", user: "admin", source_ip: "192.0.2.7" },
  ],
  [
    "vsftpd[1]",
    'CONNECT: Client "192.0.2.7"',
    { action: "ftp-connection", source_ip: "192.0.2.7" },
  ],
  [
    "klogind[19272]",
    "Authentication failed from 192.0.2.7 (192.0.2.7): Permission denied in replay cache code",
    { action: "remote-login", outcome: "failure", source_ip: "192.0.2.7" },
  ],
  ["klogind[1]", "Kerberos authentication failed", { action: "remote-login", outcome: "failure" }],
  [
    "xinetd[1]",
    "START: telnet pid=812 from=192.0.2.7",
    { action: "service-connection", service: "telnet", source_ip: "192.0.2.7" },
  ],
  [
    "pkexec[3400]",
    "admin: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/home/admin] [COMMAND=/bin/id -u]",
    { action: "pkexec", outcome: "success", target_user: "root", command: "/bin/id -u" },
  ],
  [
    "pkexec[3400]",
    "admin: The value for environment variable XAUTHORITY contains suspicious content [USER=root] [TTY=/dev/pts/0] [CWD=/root] [COMMAND=/bin/sh]",
    { action: "pkexec", outcome: "failure", user: "admin", PWD: "/root" },
  ],
  [
    "polkitd[700]",
    "Operator of unix-session:2 FAILED to authenticate to gain authorization for action org.freedesktop.policykit.exec for unix-process:9:1 [bash] (owned by unix-user:admin)",
    { action: "authorization", outcome: "failure", user: "admin" },
  ],
  [
    "(systemd)[900]",
    "pam_unix(systemd-user:session): session opened for user admin(uid=1000) by (uid=0)",
    { action: "session-opened", user: "admin" },
  ],
];

describe("Linux authentication logs", () => {
  it.each(CASES)("reads %s: %s", (program, message, fields) => {
    expect(sniffLine(linuxAuth, line(program, message))).toBeGreaterThanOrEqual(0.9);
    const { record } = parseLine(linuxAuth, line(program, message));
    expect(record).toMatchObject({ host: "web01", message: message.trimStart(), ...fields });
  });

  it.each([
    ["sshd[1]", "Server listening on 0.0.0.0 port 22."],
    ["sudo", "words without a colon"],
    ["CRON[1]", "(root CMD"],
    ["su", "(to root"],
    ["useradd", "failed adding user 'x'"],
    ["pam", "pam_unix(sshd:auth): check pass; user unknown"],
    ["sshd(pam_unix)[1]", "check pass; user unknown"],
    ["login[1]", "LOGIN ON"],
    ["pkexec[1]", "admin: Executing command"],
    ["polkitd[1]", "Loading rules from directory /etc/polkit-1/rules.d"],
    ["ftpd[1]", "connection from nowhere"],
    ["xinetd[1]", "warning: can't get client address: Connection reset by peer"],
  ])("keeps %s: %s without making anything of it", (program, message) => {
    const { record } = parseLine(linuxAuth, line(program, message));
    expect(record.message).toBe(message);
    expect(record).not.toHaveProperty("user");
    expect(record).not.toHaveProperty("action");
  });

  it("leaves lines of other programs to others", () => {
    expect(sniffLine(linuxAuth, line("nginx", "x"))).toBe(0);
    expect(sniffLine(linuxAuth, line("systemd[1]", "Started Session 12 of user admin."))).toBe(0);
    expect(sniffLine(linuxAuth, "plain")).toBe(0);
  });

  it("refuses what has no syslog header", () => {
    expect(() => parseLine(linuxAuth, "plain")).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("writes a failed sign-in under ECS names", () => {
    const parsed = parseLine(linuxAuth, line("sshd[812]", CASES[1]?.[1] ?? ""));
    expect(iso(parsed.time)).toBe("2026-11-21T04:38:16.000Z");
    expect(linuxAuth.ecs(parsed.record)).toEqual({
      "event.kind": "event",
      "event.module": "system",
      "event.dataset": "system.auth",
      "event.action": "ssh-login",
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "host.name": "web01",
      "host.os.type": "linux",
      "process.name": "sshd",
      "process.pid": 812,
      "source.ip": "2001:db8::1",
      "source.port": 22,
      "user.name": "root",
      "linux.method": "password",
      message: "Failed password for root from 2001:db8::1 port 22 ssh2",
    });
  });

  it("keeps a sender that is a name as a domain", () => {
    const message =
      "pam_unix(sshd:auth): authentication failure; logname= rhost=gw.example.org  user=root";
    const document = linuxAuth.ecs(parseLine(linuxAuth, line("sshd[1]", message)).record);
    expect(document["source.domain"]).toBe("gw.example.org");
    expect(document["source.ip"]).toBeUndefined();
  });

  it("finds ECS and Sigma names", () => {
    const { record } = parseLine(linuxAuth, line("sudo", CASES[12]?.[1] ?? ""));
    expect(fieldOf(linuxAuth.shape, record, "process.command_line")).toBe("/bin/sh -c id ; ls");
    expect(fieldOf(linuxAuth.shape, record, "USER")).toBe("root");
    expect(fieldOf(linuxAuth.shape, record, "user.name")).toBe("admin");
  });

  it("survives any line", () =>
    survivesAnything(
      linuxAuth,
      CASES.map(([program, message]) => line(program, message)),
    ));
});
