// Activities as rows of texts, in which they travel from where events are read to where they are judged.
// What is missing is the empty text; a row that is none gives nothing, because it may be of another version.
import type { Activity } from "./activity.ts";

/** Fields of each kind, in their order. Appending is compatible, anything else a new kind. */
const FIELDS = {
  logon: ["account", "peers", "host", "from", "succeeded", "method", "country"],
  process: ["host", "account", "peers", "process", "parent"],
  flow: ["from", "to", "port", "protocol", "bytesOut", "bytesIn", "durationMs", "allowed"],
  dns: ["from", "name", "type", "answer"],
  web: ["from", "host", "status", "userAgent", "bytesOut"],
  deed: ["deed", "host", "account", "peers", "object"],
} as const satisfies Readonly<Record<Activity["kind"], readonly string[]>>;

const NUMBERS: ReadonlySet<string> = new Set([
  "port",
  "bytesOut",
  "bytesIn",
  "durationMs",
  "status",
]);
const FLAGS: ReadonlySet<string> = new Set(["succeeded", "allowed"]);
/** Fields without which an activity of its kind is none. */
const NEEDED: Readonly<Record<Activity["kind"], readonly string[]>> = {
  logon: ["account", "host", "succeeded"],
  process: ["host", "process"],
  flow: ["from", "to", "port", "bytesOut", "bytesIn"],
  dns: ["from", "name"],
  web: ["from"],
  deed: ["deed"],
};
/** Longer texts are cut: a value as long as a whole record would be kept for each entity. */
const TEXT_CHARACTERS_MAX = 300;

/** The row of an activity; `id`, `time` and `source` travel beside it. Written out: it is made of most events. */
export function rowOf(activity: Activity): string[] {
  switch (activity.kind) {
    case "logon": {
      const { account, peers, host, from, succeeded, method, country } = activity;
      const who = [cut(account), cut(peers), cut(host), cut(from), String(succeeded)];
      who.push(cut(method), cut(country));
      return who;
    }
    case "process": {
      const { host, account, peers, process, parent } = activity;
      return [cut(host), cut(account), cut(peers), cut(process), cut(parent)];
    }
    case "flow": {
      const { from, to, port, protocol, bytesOut, bytesIn, durationMs, allowed } = activity;
      const ends = [cut(from), cut(to), String(port), cut(protocol), String(bytesOut)];
      ends.push(String(bytesIn), String(durationMs ?? ""), String(allowed ?? ""));
      return ends;
    }
    case "dns":
      return [cut(activity.from), cut(activity.name), cut(activity.type), cut(activity.answer)];
    case "web": {
      const { from, host, status, userAgent, bytesOut } = activity;
      return [cut(from), cut(host), String(status ?? ""), cut(userAgent), String(bytesOut ?? "")];
    }
    case "deed": {
      const { deed, host, account, peers, object } = activity;
      return [deed, cut(host), cut(account), cut(peers), cut(object)];
    }
  }
}

function cut(text: string | undefined): string {
  if (text === undefined) return "";
  return text.length <= TEXT_CHARACTERS_MAX ? text : text.slice(0, TEXT_CHARACTERS_MAX);
}

/** The activity of a row; undefined where the row is none of this kind. */
export function activityOfRow(
  kind: string,
  row: readonly string[],
  about: Pick<Activity, "id" | "time" | "source">,
): Activity | undefined {
  if (!isKind(kind)) return undefined;
  const activity: Record<string, string | number | boolean | undefined> = { ...about, kind };
  for (const [index, name] of FIELDS[kind].entries()) {
    const text = row[index] ?? "";
    if (text === "") activity[name] = undefined;
    else if (NUMBERS.has(name)) activity[name] = numberOf(text);
    else activity[name] = FLAGS.has(name) ? text === "true" : text;
  }
  if (NEEDED[kind].some((name) => activity[name] === undefined)) return undefined;
  // Every field of the kind was set above with its type, and none that it needs is missing.
  return activity as unknown as Activity;
}

function isKind(kind: string): kind is Activity["kind"] {
  return Object.hasOwn(FIELDS, kind);
}

function numberOf(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
