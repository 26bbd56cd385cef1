// How Elasticsearch sees an event: the fields of the Elastic Common Schema that dashboards and hunters ask
// for, with their types, and nothing that a sender could add to. Types after ECS 8.17
// (https://www.elastic.co/docs/reference/ecs/ecs-field-reference).
import type { estypes } from "@elastic/elasticsearch";
import type { Elasticsearch } from "../elasticsearch/connection.ts";
import type { TemplateDefinition } from "../elasticsearch/indices.ts";

type FieldType = "keyword" | "ip" | "long" | "date";

/** Raised with every change of what stands here; existing indices keep what they were made with. */
const TEMPLATE_VERSION = 1;
/** Longer values are kept but not indexed as a whole; their words are. */
const KEYWORD_CHARS_MAX = 1024;

const KEYWORDS =
  "agent.name agent.type agent.version client.domain cloud.account.id cloud.provider cloud.region " +
  "container.id container.image.name container.name destination.as.organization.name " +
  "destination.domain destination.geo.country_iso_code destination.mac destination.user.name " +
  "dll.name dll.path dns.question.name dns.question.registered_domain dns.question.type " +
  "dns.response_code dns.type ecs.version email.from.address email.subject email.to.address " +
  "error.code error.type event.action event.category event.code event.dataset event.kind " +
  "event.module event.outcome event.provider event.reason event.type file.directory " +
  "file.extension file.hash.md5 file.hash.sha1 file.hash.sha256 file.name file.path group.id " +
  "group.name host.domain host.hostname host.id host.name host.os.name host.os.type " +
  "http.request.method http.request.referrer http.response.mime_type http.version labels.source " +
  "log.file.path log.level log.logger log.syslog.appname log.syslog.facility.name " +
  "log.syslog.severity.name network.application network.community_id network.direction " +
  "network.protocol network.transport network.type network.vlan.id observer.egress.zone " +
  "observer.ingress.zone observer.name observer.product observer.type observer.vendor " +
  "orchestrator.cluster.name orchestrator.namespace orchestrator.resource.name " +
  "orchestrator.resource.type organization.name process.command_line process.entity_id " +
  "process.executable process.hash.md5 process.hash.sha256 process.name " +
  "process.parent.command_line process.parent.executable process.parent.name " +
  "process.pe.original_file_name process.user.name process.working_directory registry.key " +
  "registry.path registry.value rule.category rule.id rule.name rule.ruleset server.domain " +
  "service.name service.state service.type source.as.organization.name source.domain " +
  "source.geo.country_iso_code source.mac source.user.name tags threat.indicator.name " +
  "tls.cipher tls.client.ja3 tls.client.server_name tls.server.ja3s tls.version trace.id " +
  "url.domain url.full url.original url.path url.query url.registered_domain url.scheme " +
  "user.domain user.effective.name user.id user.name user.target.domain user.target.name " +
  "user_agent.device.name user_agent.name user_agent.original user_agent.os.name " +
  "winlog.channel winlog.computer_name winlog.event_id winlog.logon.id winlog.logon.type " +
  "winlog.provider_name";
const ADDRESSES =
  "client.ip destination.ip destination.nat.ip dns.resolved_ip host.ip observer.ip server.ip " +
  "source.ip source.nat.ip";
const NUMBERS =
  "client.port destination.as.number destination.bytes destination.nat.port destination.packets " +
  "destination.port event.duration event.risk_score event.sequence event.severity file.size " +
  "http.request.body.bytes http.request.bytes http.response.body.bytes http.response.bytes " +
  "http.response.status_code log.syslog.facility.code log.syslog.priority " +
  "log.syslog.severity.code network.bytes network.packets process.exit_code process.parent.pid " +
  "process.pid process.thread.id server.port source.as.number source.bytes source.nat.port " +
  "source.packets source.port url.port winlog.record_id";
const DATES = "event.created event.end event.ingested event.start process.start";

/** Type by ECS name; other names stand in the kept document only. */
export const ECS_TYPES: ReadonlyMap<string, FieldType> = new Map([
  ...typed(KEYWORDS, "keyword"),
  ...typed(ADDRESSES, "ip"),
  ...typed(NUMBERS, "long"),
  ...typed(DATES, "date"),
]);

function typed(names: string, type: FieldType): [string, FieldType][] {
  return names.split(" ").map((name) => [name, type]);
}

type Properties = NonNullable<estypes.MappingTypeMapping["properties"]>;

const MAPPING_OF = {
  keyword: { type: "keyword", ignore_above: KEYWORD_CHARS_MAX },
  ip: { type: "ip", ignore_malformed: true },
  long: { type: "long", ignore_malformed: true },
  date: { type: "date", ignore_malformed: true },
} as const;

/** The template of all indices of events. */
export function eventTemplate({
  prefix,
  replicas,
  eventShards,
}: Elasticsearch): TemplateDefinition {
  return {
    name: `${prefix}-events`,
    version: TEMPLATE_VERSION,
    patterns: [`${prefix}-events-*`],
    // Above the templates that come with Elasticsearch (100 and 200).
    priority: 500,
    // An event that comes for an index just deleted must not make one without the tenant's alias.
    autoCreate: false,
    settings: {
      number_of_shards: eventShards,
      number_of_replicas: replicas,
      // Much is written and little is read.
      codec: "best_compression",
    },
    mappings: {
      dynamic: false,
      // They are made anew from the document whenever it is written to another index.
      _source: { excludes: ["archive.words"] },
      _meta: { version: TEMPLATE_VERSION },
      properties: {
        ...ecsProperties(),
        "@timestamp": { type: "date" },
        tenant: { type: "keyword" },
        // Shown in lists; its words are among the event's.
        message: { type: "keyword", index: false, doc_values: false },
        archive: { dynamic: false, properties: ARCHIVE },
      },
    },
  };
}

const ARCHIVE: Properties = {
  // Milliseconds with their fraction, in the whole range of a clock that is wrong.
  time: { type: "double" },
  key: { type: "keyword", index: false },
  source: { type: "keyword" },
  class: { type: "keyword" },
  words: { type: "keyword", doc_values: false },
};

function ecsProperties(): Properties {
  const root: Properties = {};
  for (const [name, type] of ECS_TYPES) {
    const path = name.split(".");
    const last = path.pop() ?? name;
    let here = root;
    for (const key of path) {
      const known = here[key];
      const properties =
        known !== undefined && "properties" in known ? known.properties : undefined;
      const next: Properties = properties ?? {};
      here[key] = { properties: next };
      here = next;
    }
    here[last] = MAPPING_OF[type];
  }
  return root;
}
