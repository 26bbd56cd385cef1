// A Windows event as Winlogbeat 8 sends it to an Elasticsearch output, before any ingest pipeline:
// everything under `winlog`, values of `event_data` as text. The simulated shipper keeps only the
// first line of the message (processor `truncate_fields`), as sites do to save volume.
import { hash32 } from "../random.ts";
import type { WindowsDraft } from "./draft.ts";

/** The JSON line of a Windows event with this record number. */
export function winlogbeatText(draft: WindowsDraft, recordNumber: number): string {
  const { host, type, data } = draft;
  const time = new Date(draft.time).toISOString();
  const sysmon = type.provider === "Microsoft-Windows-Sysmon";
  return JSON.stringify({
    "@timestamp": time,
    event: {
      code: String(type.id),
      kind: "event",
      provider: type.provider,
      action: type.task,
      created: new Date(draft.time + 900 + (recordNumber % 900)).toISOString(),
      ...(type.outcome === undefined ? {} : { outcome: type.outcome }),
    },
    log: { level: type.level },
    message: type.message,
    winlog: {
      channel: type.channel,
      provider_name: type.provider,
      provider_guid: type.guid,
      event_id: String(type.id),
      record_id: recordNumber,
      computer_name: host.fqdn,
      task: type.task,
      opcode: "Info",
      version: type.version,
      api: "wineventlog",
      process: {
        pid: 4 * (150 + (hash32(host.name) % 800)),
        thread: { id: 700 + (recordNumber % 5000) },
      },
      ...(type.outcome === undefined
        ? {}
        : { keywords: [type.outcome === "success" ? "Audit Success" : "Audit Failure"] }),
      ...(sysmon
        ? { user: { identifier: "S-1-5-18", domain: "NT AUTHORITY", name: "SYSTEM", type: "User" } }
        : {}),
      ...(type.id === 1102 ? { user_data: data } : { event_data: data }),
    },
    host: { name: host.fqdn },
    agent: { type: "winlogbeat", version: "8.19.2", name: host.name, id: agentId(host.name) },
    ecs: { version: "8.0.0" },
  });
}

function agentId(name: string): string {
  const part = (salt: string) => hash32(`${salt}${name}`).toString(16).padStart(8, "0");
  const digits = `${part("a")}${part("b")}${part("c")}${part("d")}`;
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}
