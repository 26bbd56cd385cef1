// Changes the rules of a running service: reads and compiles the new set in turns beside the stream, tries
// it on recent events, and puts it in the place of the old one at once. A batch of events takes its rules
// when it begins, so each event is seen by exactly one set.
import type { Logger } from "pino";
import { messageOf } from "../config/errors.ts";
import type { LogEvent } from "../detectors/event.ts";
import type { RuleFault } from "../detectors/sigma/rule.ts";
import type { DetectRules } from "./detect/detect.ts";
import type { Detection } from "./detection.ts";
import { createRecentEvents } from "./recent-events.ts";
import { createPace, type Pace } from "./rules/pace.ts";
import { changeBetween, type RuleChange } from "./rules/rule-change.ts";
import type { RuleSet } from "./rules/rule-set.ts";

/** Longest time that a timer can be set to. */
const TIMER_MS_MAX = 2 ** 31 - 1;
const TIMER_MS_MIN = 1000;
/** What can't be read is tried again, and not only when somebody asks. */
const RETRY_MS = 60_000;
/** Ids that are named in the log and the audit chain; the rest is counted. */
export const IDS_TOLD_MAX = 100;

/** What came of an attempt to change the rules. */
export type Reload =
  | { readonly kind: "changed"; readonly change: RuleChange }
  | { readonly kind: "unchanged" }
  /** The old rules hold on. */
  | { readonly kind: "kept"; readonly reason: string };

/** Who wants the rules to be read anew. */
export interface Asker {
  /** Id of an account, or `system`. */
  readonly actor: string;
  /** Whose account it is; other tenants are not told of it. */
  readonly tenant?: string;
}

/** Files have changed, or a signal came. */
export const SYSTEM: Asker = { actor: "system" };

export interface RuleSwapParts {
  readonly first: Detection;
  readonly load: (pace: Pace) => Promise<RuleSet>;
  readonly prepare: (rules: RuleSet, pace: Pace) => Promise<Detection>;
  /** Called in the same turn in which the new rules begin to hold. */
  readonly onSwap: (detection: Detection) => void;
  /** Writes down who changed the rules. */
  readonly onChanged: (change: RuleChange, by: Asker) => Promise<void>;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface RuleSwap {
  /** All that detects now. */
  readonly current: Detection;
  /** For one batch of the detect stage. */
  rules(): DetectRules;
  /** Reads the rules anew; attempts that wait are one. Never rejects. */
  reload(by: Asker): Promise<Reload>;
  /** Waits for what is at hand. */
  close(): Promise<void>;
}

export function createRuleSwap(parts: RuleSwapParts): RuleSwap {
  const recent = createRecentEvents();
  let current = parts.first;
  /** As it was made, without what is told of folders that can't be read now. */
  let own = parts.first;
  let sampled = samplingRules(current, recent.add);
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<Reload> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const take = (detection: Detection) => {
    current = detection;
    own = detection;
    sampled = samplingRules(detection, recent.add);
    parts.onSwap(detection);
    reloadAt(detection.rules.validUntil);
  };
  const reloadAt = (time: number | undefined) => {
    clearTimeout(timer);
    if (time === undefined || isClosed) return;
    const waitMs = Math.min(TIMER_MS_MAX, Math.max(TIMER_MS_MIN, time - parts.now()));
    timer = setTimeout(() => swap.reload(SYSTEM), waitMs);
    timer.unref();
  };
  const attempt = async (by: Asker): Promise<Reload> => {
    if (isClosed) return { kind: "unchanged" };
    try {
      const before = own;
      const tried = await tryReload(parts, before, recent.all);
      if ("next" in tried) {
        take(tried.next);
        tellChange(parts, before, tried.next, tried.change, by);
        await parts.onChanged(tried.change, by);
        return { kind: "changed", change: tried.change };
      }
      current = "faults" in tried ? { ...own, faults: [...own.faults, ...tried.faults] } : own;
      if ("validUntil" in tried) {
        reloadAt(tried.validUntil);
        return { kind: "unchanged" };
      }
      reloadAt(parts.now() + RETRY_MS);
      const reason = reasonOf(tried.faults);
      parts.logger.error({ reason }, "rules can't be read, the old ones hold on");
      return { kind: "kept", reason };
    } catch (error) {
      const reason = messageOf(error);
      parts.logger.error({ err: error }, "the rules could not be changed, the old ones hold on");
      return { kind: "kept", reason };
    }
  };
  const swap: RuleSwap = {
    get current() {
      return current;
    },
    rules: () => sampled,
    reload(by) {
      waiting ??= running.then(() => {
        waiting = undefined;
        return attempt(by);
      });
      running = waiting;
      return waiting;
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
  take(parts.first);
  return swap;
}

type Tried =
  | { readonly next: Detection; readonly change: RuleChange }
  | { readonly faults: readonly RuleFault[] }
  /** Nothing has changed. */
  | { readonly validUntil: number | undefined };

async function tryReload(
  parts: RuleSwapParts,
  before: Detection,
  recent: () => readonly LogEvent[],
): Promise<Tried> {
  const pace = createPace();
  const rules = await parts.load(pace);
  // What can't be read now is likelier to be a fault of a disk or a checkout under way than the wish to
  // have no rules any more.
  const lost = rules.unread.filter((path) => !before.rules.unread.includes(path));
  if (lost.length > 0) return { faults: rules.faults.filter(({ place }) => lost.includes(place)) };
  const change = await changeBetween(before.rules, rules, pace);
  const { added, removed, changed, hasOtherFaults } = change;
  if (added.length + removed.length + changed.length === 0 && !hasOtherFaults) {
    return { validUntil: rules.validUntil };
  }
  const next = await parts.prepare(rules, pace);
  for (const event of recent()) {
    next.engine.match(event);
    const others = pace();
    if (others !== undefined) await others;
  }
  return { next, change };
}

function tellChange(
  { logger }: RuleSwapParts,
  before: Detection,
  next: Detection,
  { added, removed, changed }: RuleChange,
  by: Asker,
): void {
  const first = (ids: readonly string[]) => ids.slice(0, IDS_TOLD_MAX);
  const ids = { added: first(added), removed: first(removed), changed: first(changed) };
  const faults = [...next.rules.faults, ...next.faults];
  logger.info(
    { by: by.actor, ...ids, rules: next.engine.rules.length, faults: faults.length },
    `rules changed: +${added.length} −${removed.length} ~${changed.length}`,
  );
  const known = new Set([...before.rules.faults, ...before.faults].map(faultText));
  for (const fault of faults) {
    if (!known.has(faultText(fault))) logger.warn({ ...fault }, "a rule was left out");
  }
}

function reasonOf(faults: readonly RuleFault[]): string {
  return faults.map(({ place, message }) => `${place}: ${message}`).join("; ");
}

function faultText({ code, place, message }: RuleFault): string {
  return JSON.stringify([code, place, message]);
}

function samplingRules({ detect }: Detection, add: (event: LogEvent) => void): DetectRules {
  return {
    ...detect,
    match(event) {
      add(event);
      return detect.match(event);
    },
  };
}
