// Notices when the world has changed rather than one machine: many entities become unusual in the same way
// within an hour, or day after day more of them do (Page 1954, Hinkley 1971). That is said once, with its
// strongest examples, instead of a finding each. What is far beyond the threshold is never folded away.
import type { Anomaly } from "./anomaly.ts";
import { boundedText } from "./behaviour/bounded-text.ts";

export interface DriftOptions {
  /** Length of a window of event time, milliseconds. */
  readonly windowMs: number;
  /** Fewer entities of a window are never a drift: an attack on a handful of machines stays an attack. */
  readonly entitiesMin: number;
  /** … nor fewer than so many times the usual. */
  readonly timesUsual: number;
  /** Groups (detector, kind, source) that are remembered. */
  readonly groupsMax: number;
  /** Whether only what has the same cause is the same way: the same value as its first driver. */
  readonly byCause: boolean;
  /** An anomaly this much less probable than the threshold stands alone whatever happens around it. */
  readonly beyond: number;
}

const DRIFT_DEFAULTS: DriftOptions = {
  ...{ windowMs: 3_600_000, entitiesMin: 20, timesUsual: 5, groupsMax: 2000, beyond: 1e-4 },
  byCause: false,
};

/**
 * The same new program, sentence or destination of a handful of entities within a day has one cause, and is
 * told once, with all of them as examples: the findings of a rollout stay within the budget of a day.
 */
export const SAME_CAUSE: Partial<DriftOptions> = {
  ...{ byCause: true, entitiesMin: 5, windowMs: 86_400_000 },
};

/** The world has changed for a detector: told once per drift. */
export interface DriftNotice {
  readonly detector: string;
  readonly kind: string;
  readonly source: string;
  /** Begin of the window in which it was noticed, and when that was. */
  readonly from: number;
  readonly time: number;
  /** Different entities of that window so far, and how many are usual. */
  readonly entities: number;
  readonly usual: number;
  /** `step`: within one window; `creep`: a little more each time. */
  readonly shape: "step" | "creep";
  readonly examples: readonly Anomaly[];
}

/** What becomes of an anomaly: it stands alone, or is part of a drift; the first of a drift gives the notice. */
interface DriftVerdict {
  readonly alone: boolean;
  readonly notice?: DriftNotice;
}

export interface DriftMonitor {
  /** In the order of event time. `threshold`: the alarm budget's at that time. */
  take(anomaly: Anomaly, threshold: number): DriftVerdict;
  /** Groups that are in a drift now. */
  readonly drifting: number;
  readonly groups: number;
  readonly evicted: number;
  /** The whole state as text; the same state gives the same verdicts. */
  state(): string;
}

/** Entities of a window that are told apart; from there on they only count. */
const ENTITIES_MAX = 4096;
const EXAMPLES_MAX = 20;
/** Weight of a finished window in the usual number: half of it stems from the last week of hours. */
const WINDOW_WEIGHT = 1 - 2 ** (-1 / 168);
/** Page–Hinkley: what each window may exceed the usual without a word, and the sum that is too much. */
const CREEP_SLACK = 2;
const CREEP_SUM = 60;
/** A drift is over after so many windows near the usual, and becomes the usual after so many in all. */
const CALM_WINDOWS = 24;
const DRIFT_WINDOWS_MAX = 168;
/** Windows without an anomaly that are accounted one by one; a longer gap counts as this many. */
const GAP_MAX = 1000;

interface Group {
  window: number;
  entities: Set<string>;
  /** Usual number of different entities of a window. */
  usual: number;
  creep: number;
  driftingFor: number;
  calm: number;
  examples: Anomaly[];
}

export function createDriftMonitor(
  options: Partial<DriftOptions> = {},
  state?: string,
): DriftMonitor {
  const settings = { ...DRIFT_DEFAULTS, ...options };
  const groups = state === undefined ? new Map<string, Group>() : readGroups(state);
  let evicted = 0;

  const groupOf = (key: string, window: number): Group => {
    let group = groups.get(key);
    if (group === undefined) {
      if (groups.size >= settings.groupsMax) {
        const [oldest] = groups.keys();
        if (oldest !== undefined) groups.delete(oldest);
        evicted += 1;
      }
      group = {
        ...{ window, entities: new Set<string>(), usual: 0, creep: 0, driftingFor: 0, calm: 0 },
        examples: [],
      };
    } else groups.delete(key);
    // The group used last stands at the end.
    groups.set(key, group);
    return group;
  };

  return {
    take(anomaly, threshold) {
      const { detector, kind, source, entity, time } = anomaly;
      const cause = settings.byCause ? causeOf(anomaly) : "";
      if (cause === undefined) return { alone: true };
      const window = Math.floor(time / settings.windowMs);
      const group = groupOf(`${detector}\n${kind}\n${source}\n${cause}`, window);
      const crept = turn(group, window);
      if (group.entities.size < ENTITIES_MAX) group.entities.add(`${entity.type}\n${entity.value}`);
      keepExample(group, anomaly);
      const isBeyond = anomaly.tail <= threshold * settings.beyond;
      if (group.driftingFor > 0) return { alone: isBeyond };
      const count = group.entities.size;
      const isStep =
        count >= settings.entitiesMin && count >= settings.timesUsual * Math.max(1, group.usual);
      if (!isStep && !(crept && count >= settings.entitiesMin / 2)) return { alone: true };
      group.driftingFor = 1;
      group.calm = 0;
      const about = { detector, kind, source, from: window * settings.windowMs, time };
      const shape = isStep ? ("step" as const) : ("creep" as const);
      const examples = [...group.examples];
      const notice = { ...about, entities: count, usual: group.usual, shape, examples };
      return { alone: isBeyond, notice };
    },
    get drifting() {
      return [...groups.values()].filter(({ driftingFor }) => driftingFor > 0).length;
    },
    get groups() {
      return groups.size;
    },
    get evicted() {
      return evicted;
    },
    state: () =>
      JSON.stringify(
        [...groups].map(([key, group]) => [key, { ...group, entities: [...group.entities] }]),
      ),
  };
}

/** Undefined where it is driven by a number. */
function causeOf({ drivers: [first] }: Anomaly): string | undefined {
  return typeof first?.seen === "string"
    ? boundedText(`${first.feature}\n${first.seen}`)
    : undefined;
}

/** Accounts the windows that are over; true where a little more came each time for too long. */
function turn(group: Group, window: number): boolean {
  let passed = Math.min(GAP_MAX, window - group.window);
  if (!(passed > 0)) return group.creep > CREEP_SUM;
  let count = group.entities.size;
  group.window = window;
  group.entities = new Set();
  group.examples = [];
  for (; passed > 0; passed -= 1) {
    if (group.driftingFor > 0) followDrift(group, count);
    else {
      group.creep = Math.max(0, group.creep + count - group.usual - CREEP_SLACK);
      // Robust: one window moves the usual by no more than its weight of ten times the usual.
      const capped = Math.min(count, 10 * Math.max(1, group.usual));
      group.usual += WINDOW_WEIGHT * (capped - group.usual);
    }
    count = 0;
  }
  return group.creep > CREEP_SUM;
}

function followDrift(group: Group, count: number): void {
  group.driftingFor += 1;
  group.calm = count <= 2 * Math.max(1, group.usual) ? group.calm + 1 : 0;
  const stays = group.driftingFor > DRIFT_WINDOWS_MAX;
  if (stays) group.usual = Math.max(group.usual, count);
  if (!stays && group.calm < CALM_WINDOWS) return;
  group.driftingFor = 0;
  group.calm = 0;
  group.creep = 0;
}

function keepExample({ examples }: Group, anomaly: Anomaly): void {
  let at = examples.length;
  while (at > 0 && (examples[at - 1]?.tail ?? 0) > anomaly.tail) at -= 1;
  examples.splice(at, 0, anomaly);
  if (examples.length > EXAMPLES_MAX) examples.pop();
}

function readGroups(state: string): Map<string, Group> {
  // Written by `state` above, and kept under a hash by whoever stores it.
  const stored: readonly [string, Omit<Group, "entities"> & { entities: string[] }][] =
    JSON.parse(state);
  return new Map(
    stored.map(([key, group]) => [key, { ...group, entities: new Set(group.entities) }]),
  );
}
