// Whose record of a shipper's topic it is: by topic, by header, by a field of its JSON, in this order. Values
// come from outside: what no configuration allows is never guessed at.
import { isUtf8 } from "node:buffer";
import { isAppError } from "../../config/errors.ts";
import type { SourceBinding } from "../../config/inputs.ts";
import type { KafkaInputConfig } from "../../config/kafka-inputs.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";

/** What of a record says whose it is. */
interface RoutableRecord {
  readonly topic: string;
  readonly text: string;
  /** The last header of that name. */
  header(name: string): Buffer | undefined;
}

export interface KafkaRouter {
  /** The same object for the same tenant and source; undefined: nobody's, to be refused. */
  bindingOf(record: RoutableRecord): SourceBinding | undefined;
}

type Settings = Pick<
  KafkaInputConfig,
  | "routes"
  | "binding"
  | "tenants"
  | "tenantHeader"
  | "tenantField"
  | "sourceHeader"
  | "sourceField"
  | "sourcesMax"
>;

/** Letters, digits and a few signs: a source's name stands in metrics, files and screens. */
const SOURCE_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._:/@-]{0,99}$/u;
const HEADER_BYTES_MAX = 400;

/** Makes the router of an input. */
export function createKafkaRouter(settings: Settings): KafkaRouter {
  const { binding, tenantHeader, tenantField, sourceHeader, sourceField } = settings;
  const tenants = new Set(settings.tenants);
  const namesTenant = tenantHeader !== undefined || tenantField !== undefined;
  const namesSource = sourceHeader !== undefined || sourceField !== undefined;
  const readsFields = tenantField !== undefined || sourceField !== undefined;
  const intern = createInterning(settings.sourcesMax);
  const routed = new Map<string, SourceBinding | undefined>();

  const routeOf = (topic: string): SourceBinding | undefined => {
    if (!routed.has(topic)) {
      routed.set(
        topic,
        settings.routes.find((one) => matchesTopic(one.topic, topic)),
      );
    }
    return routed.get(topic);
  };
  return {
    bindingOf(record) {
      const route = routeOf(record.topic);
      if (route !== undefined) return route;
      if (!namesTenant && !namesSource) return binding;
      const fields = readsFields ? fieldsOf(record.text) : undefined;
      const named = (header: string | undefined, field: string | undefined) =>
        (header === undefined ? undefined : textOfHeader(record.header(header))) ??
        (field === undefined ? undefined : valueAt(fields, field));
      const told = named(sourceHeader, sourceField);
      const source = told !== undefined && SOURCE_NAME.test(told) ? told : undefined;
      if (!namesTenant) {
        return binding && source !== undefined ? intern({ ...binding, source }, binding) : binding;
      }
      const tenant = named(tenantHeader, tenantField);
      if (tenant === undefined || !tenants.has(tenant)) return binding;
      const plain = { tenant, timeZone: binding?.timeZone ?? "Europe/Berlin" };
      const like = intern({ ...plain, source: record.topic }, undefined);
      return source === undefined ? like : intern({ ...plain, source }, like);
    },
  };
}

/** Whether a topic's name fits a pattern, in which `*` stands for any characters. Linear in its length. */
export function matchesTopic(pattern: string, topic: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return topic === first;
  if (!topic.startsWith(first) || !topic.endsWith(last)) return false;
  const end = topic.length - last.length;
  let at = first.length;
  for (const part of parts) {
    const found = topic.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}

// Names come from outside and each becomes a label of the metrics: beyond a number they are not told apart.
function createInterning(
  sourcesMax: number,
): (binding: SourceBinding, otherwise: SourceBinding | undefined) => SourceBinding {
  const known = new Map<string, SourceBinding>();
  let named = 0;
  return (binding, otherwise) => {
    const key = `${binding.tenant}\n${binding.source}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (otherwise !== undefined && ++named > sourcesMax) return otherwise;
    known.set(key, binding);
    return binding;
  };
}

function textOfHeader(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined || bytes.length > HEADER_BYTES_MAX || !isUtf8(bytes)) return undefined;
  return bytes.toString("utf8");
}

function fieldsOf(text: string): unknown {
  try {
    return parseOutsideJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || isAppError(error)) return undefined;
    throw error;
  }
}

// The whole path may be one key, as flat JSON has it.
function valueAt(value: unknown, path: string): string | undefined {
  const whole = ownValue(value, path);
  const found = whole === undefined ? path.split(".").reduce(ownValue, value) : whole;
  return typeof found === "string" ? found : undefined;
}

function ownValue(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
