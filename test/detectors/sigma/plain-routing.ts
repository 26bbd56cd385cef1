// Log sources and fields for the plain evaluator, straight from the tables of config/log-sources: which
// rules are asked of a record, and where its fields lie. No code of the engine.
import type { LogSourceTable } from "../../../config/log-sources.ts";
import type { LogEvent, ParsedRecord, RecordShape } from "../../../detectors/event.ts";
import type { LogSource, SigmaRule } from "../../../detectors/sigma/rule.ts";
import { parsePieces } from "../../../detectors/sigma/value.ts";
import { isTrueFor, type PlainEvent, wildcardsFit } from "./plain-evaluator.ts";

const VALUE_CHARACTERS_MAX = 200;

interface PlainRoute {
  readonly products: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** All rules that are true for an event, in their order; `rulesOf` may remember what it is asked. */
export function createPlainEngine(rules: readonly SigmaRule[], tables: readonly LogSourceTable[]) {
  const chosen = new Map<string, readonly SigmaRule[]>();
  const rulesOf = (event: LogEvent): readonly SigmaRule[] => {
    const { products, categories, services } = plainRoute(event, tables);
    const key = JSON.stringify([[...products], [...categories], [...services]]);
    let found = chosen.get(key);
    if (found === undefined) {
      const route = { products, categories, services };
      found = rules.filter((rule) => rule.inactive === undefined && isFor(rule.logSource, route));
      chosen.set(key, found);
    }
    return found;
  };
  return {
    rulesOf,
    match(event: LogEvent): SigmaRule[] {
      const plain = plainEvent(event, tables);
      return rulesOf(event).filter((rule) => isTrueFor(rule.tree, plain));
    },
  };
}

function isFor({ product, category, service }: LogSource, route: PlainRoute): boolean {
  if (product !== undefined && !route.products.has(product)) return false;
  if (category !== undefined && !route.categories.has(category)) return false;
  return service === undefined || route.services.has(service);
}

function tableOf(shape: RecordShape, tables: readonly LogSourceTable[]) {
  return tables.find((table) => table.families.includes(shape.family));
}

/** What rules may name for the event: of its shape, its table, and every route whose conditions all hold. */
function plainRoute({ shape, record }: LogEvent, tables: readonly LogSourceTable[]): PlainRoute {
  const own = shape.logsource ?? {};
  const table = tableOf(shape, tables);
  const names = (...all: (string | undefined)[]) => new Set(all.filter((one) => one !== undefined));
  const products = names(own.product?.toLowerCase(), table?.product);
  const categories = names(own.category?.toLowerCase());
  const services = names(own.service?.toLowerCase());
  let isOver = false;
  for (const route of table?.routes ?? []) {
    if (isOver && route.category !== undefined) continue;
    const holds = Object.entries(route.when).every(([field, wanted]) => {
      const text = decidingText(firstAt(record, shape.locate(field)));
      return text !== "" && wildcardsFit(parsePieces(String(wanted).toLowerCase()), text);
    });
    if (!holds) continue;
    if (route.product !== undefined) products.add(route.product);
    for (const one of names(route.category, ...route.also)) categories.add(one);
    for (const one of names(route.service, ...route.alsoServices)) services.add(one);
    isOver ||= route.last;
  }
  return { products, categories, services };
}

function decidingText(value: unknown): string {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (Array.isArray(one)) return decidingText(one);
  if (typeof one === "string") return one.slice(0, VALUE_CHARACTERS_MAX).toLowerCase();
  return typeof one === "number" || typeof one === "boolean" ? String(one) : "";
}

/** The event with its fields where the table and the shape say that they lie. */
function plainEvent({ shape, record }: LogEvent, tables: readonly LogSourceTable[]): PlainEvent {
  const table = tableOf(shape, tables);
  const values = new Map<string, unknown>();
  return {
    record,
    value(field) {
      if (!values.has(field)) values.set(field, firstAt(record, pathsOf(field, shape, table)));
      return values.get(field);
    },
  };
}

const known = new WeakMap<RecordShape, Map<string, readonly (readonly string[])[]>>();

function pathsOf(field: string, shape: RecordShape, table: LogSourceTable | undefined) {
  const paths = known.get(shape) ?? new Map<string, readonly (readonly string[])[]>();
  known.set(shape, paths);
  let found = paths.get(field);
  if (found === undefined) {
    const bare = field.replaceAll(" ", "");
    const names = [field, bare].find((name) => Object.hasOwn(table?.fields ?? {}, name));
    const wanted = names === undefined ? [bare] : (table?.fields[names] ?? []);
    // Some senders keep the spaces of a field's name.
    const spaced = bare === field ? [] : [...shape.locate(field), [field]];
    found = [...wanted.flatMap((name) => [...shape.locate(name)]), ...spaced];
    paths.set(field, found);
  }
  return found;
}

function firstAt(record: ParsedRecord, paths: readonly (readonly string[])[]): unknown {
  for (const path of paths) {
    const value = valueAt(record, path);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Below a list: the values of all its elements. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    const found = value
      .filter((one) => !Array.isArray(one))
      .map((one) => valueAt(one, path))
      .filter((one) => one !== undefined)
      .flat();
    return found.length === 0 ? undefined : found;
  }
  return valueAt(Object.getOwnPropertyDescriptor(value, key)?.value, rest);
}
