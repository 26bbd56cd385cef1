import { describe, expect, it } from "vitest";
import { auditd } from "../../../../services/normalize/servers/auditd.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const SYSCALL =
  'type=SYSCALL msg=audit(1795235896.123:456): arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 items=2 ppid=812 pid=900 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=4 comm="curl" exe="/usr/bin/curl" subj=unconfined key="exec"\u001dARCH=x86_64 SYSCALL=execve AUID="admin" UID="root"';
const EXECVE =
  'node=web01 type=EXECVE msg=audit(1795235896.123:456): argc=3 a0="bash" a1="-c" a2=6375726C20687474703A2F2F782F20C3BC';
const LOGIN =
  "type=USER_LOGIN msg=audit(1795235896.200:457): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct=28696E76616C6964207573657229 exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.7 terminal=ssh res=failed'";
const PROCTITLE =
  "Nov 21 05:38:16 web02 audispd: type=PROCTITLE msg=audit(1795235896.123:456): proctitle=726D002D7266002F";
const RELAYED =
  '<182>1 2026-11-21T05:38:16+01:00 web02 audispd - - - type=USER_CMD msg=audit(1795235896.123:456): pid=1 uid=0#035UID="root" AUID="admin"';
const PATH =
  'type=PATH msg=audit(1795235896.123:456): item=0 name="/etc/shadow" inode=12 nametype=NORMAL';

describe("audit records", () => {
  it.each([
    [SYSCALL, "type", "SYSCALL"],
    [SYSCALL, "exe", "/usr/bin/curl"],
    [SYSCALL, "a0", "55d0"],
    [SYSCALL, "key", "exec"],
    [SYSCALL, "SYSCALL", "execve"],
    [SYSCALL, "user.name", "root"],
    [SYSCALL, "process.executable", "/usr/bin/curl"],
    [EXECVE, "a1", "-c"],
    [EXECVE, "a2", "curl http://x/ ü"],
    [EXECVE, "CommandLine", "bash -c curl http://x/ ü"],
    [EXECVE, "host.name", "web01"],
    [LOGIN, "acct", "(invalid user)"],
    [LOGIN, "res", "failed"],
    [LOGIN, "hostname", undefined],
    [LOGIN, "source.ip", "192.0.2.7"],
    [LOGIN, "pid", "1"],
    [PROCTITLE, "proctitle", "rm -rf /"],
    [PROCTITLE, "host", "web02"],
    [RELAYED, "UID", "root"],
    [RELAYED, "uid", "0"],
    [PATH, "name", "/etc/shadow"],
    [PATH, "nametype", "NORMAL"],
  ])("reads from %.40s the field %s", (line, name, expected) => {
    expect(sniffLine(auditd, line)).toBe(1);
    expect(fieldOf(auditd.shape, parseLine(auditd, line).record, name)).toBe(expected);
  });

  it("reads the time, which is UTC by itself", () => {
    expect(iso(parseLine(auditd, SYSCALL).time)).toBe("2026-11-21T04:38:16.123Z");
  });

  it("writes a refused sign-in under ECS names", () => {
    expect(auditd.ecs(parseLine(auditd, LOGIN).record)).toEqual({
      "event.kind": "event",
      "event.module": "auditd",
      "event.action": "user_login",
      "event.category": ["authentication"],
      "event.type": ["start"],
      "event.outcome": "failure",
      "host.os.type": "linux",
      "process.executable": "/usr/sbin/sshd",
      "process.pid": 1,
      "source.ip": "192.0.2.7",
      "user.id": "0",
      "user.name": "(invalid user)",
      "auditd.type": "USER_LOGIN",
      "auditd.serial": "457",
      "auditd.op": "login",
      "auditd.terminal": "ssh",
      "auditd.res": "failed",
    });
  });

  it.each([
    "",
    "type=SYSCALL",
    "type=SYSCALL msg=audit(x:1): a=b",
    "type=syscall msg=audit(1795235896.123:456): a=b",
    "Nov 21 05:38:16 web02 app: hello",
    '{"type":"SYSCALL"}',
  ])("refuses %j", (line) => {
    expect(sniffLine(auditd, line)).toBe(0);
    expect(() => parseLine(auditd, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () =>
    survivesAnything(auditd, [SYSCALL, EXECVE, LOGIN, PROCTITLE, PATH]));
});
