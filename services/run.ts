// What the parts of one start share: the configuration, the ports, the rules, and the figures that the
// process tells of itself.
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { KpiTarget } from "../config/kpi.ts";
import type { Config } from "../config/schema.ts";
import type { ServiceName } from "../config/services.ts";
import type { Activity } from "./detect/activity.ts";
import type { Enricher } from "./enrich/enricher.ts";
import type { Pulses } from "./heartbeat.ts";
import type { Identities } from "./identities.ts";
import type { LiveRules } from "./live-rules.ts";
import type { Format } from "./normalize/format.ts";
import type { Ports } from "./ports.ts";
import type { KeyRing } from "./privacy/keys.ts";
import type { SelfReport } from "./self-report.ts";

/** A process as it is being started. */
export interface Run {
  readonly config: Config;
  readonly tenants: readonly string[];
  readonly ports: Ports;
  readonly ring: KeyRing;
  readonly identities: Identities;
  readonly registry: Registry;
  readonly activity: Activity;
  readonly pulses: Pulses;
  readonly self: SelfReport;
  readonly logger: Logger;
  readonly now: () => number;
  /** Paths of the configuration made absolute. */
  readonly at: (path: string) => string;
  readonly dataDir: string;
  /** Whether this process runs a service. */
  readonly runs: (service: ServiceName) => boolean;
}

/** The same where rules are used. */
export interface RuleRun extends Run {
  /** Of mapping files. */
  readonly formats: readonly Format[];
  readonly rules: LiveRules;
  readonly enricher: Enricher;
}

/** Whether a host is named as critical by a tenant. */
export function criticalHosts(config: Config): (host: string) => boolean {
  const patterns = config.tenants.flatMap((tenant) => tenant.criticalHosts).map(hostPattern);
  return (host) => patterns.some((pattern) => pattern.test(host));
}

/** The IANA zone in which a tenant tells times. */
export function timeZonesOf({ tenants }: Config): (tenant: string) => string {
  return (tenant) => tenants.find((one) => one.id === tenant)?.timeZone ?? "Europe/Berlin";
}

/** What the five KPIs of a tenant are measured against, with the history. */
export function kpiTargetsOf({ tenants }: Config): (tenant: string) => readonly KpiTarget[] {
  return (tenant) => tenants.find((one) => one.id === tenant)?.kpiTargets ?? [];
}

/** `dc*` as an expression without anything that could backtrack. */
function hostPattern(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i");
}
