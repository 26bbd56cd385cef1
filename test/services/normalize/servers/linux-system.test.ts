import { describe, expect, it } from "vitest";
import { linuxAuth } from "../../../../services/normalize/servers/linux-auth.ts";
import { linuxSystem } from "../../../../services/normalize/servers/linux-system.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function line(program: string, message: string): string {
  return `Nov 21 05:38:16 web01 ${program}: ${message}`;
}

const UFW =
  "[99312.481516] [UFW BLOCK] IN=ens18 OUT= MAC=52:54:00:12:34:56:00:00:5e:00:01:01:08:00 SRC=192.0.2.7 DST=10.0.0.1 LEN=60 TOS=0x00 PREC=0x00 TTL=51 ID=1 DF PROTO=TCP SPT=50122 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0";

const CASES: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  [
    "kernel",
    "[12.345678] usb 1-1.2: New USB device found, idVendor=0781, idProduct=5581, bcdDevice= 1.00",
    {
      action: "usb-device-attached",
      usb_vendor_id: "0781",
      usb_product_id: "5581",
      device: "1-1.2",
    },
  ],
  ["kernel", "usb 1-1: SerialNumber: 4C530001", { usb_serial: "4C530001" }],
  ["kernel", "usb 1-1: USB disconnect, device number 4", { action: "usb-device-removed" }],
  [
    "kernel",
    "usb-storage 1-1:1.0: USB Mass Storage device detected",
    { action: "usb-storage-attached" },
  ],
  ["kernel", "sd 6:0:0:0: [sdb] Attached SCSI removable disk", { device: "sdb" }],
  [
    "kernel",
    "nginx[812]: segfault at 0 ip 00007f1 sp 00007ffd error 4 in libc.so.6[7f10+1]",
    { action: "process-segfault", process: "nginx", crashed_pid: "812" },
  ],
  [
    "kernel",
    "Out of memory: Killed process 4711 (mysqld) total-vm:1kB, anon-rss:1kB",
    { action: "process-killed-out-of-memory", process: "mysqld", crashed_pid: "4711" },
  ],
  [
    "kernel",
    "[1.5] device ens18 entered promiscuous mode",
    { action: "promiscuous-mode-entered", interface: "ens18" },
  ],
  ["kernel", "ens18: entered promiscuous mode", { interface: "ens18" }],
  [
    "kernel",
    "evil: module verification failed: signature and/or required key missing - tainting kernel",
    { action: "kernel-module-unsigned", module: "evil" },
  ],
  ["kernel", "I/O error, dev sda, sector 1", { action: "disk-error", device: "sda" }],
  [
    "kernel",
    UFW,
    {
      firewall_action: "deny",
      netfilter_prefix: "[UFW BLOCK]",
      source_ip: "192.0.2.7",
      destination_ip: "10.0.0.1",
      destination_port: "22",
      transport: "tcp",
      interface_in: "ens18",
      netfilter_ttl: "51",
    },
  ],
  [
    "kernel",
    "FORWARD accept: IN=a OUT=b SRC=2001:db8::1 DST=2001:db8::2 PROTO=UDP SPT=1 DPT=53",
    { firewall_action: "accept", source_ip: "2001:db8::1", netfilter_prefix: "FORWARD accept" },
  ],
  ["kernel", "IN=a OUT= SRC=192.0.2.7 DST=10.0.0.1 PROTO=2", { firewall_action: "log" }],
  [
    "kernel",
    'audit: type=1400 audit(1795235896.123:4): apparmor="DENIED" operation="open" profile="/usr/sbin/cupsd" name="/etc/shadow" pid=912 comm="cupsd"',
    { action: "access-denied", audit_profile: "/usr/sbin/cupsd", audit_name: "/etc/shadow" },
  ],
  [
    "systemd[1]",
    "Started OpenSSH server.",
    { action: "service-started", service: "OpenSSH server" },
  ],
  ["systemd[1]", "Stopping auditd.service...", { action: "service-stopping" }],
  [
    "systemd[1]",
    "ssh.service: Failed with result 'exit-code'.",
    { action: "service-failed", service: "ssh.service", reason: "exit-code", outcome: "failure" },
  ],
  [
    "named[7]",
    "client @0x7f8a1c 10.1.2.3#53211 (www.example.org): query: www.example.org IN A +E(0)K (10.0.0.53)",
    { action: "dns-query", source_ip: "10.1.2.3", query: "www.example.org", record_type: "A" },
  ],
  [
    "named[7]",
    "client 192.0.2.7#1 (example.org): zone transfer 'example.org/AXFR/IN' denied",
    { action: "dns-refused", source_ip: "192.0.2.7", outcome: "failure" },
  ],
  [
    "dnsmasq[7]",
    "query[AAAA] www.example.org from 10.1.2.3",
    { query: "www.example.org", record_type: "AAAA", source_ip: "10.1.2.3" },
  ],
  [
    "unbound",
    "[812:0] info: 10.1.2.3 www.example.org. A IN",
    { query: "www.example.org", record_type: "A" },
  ],
  [
    "dhcpd[7]",
    "DHCPACK on 10.1.2.3 to 00:00:5e:00:53:01 (pc01) via eth0",
    {
      action: "dhcp-ack",
      leased_ip: "10.1.2.3",
      leased_mac: "00:00:5e:00:53:01",
      leased_name: "pc01",
    },
  ],
  [
    "clamd[7]",
    "/srv/share/x.exe: Win.Trojan.Agent-1 FOUND",
    { action: "malware-found", signature: "Win.Trojan.Agent-1", infected_file: "/srv/share/x.exe" },
  ],
  ["snmpd[1]", "Received SNMP packet(s) from 192.0.2.7", { source_ip: "192.0.2.7" }],
  [
    "fail2ban.actions[1]",
    "NOTICE [sshd] Ban 192.0.2.7",
    { action: "address-banned", jail: "sshd" },
  ],
  ["syslogd 1.4.1", "restart.", { program: "syslogd 1.4.1", process: "syslogd" }],
  ["NetworkManager[1]", "<info> x", { program: "NetworkManager" }],
  ["rpc.statd[1618]", "Version 1.0.6 Starting", { pid: "1618" }],
];

describe("lines of a Linux system", () => {
  it.each(CASES)("reads %s: %s", (program, message, fields) => {
    const text = line(program, message);
    expect(sniffLine(linuxSystem, text)).toBe(0.9);
    expect(sniffLine(linuxAuth, text)).toBe(0);
    expect(parseLine(linuxSystem, text).record).toMatchObject({
      host: "web01",
      message,
      ...fields,
    });
  });

  it.each([
    ["kernel", "usb 1-1: config failed"],
    ["kernel", "IN=eth0 without the rest"],
    ["kernel", "Out of memory"],
    ["systemd[1]", "Started"],
    ["named[7]", "client nobody: query: x IN A"],
    ["dnsmasq[7]", "query[A] x from nowhere"],
    ["clamd[7]", "SelfCheck: Database status OK."],
  ])("makes nothing of %s: %s", (program, message) => {
    const { record } = parseLine(linuxSystem, line(program, message));
    expect(record.message).toBe(message);
    expect(record).not.toHaveProperty("action");
    expect(record).not.toHaveProperty("source_ip");
  });

  it.each([
    ["kernel", UFW, "linux / firewall / syslog"],
    ["named[7]", CASES[18]?.[1] ?? "", "linux / dns / syslog"],
    ["clamd[7]", "/srv/x: Win.Trojan.Agent-1 FOUND", "linux / antivirus / syslog+clamav"],
    ["kernel", "other", "linux /  / syslog"],
  ])("sends %s: %.30s to %s", (program, message, expected) => {
    const { record } = parseLine(linuxSystem, line(program, message));
    expect(routeOf(linuxSystem.shape, record)).toBe(expected);
  });

  it("writes a blocked packet under ECS and Sigma names", () => {
    const { record, time } = parseLine(linuxSystem, line("kernel", UFW));
    expect(iso(time)).toBe("2026-11-21T04:38:16.000Z");
    expect(fieldOf(linuxSystem.shape, record, "dst_port")).toBe("22");
    expect(fieldOf(linuxSystem.shape, record, "action")).toBe("deny");
    expect(linuxSystem.ecs(record)).toMatchObject({
      "event.category": ["network"],
      "event.type": ["denied"],
      "event.action": "packet-deny",
      "source.ip": "192.0.2.7",
      "source.port": 50122,
      "destination.ip": "10.0.0.1",
      "destination.port": 22,
      "network.transport": "tcp",
      "observer.ingress.interface.name": "ens18",
      "host.name": "web01",
      "process.name": "kernel",
    });
  });

  it.each([
    "",
    "plain",
    line("openvpn[1]", "user 'x' could not authenticate."),
    line("nginx", "x"),
    line("sshd[1]", "x"),
    "Nov 21 05:38:16 web01 no tag",
  ])("does not claim %j", (text) => expect(sniffLine(linuxSystem, text)).toBe(0));

  it.each(["", "plain", "Nov 21 05:38:16 web01 no tag"])("refuses %j", (text) => {
    expect(() => parseLine(linuxSystem, text)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () =>
    survivesAnything(
      linuxSystem,
      CASES.map(([program, message]) => line(program, message)),
    ));
});
