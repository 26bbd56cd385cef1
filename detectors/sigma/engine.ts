// The Sigma engine: all rules, any format. Compiles lazily for each combination of record shape and log
// source that it meets, so that formats nobody sends cost nothing.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { Match } from "../detector.ts";
import type { LogEvent, RecordShape } from "../event.ts";
import { guessFrom } from "./expectation.ts";
import { explainMatch } from "./explain.ts";
import { createTestPool, itemKey, itemsOf, type TestPool } from "./leaf.ts";
import type { Literal } from "./pattern-test.ts";
import { UnsafePattern } from "./regex.ts";
import { covers, createRouter, type DecidedItem, type Route, type Router } from "./route.ts";
import { buildRouteEngine, type EngineParts, namesOf, type RouteEngine } from "./route-engine.ts";
import type { RuleFault, SigmaRule } from "./rule.ts";
import { type RuleUse, sumCosts } from "./rule-counters.ts";
import { itemTest } from "./truth.ts";

export interface SigmaEngineOptions {
  readonly rules: readonly SigmaRule[];
  readonly logSources: readonly LogSourceTable[];
  /** Milliseconds since any beginning, with fractions; read for one of 64 events, for `costs`. */
  readonly now?: (() => number) | undefined;
}

export interface SigmaEngine {
  /** The rules that are true for the event; an empty list is shared. */
  match(event: LogEvent): readonly Match[];
  /** Rules that were left out, each with the reason. */
  readonly faults: readonly RuleFault[];
  /** Rules that can fire. */
  readonly rules: readonly SigmaRule[];
  /** Bytes of all tables compiled so far. */
  tableBytes(): number;
  /** What each rule has cost so far, the dearest first. Sums everything: not for every event. */
  costs(): readonly RuleUse[];
}

const NO_MATCHES: readonly Match[] = [];
/** Engines of one shape; beyond, what rules ask of deciding fields is no longer decided beforehand. */
const SPECIAL_ENGINES_MAX = 1000;

export function createSigmaEngine(options: SigmaEngineOptions): SigmaEngine {
  const steps = compileSigmaEngine(options);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The same in short steps, between which others may get their turn. */
export function* compileSigmaEngine(
  options: SigmaEngineOptions,
): Generator<undefined, SigmaEngine> {
  const pool = createTestPool();
  const { rules, faults } = yield* keepSafe(options.rules, pool);
  const guess = guessFrom(yield* literalsOf(rules, pool));
  const routers = new Map<RecordShape, Router<RouteEngine>>();
  const engines: RouteEngine[] = [];
  const routerOf = (shape: RecordShape): Router<RouteEngine> => {
    const table = options.logSources.find((one) => one.families.includes(shape.family));
    const parts = { shape, table, pool, guess, now: options.now };
    return createShapeRouter(rules, parts, (engine) => engines.push(engine));
  };
  let lastShape: RecordShape | undefined;
  let lastRouter: Router<RouteEngine> | undefined;
  const engineFor = (event: LogEvent): RouteEngine => {
    if (event.shape !== lastShape || lastRouter === undefined) {
      lastRouter = routers.get(event.shape) ?? routerOf(event.shape);
      routers.set(event.shape, lastRouter);
      lastShape = event.shape;
    }
    return lastRouter(event.record);
  };
  return {
    faults,
    rules,
    match(event) {
      const engine = engineFor(event);
      const hits = engine.match(event);
      if (hits.length === 0) return NO_MATCHES;
      return hits.flatMap((index) => {
        const rule = rules[index];
        if (rule === undefined) return [];
        const explain = () => explainMatch(rule.tree, event, engine.readerOf, pool);
        const read = (field: string) => engine.readerOf(field)(event.record);
        return [{ detector: rule.info, event, explain, read }];
      });
    },
    tableBytes() {
      return engines.reduce((sum, engine) => sum + engine.bytes(), 0);
    },
    costs: () =>
      sumCosts(
        rules,
        engines.flatMap((engine) => [...engine.costs()]),
      ),
  };
}

/** Finds or compiles the engine for a record of one shape. */
function createShapeRouter(
  rules: readonly SigmaRule[],
  parts: EngineParts,
  added: (engine: RouteEngine) => void,
): Router<RouteEngine> {
  const engines = new Map<string, RouteEngine>();
  const items = decidedItems(rules, parts);
  const asked = rules.map((rule) =>
    itemsOf(rule.tree)
      .map(itemKey)
      .filter((key) => items.has(key)),
  );
  return createRouter(parts.shape, parts.table, [...items.values()], (route: Route, all) => {
    const chosen = rules.flatMap((rule, index) =>
      covers(rule.logSource, route) ? [{ index, rule }] : [],
    );
    // Of what is known beforehand, only what these rules ask tells engines apart.
    const constants = new Map<string, boolean>();
    if (engines.size < SPECIAL_ENGINES_MAX) {
      for (const { index } of chosen) {
        for (const key of asked[index] ?? []) constants.set(key, all.get(key) === true);
      }
    }
    const key = `${route.key} ${[...constants.values()].map(Number).join("")}`;
    let engine = engines.get(key);
    if (engine === undefined) {
      engine = buildRouteEngine(chosen, constants, parts);
      engines.set(key, engine);
      added(engine);
    }
    return engine;
  });
}

/** What rules ask of the fields that decide the route, by `itemKey`. */
function decidedItems(rules: readonly SigmaRule[], parts: EngineParts): Map<string, DecidedItem> {
  const { table, pool } = parts;
  const items = new Map<string, DecidedItem>();
  const fields = new Set(
    table?.decidedBy.filter((field) => namesOf(field, table) === undefined) ?? [],
  );
  for (const rule of rules) {
    for (const item of itemsOf(rule.tree)) {
      const { field, patterns } = item;
      if (field === undefined || !fields.has(field)) continue;
      if (patterns.some((pattern) => pattern.kind === "fieldref")) continue;
      const key = itemKey(item);
      if (items.has(key)) continue;
      const leaf = { index: 0, item, tests: pool.testsOf(item) };
      items.set(key, { key, field, test: itemTest(leaf) });
    }
  }
  return items;
}

function* literalsOf(
  rules: readonly SigmaRule[],
  pool: TestPool,
): Generator<undefined, readonly Literal[]> {
  const seen = new Set<unknown>();
  const literals: Literal[] = [];
  for (const rule of rules) {
    yield;
    for (const test of itemsOf(rule.tree).flatMap((item) => pool.testsOf(item))) {
      if (test === undefined || seen.has(test)) continue;
      seen.add(test);
      literals.push(...(test.literals ?? []));
    }
  }
  return literals;
}

// Patterns are compiled once here, so that a faulty rule is told of at the start and not at the first event.
function* keepSafe(
  all: readonly SigmaRule[],
  pool: TestPool,
): Generator<undefined, Pick<SigmaEngine, "rules" | "faults">> {
  const rules: SigmaRule[] = [];
  const faults: RuleFault[] = [];
  for (const rule of all) {
    yield;
    if (rule.inactive !== undefined) continue;
    try {
      for (const item of itemsOf(rule.tree)) pool.testsOf(item);
      rules.push(rule);
    } catch (error) {
      if (!(error instanceof UnsafePattern) && !(error instanceof SyntaxError)) throw error;
      const code = error instanceof UnsafePattern ? "HW_PATTERN_UNSAFE" : "HW_RULE_INVALID";
      faults.push({ code, place: rule.place, title: rule.info.title, message: error.message });
    }
  }
  return { rules, faults };
}
