// Cuts the stream of activities into days of accounts, hosts and addresses, and gives each finished day as a
// row of features. The detector judges these rows, training learns from the same.
import type { Entity } from "../../detector.ts";
import type { EventReference } from "../../keyed.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";
import type { Activity } from "../activity.ts";
import { boundedText } from "../behaviour/bounded-text.ts";
import { createDecayedCounts } from "../rarity/decayed-counts.ts";
import { createBaselines, type Scaled } from "./baselines.ts";
import {
  addToWindow,
  type DayWindow,
  emptyWindow,
  finalAmounts,
  readWindow,
  writeWindow,
} from "./day-window.ts";

const DAY_MS = 86_400_000;

/** What windows remember. */
export interface WindowOptions {
  /** Entities whose day and whose past are remembered. */
  readonly entitiesMax: number;
  /** Pairs of an entity and a value that are remembered. */
  readonly keysMax: number;
  readonly halfLifeMs: number;
}

export const WINDOW_DEFAULTS: WindowOptions = {
  ...{ entitiesMax: 20_000, keysMax: 262_144, halfLifeMs: 30 * DAY_MS },
};

/** A finished day of an entity that is known for some days. */
export interface FinishedWindow extends Scaled {
  readonly entity: Entity;
  readonly from: number;
  readonly amounts: Float64Array;
  readonly events: readonly EventReference[];
  readonly source: string;
}

export interface Windows {
  /** Activities in the order of time; gives the days that ended before it. */
  observe(activity: Activity): readonly FinishedWindow[];
  advance(time: number): readonly FinishedWindow[];
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** An entity shows what is usual of it only after so many days. */
const DAYS_MIN = 4;

export function createWindows(given: Partial<WindowOptions> = {}): Windows {
  const options = { ...WINDOW_DEFAULTS, ...given };
  const counts = createDecayedCounts(options);
  const baselines = createBaselines(options.entitiesMax);
  const open = new RecencyMap<string, DayWindow>();
  let day = Number.NaN;
  let evicted = 0;

  const windowOf = (entity: Entity, time: number): DayWindow => {
    const key = `${entity.type}\u0000${entity.value}`;
    const found = open.get(key);
    if (found !== undefined) return found;
    const { first } = counts.add(key, time);
    const window = emptyWindow(entity, first !== undefined && time - first >= DAYS_MIN * DAY_MS);
    open.set(key, window);
    if (open.size > options.entitiesMax) {
      const { oldest } = open;
      if (oldest !== undefined && open.delete(oldest)) evicted += 1;
    }
    return window;
  };

  const roll = (time: number): readonly FinishedWindow[] => {
    const now = Math.floor(time / DAY_MS) * DAY_MS;
    if (Number.isNaN(day)) day = now;
    if (now <= day) return [];
    const finished: FinishedWindow[] = [];
    const learnt: (() => void)[] = [];
    for (const [key, window] of open) {
      const { entity, events, source } = window;
      if (!window.isActive) continue;
      const amounts = finalAmounts(window, day);
      const group = `${entity.type}\u0000${window.peers}`;
      const scaled = baselines.scale(key, group, amounts);
      if (scaled.days >= DAYS_MIN)
        finished.push({ ...scaled, entity, from: day, amounts, events, source });
      learnt.push(() => baselines.learn(key, group, amounts));
    }
    // Nobody is compared with what its peers did on the same day: that may be the attack.
    for (const learn of learnt) learn();
    open.clear();
    day = now;
    return finished;
  };

  return {
    observe(activity) {
      if (!Number.isFinite(activity.time)) return [];
      const finished = roll(activity.time);
      for (const { entity, peers } of entitiesOf(activity))
        addToWindow(windowOf(entity, activity.time), activity, peers, counts);
      return finished;
    },
    advance: (time) => (Number.isFinite(time) && !Number.isNaN(day) ? roll(time) : []),
    get keys() {
      return counts.keys + baselines.keys + open.size;
    },
    get evicted() {
      return counts.evicted + baselines.evicted + evicted;
    },
    write(writer) {
      writer.float(day);
      writer.float(evicted);
      counts.write(writer);
      baselines.write(writer);
      writer.count(open.size);
      for (const window of open.values()) writeWindow(writer, window);
    },
    read(reader) {
      day = reader.float();
      evicted = reader.float();
      counts.read(reader);
      baselines.read(reader);
      open.clear();
      for (let left = reader.count(); left > 0; left -= 1) {
        const window = readWindow(reader);
        open.set(`${window.entity.type}\u0000${window.entity.value}`, window);
      }
    },
  };
}

/** Whose day an activity belongs to, and whom each is compared with. */
function entitiesOf(
  activity: Activity,
): readonly { readonly entity: Entity; readonly peers: string }[] {
  const found: { entity: Entity; peers: string }[] = [];
  const add = (type: Entity["type"], value: string | undefined, peers = "") => {
    if (value === undefined || value === "") return;
    found.push({ entity: { type, value: boundedText(value) }, peers: boundedText(peers) });
  };
  switch (activity.kind) {
    case "logon":
    case "process":
    case "deed":
      add("account", activity.account, activity.peers);
      add("host", activity.host);
      break;
    default:
      add("address", activity.from);
  }
  return found;
}
