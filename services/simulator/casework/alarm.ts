// Draws one alarm of a kind: its machine, account or address, its events, and what a model would have seen.
import { createHash } from "node:crypto";
import type { Anomaly, Driver } from "../../../detectors/anomaly/anomaly.ts";
import type { Entity } from "../../../detectors/detector.ts";
import type { Random } from "../random.ts";
import { HOUR, MINUTE, SECOND } from "../world.ts";
import type { AlarmKind } from "./alarm-kinds.ts";
import type { PastAlarm } from "./past.ts";
import { drawEntities } from "./scenery.ts";

const SIGNALS_MAX = 6;
/** From an event to its alarm. */
const RAISED_SECONDS_MAX = 40;
const ID_CHARACTERS = 32;
const PICTURE_HOURS = 24;
/** An anomaly of this kind comes about once in so many windows where nothing is wrong. */
const TAIL_MIN = 2e-7;

export interface AlarmAsk {
  readonly kind: AlarmKind;
  /** Unlike any other in this past. */
  readonly name: string;
  /** ms UTC. */
  readonly at: number;
  /** Left out: drawn. */
  readonly entities?: readonly Entity[] | undefined;
}

export function drawAlarm(
  random: Random,
  seed: string,
  { kind, name, at, entities = drawEntities(random, kind.place) }: AlarmAsk,
): PastAlarm {
  const last = Math.round(at - random.int(2, RAISED_SECONDS_MAX) * SECOND);
  const eventTimes = [last];
  for (let left = random.int(0, SIGNALS_MAX - 1); left > 0; left -= 1) {
    eventTimes.unshift(Math.round((eventTimes[0] ?? last) - random.int(3, 240) * SECOND));
  }
  const [field, value, pattern] = kind.seen;
  return {
    id: createHash("sha256").update(`${seed}/${name}`).digest("hex").slice(0, ID_CHARACTERS),
    detector: detectorOf(random, kind, last, entities),
    raisedAt: Math.round(at),
    eventTimes,
    source: kind.source,
    entities,
    matched: field === "" ? [] : [{ field, value, operator: "contains", pattern }],
    document: documentOf(entities, field, value),
  };
}

function documentOf(entities: readonly Entity[], field: string, value: string) {
  const textOf = (type: Entity["type"]) => entities.find((one) => one.type === type)?.value;
  const known = {
    "host.name": textOf("host"),
    "user.name": textOf("account"),
    "source.ip": textOf("address"),
  };
  const present = Object.entries(known).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  );
  return {
    "event.kind": "event",
    ...Object.fromEntries(present),
    ...(field === "" ? {} : { message: `${field}: ${value}` }),
  };
}

function detectorOf(
  random: Random,
  { rule, model, source }: AlarmKind,
  time: number,
  [entity]: readonly Entity[],
): PastAlarm["detector"] {
  if (model === undefined || entity === undefined) return { rule: rule ?? "" };
  const [detector, kind, feature] = model;
  const told: Anomaly = {
    ...{ detector, kind, entity, time, source, from: time - HOUR, events: [] },
    tail: TAIL_MIN * (1 + 20 * random.next()),
    ...drivenBy(random, feature, time),
  };
  return { model: detector, told };
}

/** What was seen, beside what is usual: of counts with a picture. */
function drivenBy(
  random: Random,
  feature: string,
  time: number,
): Pick<Anomaly, "drivers" | "picture"> {
  const base = { feature, against: "own", share: 1 } as const;
  if (feature === "rarity.process") {
    const seen = `werkzeug${random.int(2, 60)}.exe`;
    return {
      drivers: [{ ...base, seen, expected: ["winword.exe", "outlook.exe"], against: "peers" }],
    };
  }
  const expected = random.int(20, 60);
  const seen = expected * random.int(6, 15);
  const limit = expected * 2;
  const driver: Driver = { ...base, seen, expected, limit };
  const quiet = Array.from({ length: PICTURE_HOURS - 1 }, () =>
    Math.max(0, Math.round(random.normal(expected, expected / 5))),
  );
  const picture = {
    ...{ feature, from: time - PICTURE_HOURS * HOUR, stepMs: 60 * MINUTE },
    values: [...quiet, seen],
    low: Array<number>(PICTURE_HOURS).fill(0),
    high: Array<number>(PICTURE_HOURS).fill(limit),
  };
  return { drivers: [driver], picture };
}
