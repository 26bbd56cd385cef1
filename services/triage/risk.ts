// Watches the risk of entities: when weak hits of different detectors add up on one host, account that
// stands for somebody, address or service, a finding is made of them.
import { isAppError } from "../../config/errors.ts";
import type { Entity } from "../../detectors/detector.ts";
import type { OpenPaging } from "../paging/open.ts";
import { isPseudonym } from "../privacy/pseudonym.ts";
import { type Finding, RISK_DETECTOR } from "../store/finding.ts";
import { withMoves } from "../store/identity-moves.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { reopenedEntry } from "../store/reopened-entry.ts";
import type { Store } from "../store/store.ts";
import { findingId } from "./finding-id.ts";
import type { FoldOptions } from "./fold.ts";
import { type Quiet, withQuiet } from "./quiet.ts";
import { type RiskCase, type RiskContribution, riskFinding } from "./risk-finding.ts";
import {
  addActivity,
  hourOf,
  isWeak,
  peakRisk,
  RISK_SPANS,
  type Risk,
  type RiskActivities,
  type RiskActivity,
  riskAt,
} from "./risk-score.ts";

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 7 * 24;
const ROWS_PER_PAGE = 500;
// An entity with more findings in three weeks is in a storm, which nobody overlooks.
const FINDINGS_PER_ENTITY_MAX = 5000;
const ENTITIES_REMEMBERED_MAX = 20_000;
// Detectors whose findings are read for one risk; the heaviest.
const CONTRIBUTIONS_MAX = 50;
// A detector's newest findings that are looked at until one counts.
const FINDINGS_TRIED_MAX = 3;
const ENTITIES_SHOWN_MAX = 4;
const CONFLICT_RETRIES_MAX = 5;
const WRITES_AT_ONCE = 64;

export interface RiskOptions extends Omit<FoldOptions, "timeZone"> {
  readonly timeZoneOf: (tenant: string) => string;
  /** Risk within 24 hours from which on there is a finding; 0: never. */
  readonly riskThreshold: number;
  /** Of audit entries, ms UTC; left out: the system's clock. */
  readonly now?: () => number;
  readonly openPaging?: OpenPaging;
}

/** An entity's risk as the page of a finding shows it. */
export interface EntityRisk {
  readonly entity: Entity;
  readonly spans: readonly {
    readonly hours: number;
    readonly threshold: number;
    readonly risk: Risk;
  }[];
}

export interface RiskWatch {
  /** Looks at the entities of changed findings. @returns ids of the risk findings that were written */
  refresh(tenant: string, changed: readonly Finding[]): Promise<string[]>;
  /** Somebody else may have written findings meanwhile: all is read from the store anew. */
  forget(): void;
}

/**
 * Remembers for each entity which detectors were active in which hours; what is not remembered (after a
 * start) is read from the store.
 */
export function createRiskWatch(store: Store, quiet: Quiet, options: RiskOptions): RiskWatch {
  let remembered = new Map<string, RiskActivities>();
  const activitiesOf = async (tenant: string, entity: Entity, week: number) => {
    const key = keyOf(tenant, entity, week);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const span = { from: (week - 1) * WEEK_HOURS, until: (week + 2) * WEEK_HOURS };
    const activities = await readActivities(store, tenant, entity, span);
    remembered.set(key, activities);
    return activities;
  };
  return {
    forget() {
      remembered = new Map();
    },
    async refresh(tenant, changed) {
      if (options.riskThreshold === 0) return [];
      if (remembered.size > ENTITIES_REMEMBERED_MAX) remembered = new Map();
      const touched = new Map<string, { readonly entity: Entity; readonly hours: Set<number> }>();
      for (const finding of changed) {
        if (finding.detector.id === RISK_DETECTOR) continue;
        for (const entity of finding.entities.filter(isScored)) {
          const key = `${entity.type}:${entity.value}`;
          const known = touched.get(key) ?? { entity, hours: new Set() };
          touched.set(key, known);
          for (const ms of [finding.firstEventAt, finding.lastEventAt]) {
            const week = Math.floor(hourOf(ms) / WEEK_HOURS);
            await activitiesOf(tenant, entity, week);
            known.hours.add(hourOf(ms));
            for (const near of [week - 1, week, week + 1]) {
              const activities = remembered.get(keyOf(tenant, entity, near));
              if (activities !== undefined) addActivity(activities, finding);
            }
          }
        }
      }
      const reached: FoundRisk[] = [];
      for (const { entity, hours } of touched.values()) {
        for (const window of windowsOf(hours)) {
          const week = Math.floor(window.from / WEEK_HOURS);
          const activities = await activitiesOf(tenant, entity, week);
          const threshold = options.riskThreshold * window.thresholdFactor;
          const peak = peakRisk(activities, window.from, window.hours);
          if (peak === undefined || peak.value < threshold) continue;
          const about = { tenant, entity, spanHours: window.hours, threshold, risk: peak };
          const id = findingId(
            tenant,
            RISK_DETECTOR,
            `${entity.type}:${entity.value}`,
            window.from * HOUR_MS,
            window.hours * HOUR_MS,
          );
          reached.push({ ...about, id });
        }
      }
      return writeRisks(store, quiet, reached, options);
    },
  };
}

/** The risk of a finding's entities at its last event, for its page; never a list over entities. */
export async function riskOfFinding(
  store: Store,
  tenant: string,
  finding: Finding,
  riskThreshold: number,
): Promise<EntityRisk[]> {
  const hour = hourOf(finding.lastEventAt);
  const span = { from: hour - WEEK_HOURS + 1, until: hour + 1 };
  return Promise.all(
    finding.entities
      .filter(isScored)
      .slice(0, ENTITIES_SHOWN_MAX)
      .map(async (entity) => {
        const activities = await readActivities(store, tenant, entity, span);
        return {
          entity,
          spans: RISK_SPANS.map(({ hours, thresholdFactor }) => ({
            hours,
            threshold: riskThreshold * thresholdFactor,
            risk: riskAt(activities.values(), hour, hours),
          })),
        };
      }),
  );
}

/** Accounts only as pseudonym: there is no score of a person. */
function isScored({ type, value }: Entity): boolean {
  return type !== "account" || isPseudonym(value);
}

function keyOf(tenant: string, { type, value }: Entity, week: number): string {
  return `${tenant}/${week}/${type}:${value}`;
}

/** The aligned windows whose risk activity in these hours can change: their own and the next. */
function windowsOf(hours: ReadonlySet<number>) {
  return RISK_SPANS.flatMap((span) => {
    const numbers = new Set<number>();
    const all = [...hours];
    const last = Math.floor(Math.max(...all) / span.hours) + 1;
    for (let at = Math.floor(Math.min(...all) / span.hours); at <= last; at += 1) numbers.add(at);
    return [...numbers].map((at) => ({ ...span, from: at * span.hours }));
  });
}

async function readActivities(
  store: Store,
  tenant: string,
  entity: Entity,
  span: { readonly from: number; readonly until: number },
): Promise<RiskActivities> {
  const activities: RiskActivities = new Map();
  let cursor: string | undefined;
  let read = 0;
  const { terms } = await withMoves(store, tenant, { terms: { entity: [entity.value] } });
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      terms,
      ranges: {
        firstEventAt: { lt: span.until * HOUR_MS },
        lastEventAt: { gte: span.from * HOUR_MS },
      },
      sort: [{ field: "firstEventAt", order: "asc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) {
      const isSame = document.entities.some(({ type }) => type === entity.type);
      if (isSame && document.detector.id !== RISK_DETECTOR) addActivity(activities, document);
    }
    read += page.hits.length;
    cursor = page.cursor;
  } while (cursor !== undefined && read < FINDINGS_PER_ENTITY_MAX);
  return activities;
}

type FoundRisk = Omit<RiskCase, "contributions">;

/** @returns ids of those that are above their threshold */
async function writeRisks(
  store: Store,
  quiet: Quiet,
  reached: readonly FoundRisk[],
  options: RiskOptions,
): Promise<string[]> {
  const written: string[] = [];
  // Each is a finding of its own; written at once, they share one wait for the disk.
  for (let at = 0; at < reached.length; at += WRITES_AT_ONCE) {
    const part = reached.slice(at, at + WRITES_AT_ONCE);
    const done = await Promise.all(part.map((one) => writeRisk(store, quiet, one, options)));
    written.push(...part.filter((_, index) => done[index]).map(({ id }) => id));
  }
  return written;
}

// What people judged as harmless counts no more, so the risk is made anew of what is left.
async function writeRisk(
  store: Store,
  quiet: Quiet,
  found: FoundRisk,
  options: RiskOptions,
): Promise<boolean> {
  const contributions = await contributionsOf(store, found);
  const left: RiskActivity[] = contributions.map(({ part }) => ({
    detector: part.detector,
    hours: new Map([[found.risk.hour, ""]]),
  }));
  const risk = riskAt(left, found.risk.hour, found.spanHours, isWeak);
  if (risk.value < found.threshold) return false;
  const { tenant, id } = found;
  const causes = contributions.map(({ finding }) => finding.id);
  const reopening = (before: Finding, after: Finding) =>
    reopenedEntry(before, after, options.now?.() ?? Date.now(), causes);
  for (let attempt = 1; ; attempt += 1) {
    const current = await store.get(tenant, FINDING_KIND, id);
    const made = riskFinding(
      current?.document,
      { ...found, risk, contributions },
      { ...options, timeZone: options.timeZoneOf(tenant) },
    );
    const hiding = await quiet.hiding(tenant, made.latest?.raisedAt ?? 0);
    const seen = withQuiet(made, hiding(made), made.inhibitedBy ?? []);
    const next = options.openPaging?.(seen, current?.document) ?? seen;
    if (JSON.stringify(next) === JSON.stringify(current?.document)) return true;
    try {
      if (current === undefined) await store.create(tenant, FINDING_KIND, id, next);
      else {
        const { document, version } = current;
        await store.replace(tenant, FINDING_KIND, id, next, version, reopening(document, next));
      }
      return true;
    } catch (error) {
      const isRace = isAppError(error, "HW_CONFLICT") || isAppError(error, "HW_EXISTS");
      if (!isRace || attempt >= CONFLICT_RETRIES_MAX) throw error;
    }
  }
}

async function contributionsOf(store: Store, found: FoundRisk): Promise<RiskContribution[]> {
  const contributions: RiskContribution[] = [];
  for (const part of found.risk.parts.slice(0, CONTRIBUTIONS_MAX)) {
    for (const id of part.findings.slice(0, FINDINGS_TRIED_MAX)) {
      const finding = (await store.get(found.tenant, FINDING_KIND, id))?.document;
      if (finding === undefined || isHarmless(finding)) continue;
      contributions.push({ part, finding });
      break;
    }
  }
  return contributions;
}

function isHarmless({ verdict }: Finding): boolean {
  return verdict?.verdict === "false_positive" || verdict?.verdict === "benign_true_positive";
}
