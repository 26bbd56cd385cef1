// What kernel messages say that matters to security and faults: devices that were plugged in, programs
// that crashed or were killed, promiscuous interfaces, refused modules, and packets that netfilter logged.
import { setField } from "../field-table.ts";
import { readPairs } from "../key-values.ts";

/** Fields of one message; names are those of the records of `linux-system`. */
export type SystemFields = Readonly<Record<string, unknown>>;

/** Reads a kernel message; `[12345.678901]` may stand before it. */
export function kernelMessage(message: string): SystemFields | undefined {
  const clock = /^\[ {0,10}\d{1,12}\.\d{1,9}\] /.exec(message.slice(0, 40));
  const text = clock === null ? message : message.slice(clock[0].length);
  return netfilter(text) ?? denied(text) ?? known(text);
}

const KNOWN: readonly (readonly [RegExp, action: string])[] = [
  [
    /^usb (?<device>[\d.-]{1,20}): New USB device found, idVendor=(?<usb_vendor_id>[\da-f]{4}), idProduct=(?<usb_product_id>[\da-f]{4})/,
    "usb-device-attached",
  ],
  [/^usb (?<device>[\d.-]{1,20}): Product: (?<usb_product>.{1,200})$/, "usb-device-described"],
  [/^usb (?<device>[\d.-]{1,20}): Manufacturer: (?<usb_vendor>.{1,200})$/, "usb-device-described"],
  [/^usb (?<device>[\d.-]{1,20}): SerialNumber: (?<usb_serial>.{1,200})$/, "usb-device-described"],
  [/^usb (?<device>[\d.-]{1,20}): USB disconnect/, "usb-device-removed"],
  [
    /^usb-storage (?<device>[\d.:-]{1,20}): USB Mass Storage device detected/,
    "usb-storage-attached",
  ],
  [
    /^sd [\d:]{1,20}: \[(?<device>\w{1,20})\] Attached SCSI removable disk/,
    "removable-disk-attached",
  ],
  [/^(?<process>.{1,64}?)\[(?<crashed_pid>\d{1,10})\]: segfault at /, "process-segfault"],
  [
    /^traps: (?<process>.{1,64}?)\[(?<crashed_pid>\d{1,10})\] (?:general protection|trap)/,
    "process-crashed",
  ],
  [
    /^(?:Memory cgroup out|Out) of memory: Killed? process (?<crashed_pid>\d{1,10}) \((?<process>[^)]{1,64})\)/,
    "process-killed-out-of-memory",
  ],
  [
    /^(?:device )?(?<interface>[\w.@-]{1,32}):? entered promiscuous mode/,
    "promiscuous-mode-entered",
  ],
  [/^(?:device )?(?<interface>[\w.@-]{1,32}):? left promiscuous mode/, "promiscuous-mode-left"],
  [/^(?<module>[\w-]{1,64}): module verification failed/, "kernel-module-unsigned"],
  [/^(?<module>[\w-]{1,64}): loading out-of-tree module taints kernel/, "kernel-module-unsigned"],
  [/^Lockdown: (?<process>[^:]{1,64}): .{1,200} is restricted/, "kernel-lockdown-denied"],
  [/^EXT4-fs error \(device (?<device>[\w-]{1,40})\)/, "filesystem-error"],
  [/^XFS \((?<device>[\w-]{1,40})\): .{0,80}(?:error|corrupt)/i, "filesystem-error"],
  [/^(?:blk_update_request: )?I\/O error, dev (?<device>[\w-]{1,40}),/, "disk-error"],
  [/^INFO: task (?<process>.{1,64}?):(?<crashed_pid>\d{1,10}) blocked for more than/, "task-hung"],
  [/^Linux version (?<kernel_version>\S{1,80}) /, "kernel-started"],
];

function known(text: string): SystemFields | undefined {
  const head = text.slice(0, 400);
  for (const [pattern, action] of KNOWN) {
    const match = pattern.exec(head);
    if (match !== null) return { action, ...match.groups };
  }
  return undefined;
}

/** netfilter's keys (nf_log_syslog) → names of the records. */
const PACKET: ReadonlyMap<string, string> = new Map([
  ["IN", "interface_in"],
  ["OUT", "interface_out"],
  ["SRC", "source_ip"],
  ["DST", "destination_ip"],
  ["SPT", "source_port"],
  ["DPT", "destination_port"],
  ["PROTO", "transport"],
]);
const DROPPED = /\b(?:block|drop|den[yi]|reject|refus)/i;
const ACCEPTED = /\b(?:allow|accept|pass|permit)/i;

// `[UFW BLOCK] IN=eth0 OUT= MAC=… SRC=192.0.2.7 DST=10.0.0.1 LEN=60 … PROTO=TCP SPT=1 DPT=22 … SYN`
function netfilter(text: string): SystemFields | undefined {
  const at = text.slice(0, 200).search(/\bIN=\S{0,32} OUT=/);
  if (at === -1 || !/ SRC=\S{2,45} DST=/.test(text.slice(at, at + 250))) return undefined;
  const prefix = text
    .slice(0, at)
    .trim()
    .replace(/[\s:]+$/, "");
  const fields: Record<string, unknown> = { netfilter_prefix: prefix };
  fields.firewall_action = DROPPED.test(prefix) ? "deny" : ACCEPTED.test(prefix) ? "accept" : "log";
  fields.action = `packet-${fields.firewall_action}`;
  readPairs(text, at, false, (key, value) => {
    const name = PACKET.get(key) ?? `netfilter_${key.toLowerCase()}`;
    if (value !== "" && !Object.hasOwn(fields, name)) setField(fields, name, value);
  });
  if (typeof fields.transport === "string") fields.transport = fields.transport.toLowerCase();
  return fields;
}

// Without auditd the kernel's own log holds what AppArmor and SELinux refused:
// `audit: type=1400 audit(…): apparmor="DENIED" operation="open" profile="…" name="…" pid=1 comm="…"`
function denied(text: string): SystemFields | undefined {
  if (!text.startsWith("audit: type=")) return undefined;
  const fields: Record<string, unknown> = {};
  readPairs(text, 0, false, (key, value) => {
    if (/^[a-z_]{1,40}$/.test(key)) setField(fields, `audit_${key}`, value);
  });
  const isDenied = fields.audit_apparmor === "DENIED" || text.includes("avc:  denied");
  if (isDenied) fields.action = "access-denied";
  if (isDenied) fields.outcome = "failure";
  return fields;
}
