// Nextcloud's log and the log of its admin_audit app: one JSON object a line. What an entry is about stands
// in its sentence: sign-ins, files, shares, accounts and groups are read from it.
import { isIP } from "node:net";
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, putAll, textOf } from "../document.ts";
import { ecsValue, type FieldTable, setField } from "../field-table.ts";
import type { Format, JsonRecord, ParseContext } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { isoTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";

const ECS: FieldTable = {
  "user.name": ["account", "user"],
  "user.target.name": ["target_user"],
  "group.name": ["group"],
  "source.ip": ["client_ip", "remoteAddr"],
  "url.original": ["url"],
  "http.request.method": ["method"],
  "http.request.id": ["reqId"],
  "user_agent.original": ["userAgent"],
  "file.path": ["file"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "service.version": ["version"],
  message: ["message"],
};
const ALIASES: FieldTable = {
  TargetFilename: ["target_file", "file"],
  "c-uri": ["url"],
  "cs-method": ["method"],
  "c-useragent": ["userAgent"],
  src_ip: ["client_ip", "remoteAddr"],
};

/** Entries of nextcloud.log and audit.log. */
export const nextcloud: Format = {
  id: "nextcloud",
  title: "Nextcloud (log and admin audit)",
  reads: "json",
  shape: {
    id: "nextcloud",
    family: "nextcloud",
    locate: (name) => (ECS[name] ?? ALIASES[name] ?? [name]).map((key) => [key]),
  },
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && isEntry(json) ? 0.95 : 0),
  parse: (_line, context, json) => {
    if (json === undefined || !isEntry(json)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Nextcloud entry: reqId, app and message were expected",
      );
    }
    const record: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(json)) {
      // `--` is Nextcloud's way of saying that there is none.
      if (value !== "--" && value !== "") setField(record, key, value);
    }
    // An exception comes as an object in older versions.
    const message = isRecord(json.message) ? textOf(json.message.Message) : textOf(json.message);
    record.message = message;
    Object.assign(record, readMessage(message));
    return { record, time: timeOfEntry(textOf(json.time), context), identity: undefined };
  },
  ecs,
};

function isEntry(json: JsonRecord): boolean {
  const isNamed = typeof json.reqId === "string" && "remoteAddr" in json;
  return isNamed && typeof json.app === "string" && "message" in json;
}

interface Known {
  readonly pattern: RegExp;
  readonly action: string;
  readonly outcome?: string;
}

function say(pattern: RegExp, action: string, outcome?: string): Known {
  return outcome === undefined ? { pattern, action } : { pattern, action, outcome };
}

// Sentences of apps/admin_audit/lib/Actions and of the log-in code, Nextcloud 19 to 32.
const KNOWN: readonly Known[] = [
  say(/^Login successful: "(?<account>[^"]{1,255})"/, "login", "success"),
  say(/^Login attempt: "(?<account>[^"]{1,255})"/, "login-attempt"),
  say(
    /^Login failed: "?(?<account>[^"(]{1,255}?)"? \(Remote IP: '?"?(?<client_ip>[\da-fA-F.:]{2,45})/,
    "login",
    "failure",
  ),
  say(/^Logout occurred/, "logout", "success"),
  say(
    /^(?:Two-factor|2FA|Two factor) .{0,40}(?:challenge|authentication) .{0,60}(?:failed|rejected)/i,
    "second-factor",
    "failure",
  ),
  say(
    /^Bruteforce attempt from "(?<client_ip>[^"]{2,45})" detected for action "(?<throttled>[^"]{1,60})"/,
    "brute-force",
    "failure",
  ),
  say(/^IP address throttled because it reached the attempts limit/, "brute-force", "failure"),
  say(
    /^Trusted domain error\. "(?<client_ip>[^"]{2,45})" tried to access using "(?<asked_host>[^"]{1,255})"/,
    "untrusted-domain",
    "failure",
  ),
  say(/^File(?: with id "\d{1,20}")? accessed: "(?<file>[^"]{1,4000})"/, "file-read"),
  say(/^Preview accessed: /, "file-preview"),
  say(
    /^File(?: with id "\d{1,20}")? (?:created|written to): "(?<file>[^"]{1,4000})"/,
    "file-written",
  ),
  say(
    /^File(?: with id "\d{1,20}")? renamed(?: from)?:? "(?<file>[^"]{1,4000})" to "(?<target_file>[^"]{1,4000})"/,
    "file-renamed",
  ),
  say(
    /^File(?: with id "\d{1,20}")? copied: "(?<file>[^"]{1,4000})" to "(?<target_file>[^"]{1,4000})"/,
    "file-copied",
  ),
  say(/^File(?: with id "\d{1,20}")? (?:was )?deleted: "(?<file>[^"]{1,4000})"/, "file-deleted"),
  say(
    /^(?:The )?(?:file|folder) "(?<file>[^"]{1,4000})" with ID "\d{1,20}" has been shared via link/i,
    "shared-by-link",
  ),
  say(
    /^(?:The )?(?:file|folder) "(?<file>[^"]{1,4000})" with ID "\d{1,20}" has been shared (?:to|with) the (?:user|remote user|email recipient) "(?<target_user>[^"]{1,255})"/i,
    "shared",
  ),
  say(
    /^(?:The )?(?:file|folder) "(?<file>[^"]{1,4000})" with ID "\d{1,20}" has been shared (?:to|with) the (?:group|circle|room) "(?<group>[^"]{1,255})"/i,
    "shared",
  ),
  say(
    /^(?:The )?(?:file|folder) "(?<file>[^"]{1,4000})" with ID "\d{1,20}" has been unshared/i,
    "unshared",
  ),
  say(/^The shared link .{0,300} has been accessed/, "share-accessed"),
  say(/^User created: "(?<target_user>[^"]{1,255})"/, "account-created", "success"),
  say(/^User deleted: "(?<target_user>[^"]{1,255})"/, "account-deleted", "success"),
  say(/^User enabled: "(?<target_user>[^"]{1,255})"/, "account-enabled", "success"),
  say(/^User disabled: "(?<target_user>[^"]{1,255})"/, "account-disabled", "success"),
  say(
    /^Password of user "(?<target_user>[^"]{1,255})" has been changed/,
    "password-changed",
    "success",
  ),
  say(/^Group created: "(?<group>[^"]{1,255})"/, "group-created", "success"),
  say(/^Group deleted: "(?<group>[^"]{1,255})"/, "group-deleted", "success"),
  say(
    /^User "(?<target_user>[^"]{1,255})" added to group "(?<group>[^"]{1,255})"/,
    "group-member-added",
    "success",
  ),
  say(
    /^User "(?<target_user>[^"]{1,255})" removed from group "(?<group>[^"]{1,255})"/,
    "group-member-removed",
    "success",
  ),
  say(/^App "(?<changed_app>[^"]{1,100})" (?:has been )?enabled/, "app-enabled", "success"),
  say(/^App "(?<changed_app>[^"]{1,100})" (?:has been )?disabled/, "app-disabled", "success"),
  // occ user:resetpassword NAME, occ group:adduser GROUP NAME
  say(
    /^Console command executed: (?<command>user:[\w:-]{1,40}(?: -\S{0,200}){0,6} (?<target_user>[^\s-]\S{0,254}).{0,2000})$/s,
    "console-command",
    "success",
  ),
  say(
    /^Console command executed: (?<command>group:(?:add|remove)user (?<group>\S{1,255}) (?<target_user>\S{1,255}))$/,
    "console-command",
    "success",
  ),
  say(/^Console command executed: (?<command>.{1,2000})$/s, "console-command", "success"),
];

function readMessage(message: string): Record<string, unknown> {
  const head = message.slice(0, 9000);
  for (const { pattern, action, outcome } of KNOWN) {
    const match = pattern.exec(head);
    if (match === null) continue;
    const { client_ip, ...groups } = match.groups ?? {};
    const fields: Record<string, unknown> = { action, ...groups };
    if (outcome !== undefined) fields.outcome = outcome;
    if (client_ip !== undefined && isIP(client_ip) !== 0) fields.client_ip = client_ip;
    return fields;
  }
  return {};
}

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

// ISO by default; with `logdateformat` often `April 13, 2021 16:55:37`.
function timeOfEntry(text: string, context: ParseContext): number | undefined {
  const words = /^([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4}) (\d\d:\d\d:\d\d)$/.exec(text);
  if (words === null) return isoTime(text, context);
  const [, name = "", day = "", year = "", clock = ""] = words;
  const month = String(MONTHS.indexOf(name) + 1).padStart(2, "0");
  const wall = isoTime(`${year}-${month}-${day.padStart(2, "0")}T${clock}Z`);
  return wall === undefined ? undefined : wallToUtc(wall, context);
}

const LEVELS = ["debug", "info", "warning", "error", "fatal"];
const SKIPPED: ReadonlySet<string> = new Set(["time", "level"]);

function ecs(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = {};
  const used = new Set<string>(SKIPPED);
  for (const [name, keys] of Object.entries(ECS)) {
    const key = keys.find((one) => record[one] !== undefined && record[one] !== "");
    if (key === undefined) continue;
    put(document, name, ecsValue(name, record[key]));
    if (document[name] !== undefined) used.add(key);
  }
  const rest = Object.entries(record).filter(([key]) => !used.has(key));
  putAll(document, "nextcloud.", Object.fromEntries(rest));
  const action = textOf(record.action);
  put(document, "event.kind", "event");
  put(document, "event.module", "nextcloud");
  put(document, "event.category", categoryOf(action));
  if (typeof record.level === "number") put(document, "log.level", LEVELS[record.level]);
  return document;
}

function categoryOf(action: string): string[] {
  if (/^(?:login|logout|second-factor|brute-force)/.test(action)) return ["authentication"];
  if (/^(?:account|group|password)-/.test(action)) return ["iam"];
  if (/^(?:file|shared?|unshared)/.test(action)) return ["file"];
  return /^(?:app|console)-/.test(action) ? ["configuration"] : [];
}
