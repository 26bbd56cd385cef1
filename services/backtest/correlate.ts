// Correlations of a backtest: what their rules hit is gathered, bounded in number, and judged when all
// events were read. Nothing of it is kept when the backtest is over.
import {
  correlateInSteps,
  type LeveledObservation,
} from "../../detectors/correlation/correlate-all.ts";
import { createCorrelator } from "../../detectors/correlation/correlator.ts";
import { type LeveledPlan, levelPlan } from "../../detectors/correlation/leveled-plan.ts";
import { observationsOfMatches } from "../../detectors/correlation/match-observations.ts";
import type { CorrelationPlan } from "../../detectors/correlation/resolve.ts";
import type { Entity, Match } from "../../detectors/detector.ts";
import type { Raised } from "../../detectors/keyed.ts";
import { entitiesOf } from "../privacy/entities.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { groupKeyOfRaised } from "../privacy/raised-group.ts";
import type { BacktestEvent, BacktestSample } from "./result.ts";

const NOTHING: readonly Entity[] = [];

export interface BacktestCorrelationOptions {
  readonly tenant: string;
  readonly plan: CorrelationPlan;
  readonly privacy: Pick<Privacy, "protectMatched">;
  /** Whether the events hold pseudonyms already. */
  readonly isArchived: boolean;
  readonly observationsMax: number;
}

/** A correlation's hit, without identities. */
interface CorrelationHit {
  readonly id: string;
  readonly sample: BacktestSample;
}

export interface BacktestCorrelation {
  /** What was gathered. */
  readonly observations: number;
  /** There was more to gather: what came later is not judged. */
  readonly isCut: boolean;
  take(one: BacktestEvent, matches: readonly Match[]): void;
  /** All hits, in short steps, between which others may get their turn. Called once, in the end. */
  judge(): Generator<undefined, readonly CorrelationHit[]>;
}

export function createBacktestCorrelation(
  options: BacktestCorrelationOptions,
): BacktestCorrelation {
  const { observationsMax } = options;
  const plan = levelPlan(options.plan);
  const observations: LeveledObservation[] = [];
  const about = createEntities();
  let isCut = false;
  return {
    get observations() {
      return observations.length;
    },
    get isCut() {
      return isCut;
    },
    take(one, matches) {
      if (isCut || matches.every(({ detector }) => plan.linksOf(detector.id).length === 0)) return;
      const { document, identities } = one.evidence();
      const protect = (field: string, value: string): string | undefined => {
        if (options.isArchived) return value;
        const shown = { field, value, operator: "", pattern: "" };
        return options.privacy.protectMatched(options.tenant, identities, [shown])[0]?.value;
      };
      const { id } = one.event;
      const fresh = observationsOfMatches(plan, matches, id, protect);
      isCut = observations.length + fresh.length > observationsMax;
      if (isCut || fresh.length === 0) return;
      observations.push(...fresh);
      about.add(id, entitiesOf(document));
    },
    *judge() {
      const levels = plan.levels.map(
        // One group an observation at most: none is forgotten before its time.
        (rules) => () => createCorrelator(rules, { keysMax: observationsMax }),
      );
      const raised = yield* correlateInSteps(
        { levels, observationsOf: plan.observationsOf },
        observations,
      );
      return raised.flatMap((one) => {
        const sample = sampleOf(one, plan, about.of);
        return sample === undefined ? [] : [{ id: one.detector, sample }];
      });
    },
  };
}

function sampleOf(
  raised: Raised,
  plan: LeveledPlan,
  aboutEvent: (id: string) => readonly Entity[],
): BacktestSample | undefined {
  const text = plan.textOf(raised);
  if (text === undefined) return undefined;
  const groupKey = groupKeyOfRaised(
    raised,
    raised.events.map(({ id }) => aboutEvent(id)),
  );
  const { time, source } = raised;
  const eventId = raised.events.at(-1)?.id ?? "";
  return { eventId, time, source, groupKey, matched: text.matched };
}

/** What events are about. Most are about the same few things, which are kept once. */
function createEntities() {
  const lists = new Map<string, readonly Entity[]>();
  const ofEvent = new Map<string, readonly Entity[]>();
  return {
    of: (id: string): readonly Entity[] => ofEvent.get(id) ?? NOTHING,
    add(id: string, entities: readonly Entity[]): void {
      const key = JSON.stringify(entities);
      const known = lists.get(key) ?? entities;
      lists.set(key, known);
      ofEvent.set(id, known);
    },
  };
}
