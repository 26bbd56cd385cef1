// What the stage has seen since its start, per tenant: sources with their rates and failures, hits per
// rule. For the status page; bounded, so that invented source names can't fill the memory.

const SOURCES_MAX = 1000;
const RATE_WINDOW_MS = 60_000;

interface SourceActivity {
  readonly name: string;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly failed: number;
  readonly lastEventAt: number | null;
}

export interface Activity {
  event(tenant: string, source: string, now: number): void;
  failed(tenant: string, source: string, now: number): void;
  hit(tenant: string, ruleId: string, now: number): void;
  sources(tenant: string, now: number): SourceActivity[];
  /** Notes that everything received until then is processed. */
  reached(tenant: string, receivedAt: number): void;
  /** When the newest processed record was received, ms UTC; undefined before the first one. */
  reachedAt(tenant: string): number | undefined;
  hits(tenant: string): ReadonlyMap<string, { readonly hits: number; readonly lastHitAt: number }>;
}

interface Source {
  events: number;
  failed: number;
  lastEventAt: number | null;
  /** Events of the running and of the last whole window. */
  windowStart: number;
  inWindow: number;
  before: number;
}

export function createActivity(): Activity {
  const tenants = new Map<string, Map<string, Source>>();
  const hits = new Map<string, Map<string, { hits: number; lastHitAt: number }>>();
  const reached = new Map<string, number>();
  const sourceOf = (tenant: string, name: string, now: number): Source | undefined => {
    let sources = tenants.get(tenant);
    if (sources === undefined) {
      sources = new Map();
      tenants.set(tenant, sources);
    }
    let source = sources.get(name);
    if (source === undefined && sources.size < SOURCES_MAX) {
      source = {
        events: 0,
        failed: 0,
        lastEventAt: null,
        windowStart: now,
        inWindow: 0,
        before: 0,
      };
      sources.set(name, source);
    }
    return source;
  };
  return {
    event(tenant, name, now) {
      const source = sourceOf(tenant, name, now);
      if (source === undefined) return;
      turnWindow(source, now);
      source.events += 1;
      source.inWindow += 1;
      source.lastEventAt = now;
    },
    failed(tenant, name, now) {
      const source = sourceOf(tenant, name, now);
      if (source !== undefined) source.failed += 1;
    },
    hit(tenant, ruleId, now) {
      let rules = hits.get(tenant);
      if (rules === undefined) {
        rules = new Map();
        hits.set(tenant, rules);
      }
      const known = rules.get(ruleId);
      rules.set(ruleId, { hits: (known?.hits ?? 0) + 1, lastHitAt: now });
    },
    sources: (tenant, now) =>
      [...(tenants.get(tenant) ?? [])].map(([name, source]) => {
        turnWindow(source, now);
        const { events, failed, lastEventAt } = source;
        return { name, events, eventsPerSecond: rateOf(source, now), failed, lastEventAt };
      }),
    reached(tenant, receivedAt) {
      reached.set(tenant, Math.max(receivedAt, reached.get(tenant) ?? 0));
    },
    reachedAt: (tenant) => reached.get(tenant),
    hits: (tenant) => hits.get(tenant) ?? new Map(),
  };
}

function turnWindow(source: Source, now: number): void {
  const passed = now - source.windowStart;
  if (passed < RATE_WINDOW_MS) return;
  source.before = passed < 2 * RATE_WINDOW_MS ? source.inWindow : 0;
  source.inWindow = 0;
  source.windowStart = now;
}

// The last window counts for the part of it that still lies within one window's length.
function rateOf(source: Source, now: number): number {
  const passed = Math.max(1000, now - source.windowStart);
  if (source.before === 0) return (source.inWindow * 1000) / Math.min(passed, RATE_WINDOW_MS);
  const share = Math.max(0, 1 - passed / RATE_WINDOW_MS);
  return ((source.inWindow + source.before * share) * 1000) / RATE_WINDOW_MS;
}
