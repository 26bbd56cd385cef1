// The fields that a language model may see and cite, each with the kinds of slots that it fits. What is
// not here stays away from the model, whatever a log carries.
import type { CaseItem } from "./case.ts";

export const SLOT_TYPES = [
  "time",
  "address",
  "count",
  "code",
  "pseudonym",
  "rule",
  "value",
] as const;
export type SlotType = (typeof SLOT_TYPES)[number];

/** Own words about a finding; nothing in them comes from a log but the title of a risk finding. */
const FINDING_FIELDS: Readonly<Record<string, SlotType>> = {
  "finding.first_event": "time",
  "finding.last_event": "time",
  "finding.signal_count": "count",
  "rule.name": "rule",
  "rule.level": "code",
  "rule.technique": "code",
};

const EVENT_FIELDS: ReadonlyMap<string, SlotType> = new Map([
  ...named("time", "@timestamp"),
  ...named(
    "address",
    "source.ip destination.ip client.ip server.ip host.ip source.nat.ip destination.nat.ip",
  ),
  ...named(
    "count",
    "source.bytes destination.bytes network.bytes source.packets destination.packets file.size http.response.bytes",
  ),
  ...named(
    "code",
    "event.code source.port destination.port http.response.status_code process.pid process.exit_code winlog.event_id winlog.logon.type rule.id error.code",
  ),
  ...named(
    "pseudonym",
    "user.name user.target.name user.effective.name source.user.name destination.user.name winlog.event_data.TargetUserName winlog.event_data.SubjectUserName",
  ),
  ...named(
    "value",
    "event.action event.outcome event.category event.provider event.reason host.name host.hostname observer.name network.protocol network.direction process.name process.executable process.command_line process.parent.name process.parent.executable process.parent.command_line file.path file.name registry.path registry.value url.full url.original url.domain url.path dns.question.name user_agent.original http.request.method service.name message email.subject tls.server.subject tls.client.subject x509.subject.common_name winlog.channel winlog.event_data.WorkstationName winlog.event_data.ServiceName winlog.event_data.TaskName winlog.event_data.ImagePath winlog.event_data.ScriptBlockText source.domain destination.domain group.name error.message",
  ),
]);

/** The kind of slot of a field; undefined: not for the model. */
export function slotTypeOf(kind: CaseItem["kind"], field: string): SlotType | undefined {
  if (kind === "event") return EVENT_FIELDS.get(field);
  return Object.hasOwn(FINDING_FIELDS, field) ? FINDING_FIELDS[field] : undefined;
}

/** Whether a slot of this type may cite the field: as what it is, or as quoted data. */
export function fitsField(slot: SlotType, kind: CaseItem["kind"], field: string): boolean {
  const type = slotTypeOf(kind, field);
  return type !== undefined && (slot === type || slot === "value");
}

function named(type: SlotType, fields: string): [string, SlotType][] {
  return fields.split(" ").map((field) => [field, type]);
}
