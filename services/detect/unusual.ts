// Makes activities, which anomaly detectors look at, of events without identities: logons, program starts,
// connections, names, requests and deeds; of what is none of them, but a sentence of a program, a line; and of
// metrics samples. All else costs one look.
import type { Activity, DeedActivity } from "../../detectors/anomaly/activity.ts";
import {
  observationOfActivity,
  observationOfLine,
} from "../../detectors/anomaly/keyed-anomalies.ts";
import type { EcsDocument } from "../../detectors/event.ts";
import type { Observation } from "../../detectors/keyed.ts";
import { METRICS } from "../normalize/metrics/metric-record.ts";
import { samplesOf } from "./samples.ts";

interface About extends Pick<Activity, "id" | "time" | "source"> {
  /** The group that a pseudonym's account is compared with; left out: none. */
  readonly groupOf?: ((account: string) => string | undefined) | undefined;
}

/** Windows events whose number alone says that a service or task was made. */
const SERVICE_CODES: ReadonlySet<string> = new Set(["7045", "4697"]);
const TASK_CODES: ReadonlySet<string> = new Set(["4698", "106"]);
const DENIED: ReadonlySet<string> = new Set([
  "deny",
  "denied",
  "drop",
  "dropped",
  "blocked",
  "reject",
]);

/** Families of formats whose messages are sentences that programs write for people. */
const SENTENCES: ReadonlySet<string> = new Set([
  "linux-auth",
  "container",
  "apache-error",
  "nginx-error",
  "samba",
  "mail",
]);

/** What anomaly detectors get to see of a protected document; `family` is that of its record's shape. */
export function unusualOf(
  document: EcsDocument,
  family: string,
  about: About,
): Observation | undefined {
  if (family === METRICS) return samplesOf(document, about);
  const activity = activityOf(document, about);
  if (activity !== undefined) return observationOfActivity(activity);
  if (!SENTENCES.has(family)) return undefined;
  const message = text(document.message);
  const host = machine(document["host.name"]);
  if (message === undefined || host === undefined) return undefined;
  const process = text(document["process.name"]);
  const sentence = process === undefined ? message : `${process}: ${message}`;
  return observationOfLine({ ...plain(about), host, message: sentence });
}

/** The activity that a protected document tells of; undefined where it tells of none. */
export function activityOf(document: EcsDocument, about: About): Activity | undefined {
  const category = document["event.category"];
  if (category === undefined) return undefined;
  if (has(category, "authentication")) return logonOf(document, about);
  if (has(category, "process")) return processOf(document, about);
  // A Windows share access is of both categories: it is no connection seen to its end.
  if (has(category, "file")) return fileOf(document, about);
  if (has(category, "email")) return mailOf(document, about);
  if (has(category, "network") || has(category, "web"))
    return dnsOf(document, about) ?? webOf(document, about) ?? flowOf(document, about);
  if (has(category, "configuration")) return installationOf(document, about);
  return undefined;
}

function logonOf(document: EcsDocument, about: About): Activity | undefined {
  // The end of a session says nothing of who came.
  if (has(document["event.type"], "end")) return undefined;
  const account = accountOf(document["user.name"]);
  const host = machine(document["host.name"]) ?? machine(document["observer.name"]);
  const outcome = document["event.outcome"];
  if (account === undefined || host === undefined) return undefined;
  if (outcome !== "success" && outcome !== "failure") return undefined;
  const method = text(document["winlog.logon.type"]) ?? text(document["event.action"]);
  return {
    ...{ ...plain(about), kind: "logon", account, peers: about.groupOf?.(account), host },
    from: machine(document["source.ip"]) ?? machine(document["source.domain"]),
    succeeded: outcome === "success",
    method: method?.toLowerCase(),
    country: text(document["source.geo.country_iso_code"]),
  };
}

function processOf(document: EcsDocument, about: About): Activity | undefined {
  if (!has(document["event.type"], "start")) return undefined;
  const host = machine(document["host.name"]);
  const process = fileName(document["process.name"]) ?? fileName(document["process.executable"]);
  if (host === undefined || process === undefined) return undefined;
  const parent = document["process.parent.name"] ?? document["process.parent.executable"];
  const account = accountOf(document["user.name"]);
  return {
    ...{ ...plain(about), kind: "process", host, process, parent: fileName(parent) },
    ...{ account, peers: account && about.groupOf?.(account) },
  };
}

function dnsOf(document: EcsDocument, about: About): Activity | undefined {
  const name = text(document["dns.question.name"]);
  const from = machine(document["source.ip"]) ?? machine(document["host.name"]);
  if (name === undefined || from === undefined) return undefined;
  return {
    ...{ ...plain(about), kind: "dns", from, name: name.toLowerCase().replace(/\.$/, "") },
    ...{ type: text(document["dns.question.type"]), answer: text(document["dns.response_code"]) },
  };
}

function webOf(document: EcsDocument, about: About): Activity | undefined {
  const from = machine(document["source.ip"]);
  const status = number(document["http.response.status_code"]);
  const host = machine(document["url.domain"]);
  if (from === undefined || (status === undefined && host === undefined)) return undefined;
  return {
    ...{ ...plain(about), kind: "web", from, host, status },
    userAgent: text(document["user_agent.original"]),
    bytesOut: number(document["http.request.bytes"]) ?? number(document["source.bytes"]),
  };
}

function flowOf(document: EcsDocument, about: About): Activity | undefined {
  const from = machine(document["source.ip"]);
  const to = machine(document["destination.ip"]);
  const port = number(document["destination.port"]);
  if (from === undefined || to === undefined || port === undefined) return undefined;
  const action = text(document["event.action"]);
  const nanoseconds = number(document["event.duration"]);
  return {
    ...{ ...plain(about), kind: "flow", from, to, port },
    protocol: text(document["network.transport"]) ?? text(document["network.iana_number"]),
    bytesOut: number(document["source.bytes"]) ?? 0,
    bytesIn: number(document["destination.bytes"]) ?? 0,
    durationMs: nanoseconds === undefined ? undefined : nanoseconds / 1e6,
    allowed: action === undefined ? undefined : !DENIED.has(action.toLowerCase()),
  };
}

function fileOf(document: EcsDocument, about: About): Activity | undefined {
  const type = document["event.type"];
  const action = text(document["event.action"])?.toLowerCase() ?? "";
  if (action.includes("rename")) return deed("file_rename", document, about, extensionOf(document));
  if (has(type, "deletion")) return deed("file_delete", document, about, extensionOf(document));
  if (!has(type, "creation") && !has(type, "change")) return undefined;
  return deed("file_write", document, about, extensionOf(document));
}

function mailOf(document: EcsDocument, about: About): Activity | undefined {
  const to = document["email.to.address"];
  const first = text(Array.isArray(to) ? to[0] : to);
  return deed("mail", document, about, first?.slice(first.lastIndexOf("@") + 1).toLowerCase());
}

function installationOf(document: EcsDocument, about: About): Activity | undefined {
  const code = text(document["event.code"]) ?? "";
  const kind = SERVICE_CODES.has(code) ? "service" : TASK_CODES.has(code) ? "task" : undefined;
  if (kind === undefined) return undefined;
  const data = (name: string) => text(document[`winlog.event_data.${name}`]);
  const object = text(document["service.name"]) ?? data("ServiceName") ?? data("TaskName");
  return deed(kind, document, about, object?.toLowerCase());
}

function deed(
  what: DeedActivity["deed"],
  document: EcsDocument,
  about: About,
  object: string | undefined,
): Activity | undefined {
  const host = machine(document["host.name"]);
  const account = accountOf(document["user.name"]) ?? text(document["email.from.address"]);
  if (host === undefined && account === undefined) return undefined;
  const peers = account && about.groupOf?.(account);
  return { ...plain(about), kind: "deed", deed: what, host, account, peers, object };
}

function extensionOf(document: EcsDocument): string | undefined {
  const name = text(document["file.extension"]) ?? text(document["file.path"]);
  // A directory's dot is none of an extension, and one that is long is none at all.
  const found = /(?:^|\.)([^.\\/]{1,12})$/.exec(name?.slice(-40) ?? "");
  return found?.[1]?.toLowerCase();
}

function plain({ id, time, source }: About): Pick<Activity, "id" | "time" | "source"> {
  return { id, time, source };
}

function has(value: unknown, word: string): boolean {
  return value === word || (Array.isArray(value) && value.includes(word));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}

function machine(value: unknown): string | undefined {
  return text(value)?.toLowerCase();
}

function accountOf(value: unknown): string | undefined {
  const name = text(value);
  // Most names are bare already.
  if (name === undefined || !(name.includes("\\") || name.includes("@"))) return name;
  return name.replace(/^.*\\|@.*$/g, "");
}

function fileName(value: unknown): string | undefined {
  const path = text(value);
  return path?.slice(Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/")) + 1).toLowerCase();
}

function number(value: unknown): number | undefined {
  const found = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}
