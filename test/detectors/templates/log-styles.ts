// Logs of our own making in the styles of systems that the evaluation data does not have: each style has a
// header of its own and messages with variables, drawn from a seed.

/** One style: how its lines begin, and its messages with `{kind}` where values stand. */
export interface LogStyle {
  readonly name: string;
  readonly header: string;
  readonly messages: readonly string[];
}

export const LOG_STYLES: readonly LogStyle[] = [
  {
    name: "cluster with numbered columns",
    header: "{int} node-{small} {part} {state} {epoch} 1 ",
    messages: [
      "Component State Change: Component \\042{dev}\\042 is in the unavailable state (HWID={int})",
      "boot (command {int}) Error: node {small} did not answer",
      "Temperature ({small}C) exceeds warning threshold",
      "Fan speeds ( {int} {int} **** {int} {int} {int} )",
      "Link error on broadcast tree Interconnect-{small}T{small}:{small}:{small}:{small}",
      "ServerFileSystem: domain panic has occurred on storage{int}",
      "Targeting domains:node-D{small} and nodes:node-[{small}-{small}] child of command {int}",
      "power supply failure\\ ambient={small}",
      "running running",
      "configured out",
    ],
  },
  {
    name: "executors of a data processing system",
    header: "17/06/09 20:{two}:{two} INFO {class}: ",
    messages: [
      "Found block rdd_{small}_{small} locally",
      "Block rdd_{small}_{small} stored as bytes in memory (estimated size {float} {unit}, free {float} {unit})",
      "Block broadcast_{small}_piece{small} stored as bytes in memory (estimated size {float} {unit}, free {float} {unit})",
      "Running task {small}.0 in stage {small}.0 (TID {int})",
      "Finished task {small}.0 in stage {small}.0 (TID {int}). {int} bytes result sent to driver",
      "Started reading broadcast variable {small}",
      "Reading broadcast variable {small} took {small} ms",
      "Input split: hdfs://{ip}:9000/{path}:{int}+{int}",
      "Registered signal handlers for [TERM, HUP, INT]",
      "Changing modify acls to: {user}",
    ],
  },
  {
    name: "syslog behind a label and an epoch",
    header: "- {epoch} 2005.11.09 {host} Nov 9 12:{two}:{two} {host}/{host} {process}: ",
    messages: [
      "session opened for user {user} by (uid=0)",
      "session closed for user {user}",
      "(root) CMD (run-parts /etc/cron.hourly)",
      "synchronized to {ip}, stratum {small}",
      "data_thread() got not answer from any [Cluster_{upper}{small}] datasource",
      "connect from {ip} ({ip})",
      "DHCPDISCOVER from {mac} via eth{small}: network A_net: no free leases",
      "{queue}: from={user}, size={int}, class=0, nrcpts=1, msgid=<{int}.{queue}@{name}>, relay=#{int}@localhost",
      "PCI interrupt 0000:{two}:1d.{small}[A] -> GSI {small} (level, low) -> IRQ {small}",
      "[ib_sm_sweep.c:{int}]: No topology change",
    ],
  },
  {
    name: "desktop",
    header: "Jul  1 09:{two}:{two} calvisitor-10-105-160-{small} {process}: ",
    messages: [
      "IOThunderboltSwitch<{small}>(0x{hex})::listenerCallback - Thunderbolt HPD packet for route = 0x{hex} port = {small} unplug = {small}",
      "ARPT: {int}.{int}: wl0: Roamed or switched channel, reason #{small}, bssid {mac}, last RSSI -{small}",
      "en0: BSSID changed to {mac}",
      "en0: channel changed to {small}",
      "PM response took {int} ms ({small}, powerd)",
      "AirPort: Link Down on awdl{small}. Reason {small} (Unspecified).",
      "[HID] [MT] Controller::prepare -- power state {small}",
      "Bluetooth -- LE is supported - Disable LE meta event",
      "WARNING: hid: handle 0x{hex} of {uuid} was released {small} times",
      "{uuid}: cache miss for {url}",
    ],
  },
  {
    name: "phone",
    header: "03-17 16:{two}:{two}.{int}  {int}  {int} {letter} {class}: ",
    messages: [
      'acquire lock={int}, flags=0x{hex}, tag="View Lock", name={name}, ws=null, uid={int}, pid={int}',
      'release lock={int}, flg=0x{hex}, tag="View Lock", name={name}',
      "ready={bool},policy={small},wakefulness={small},wksummary=0x{hex},bootcompleted={bool},auto=-{small},adj={float}userId={small}",
      "printFreezingDisplayLogs opening app wtoken = AppToken{{hexd} token=Token{{hexd} Record{{hexd} u0 {name}/.{name} t{int}}}}, allDrawn= {bool}, isRelaunching =  {bool}",
      "visible is system.call.count gt {small}",
      "animateCollapse: flags={small}, force={bool}, delayed={bool}",
      "isLauncher {bool}",
      "getRunningAppProcesses: caller {int} does not hold REAL_GET_TASKS; limiting output",
      "Skipping animation of window Window{{hexd} u0 {name}/{name}}",
      "setLightsOn({bool})",
    ],
  },
  {
    name: "fields between bars",
    header: "20171223-22:{two}:{two}:{int}|Step_{part}|{int}|",
    messages: [
      "onStandStepChanged {int}",
      "onExtend:{int} {small} {small} {small}",
      "setTodayTotalDetailSteps={int}##{int}##{int}##{int}",
      "getTodayTotalDetailSteps = {int}##{int}##{int}##{int}",
      "calculateCaloriesWithCache totalCalories={int}",
      "calculateAltitudeWithCache totalAltitude={int}",
      "REPORT : {int} {int} {int} {int}",
      "processHandleBroadcastAction action:{name}",
      "flush sensor data",
      "isScreenOn {bool}",
    ],
  },
];

/** Lines of a style, each with the number of its message. */
export function linesOf(style: LogStyle, count: number, seed: number): readonly [number, string][] {
  const draw = randomOf(seed);
  return Array.from({ length: count }, () => {
    const message = Math.floor(draw() * style.messages.length);
    const text = `${style.header}${style.messages[message]}`;
    return [message, text.replaceAll(/\{(\w+)\}/g, (_, kind: string) => drawValue(kind, draw))];
  });
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const WORDS: Readonly<Record<string, readonly string[]>> = {
  user: "root cyrus news admin web backup oracle meyer schulz petersen git ftp".split(" "),
  unit: "B KB MB GB".split(" "),
  part: "LSC ExtSDM SPUtils StandReportReceiver".split(" "),
  state: "state_change.unavailable status boot_cmd action".split(" "),
  class: "ActivityManager storage.MemoryStore WindowManager executor.Executor".split(" "),
  process: "sshd(pam_unix)[212] kernel[0] crond[2915] in.tftpd[14620]".split(" "),
  letter: "D I V W".split(" "),
  bool: ["true", "false"],
  upper: "A B C D".split(" "),
  dev: "alt0 alt1 scsi-2 eth3".split(" "),
};

function drawValue(kind: string, draw: () => number): string {
  const whole = (most: number) => Math.floor(draw() * most);
  const hexadecimal = (length: number) =>
    Array.from({ length }, () => whole(16).toString(16)).join("");
  const letters = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(97 + whole(26))).join("");
  const listed = WORDS[kind];
  if (listed !== undefined) return listed[whole(listed.length)] ?? "";
  if (kind === "int") return String(whole(100_000));
  if (kind === "small") return String(whole(60));
  if (kind === "two") return String(10 + whole(49));
  if (kind === "epoch") return String(1_131_560_000 + whole(99_999));
  if (kind === "float") return (draw() * 100).toFixed(1);
  if (kind === "hex") return `${hexadecimal(5)}0`;
  if (kind === "hexd") return `${hexadecimal(6)}7`;
  if (kind === "ip") return `10.${whole(250)}.${whole(250)}.${whole(250)}`;
  if (kind === "mac") return Array.from({ length: 6 }, () => hexadecimal(2)).join(":");
  if (kind === "host") return `dn${whole(900)}`;
  if (kind === "name") return `com.${letters(5)}.${letters(7)}`;
  if (kind === "path") return `${letters(5)}/${letters(6)}/${whole(99)}.log`;
  if (kind === "url") return `https://${letters(6)}.example.com/${letters(5)}?id=${whole(999)}`;
  if (kind === "queue") return `jA9${letters(3)}${100 + whole(899)}`;
  if (kind === "uuid") return [8, 4, 4, 4, 12].map((length) => hexadecimal(length)).join("-");
  throw new RangeError(`no values of kind ${kind}`);
}
