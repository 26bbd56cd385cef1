import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../../config/log-sources.ts";
import type { ParsedRecord } from "../../../../detectors/event.ts";
import { readSocketAddress } from "../../../../services/normalize/servers/audit-socket.ts";
import { auditd } from "../../../../services/normalize/servers/auditd.ts";
import { engineOf, eventOf, ruleOf } from "../../../detectors/sigma/fixture.ts";
import { fieldOf, parseLine } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const STAMP = "msg=audit(1795235896.123:456):";
const SYSCALL = `type=SYSCALL ${STAMP} arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 items=2 ppid=812 pid=900 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=4 comm="chmod" exe="/usr/bin/chmod" key="exec"\u001dARCH=x86_64 SYSCALL=execve AUID="emustermann" UID="root" EUID="root"`;
const EXECVE = `type=EXECVE ${STAMP} argc=3 a0="chmod" a1="777" a2="/tmp/x y"`;
const CWD = `type=CWD ${STAMP} cwd="/home/emustermann"`;
const PATH_1 = `type=PATH ${STAMP} item=1 name="/lib64/ld-linux-x86-64.so.2" inode=9 nametype=NORMAL OUID="root"`;
const PATH_0 = `type=PATH ${STAMP} item=0 name="/usr/bin/chmod" inode=8 nametype=NORMAL OUID="root"`;
const PROCTITLE = `type=PROCTITLE ${STAMP} proctitle=63686D6F64003737370`;
const EOE = `type=EOE ${STAMP}`;
const EXEC = [SYSCALL, EXECVE, CWD, PATH_1, PATH_0, PROCTITLE];

const CONNECT = [
  `type=SYSCALL ${STAMP} arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=7ffe a2=10 a3=0 items=0 ppid=1 pid=77 auid=1000 uid=1000 comm="bash" exe="/bin/bash" key=(null)`,
  `type=SOCKADDR ${STAMP} saddr=0200115CC63364090000000000000000`,
  `type=PROCTITLE ${STAMP} proctitle="bash"`,
];
const CREATE = [
  `type=SYSCALL ${STAMP} arch=c00000b7 syscall=56 success=yes exit=3 a0=ffffff9c pid=78 comm="vim" exe="/usr/bin/vim"`,
  `type=CWD ${STAMP} cwd="/etc/cron.d"`,
  `type=PATH ${STAMP} item=0 name="/etc/cron.d" inode=1 nametype=PARENT`,
  `type=PATH ${STAMP} item=1 name="./job" inode=2 nametype=CREATE`,
];

const { join } = auditd;
if (join === undefined) throw new RangeError("audit records are joined");

function recordsOf(lines: readonly string[]): ParsedRecord[] {
  return lines.map((line) => parseLine(auditd, line).record);
}

function merged(lines: readonly string[]): ParsedRecord {
  return join?.merge(recordsOf(lines)) ?? {};
}

describe("records of one audit event", () => {
  it.each([
    [SYSCALL, " 1795235896.123:456"],
    [`node=web01 ${SYSCALL}`, "web01 1795235896.123:456"],
    [`Nov 21 05:38:16 web02 audispd: ${EOE}`, "web02 1795235896.123:456"],
    [`type=UNKNOWN[1336] ${STAMP} a=b`, " 1795235896.123:456"],
    [`type=AVC ${STAMP} avc:  denied  { read } for pid=1`, " 1795235896.123:456"],
    [`type=USER_LOGIN ${STAMP} pid=1 msg='op=login res=failed'`, undefined],
    [`type=CRED_ACQ ${STAMP} pid=1`, undefined],
    [`type=SERVICE_STOP ${STAMP} pid=1 msg='unit=ufw res=success'`, undefined],
    [`type=LOGIN ${STAMP} pid=1`, undefined],
    [`type=DAEMON_START ${STAMP} op=start`, undefined],
    [`type=UNKNOWN[1236] ${STAMP} a=b`, undefined],
  ])("of %.60s share the key %s", (line, key) => {
    expect(join.keyOf(parseLine(auditd, line).record)).toBe(key);
  });

  it.each([
    ["SYSCALL alone", [SYSCALL], false],
    ["no PROCTITLE yet", EXEC.slice(0, -1), false],
    ["PROCTITLE", EXEC, true],
    ["EOE", [SYSCALL, EOE], true],
  ])("are complete at their last: %s", (_what, lines, complete) => {
    expect(join.isComplete(recordsOf(lines))).toBe(complete);
  });

  it.each([
    ["type", ["SYSCALL", "EXECVE", "CWD", "PROCTITLE", "PATH"]],
    ["a0", "chmod"],
    ["a2", "/tmp/x y"],
    ["syscall.a0", "55d0"],
    ["name", ["/usr/bin/chmod", "/lib64/ld-linux-x86-64.so.2"]],
    ["nametype", ["NORMAL", "NORMAL"]],
    ["Image", "/usr/bin/chmod"],
    ["CommandLine", "chmod 777 /tmp/x y"],
    ["process.args", ["chmod", "777", "/tmp/x y"]],
    ["CurrentDirectory", "/home/emustermann"],
    ["ParentProcessId", "812"],
    ["User", "root"],
    ["user.audit.name", "emustermann"],
    ["key", "exec"],
  ])("become one: %s", (name, expected) => {
    for (const lines of [EXEC, EXEC.toReversed()]) {
      expect(fieldOf(auditd.shape, merged(lines), name)).toEqual(
        name === "type" ? expect.arrayContaining(expected as string[]) : expected, // A list above.
      );
    }
  });

  it.each([
    ["an exec", EXEC],
    ["a connection", CONNECT],
    ["a new file", CREATE],
  ])("lose no value that one of them had: %s", (_what, lines) => {
    const whole = merged(lines);
    const lost = recordsOf(lines).flatMap((record) =>
      Object.entries(record).flatMap(([key, value]) => {
        const name =
          lines === EXEC && record.type === "SYSCALL" ? key.replace(/^a\d$/, "syscall.$&") : key;
        const kept = whole[name];
        const isKept =
          Array.isArray(kept) && !Array.isArray(value) ? kept.includes(value) : undefined;
        // Full paths and categories are made anew of the whole event.
        if (isKept ?? (["file_path", "created", "classes"].includes(key) || kept === value))
          return [];
        return JSON.stringify(kept) === JSON.stringify(value)
          ? []
          : [`${String(record.type)}.${key}`];
      }),
    );
    expect(lost).toEqual([]);
  });

  it("give the whole of arguments that came in pieces", () => {
    const record = merged([
      SYSCALL,
      `type=EXECVE ${STAMP} argc=3 a0="sh" a1="-c" a2_len=6 a2[0]=6563`,
      `type=EXECVE ${STAMP} a2[1]=686F a2[2]="!"`,
    ]);
    expect(record).toMatchObject({ a2: "echo!", command_line: "sh -c echo!" });
  });

  it("keep what two types call by one name", () => {
    const record = merged([
      `type=AVC ${STAMP} avc:  denied  { read } for  pid=1 comm="a" name="shadow" scontext=s`,
      `type=SYSCALL ${STAMP} arch=c000003e syscall=2 pid=1 comm="a"`,
      `type=PATH ${STAMP} item=0 name="/etc/shadow" nametype=NORMAL`,
    ]);
    expect(record).toMatchObject({ name: "/etc/shadow", "avc.name": "shadow", scontext: "s" });
  });

  it.each([
    ["an exec", EXEC, "linux / process_creation / auditd"],
    ["a refused exec", [SYSCALL.replace("success=yes", "success=no"), EXECVE], "linux /  / auditd"],
    ["a connection", CONNECT, "linux / network_connection / auditd"],
    ["a new file", CREATE, "linux / file_event / auditd"],
    ["a lone PATH", [PATH_0, PATH_1], "linux /  / auditd"],
  ])("reach the log sources of %s", (_what, lines, expected) => {
    expect(routeOf(auditd.shape, merged(lines))).toBe(expected);
  });

  it.each([
    ["type: SYSCALL", { type: "SYSCALL", comm: "chmod" }, EXEC],
    ["type: EXECVE", { type: "EXECVE", a0: "chmod", a1: 777 }, EXEC],
    ["type: PATH", { type: "PATH", name: "/lib64/*" }, EXEC],
    ["the name of the system call", { type: "SYSCALL", SYSCALL: "connect", a0: 3 }, CONNECT],
  ])("are found by rules for %s", (_what, selection, lines) => {
    const rule = ruleOf(
      { selection, condition: "selection" },
      { product: "linux", service: "auditd" },
    );
    const engine = engineOf([rule], loadLogSources());
    expect(engine.match(eventOf(merged(lines), auditd.shape))).toHaveLength(1);
    const near = ruleOf(
      { selection: { ...selection, type: "CWD_NOT" }, condition: "selection" },
      { product: "linux", service: "auditd" },
    );
    expect(engineOf([near], loadLogSources()).match(eventOf(merged(lines), auditd.shape))).toEqual(
      [],
    );
  });

  it("write ECS names", () => {
    expect(auditd.ecs(merged(EXEC))).toMatchObject({
      "event.action": "execve",
      "event.category": ["process"],
      "event.type": ["start"],
      "event.outcome": "success",
      "process.executable": "/usr/bin/chmod",
      "process.command_line": "chmod 777 /tmp/x y",
      "process.args": ["chmod", "777", "/tmp/x y"],
      "process.parent.pid": 812,
      "process.working_directory": "/home/emustermann",
      "user.name": "root",
      "user.audit.name": "emustermann",
      "file.owner": ["root", "root"],
    });
    expect(auditd.ecs(merged(CONNECT))).toMatchObject({
      "event.action": "connect",
      "destination.ip": "198.51.100.9",
      "destination.port": 4444,
      "event.category": ["network"],
    });
    expect(auditd.ecs(merged(CREATE))).toMatchObject({
      "event.action": "openat",
      "file.path": "/etc/cron.d/job",
      "event.type": ["creation"],
    });
  });
});

describe("socket addresses", () => {
  it.each([
    ["020001BBC0000207", { socket_family: "inet", socket_ip: "192.0.2.7", socket_port: "443" }],
    ["0002115CC0000207", { socket_family: "inet", socket_ip: "192.0.2.7", socket_port: "4444" }],
    [
      "0A0001BB0000000020010DB800000000000000000000000100000000",
      { socket_family: "inet6", socket_ip: "2001:db8::1", socket_port: "443" },
    ],
    [
      "0A000035000000000000000000000000000000000000000100000000",
      { socket_family: "inet6", socket_ip: "::1", socket_port: "53" },
    ],
    [
      "0A00003500000000FE80000000000000000000000000000000000000",
      { socket_family: "inet6", socket_ip: "fe80::", socket_port: "53" },
    ],
    [
      "0A0000350000000000000000000000000000FFFFC000020700000000",
      { socket_family: "inet6", socket_ip: "192.0.2.7", socket_port: "53" },
    ],
    [
      `0100${Buffer.from("/run/x.sock\0zz").toString("hex")}`,
      { socket_family: "unix", socket_path: "/run/x.sock" },
    ],
    [`0100${Buffer.from("\0abc").toString("hex")}`, { socket_family: "unix", socket_path: "@abc" }],
    ["0100", { socket_family: "unix" }],
    ["02000035", { socket_family: "inet" }],
    ["10000000", { socket_family: "netlink" }],
    ["6300", { socket_family: "99" }],
    ["", undefined],
    ["020", undefined],
    ["xx00", undefined],
  ])("of %s are %j", (saddr, expected) => {
    expect(readSocketAddress(saddr)).toEqual(expected);
  });
});
