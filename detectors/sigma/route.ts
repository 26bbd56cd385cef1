// Decides which Sigma log source a record belongs to, from the values of a few fields, remembered.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { ParsedRecord, RecordShape } from "../event.ts";
import { type FieldReader, fieldReader } from "./field-reader.ts";
import { globMatches } from "./glob.ts";
import type { LogSource } from "./rule.ts";
import { parsePieces } from "./value.ts";

/** Everything that rules may name for an event. */
export interface Route {
  /** Equal for equal contents, for use as a key. */
  readonly key: string;
  readonly products: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

export type Router = (record: ParsedRecord) => Route;

/** Distinct combinations of deciding values that are remembered; hostile logs can't fill the memory. */
const REMEMBERED_MAX = 20_000;
const VALUE_CHARACTERS_MAX = 200;

/** Makes the router of a shape; without a table only the log source of the shape itself counts. */
export function createRouter(shape: RecordShape, table: LogSourceTable | undefined): Router {
  if (table === undefined) {
    const own = makeRoute(...ownNames(shape));
    return () => own;
  }
  const readers: FieldReader[] = table.decidedBy.map((name) => fieldReader(shape.locate(name)));
  const decide = compileRoutes(table, shape);
  let remembered = new Map<string, Route>();
  const shared = new Map<string, Route>();
  return (record) => {
    let key = "";
    for (const reader of readers) key += `${textOf(reader(record))}\u0000`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    // From the values, not from the key: a value may hold the sign that parts them.
    const made = decide(readers.map((reader) => textOf(reader(record))));
    const route = shared.get(made.key) ?? made;
    shared.set(route.key, route);
    if (remembered.size >= REMEMBERED_MAX) remembered = new Map();
    remembered.set(key, route);
    return route;
  };
}

/** Whether a rule's log source covers a route: whatever it names must be there. */
export function covers(logSource: LogSource, route: Route): boolean {
  const { product, category, service } = logSource;
  return (
    (product === undefined || route.products.has(product)) &&
    (category === undefined || route.categories.has(category)) &&
    (service === undefined || route.services.has(service))
  );
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value.slice(0, VALUE_CHARACTERS_MAX);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return textOf(value[0]);
  return "";
}

function compileRoutes(
  table: LogSourceTable,
  shape: RecordShape,
): (values: readonly string[]) => Route {
  const routes = table.routes.map((route) => ({
    ...route,
    tests: Object.entries(route.when).map(([name, value]) => {
      const index = table.decidedBy.indexOf(name);
      if (index === -1) throw new RangeError(`route by "${name}", which is not in decidedBy`);
      return { index, pieces: parsePieces(String(value).toLowerCase()) };
    }),
  }));
  return (values) => {
    const [products, categories, services] = ownNames(shape);
    if (table.product !== undefined) products.add(table.product);
    let open = true;
    for (const route of routes) {
      if (!open && route.category !== undefined) continue;
      const holds = route.tests.every(({ index, pieces }) => {
        const value = values[index] ?? "";
        return value !== "" && globMatches(pieces, value.toLowerCase());
      });
      if (!holds) continue;
      if (route.product !== undefined) products.add(route.product);
      for (const one of [route.category, ...route.also]) if (one !== undefined) categories.add(one);
      for (const one of [route.service, ...route.alsoServices]) {
        if (one !== undefined) services.add(one);
      }
      if (route.last) open = false;
    }
    return makeRoute(products, categories, services);
  };
}

// What the configuration says of all records of a shape. Rules name log sources in lower case.
function ownNames(shape: RecordShape): [Set<string>, Set<string>, Set<string>] {
  const only = (name: string | undefined) =>
    new Set(name === undefined ? [] : [name.toLowerCase()]);
  const { product, category, service } = shape.logsource ?? {};
  return [only(product), only(category), only(service)];
}

function makeRoute(products: Set<string>, categories: Set<string>, services: Set<string>): Route {
  const parts = [products, categories, services].map((set) => [...set].sort().join(","));
  return { key: parts.join(" "), products, categories, services };
}
