// First seen and rare: an entity shows up with a value (host, program, country, …) that it never had, and
// that its peers do not have either. Novelty is everyday life, so each new value is weighed by how often
// entities have anything new at all, and by how many others have this very value.
import type { Entity } from "../../detector.ts";
import { createStateWriter, readState } from "../../network/state.ts";
import type { Activity } from "../activity.ts";
import type { AnomalyDetector } from "../anomaly.ts";
import {
  createDayEvidence,
  DAY_MS,
  type DayOptions,
  type Evidence,
} from "../behaviour/day-evidence.ts";
import { createTopValues } from "../behaviour/top-values.ts";
import { createDecayedCounts, type Sighted } from "./decayed-counts.ts";
import { createNoveltyRates } from "./novelty-rates.ts";
import { type Sighting, sightingsOf } from "./sightings.ts";

/** How the rarity detector remembers and speaks. */
export interface RarityOptions extends DayOptions {
  /** Pairs and values remembered at most. */
  readonly keysMax: number;
  /** Aspects and peer groups that have rates and usual values of their own. */
  readonly groupsMax: number;
}

const RARITY_DEFAULTS: RarityOptions = {
  ...{ keysMax: 1_000_000, groupsMax: 4_096, entitiesMax: 100_000 },
  ...{ tailMax: 1e-3, quietMs: 14 * DAY_MS, halfLifeMs: 30 * DAY_MS },
};

/** What one sighting adds to the day of an entity. */
interface Piece {
  readonly entity: Entity;
  readonly evidence: Evidence;
}

const STATE_VERSION = 2;
/** Who uses the VPN for the first time has a new host, source and method at once: one cause, counted once. */
const SAME_EVENT_SHARE = 0.25;
/** An entity that is known for less has only new things: that it is new is the logon detector's to say. */
const ESTABLISHED_MS = 4 * DAY_MS;
/** Weight of what all others do, in entities of the peer group. */
const ALL_WEIGHT = 0.5;
/** A value that nobody ever had counts as had by so much of one entity. */
const UNSEEN_WEIGHT = 0.1;

/** A detector of new and rare values. */
export function createRarity(given: Partial<RarityOptions> = {}): AnomalyDetector<Activity> {
  const options = { ...RARITY_DEFAULTS, ...given };
  const counts = createDecayedCounts(options);
  const rates = createNoveltyRates(options.groupsMax, options.halfLifeMs);
  const usual = createTopValues(options.groupsMax);
  const evidence = createDayEvidence("rarity", options);

  /** How many others have the value, as a share of the group: its own group first, then all. */
  const share = (sighting: Sighting, time: number): number => {
    const { aspect, peers, value, entity } = sighting;
    const kind = `${aspect} ${entity.type}`;
    const have = (group: string) => counts.get(`${kind}\u0000${group}\u0000=${value}`, time);
    const size = (group: string) => counts.get(`${kind}\u0000${group}`, time);
    const all = (have("") + UNSEEN_WEIGHT) / (size("") + 1);
    if (peers === "") return all;
    return (have(peers) + ALL_WEIGHT * all) / (size(peers) + ALL_WEIGHT);
  };

  /** Each entity counts once in its group and in all, as fresh as it was seen last. */
  const countIn = (kind: string, peers: string, what: string, seen: Sighted, time: number) => {
    const { last } = seen;
    if (last !== undefined && Math.floor(last / DAY_MS) === Math.floor(time / DAY_MS)) return;
    const amount = last === undefined ? 1 : 1 - 2 ** (-(time - last) / options.halfLifeMs);
    if (!(amount > 0)) return;
    counts.add(`${kind}\u0000${what}`, time, amount);
    if (peers !== "") counts.add(`${kind}\u0000${peers}${what}`, time, amount);
  };

  const judge = (sighting: Sighting, time: number): readonly Piece[] => {
    const { aspect, stream, peers, value, entity } = sighting;
    const kind = `${aspect} ${entity.type}`;
    const who = `${kind}\u0000${entity.value}`;
    evidence.touch(entity, time);
    const known = counts.add(`@${who}`, time);
    countIn(kind, peers, "", known, time);
    const isEstablished = known.first !== undefined && time - known.first >= ESTABLISHED_MS;
    if (isEstablished) rates.active(stream, peers, who);
    const pair = counts.add(`${who}\u0000=${value}`, time);
    usual.add(`${kind}\u0000${peers}`, value);
    const part = pair.first === undefined ? Math.min(1, share(sighting, time)) : 1;
    countIn(kind, peers, `\u0000=${value}`, pair, time);
    if (pair.first !== undefined) return [];
    const rarity = -Math.log(part);
    if (!isEstablished) return [];
    const surprise = rates.novel(stream, peers, who, rarity);
    const expected = usual.usual(`${kind}\u0000${peers}`).filter((other) => other !== value);
    return [{ entity, evidence: evidenceOf(sighting, surprise, expected) }];
  };

  return {
    observe(activity) {
      const { time } = activity;
      if (!Number.isFinite(time)) return [];
      evidence.roll(time);
      rates.roll(time);
      const pieces = sightingsOf(activity).flatMap((sighting) => judge(sighting, time));
      return oneCause(pieces).flatMap((piece) =>
        evidence.add(piece.entity, piece.evidence, activity),
      );
    },
    advance(time) {
      if (Number.isFinite(time)) {
        evidence.roll(time);
        rates.roll(time);
      }
      return [];
    },
    store() {
      const writer = createStateWriter(STATE_VERSION);
      for (const part of [counts, rates, usual, evidence]) part.write(writer);
      return writer.pieces();
    },
    restore(pieces) {
      readState(pieces, STATE_VERSION, "rarity", (reader) => {
        for (const part of [counts, rates, usual, evidence]) part.read(reader);
      });
    },
    takeScores: () => evidence.takeScores(),
    peekScores: () => evidence.peekScores(),
    get keys() {
      return counts.keys + evidence.keys;
    },
    get evicted() {
      return counts.evicted + evidence.evicted;
    },
  };
}

function evidenceOf(
  { aspect, peers, value }: Sighting,
  surprise: number,
  expected: readonly string[],
): Evidence {
  return {
    ...{ kind: `rare_${aspect}`, surprise },
    driver: {
      ...{ feature: `rarity.${aspect}`, seen: value },
      expected: expected.length > 0 ? expected : undefined,
      against: peers === "" ? "all" : "peers",
    },
  };
}

/** Of several pieces of one event and entity only the most surprising counts whole. */
function oneCause(pieces: readonly Piece[]): readonly Piece[] {
  if (pieces.length < 2) return pieces;
  const most = new Map<string, number>();
  for (const { entity, evidence } of pieces)
    most.set(entity.type, Math.max(most.get(entity.type) ?? 0, evidence.surprise));
  return pieces.map(({ entity, evidence }) => {
    const isMost = evidence.surprise === most.get(entity.type);
    if (isMost) most.delete(entity.type);
    const surprise = isMost ? evidence.surprise : evidence.surprise * SAME_EVENT_SHARE;
    return { entity, evidence: { ...evidence, surprise } };
  });
}
