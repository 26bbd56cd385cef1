// Lines of the Linux servers: syslog as rsyslog's RSYSLOG_FileFormat writes it (sshd, sudo, cron),
// auditd records with node name, and nginx' combined access log.
import type { Host } from "../county/county.ts";
import type { World } from "../world.ts";

/** A line of /var/log/auth.log: `program` may carry a process id (`sshd[812]`). */
export function syslog(
  world: World,
  time: number,
  host: Host,
  program: string,
  message: string,
): void {
  const at = Math.round(time);
  world.emit({
    kind: "line",
    time: at,
    source: "linux",
    stream: `${host.name}:/var/log/auth.log`,
    line: (position) => `${localIso(world, at, position)} ${host.name} ${program}: ${message}`,
  });
}

/** An execve seen by auditd: SYSCALL, EXECVE, CWD, PATH and PROCTITLE share time and serial. */
export function auditExec(
  world: World,
  time: number,
  options: {
    host: Host;
    arguments: readonly string[];
    executable: string;
    uid: number;
    loginUid: number;
    directory?: string;
    key?: string;
  },
): void {
  const { host, random } = { host: options.host, random: world.random };
  const at = Math.round(time);
  const serial = Math.floor((at - world.dayStart) / 50) + 400_000;
  const pid = random.int(800, 60_000);
  const command = options.executable.slice(options.executable.lastIndexOf("/") + 1);
  const record = (type: string, body: string) =>
    world.emit({
      kind: "line",
      time: at,
      source: "audit",
      stream: `${host.name}:/var/log/audit/audit.log`,
      line: () =>
        `node=${host.name} type=${type} msg=audit(${(at / 1000).toFixed(3)}:${serial}): ${body}`,
    });
  const { uid } = options;
  record(
    "SYSCALL",
    `arch=c000003e syscall=59 success=yes exit=0 a0=${random.hex(12)} a1=${random.hex(12)} a2=${random.hex(12)} a3=8 items=2 ppid=${random.int(700, 60_000)} pid=${pid} auid=${options.loginUid} uid=${uid} gid=${uid} euid=${uid} suid=${uid} fsuid=${uid} egid=${uid} sgid=${uid} fsgid=${uid} tty=${options.loginUid === 4294967295 ? "(none)" : "pts0"} ses=${options.loginUid === 4294967295 ? 4294967295 : random.int(2, 900)} comm="${command.slice(0, 15)}" exe="${options.executable}" subj=unconfined key="${options.key ?? "exec"}"`,
  );
  record(
    "EXECVE",
    `argc=${options.arguments.length} ${options.arguments.map((text, index) => `a${index}=${auditText(text)}`).join(" ")}`,
  );
  record("CWD", `cwd="${options.directory ?? "/"}"`);
  record(
    "PATH",
    `item=0 name="${options.executable}" inode=${random.int(1000, 900_000)} dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`,
  );
  record("PROCTITLE", `proctitle=${hexadecimal(options.arguments.join("\0"))}`);
}

/** A request in nginx' combined format. */
export function webAccess(
  world: World,
  time: number,
  options: {
    host: Host;
    from: string;
    request: string;
    status: number;
    bytes: number;
    referrer?: string;
    agent: string;
    user?: string;
  },
): void {
  const at = Math.round(time);
  world.emit({
    kind: "line",
    time: at,
    source: "web",
    stream: `${options.host.name}:/var/log/nginx/access.log`,
    line: () => {
      const stamp = new Date(at + world.utcOffsetMs);
      const month = MONTHS[stamp.getUTCMonth()];
      const text = stamp.toISOString();
      return `${options.from} - ${options.user ?? "-"} [${text.slice(8, 10)}/${month}/${text.slice(0, 4)}:${text.slice(11, 19)} ${offset(world).replace(":", "")}] "${options.request}" ${options.status} ${options.bytes} "${options.referrer ?? "-"}" "${options.agent}"`;
    },
  });
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function localIso(world: World, time: number, position: number): string {
  const text = new Date(time + world.utcOffsetMs).toISOString().slice(0, 23);
  return `${text}${String(position % 1000).padStart(3, "0")}${offset(world)}`;
}

function offset(world: World): string {
  const minutes = Math.abs(world.utcOffsetMs) / 60_000;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${world.utcOffsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** auditd quotes plain text and writes anything with blanks, quotes or controls as hexadecimal. */
function auditText(text: string): string {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || code === 0x22 || code >= 0x7f) return hexadecimal(text);
  }
  return `"${text}"`;
}

function hexadecimal(text: string): string {
  return Buffer.from(text, "utf8").toString("hex").toUpperCase();
}
