// How often entities have something new that is at least so rare: per stream of values the share of their
// peers' active days, with all entities as prior: a help desk has news every day, a registry has not. Where
// each day brings something nobody ever had, as addresses of a VPN do, that is no news; where new hosts are
// always ones that colleagues have, one that none has is.
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";
import { DAY_MS } from "../behaviour/day-evidence.ts";
import { readNumbers, writeNumbers } from "../behaviour/evidence-state.ts";

export interface NoveltyRates {
  /** The entity of this peer group is active in the stream on this day. */
  active(stream: string, peers: string, entity: string): void;
  /**
   * The entity has something new today, of this rarity (−ln of the share of its peers that have it). Gives
   * what that adds to the day's surprise, nats.
   */
  novel(stream: string, peers: string, entity: string, rarity: number): number;
  /** Learns the day that is over. */
  roll(time: number): void;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

interface Stream {
  /** Faded entity-days, and those whose rarest news fell into each nat of rarity. */
  days: number;
  readonly rarities: Float64Array;
  /** The rarest news of each entity today; −1: active without any. */
  readonly today: Map<string, number>;
}

const NATS = 16;
/** Entities of one stream and day that are counted; more change the rate no more. */
const TODAY_MAX = 20_000;
/** Before anything is learnt news of rarity x have the probability exp(−x): worth so many days. */
const PRIOR_DAYS = 5;
/** So many entity-days of all stand for what is unknown of the peers. */
const ALL_DAYS = 100;
/** Further news of one day have one cause with the rarest: what they add is halved. */
const FURTHER_SHARE = 0.5;
/** News less probable than this (nats) are hardly learnt: they may be an attack. */
const DOUBTFUL = 7;
const DOUBTFUL_WEIGHT = 0.2;

/** Rates of at most so many streams; the one not seen for longest gives way. */
export function createNoveltyRates(streamsMax: number, halfLifeMs: number): NoveltyRates {
  const all = createStreams(streamsMax);
  const groups = createStreams(streamsMax);
  let day = Number.NEGATIVE_INFINITY;
  /** The stream of all, and the one of the peers. */
  const streamsOf = (name: string, peers: string): readonly [Stream, Stream] => [
    all.of(name),
    groups.of(`${name}\u0000${peers}`),
  ];
  return {
    active(name, peers, entity) {
      for (const { today } of streamsOf(name, peers))
        if (!today.has(entity) && today.size < TODAY_MAX) today.set(entity, -1);
    },
    novel(name, peers, entity, rarity) {
      const [wide, group] = streamsOf(name, peers);
      const before = group.today.get(entity) ?? wide.today.get(entity) ?? -1;
      for (const { today } of [wide, group])
        if (today.size < TODAY_MAX || today.has(entity))
          today.set(entity, Math.max(before, rarity));
      const surprise = (of: number) => surpriseOf(group, wide, of);
      if (before < 0) return surprise(rarity);
      const [low, high] = [Math.min(before, rarity), Math.max(before, rarity)];
      // The larger counts whole, the smaller by half of what it says of its own.
      const whole = surprise(high) - surprise(before);
      return Math.max(0, whole) + FURTHER_SHARE * Math.min(low, surprise(low));
    },
    roll(time) {
      const now = Math.floor(time / DAY_MS);
      if (!(now > day)) return;
      const factor = 2 ** (-DAY_MS / halfLifeMs);
      for (const { streams } of [all, groups])
        for (const stream of streams.values()) learnDay(stream, factor);
      day = now;
    },
    write(writer) {
      writer.float(day);
      for (const { streams } of [all, groups]) writeStreams(writer, streams);
    },
    read(reader) {
      day = reader.float();
      for (const { streams } of [all, groups]) readStreams(reader, streams);
    },
  };
}

/** Streams by name, the one not seen for longest giving way. */
function createStreams(streamsMax: number) {
  const streams = new RecencyMap<string, Stream>();
  const of = (name: string): Stream => {
    const stream = streams.get(name) ?? emptyStream();
    streams.set(name, stream);
    const { oldest } = streams;
    if (streams.size > streamsMax && oldest !== undefined) streams.delete(oldest);
    return stream;
  };
  return { streams, of };
}

function writeStreams(writer: StateWriter, streams: RecencyMap<string, Stream>): void {
  writer.count(streams.size);
  for (const [name, { days, rarities, today }] of streams) {
    writer.text(name);
    writer.float(days);
    writeNumbers(writer, rarities);
    writer.count(today.size);
    for (const [entity, rarity] of today) {
      writer.text(entity);
      writer.float(rarity);
    }
  }
}

function readStreams(reader: StateReader, streams: RecencyMap<string, Stream>): void {
  streams.clear();
  for (let left = reader.count(); left > 0; left -= 1) {
    const name = reader.text();
    const days = reader.float();
    const rarities = readNumbers(reader);
    if (rarities.length !== NATS) throw new RangeError("a stream of another length");
    const today = new Map<string, number>();
    for (let entities = reader.count(); entities > 0; entities -= 1)
      today.set(reader.text(), reader.float());
    streams.set(name, { days, rarities, today });
  }
}

function emptyStream(): Stream {
  return { days: 0, rarities: new Float64Array(NATS), today: new Map() };
}

function binOf(rarity: number): number {
  return Math.max(0, Math.min(NATS - 1, Math.floor(rarity)));
}

/** −ln of the share of the peers' entity-days with news at least so rare. */
function surpriseOf(group: Stream, all: Stream, rarity: number): number {
  const wide = shareOf(all, rarity, Math.exp(-rarity), PRIOR_DAYS);
  return Math.max(0, -Math.log(Math.min(1, shareOf(group, rarity, wide, ALL_DAYS))));
}

function shareOf({ days, rarities }: Stream, rarity: number, prior: number, weight: number) {
  let atLeast = 0;
  for (let bin = binOf(rarity); bin < NATS; bin += 1) atLeast += rarities[bin] ?? 0;
  return (atLeast + weight * prior) / (days + weight);
}

function learnDay(stream: Stream, factor: number): void {
  const { rarities, today } = stream;
  const news = [...today.values()].filter((rarity) => rarity >= 0);
  const weights = news.map((rarity) =>
    -Math.log(shareOf(stream, rarity, Math.exp(-rarity), PRIOR_DAYS)) > DOUBTFUL
      ? DOUBTFUL_WEIGHT
      : 1,
  );
  stream.days = stream.days * factor + today.size;
  for (let bin = 0; bin < NATS; bin += 1) rarities[bin] = (rarities[bin] ?? 0) * factor;
  for (const [at, rarity] of news.entries())
    rarities[binOf(rarity)] = (rarities[binOf(rarity)] ?? 0) + (weights[at] ?? 1);
  today.clear();
}
