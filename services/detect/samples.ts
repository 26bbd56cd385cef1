// Makes samples, which metric detectors look at, of documents of metrics without identities: each number with
// the labels that say what of it, for the host or the service that it belongs to.

import { observationOfMetrics } from "../../detectors/anomaly/sample-anomalies.ts";
import { type NamedValue, RECORD_SAMPLES_MAX } from "../../detectors/anomaly/sample-row.ts";
import type { Entity } from "../../detectors/detector.ts";
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";
import type { Observation } from "../../detectors/keyed.ts";
import { hashText } from "../../detectors/network/recent-table.ts";
import { LABELS, VALUES } from "../normalize/metrics/metric-record.ts";

interface About {
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  readonly source: string;
}

const LABELS_MAX = 8;
const LABEL_CHARACTERS_MAX = 60;

/**
 * Labels that are another one with each start of something: what has one is never seen for long enough to be
 * known, and without the label it would be mixed up with its like.
 */
const PASSING =
  /^(?:pid|ppid|uid|[\w.]{0,80}[._]uid|process[._]pid|container[._]id|trace[._]?id|span[._]?id|session[._]?id|request[._]?id)$/i;
/** Parts of a distribution, and times of birth: nothing to be compared with the past by itself. */
const NOT_MEASURED = /_bucket$|_created$|_info$/;

/** Roots of an ECS document under which numbers are none that a module measured. */
const OWN_ROOTS: ReadonlySet<string> = new Set(
  (
    "@timestamp agent client cloud container data_stream destination dns ecs elastic_agent error event " +
    "fields file group host http input labels log metric metricset network observer orchestrator " +
    "organization process related rule server service source tags tls trace url user user_agent"
  ).split(" "),
);
/** Sets of Metricbeat with a document for each process or connection: none of them stays. */
const PASSING_SETS: ReadonlySet<string> = new Set(["process", "socket", "users", "service"]);
/** Last part of the name of a field that says what a document's numbers are of. */
const DIMENSIONS: ReadonlySet<string> = new Set(
  "name id instance mount_point device_name interface partition queue database".split(" "),
);

/** The document's samples as an observation; undefined where it has none, or tells not whose they are. */
export function samplesOf(document: EcsDocument, about: About): Observation | undefined {
  const isModule = document["metricset.name"] !== undefined && !hasOurs(document);
  const values = isModule ? ofModule(document) : labelled(document);
  if (values.length === 0) return undefined;
  const { id, time, source } = about;
  return observationOfMetrics({ id, time, source, entity: entityOf(document, source), values });
}

function hasOurs(document: EcsDocument): boolean {
  return Object.keys(document).some((name) => name.startsWith(VALUES));
}

/** Without a host or service all that a source sends belongs together. */
function entityOf(document: EcsDocument, source: string): Entity {
  const host = textOf(document["host.name"]) ?? textOf(document["observer.name"]);
  if (host !== undefined) return { type: "host", value: host.toLowerCase() };
  return { type: "service", value: textOf(document["service.name"]) ?? source };
}

function labelled(document: EcsDocument): NamedValue[] {
  const labels: [string, string][] = [];
  const numbers: [string, number][] = [];
  for (const [name, value] of Object.entries(document)) {
    if (typeof value === "number" && name.startsWith(VALUES))
      numbers.push([name.slice(VALUES.length), value]);
    else if (name.startsWith(LABELS)) {
      const label = name.slice(LABELS.length);
      if (PASSING.test(label)) return [];
      addLabel(labels, label, value);
    }
  }
  // A host's services are told apart where it has several.
  if (textOf(document["host.name"]) !== undefined)
    addLabel(labels, "service", document["service.name"]);
  return named(numbers, labels);
}

function ofModule(document: EcsDocument): NamedValue[] {
  if (PASSING_SETS.has(textOf(document["metricset.name"]) ?? "")) return [];
  const labels: [string, string][] = [];
  const numbers: [string, number][] = [];
  for (const [name, value] of Object.entries(document)) {
    const root = name.slice(0, Math.max(0, name.indexOf(".")));
    const last = name.slice(name.lastIndexOf(".") + 1);
    if (OWN_ROOTS.has(root) || root === "") {
      if (name === "container.name") addLabel(labels, "container", value);
    } else if (DIMENSIONS.has(last) || name.includes(".labels.")) {
      // `system.core.id` is a number, and still no measure.
      addLabel(labels, last, String(value));
    } else if (typeof value === "number") numbers.push([name, value]);
  }
  return named(numbers, labels);
}

function addLabel(labels: [string, string][], key: string, value: EcsValue | undefined): void {
  const text = textOf(value);
  if (text === undefined) return;
  const short = text.slice(0, LABEL_CHARACTERS_MAX);
  labels.push([key, short === text ? text : `${short}~${hashText(text).toString(16)}`]);
}

/** `name{label=value,…}`, the labels in the order of their names: the same series has one name. */
function named(numbers: readonly [string, number][], labels: [string, string][]): NamedValue[] {
  const texts = labels.map(([key, value]) => `${key}=${value}`).sort();
  const rest = texts.splice(LABELS_MAX);
  if (rest.length > 0) texts.push(`~${hashText(rest.join(",")).toString(16)}`);
  const text = texts.join(",");
  return numbers
    .filter(([name]) => !NOT_MEASURED.test(name))
    .slice(0, RECORD_SAMPLES_MAX)
    .map(([name, value]) => ({ metric: text === "" ? name : `${name}{${text}}`, value }));
}

function textOf(value: EcsValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}
