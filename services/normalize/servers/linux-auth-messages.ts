// What the messages of sshd, sudo, su, cron, PAM, systemd-logind and the account tools say. Names in them
// come from attackers ("root from 192.0.2.1"), so what follows a name is searched from the end.

/** Fields of one message; names are those of the records of `linux-auth`. */
export type MessageFields = Readonly<Record<string, string>>;

type Reader = (message: string) => MessageFields | undefined;

/** Reads a message by its program; empty when nothing in it is known. */
export function readMessage(program: string, message: string): MessageFields {
  const base = baseOf(program);
  const old = /\((pam_\w{1,20})\)$/.exec(program);
  // PAM of old systems names the module in the tag, today's in the message.
  if (old !== null) return { process: base, ...pamRest(message), pam_service: base };
  const fields = pam(message) ?? READERS.get(base)?.(message) ?? {};
  return base === program ? fields : { process: base, ...fields };
}

/** Whether a line belongs to signing in, accounts, privileges or scheduled commands. */
export function isAuthLine(program: string, message: string): boolean {
  return READERS.has(baseOf(program)) || PAM_HEAD.test(message.slice(0, 130));
}

// ` -- root[812]: ROOT LOGIN ON tty2` comes from login, which puts the account into its tag.
function baseOf(program: string): string {
  if (program.startsWith("-- ")) return "login";
  return program.endsWith(")") ? program.replace(/\(pam_\w{1,20}\)$/, "") : program;
}

const none: Reader = () => undefined;

function forAll(names: string, reader: Reader): [string, Reader][] {
  return names.split(" ").map((name) => [name, reader]);
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...forAll("sshd sshd-session sshd-auth dropbear", sshd),
  ["sudo", sudo],
  ["su", su],
  ...forAll("cron CRON crond CROND crontab anacron", cron),
  ...forAll(
    "useradd adduser userdel usermod groupadd addgroup groupdel groupmod gpasswd",
    accounts,
  ),
  ["systemd-logind", logind],
  ["login", login],
  ["pkexec", pkexec],
  ["polkitd", polkit],
  ...forAll("ftpd vsftpd proftpd pure-ftpd in.ftpd", ftp),
  ...forAll("klogind rlogind rshd in.rlogind in.telnetd telnetd xinetd", remote),
  ...forAll(
    "passwd chage chpasswd chfn chsh doas runuser sssd sssd_pam sssd_be krb5_child " +
      "gdm gdm-binary gdm-password gdm-session-worker lightdm sddm sddm-helper xrdp xrdp-sesman " +
      "cockpit-session cockpit-tls saslauthd systemd-user guacd",
    none,
  ),
]);

// pam_unix(sshd:auth): authentication failure; logname= uid=0 … rhost=192.0.2.7  user=root
// pam_unix(sudo:session): session opened for user root(uid=0) by admin(uid=1000)
function pam(message: string): MessageFields | undefined {
  const head = PAM_HEAD.exec(message.slice(0, 130));
  if (head === null) return undefined;
  const names = { pam_service: head[1] ?? "", pam_phase: head[2] ?? "" };
  return { ...names, ...pamRest(message.slice(head[0].length)) };
}

const PAM_HEAD = /^pam_\w{1,30}\(([\w.-]{1,60}):(\w{1,20})\): /;

function pamRest(rest: string): MessageFields {
  const fields: Record<string, string> = {};
  if (rest.startsWith("authentication failure")) {
    fields.action = "authentication-failure";
    fields.outcome = "failure";
    const host = / rhost=([^\s=]{1,255})(?= |$)/.exec(rest)?.[1];
    if (host !== undefined) fields.source_ip = host;
    const user = / user=(\S[^=]{0,255})$/.exec(rest.slice(-300))?.[1];
    if (user !== undefined) fields.user = user;
    const asking = / ruser=(\S{1,255})(?= )/.exec(rest)?.[1];
    if (asking !== undefined) fields.asking_user = asking;
    return fields;
  }
  const session =
    /^session (opened|closed) for user (\S{1,255}?)(?:\(uid=\d{1,10}\))?(?: by (\S{0,255}?)\(uid=\d{1,10}\))?$/.exec(
      rest.slice(0, 700),
    );
  if (session !== null) {
    fields.action = `session-${session[1]}`;
    fields.user = session[2] ?? "";
    fields.outcome = "success";
    if (session[3]) fields.asking_user = session[3];
  }
  const changed = /^password changed for (\S{1,255})$/.exec(rest.slice(0, 300));
  if (changed !== null) {
    fields.action = "password-changed";
    fields.user = changed[1] ?? "";
    fields.outcome = "success";
  }
  return fields;
}

const SSHD: readonly (readonly [start: RegExp, action: string, outcome: string])[] = [
  [/^Accepted (\S{1,40}) for /, "ssh-login", "success"],
  [/^Failed (\S{1,40}) for (?:invalid user )?/, "ssh-login", "failure"],
  [/^(?:Invalid|Illegal) user /, "ssh-invalid-user", "failure"],
  [
    /^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?/,
    "ssh-attempts-exceeded",
    "failure",
  ],
];
const SSHD_ENDED =
  /^(?:Connection (?:closed|reset) by|Disconnected from|Connection from|Received disconnect from)(?: (?:(?:invalid|authenticating) )?user)? /;

function sshd(message: string): MessageFields | undefined {
  const repeated = /^message repeated (\d{1,6}) times: \[ /.exec(message.slice(0, 60));
  if (repeated !== null && message.endsWith("]")) {
    const inner = sshd(message.slice(repeated[0].length, -1));
    return inner === undefined ? undefined : { ...inner, repeated: repeated[1] ?? "" };
  }
  for (const [start, action, outcome] of SSHD) {
    const head = start.exec(message.slice(0, 100));
    if (head === null) continue;
    const fields: Record<string, string> = { action, outcome };
    if (head[1] !== undefined) fields.method = head[1];
    if (message.startsWith("invalid user ", head[0].length - 13)) fields.invalid_user = "true";
    return { ...fields, ...userFrom(message.slice(head[0].length)) };
  }
  const refused = /^User (.{1,255}?) from (\S{1,255}) not allowed because /.exec(
    message.slice(0, 600),
  );
  if (refused !== null) {
    const [, user = "", source_ip = ""] = refused;
    return { action: "ssh-login", outcome: "failure", user, source_ip };
  }
  const ended = SSHD_ENDED.exec(message.slice(0, 100));
  if (ended === null) return undefined;
  const place = lastPlace(message.slice(ended[0].length).replace(/ \[preauth\]$/, ""));
  if (place === undefined) return undefined;
  const user = place.before;
  const known = {
    action: "ssh-connection",
    source_ip: place.source_ip,
    source_port: place.source_port,
  };
  return user === "" ? known : { ...known, user };
}

// `USER from 192.0.2.7 port 50122 ssh2: ED25519 SHA256:…`: the last ` from ` is sshd's own.
function userFrom(rest: string): MessageFields {
  const from = rest.lastIndexOf(" from ");
  if (from === -1) return { user: rest.slice(0, 255) };
  const place = /^(\S{1,255})(?: port (\d{1,5}))?/.exec(rest.slice(from + 6, from + 300));
  const fields: Record<string, string> = { user: rest.slice(0, from).slice(0, 255) };
  if (place?.[1] !== undefined) fields.source_ip = place[1];
  if (place?.[2] !== undefined) fields.source_port = place[2];
  return fields;
}

// `[USER ]192.0.2.7 port 50122[:11: reason]`
function lastPlace(
  rest: string,
): { before: string; source_ip: string; source_port: string } | undefined {
  const port = rest.lastIndexOf(" port ");
  const number = /^\d{1,5}/.exec(rest.slice(port + 6, port + 12))?.[0];
  if (port === -1 || number === undefined) return undefined;
  const space = rest.lastIndexOf(" ", port - 1);
  return {
    before: space === -1 ? "" : rest.slice(0, space).slice(0, 255),
    source_ip: rest.slice(space + 1, port).slice(0, 255),
    source_port: number,
  };
}

// `admin : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/id`, a reason may stand before TTY.
function sudo(message: string): MessageFields | undefined {
  const colon = message.indexOf(" : ");
  if (colon <= 0 || colon > 255) return undefined;
  const fields: Record<string, string> = { user: message.slice(0, colon).trim(), action: "sudo" };
  let at = colon + 3;
  const reason: string[] = [];
  for (let count = 0; count < 20 && at < message.length; count++) {
    // A command may hold ` ; ` itself and always stands last.
    const isCommand = message.startsWith("COMMAND=", at);
    const end = isCommand ? -1 : message.indexOf(" ; ", at);
    const part = message.slice(at, end === -1 ? undefined : end);
    const key = /^(TTY|PWD|CHROOT|USER|GROUP|TSID|ENV|COMMAND)=/.exec(part)?.[1];
    if (key === undefined) reason.push(part.trim());
    else fields[key] = part.slice(key.length + 1);
    if (end === -1) break;
    at = end + 3;
  }
  if (fields.COMMAND === undefined && reason.length === 0) return undefined;
  if (fields.COMMAND !== undefined) fields.command = fields.COMMAND;
  if (fields.USER !== undefined) fields.target_user = fields.USER;
  if (reason.length > 0) fields.reason = reason.join("; ");
  fields.outcome = reason.length > 0 ? "failure" : "success";
  return fields;
}

// `(to root) admin on pts/0`, `FAILED SU (to root) admin on pts/0`
function su(message: string): MessageFields | undefined {
  const match = /^(FAILED SU )?\(to (\S{1,255})\) (\S{1,255}) on (\S{1,64})$/.exec(
    message.slice(0, 700),
  );
  if (match === null) return undefined;
  const [, failed, target_user = "", user = "", tty = ""] = match;
  return {
    action: "su",
    outcome: failed === undefined ? "success" : "failure",
    target_user,
    user,
    TTY: tty,
  };
}

// `(root) CMD (run-parts /etc/cron.hourly)`, crontab: `(root) REPLACE (root)`
function cron(message: string): MessageFields | undefined {
  const match = /^\((\S{1,255})\) ([A-Z][A-Z ]{0,20}[A-Z]) \(/.exec(message.slice(0, 300));
  if (match === null) return undefined;
  const [whole, user = "", verb = ""] = match;
  const end = message.endsWith(")") ? -1 : undefined;
  const inside = message.slice(whole.length, end);
  const action = `cron-${verb.toLowerCase().replaceAll(" ", "-")}`;
  return verb === "CMD" ? { action, user, command: inside } : { action, user, target_user: inside };
}

const ACCOUNTS: readonly (readonly [RegExp, string])[] = [
  [/^new user: name=([^,\s]{1,255})/, "added-user-account"],
  [/^new group: name=([^,\s]{1,255})/, "added-group-account"],
  [/^delete user '([^']{1,255})'/, "deleted-user-account"],
  [/^removed group '([^']{1,255})'/, "deleted-group-account"],
  [/^add(?:ed)? '([^']{1,255})' to (?:shadow )?group '([^']{1,255})'/, "added-member-to-group"],
  [/^user (\S{1,255}) added by \S{1,255} to group (\S{1,255})/, "added-member-to-group"],
  [/^change user '([^']{1,255})'/, "modified-user-account"],
];

function accounts(message: string): MessageFields | undefined {
  for (const [pattern, action] of ACCOUNTS) {
    const match = pattern.exec(message.slice(0, 700));
    if (match === null) continue;
    const fields: Record<string, string> = {
      action,
      outcome: "success",
      target_user: match[1] ?? "",
    };
    if (match[2] !== undefined) fields.group = match[2];
    return fields;
  }
  return undefined;
}

// `New session 12 of user admin.`
function logind(message: string): MessageFields | undefined {
  const match = /^New session (\S{1,40}) of user (\S{1,255})\.$/.exec(message.slice(0, 350));
  if (match === null) return undefined;
  return {
    action: "session-opened",
    session: match[1] ?? "",
    user: match[2] ?? "",
    outcome: "success",
  };
}

// `ROOT LOGIN ON tty2`, `LOGIN ON tty1 BY admin`, `FAILED LOGIN 1 FROM (null) FOR admin, …`
function login(message: string): MessageFields | undefined {
  const root = /^ROOT LOGIN ON (\S{1,64})/i.exec(message.slice(0, 100));
  if (root !== null) {
    return { action: "login", outcome: "success", user: "root", TTY: root[1] ?? "" };
  }
  const done = /^LOGIN ON (\S{1,64}) BY (\S{1,255})/i.exec(message.slice(0, 400));
  if (done !== null) {
    return { action: "login", outcome: "success", TTY: done[1] ?? "", user: done[2] ?? "" };
  }
  const failed =
    /^FAILED LOGIN (?:SESSION |\(?\d{1,4}\)? )?(?:on '(\S{1,64})' |FROM (\S{1,255}) )?FOR '?([^',]{1,255})/i.exec(
      message.slice(0, 700),
    );
  if (failed === null) return undefined;
  const fields: Record<string, string> = { action: "login", outcome: "failure" };
  fields.user = failed[3] ?? "";
  if (failed[1] !== undefined) fields.TTY = failed[1];
  if (failed[2] !== undefined && failed[2] !== "(null)") fields.source_ip = failed[2];
  return fields;
}

const FTP: readonly (readonly [RegExp, action: string, outcome: string | undefined])[] = [
  [/^connection from (?<ip>[\da-fA-F.:]{3,45})(?= |$)/, "ftp-connection", undefined],
  [/^(?:ANONYMOUS )?FTP LOGIN FROM (?<ip>[^\s,]{1,255})/, "ftp-login", "success"],
  [/^(?:FTP )?LOGIN FAILED FROM (?<ip>[^\s,]{1,255})/i, "ftp-login", "failure"],
  // vsftpd with syslog_enable: [emustermann] FAIL LOGIN: Client "192.0.2.7"
  [/^(?:\[(?<user>[^\]]{1,255})\] )?OK LOGIN: Client "(?<ip>[^"]{1,64})"/, "ftp-login", "success"],
  [
    /^(?:\[(?<user>[^\]]{1,255})\] )?FAIL LOGIN: Client "(?<ip>[^"]{1,64})"/,
    "ftp-login",
    "failure",
  ],
  [/^(?:\[[^\]]{1,255}\] )?CONNECT: Client "(?<ip>[^"]{1,64})"/, "ftp-connection", undefined],
];

function ftp(message: string): MessageFields | undefined {
  for (const [pattern, action, outcome] of FTP) {
    const groups = pattern.exec(message.slice(0, 700))?.groups;
    if (groups === undefined) continue;
    const fields: Record<string, string> = { action, source_ip: groups.ip ?? "" };
    if (outcome !== undefined) fields.outcome = outcome;
    if (groups.user !== undefined) fields.user = groups.user;
    return fields;
  }
  return undefined;
}

// Kerberos rlogin and its kin: `Authentication failed from 192.0.2.7 (gw): Permission denied …`
function remote(message: string): MessageFields | undefined {
  const failed = /^Authentication failed from (\S{1,255}) /.exec(message.slice(0, 300));
  if (failed !== null) {
    return { action: "remote-login", outcome: "failure", source_ip: failed[1] ?? "" };
  }
  if (message.startsWith("Kerberos authentication failed")) {
    return { action: "remote-login", outcome: "failure" };
  }
  const start = /^(?:START|FAIL): (\S{1,64}) .{0,100}?\bfrom=(\S{1,255})/.exec(
    message.slice(0, 500),
  );
  if (start === null) return undefined;
  return { action: "service-connection", service: start[1] ?? "", source_ip: start[2] ?? "" };
}

// `admin: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/root] [COMMAND=/bin/id]`
function pkexec(message: string): MessageFields | undefined {
  const head = /^(\S{1,255}): ([^[\]]{1,300}) \[USER=([^\]]{1,255})\] \[TTY=([^\]]{0,64})\]/.exec(
    message.slice(0, 1000),
  );
  if (head === null) return undefined;
  const [whole, user = "", what = "", target_user = "", TTY = ""] = head;
  const rest = message.slice(whole.length);
  const split = rest.indexOf("] [COMMAND=");
  const hasCommand = rest.startsWith(" [CWD=") && split !== -1 && rest.endsWith("]");
  const isRun = what === "Executing command";
  return {
    action: "pkexec",
    outcome: isRun ? "success" : "failure",
    user,
    target_user,
    TTY,
    ...(isRun ? {} : { reason: what }),
    ...(hasCommand ? { PWD: rest.slice(6, split), command: rest.slice(split + 11, -1) } : {}),
  };
}

// `Operator of unix-session:2 successfully authenticated as unix-user:root to gain TEMPORARY authorization
// for action org.freedesktop.policykit.exec for unix-process:9:1 [bash] (owned by unix-user:admin)`
function polkit(message: string): MessageFields | undefined {
  const head =
    /^Operator of \S{1,64} (successfully authenticated|FAILED to authenticate)(?: as unix-user:(\S{1,255}))? to gain (?:TEMPORARY |ONE-SHOT )?authorization for action (\S{1,255}) /.exec(
      message.slice(0, 1000),
    );
  const owner = / \(owned by unix-user:([^)\s]{1,255})\)$/.exec(message.slice(-300))?.[1];
  if (head === null || owner === undefined) return undefined;
  return {
    action: "authorization",
    outcome: head[1]?.startsWith("succ") === true ? "success" : "failure",
    user: owner,
    target_user: head[2] ?? "",
    polkit_action: head[3] ?? "",
  };
}
