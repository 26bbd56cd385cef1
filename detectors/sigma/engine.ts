// The Sigma engine: all rules, any format. Compiles lazily for each combination of record shape and log
// source that it meets, so that formats nobody sends cost nothing.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { Match } from "../detector.ts";
import type { LogEvent, RecordShape } from "../event.ts";
import { explainMatch } from "./explain.ts";
import { createTestPool, itemsOf } from "./leaf.ts";
import { UnsafePattern } from "./regex.ts";
import { covers, createRouter, type Route, type Router } from "./route.ts";
import { buildRouteEngine, type RouteEngine } from "./route-engine.ts";
import type { RuleFault, SigmaRule } from "./rule.ts";

export interface SigmaEngineOptions {
  readonly rules: readonly SigmaRule[];
  readonly logSources: readonly LogSourceTable[];
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
}

interface ShapeEngine {
  readonly router: Router;
  readonly table: LogSourceTable | undefined;
  readonly engines: Map<string, RouteEngine>;
}

const NO_MATCHES: readonly Match[] = [];

export function createSigmaEngine(options: SigmaEngineOptions): SigmaEngine {
  const pool = createTestPool();
  const { rules, faults } = keepSafe(options.rules, pool);
  const shapes = new Map<RecordShape, ShapeEngine>();
  const shapeEngine = (shape: RecordShape): ShapeEngine => {
    let known = shapes.get(shape);
    if (known === undefined) {
      const table = options.logSources.find((one) => one.families.includes(shape.family));
      known = { router: createRouter(shape, table), table, engines: new Map() };
      shapes.set(shape, known);
    }
    return known;
  };
  const compile = (shape: RecordShape, own: ShapeEngine, route: Route): RouteEngine => {
    const chosen = rules.flatMap((rule, index) =>
      covers(rule.logSource, route) ? [{ index, rule }] : [],
    );
    const engine = buildRouteEngine(chosen, shape, own.table, pool);
    own.engines.set(route.key, engine);
    return engine;
  };
  return {
    faults,
    rules,
    match(event) {
      const own = shapeEngine(event.shape);
      const route = own.router(event.record);
      const engine = own.engines.get(route.key) ?? compile(event.shape, own, route);
      const hits = engine.match(event);
      if (hits.length === 0) return NO_MATCHES;
      return hits.flatMap((index) => {
        const rule = rules[index];
        if (rule === undefined) return [];
        const explain = () => explainMatch(rule.tree, event, engine.readerOf, pool);
        return [{ detector: rule.info, event, explain }];
      });
    },
    tableBytes() {
      let bytes = 0;
      for (const { engines } of shapes.values()) {
        for (const engine of engines.values()) bytes += engine.bytes;
      }
      return bytes;
    },
  };
}

// Patterns are compiled once here, so that a faulty rule is told of at the start and not at the first event.
function keepSafe(all: readonly SigmaRule[], pool: ReturnType<typeof createTestPool>) {
  const rules: SigmaRule[] = [];
  const faults: RuleFault[] = [];
  for (const rule of all) {
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
