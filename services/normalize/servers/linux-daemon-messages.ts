// What systemd and common daemons of a Linux host say: services that start, stop or fail, names that were
// asked for, addresses that were leased, files in which a scanner found something.
import { isIP } from "node:net";
import { kernelMessage, type SystemFields } from "./linux-kernel-messages.ts";

type Reader = (message: string) => SystemFields | undefined;

/** Reads a message by its program (without version); empty when nothing in it is known. */
export function readSystemMessage(program: string, message: string): SystemFields {
  return READERS.get(program)?.(message) ?? {};
}

/** Whether a program belongs to the system itself and to its common daemons. */
export function isSystemProgram(program: string): boolean {
  return READERS.has(program) || /^(?:systemd-|rpc\.|NetworkManager)/.test(program);
}

const SYSTEMD: readonly (readonly [RegExp, action: string, outcome?: string])[] = [
  [/^Started (?<service>.{1,200}?)\.$/, "service-started", "success"],
  [/^Stopped (?<service>.{1,200}?)\.$/, "service-stopped", "success"],
  [/^Starting (?<service>.{1,200}?)(?:\.\.\.)?$/, "service-starting"],
  [/^Stopping (?<service>.{1,200}?)(?:\.\.\.)?$/, "service-stopping"],
  [/^Failed to start (?<service>.{1,200}?)\.$/, "service-failed", "failure"],
  [
    /^(?<service>[\w@.:\\-]{1,200}): Failed with result '(?<reason>[^']{1,80})'/,
    "service-failed",
    "failure",
  ],
  [/^(?<service>[\w@.:\\-]{1,200}): Main process exited, (?<reason>.{1,120})$/, "service-exited"],
  [
    /^(?<service>[\w@.:\\-]{1,200}): (?:Deactivated successfully|Succeeded)\.$/,
    "service-stopped",
    "success",
  ],
  [/^Reloading(?: requested|\.$)/, "manager-reloaded"],
];

// BIND: client @0x7f8a 10.1.2.3#53211 (www.example.org): query: www.example.org IN A +E(0)K (10.0.0.53)
const BIND =
  /^(?:queries: )?(?:info: )?client (?:@0x[\da-f]{1,16} )?(?<source_ip>[\da-fA-F.:]{3,45})#(?<source_port>\d{1,5})(?: \([^)]{1,255}\))?:(?: view [^:]{1,64}:)? /;
const BIND_QUERY =
  /^query: (?<query>\S{1,255}) (?<query_class>\w{1,10}) (?<record_type>\w{1,10})\b/;

function named(message: string): SystemFields | undefined {
  const client = BIND.exec(message.slice(0, 700));
  if (client === null) return undefined;
  const rest = message.slice(client[0].length);
  const query = BIND_QUERY.exec(rest.slice(0, 400));
  if (query !== null) return { action: "dns-query", ...client.groups, ...query.groups };
  const refused = / denied$/.test(rest.slice(-20))
    ? { action: "dns-refused", outcome: "failure" }
    : {};
  return { ...client.groups, ...refused };
}

const DNSMASQ: readonly (readonly [RegExp, action: string])[] = [
  [
    /^(?:\d{1,12} [\d.:a-f]{3,45}\/\d{1,5} )?query\[(?<record_type>\w{1,10})\] (?<query>\S{1,255}) from (?<source_ip>[\da-fA-F.:]{3,45})$/,
    "dns-query",
  ],
  [
    /^DHCPACK\([\w.-]{1,32}\) (?<leased_ip>[\d.]{7,15}) (?<leased_mac>[\da-f:]{17})(?: (?<leased_name>\S{1,255}))?$/,
    "dhcp-ack",
  ],
];
// unbound: [812:0] info: 10.1.2.3 www.example.org. A IN
const UNBOUND: readonly (readonly [RegExp, action: string])[] = [
  [
    /^(?:\[\d{1,10}:\d{1,4}\] )?info: (?<source_ip>[\da-fA-F.:]{3,45}) (?<query>\S{1,254}?)\.? (?<record_type>[A-Z]\w{0,9}) (?<query_class>IN|CH)\b/,
    "dns-query",
  ],
];
const DHCPD: readonly (readonly [RegExp, action: string])[] = [
  [
    /^DHCPACK (?:on|to) (?<leased_ip>[\d.]{7,15}) (?:to )?\(?(?<leased_mac>[\da-f:]{17})\)?(?: \((?<leased_name>[^)]{1,255})\))?/,
    "dhcp-ack",
  ],
  [/^DHCPREQUEST for (?<leased_ip>[\d.]{7,15})/, "dhcp-request"],
  [/^DHCPDISCOVER from (?<leased_mac>[\da-f:]{17})/, "dhcp-discover"],
];
const CLAMAV: readonly (readonly [RegExp, action: string])[] = [
  [/^(?<infected_file>.{1,1000}): (?<signature>[^\s:]{1,200}) FOUND$/, "malware-found"],
];
const SNMPD: readonly (readonly [RegExp, action: string])[] = [
  [/^Received SNMP packet\(s\) from (?:UDP: \[)?(?<source_ip>[\d.]{7,15})/, "snmp-received"],
  [/^Connection from (?:UDP: \[)?(?<source_ip>[\d.]{7,15})/, "snmp-received"],
];
const FAIL2BAN: readonly (readonly [RegExp, action: string])[] = [
  [
    /^(?:NOTICE )?\s{0,8}\[(?<jail>[\w.-]{1,64})\] Ban (?<source_ip>[\da-fA-F.:]{3,45})$/,
    "address-banned",
  ],
  [
    /^(?:NOTICE )?\s{0,8}\[(?<jail>[\w.-]{1,64})\] Unban (?<source_ip>[\da-fA-F.:]{3,45})$/,
    "address-unbanned",
  ],
];

function firstOf(table: readonly (readonly [RegExp, action: string, outcome?: string])[]): Reader {
  return (message) => {
    const head = message.slice(0, 1400);
    for (const [pattern, action, outcome] of table) {
      const groups = pattern.exec(head)?.groups;
      if (groups === undefined) continue;
      const filled = Object.entries(groups).filter(([, value]) => value !== undefined);
      const isSound = groups.source_ip === undefined || isIP(groups.source_ip) !== 0;
      if (!isSound) continue;
      return {
        action,
        ...(outcome === undefined ? {} : { outcome }),
        ...Object.fromEntries(filled),
      };
    }
    return undefined;
  };
}

const none: Reader = () => undefined;

function forAll(names: string, reader: Reader): [string, Reader][] {
  return names.split(" ").map((name) => [name, reader]);
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["kernel", kernelMessage],
  ["systemd", firstOf(SYSTEMD)],
  ["named", named],
  ...forAll("dnsmasq dnsmasq-dhcp", firstOf(DNSMASQ)),
  ["unbound", firstOf(UNBOUND)],
  ["dhcpd", firstOf(DHCPD)],
  ...forAll("clamd freshclam clamav-milter clamonacc", firstOf(CLAMAV)),
  ["snmpd", firstOf(SNMPD)],
  ...forAll("fail2ban.actions fail2ban.filter fail2ban.jail fail2ban-server", firstOf(FAIL2BAN)),
  // The system itself: start, devices, clocks, network, storage, logs, packages.
  ...forAll(
    "init rc rc.local sysctl random udev udevd dbus-daemon dbus-broker dbus-broker-launch auditd auditctl " +
      "augenrules klogd syslogd rsyslogd syslog-ng syslog logrotate journald " +
      "dracut dracut-cmdline grub-common lvm dmeventd multipathd iscsid mdadm smartd lvmpolld fstrim mount " +
      "cups cupsd gpm acpid thermald irqbalance haveged rngd bluetooth bluetoothd hcid sdpd ModemManager " +
      "network dhclient dhcpcd wpa_supplicant avahi-daemon networkd-dispatcher ifup ifdown " +
      "ntpd ntpdate chronyd portmap rpcbind nfslock nfsd rpcidmapd nfsdcltrack automount autofs " +
      "ufw firewalld iptables ip6tables nft setroubleshoot sedispatch setsebool apparmor " +
      "apt apt-daily dpkg yum dnf rpm zypper unattended-upgrade packagekitd snapd fwupd needrestart " +
      "qemu-ga vmtoolsd VGAuthService libvirtd virtlogd virtqemud keepalived corosync pacemakerd " +
      "conntrackd openvpn charon ipsec wg-quick snort puppet-agent puppet salt-minion " +
      "filebeat winbindd nmbd nscd nslcd accounts-daemon udisksd upowerd rtkit-daemon colord cloud-init " +
      "qemu-kvm zabbix_agentd node_exporter telegraf spice-vdagent tuned mcelog abrtd abrt-hook-ccpp kdumpctl",
    none,
  ),
]);
