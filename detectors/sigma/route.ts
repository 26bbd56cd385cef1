// Decides which Sigma log source a record belongs to, from the values of a few fields. What rules ask of
// those same fields (`EventID: 4624`) is decided with it, so that rules about other events fall away.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { ParsedRecord, RecordShape } from "../event.ts";
import { type FieldReader, fieldReader } from "./field-reader.ts";
import { compileGlob } from "./glob.ts";
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

/** A question of rules about a field that decides the route. */
export interface DecidedItem {
  readonly key: string;
  readonly field: string;
  readonly test: (value: unknown) => boolean;
}

/** Finds what was made for records like this one. */
export type Router<Made> = (record: ParsedRecord) => Made;

/** Called once for each kind of record that is met. */
export type MakeTarget<Made> = (route: Route, constants: ReadonlyMap<string, boolean>) => Made;

/** Kinds of records that are remembered; hostile logs can't fill the memory. */
const TARGETS_MAX = 5000;
/** Values remembered of each deciding field. */
const VALUES_MAX = 10_000;
const VALUE_CHARACTERS_MAX = 200;

interface Node<Made> {
  readonly next: (Node<Made> | undefined)[];
  made: Made | undefined;
}

/** Makes the router of a shape; without a table only the log source of the shape itself counts. */
export function createRouter<Made>(
  shape: RecordShape,
  table: LogSourceTable | undefined,
  items: readonly DecidedItem[],
  make: MakeTarget<Made>,
): Router<Made> {
  if (table === undefined) {
    let own: Made | undefined;
    return () => {
      own ??= make(makeRoute(...ownNames(shape)), new Map());
      return own;
    };
  }
  const deciders = table.decidedBy.map((field) =>
    createDecider(
      fieldReader(shape.locate(field)),
      testsOf(table, field),
      items.filter((item) => item.field === field),
    ),
  );
  const decide = compileRoutes(table, shape);
  let root: Node<Made> = { next: [], made: undefined };
  let targets = 0;
  const makeFor = (node: Node<Made>, record: ParsedRecord): Made => {
    const answers = deciders.map((decider) => decider.answers(decider.classOf(record)));
    const constants = new Map(answers.flatMap((answer) => [...answer.constants]));
    const made = make(decide(answers.map((answer) => answer.holds)), constants);
    targets += 1;
    if (targets > TARGETS_MAX) {
      root = { next: [], made: undefined };
      targets = 0;
    } else node.made = made;
    return made;
  };
  return (record) => {
    let node = root;
    for (let at = 0; at < deciders.length; at += 1) {
      const found = deciders[at]?.classOf(record) ?? 0;
      let next = node.next[found];
      if (next === undefined) {
        next = { next: [], made: undefined };
        node.next[found] = next;
      }
      node = next;
    }
    return node.made ?? makeFor(node, record);
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

/** All that the routes and the rules ask of a value of one field. */
interface Answer {
  /** Which of the field's tests hold, by the pattern. */
  readonly holds: ReadonlySet<string>;
  readonly constants: ReadonlyMap<string, boolean>;
}

interface Decider {
  /** Number of the class of values that answer all questions like this one. */
  classOf(record: ParsedRecord): number;
  answers(found: number): Answer;
}

function createDecider(
  reader: FieldReader,
  tests: ReadonlyMap<string, (value: string) => boolean>,
  items: readonly DecidedItem[],
): Decider {
  const classes: Answer[] = [];
  const classByAnswer = new Map<string, number>();
  let remembered = new Map<unknown, number>();
  const classify = (value: unknown): number => {
    const text = textOf(value).toLowerCase();
    const holds = new Set([...tests].filter(([, test]) => test(text)).map(([key]) => key));
    const truths = items.map((item) => item.test(value));
    const key = JSON.stringify([[...holds], truths.map(Number).join("")]);
    const known = classByAnswer.get(key);
    if (known !== undefined) return known;
    const constants = new Map(items.map((item, at) => [item.key, truths[at] === true]));
    classes.push({ holds, constants });
    classByAnswer.set(key, classes.length - 1);
    return classes.length - 1;
  };
  const asksNothing = tests.size === 0 && items.length === 0;
  if (asksNothing) classify(undefined);
  return {
    answers: (found) => classes[found] ?? { holds: new Set(), constants: new Map() },
    classOf(record) {
      if (asksNothing) return 0;
      const value = reader(record);
      const known = remembered.get(value);
      if (known !== undefined) return known;
      const found = classify(value);
      if (typeof value === "object" || String(value).length > VALUE_CHARACTERS_MAX) return found;
      if (remembered.size >= VALUES_MAX) remembered = new Map();
      remembered.set(value, found);
      return found;
    },
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value.slice(0, VALUE_CHARACTERS_MAX);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return textOf(value[0]);
  return "";
}

function testsOf(table: LogSourceTable, field: string): Map<string, (value: string) => boolean> {
  const patterns = table.routes.flatMap((route) => {
    const wanted = route.when[field];
    return wanted === undefined ? [] : [String(wanted)];
  });
  return new Map(
    patterns.map((pattern) => {
      const matches = compileGlob(parsePieces(pattern.toLowerCase()));
      return [pattern, (value) => value !== "" && matches(value)];
    }),
  );
}

function compileRoutes(
  table: LogSourceTable,
  shape: RecordShape,
): (holds: readonly ReadonlySet<string>[]) => Route {
  const routes = table.routes.map((route) => ({
    ...route,
    tests: Object.entries(route.when).map(([name, value]) => {
      const index = table.decidedBy.indexOf(name);
      if (index === -1) throw new RangeError(`route by "${name}", which is not in decidedBy`);
      return { index, pattern: String(value) };
    }),
  }));
  return (holds) => {
    const [products, categories, services] = ownNames(shape);
    if (table.product !== undefined) products.add(table.product);
    let open = true;
    for (const route of routes) {
      if (!open && route.category !== undefined) continue;
      if (!route.tests.every(({ index, pattern }) => holds[index]?.has(pattern) === true)) continue;
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
