// The one schema of the configuration: what can be set, in which unit, within which limits, with which
// default. default.yml documents the same keys for people; a test holds the two together.
import { z } from "zod";
import { anomalySchema } from "./anomaly.ts";
import { auditSchema } from "./audit.ts";
import { type BlockListsConfig, blockListsSchema } from "./block-lists.ts";
import { archiveSchema, storeSchema } from "./elasticsearch.ts";
import { type EnrichmentConfig, enrichmentSchema } from "./enrichment.ts";
import { type InputsConfig, inputsSchema } from "./inputs.ts";
import { type BusConfig, busSchema } from "./kafka.ts";
import { kpiTargetsSchema } from "./kpi.ts";
import { legalClocksSchema } from "./legal-clocks.ts";
import { llmSchema } from "./llm.ts";
import { mappingFoldersSchema, mappingsSchema } from "./mappings.ts";
import { pagingSchema } from "./paging.ts";
import { privacySchema } from "./privacy.ts";
import { reportSchema } from "./report.ts";
import { pipelinesSchema, placeholdersSchema, ruleStatusesSchema } from "./rule-reading.ts";
import { runsEverything, SERVICES, servicesSchema } from "./services.ts";
import { inhibitionSchema, suppressionSchema } from "./suppression.ts";
import { suspicionSchema } from "./suspicion.ts";
import { TENANT_NAME } from "./tenant-name.ts";

const days = z.number().int().min(1).max(3650);
const port = z.number().int().min(0).max(65_535);
const DAY_HOURS_MAX = 24;

/** Tenant ids are folder names, topic names and index names. */
const tenantId = z
  .string()
  .regex(TENANT_NAME, "nur Kleinbuchstaben, Ziffern und Bindestriche, höchstens 64");

const timeZone = z.string().refine(isTimeZone, "eine IANA-Zeitzone wie Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const tenantSchema = z.strictObject({
  id: tenantId,
  name: z.string().min(1).max(200),
  timeZone: timeZone.default("Europe/Berlin"),
  /** Hosts whose findings weigh more; `*` stands for any characters. */
  criticalHosts: z.array(z.string().min(1).max(200)).max(1000).default([]),
  /** Reports to authorities with a time limit. */
  legalClocks: legalClocksSchema.prefault({}),
  /** What the five KPIs are measured against. */
  kpiTargets: kpiTargetsSchema.prefault([]),
});

const detectionSchema = z.strictObject({
  /** Use the rules that come with Heidewacht. */
  starterPack: z.boolean().default(true),
  /** Folders with further Sigma rules (SigmaHQ checkouts, own rules). */
  ruleFolders: z.array(z.string()).max(100).default([]),
  /** Rules of other statuses are left out. */
  statuses: ruleStatusesSchema.default(["stable", "test", "experimental"]),
  /** What stands for `%name%` in rules with the modifier `expand`. */
  placeholders: placeholdersSchema.default({}),
  /** Files of processing pipelines, which fit rules to the site. */
  pipelines: pipelinesSchema.default([]),
  /** Weaker rules are loaded but raise nothing. */
  minLevel: z.enum(["informational", "low", "medium", "high", "critical"]).default("low"),
  findingWindowHours: z.number().int().min(1).max(DAY_HOURS_MAX).default(1),
  recordsPerBatchMax: z.number().int().min(1).max(10_000).default(1024),
  /** Fold hits into one finding by fields and time; the first entry that names a rule holds. */
  suppressions: z.array(suppressionSchema).max(1000).default([]),
  inhibitions: z.array(inhibitionSchema).max(200).default([]),
  /** Risk of an entity within 24 hours from which on its weak hits are a finding; 0: never. */
  riskThreshold: z.number().min(0).max(10_000).default(30),
  correlation: z
    .strictObject({
      /** Events may come this much later than the newest one of their partition and still be in time. */
      latenessSeconds: z.number().min(0).max(3600).default(5),
      /** Groups remembered at the same time, per tenant and partition of the queue. */
      groupsMax: z.number().int().min(1000).max(10_000_000).default(1_000_000),
    })
    .prefault({}),
});

const retentionSchema = z.strictObject({
  securityDays: days.default(90),
  networkDays: days.default(90),
  contentDays: days.default(30),
  /** Clear text exists encrypted only, and only this long. */
  originalDays: days.default(7),
  deadLetterDays: days.default(14),
  archiveBytesMax: z.number().int().min(1_000_000).default(200_000_000_000),
  rawBytesMax: z.number().int().min(1_000_000).default(20_000_000_000),
});

const queueSchema = z.strictObject({
  /** Unprocessed bytes per tenant from which on senders are told to wait. */
  backlogBytesMax: z.number().int().min(1_000_000).default(2_000_000_000),
  partitions: z.number().int().min(1).max(64).default(2),
});

const keysSchema = z.strictObject({
  language: z.enum(["de", "en"]).default("de"),
  dataFolder: z.string().min(1).default("data"),
  tenants: z
    .array(tenantSchema)
    .min(1)
    .max(200)
    .refine(
      (all) => new Set(all.map((one) => one.id)).size === all.length,
      "jede Mandanten-Kennung darf nur einmal vorkommen",
    )
    .refine((all) => all.every((one) => one.id !== "system"), "die Kennung system ist vergeben"),
  console: z
    .strictObject({
      host: z.string().default("127.0.0.1"),
      port: port.default(8720),
      /** Set when a TLS proxy stands in front: the address that browsers use. */
      publicUrl: z.url().optional(),
      /** Of the token with which other machines read /metrics; without it none may. */
      metricsTokenSha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, "SHA-256 des Zugangsworts, 64 Hexadezimalziffern")
        .optional(),
      sessionIdleMinutes: z.number().int().min(1).max(1440).default(30),
      sessionHours: z.number().int().min(1).max(24).default(10),
    })
    .prefault({}),
  inputs: inputsSchema.prefault({}),
  /** JSON of other applications. */
  mappings: mappingsSchema.default([]),
  /** Folders with mapping files, for text, CSV, pairs and JSON. */
  mappingFolders: mappingFoldersSchema.default([]),
  enrichment: enrichmentSchema.prefault({}),
  detection: detectionSchema.prefault({}),
  /** Statistics and models beside the rules. */
  anomaly: anomalySchema.prefault({}),
  /** What this process runs. */
  services: servicesSchema.default([...SERVICES]),
  /** Where processes without a console answer for health and figures; 0 there: any free port. */
  monitoring: z
    .strictObject({ host: z.string().default("127.0.0.1"), port: port.default(8722) })
    .prefault({}),
  bus: busSchema.prefault({}),
  store: storeSchema.prefault({}),
  archive: archiveSchema.prefault({}),
  audit: auditSchema.prefault({}),
  blockLists: blockListsSchema.prefault({}),
  queue: queueSchema.prefault({}),
  retention: retentionSchema.prefault({}),
  /** Where reports of suspicions about the language model go. */
  suspicion: suspicionSchema.prefault({}),
  llm: llmSchema.prefault({}),
  /** Who is called when a finding can't wait. */
  paging: pagingSchema.prefault({}),
  /** Reports for the security officer. */
  report: reportSchema.prefault({}),
  privacy: privacySchema,
  log: z
    .strictObject({
      level: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
    })
    .prefault({}),
});

/** Everything that can be configured. Unknown keys are faults. */
export const configSchema = keysSchema.superRefine((config, context) => {
  const tenants = new Set(config.tenants.map((tenant) => tenant.id));
  const inputs = boundTenants(config.inputs);
  for (const { path, tenant } of [
    ...inputs.map((bound) => ({ ...bound, path: ["inputs", ...bound.path] })),
    ...enrichedTenants(config.enrichment),
    ...protectedTenants(config.blockLists),
    ...config.report.schedule.map(({ tenant }, index) => ({
      path: ["report", "schedule", index],
      tenant,
    })),
  ]) {
    if (tenants.has(tenant)) continue;
    const message = `der Mandant ${tenant} steht nicht unter tenants`;
    context.addIssue({ code: "custom", path: [...path, "tenant"], message });
  }
  checkKafkaInputs(config.inputs, config.bus, context);
  if (runsEverything(config.services)) return;
  for (const part of ["bus", "store"] as const) {
    if (config[part].kind !== "embedded") continue;
    const message = "einzelne Dienste brauchen kafka als bus und elasticsearch als store";
    context.addIssue({ code: "custom", path: [part, "kind"], message });
  }
});

// An input that reads what we write ourselves would never come to an end.
function checkKafkaInputs(
  { kafka }: InputsConfig,
  bus: BusConfig,
  context: z.core.$RefinementCtx,
): void {
  for (const [index, { connection, topics = [] }] of kafka.entries()) {
    const path = ["inputs", "kafka", index];
    if (connection === undefined && bus.kind !== "kafka") {
      const message =
        "ohne connection gilt die Verbindung des Busses; bus.kind ist aber nicht kafka";
      context.addIssue({ code: "custom", path, message });
    }
    const own = topics.find((topic) => topic.startsWith(`${bus.prefix}.`));
    if (own === undefined) continue;
    const message = `${own} gehört zum Bus von Heidewacht (bus.prefix)`;
    context.addIssue({ code: "custom", path: [...path, "topics"], message });
  }
}

interface Bound {
  readonly path: readonly (string | number)[];
  readonly tenant: string;
}

function enrichedTenants(enrichment: EnrichmentConfig): Bound[] {
  return (["assets", "networks"] as const).flatMap((name) =>
    enrichment[name].map(({ tenant }, index) => ({ path: ["enrichment", name, index], tenant })),
  );
}

function protectedTenants(blockLists: BlockListsConfig): Bound[] {
  return blockLists.protected.map(({ tenant }, index) => ({
    path: ["blockLists", "protected", index],
    tenant,
  }));
}

/** Every place in the inputs that names a tenant. */
function boundTenants(inputs: InputsConfig): Bound[] {
  const found: Bound[] = [
    ...inputs.http.keys.map(({ tenant }, index) => ({ path: ["http", "keys", index], tenant })),
    ...inputs.files.map(({ tenant }, index) => ({ path: ["files", index], tenant })),
  ];
  for (const kind of ["syslog", "relp", "gelf", "lumberjack"] as const) {
    for (const [index, { binding, senders }] of inputs[kind].entries()) {
      if (binding !== undefined) {
        found.push({ path: [kind, index, "binding"], tenant: binding.tenant });
      }
      for (const [at, { tenant }] of senders.entries()) {
        found.push({ path: [kind, index, "senders", at], tenant });
      }
    }
  }
  for (const [index, { binding, routes, tenants }] of inputs.kafka.entries()) {
    const at = ["kafka", index] as const;
    if (binding !== undefined) found.push({ path: [...at, "binding"], tenant: binding.tenant });
    found.push(
      ...routes.map(({ tenant }, route) => ({ path: [...at, "routes", route], tenant })),
      ...tenants.map((tenant, place) => ({ path: [...at, "tenants", place], tenant })),
    );
  }
  if (inputs.stdin !== undefined) found.push({ path: ["stdin"], tenant: inputs.stdin.tenant });
  return found;
}

/** The configuration as the program uses it, defaults filled in. */
export type Config = z.infer<typeof configSchema>;
