// Which pairs of an entity and a value an activity shows: the table of what can be new or rare.
import type { Entity } from "../../detector.ts";
import type { Activity } from "../activity.ts";
import { boundedText } from "../behaviour/bounded-text.ts";

/** One entity has been seen with one value. */
export interface Sighting {
  /** What kind of value: `host`, `process`, … */
  readonly aspect: string;
  /** Whose novelty is usual for whom: aspects with the same stream have one rate of new values. */
  readonly stream: string;
  readonly entity: Entity;
  /** Entities that it is compared with; empty: all. */
  readonly peers: string;
  readonly value: string;
}

/** The sightings of an activity; values that are empty tell nothing. */
export function sightingsOf(activity: Activity): readonly Sighting[] {
  const sightings: Sighting[] = [];
  const add = (
    aspect: string,
    type: Entity["type"],
    entity: string | undefined,
    value: string | undefined,
    peers?: string,
    stream = aspect,
  ) => {
    if (entity === undefined || value === undefined || entity === "" || value === "") return;
    sightings.push({
      ...{ aspect, stream: boundedText(stream), peers: boundedText(peers ?? "") },
      ...{ entity: { type, value: boundedText(entity) }, value: boundedText(value) },
    });
  };
  switch (activity.kind) {
    case "logon": {
      // What failed was not had; failures are counted by the volume detector.
      if (!activity.succeeded) break;
      const { account, peers, method } = activity;
      add("host", "account", account, activity.host, peers);
      // Addresses of a VPN change daily, workstations do not: each method has its own rate of new sources.
      add("source", "account", account, activity.from, peers, `source ${method ?? ""}`);
      add("country", "account", account, activity.country, peers);
      add("method", "account", account, method, peers);
      break;
    }
    case "process": {
      add("process", "account", activity.account, activity.process, activity.peers);
      add("process", "host", activity.host, activity.process);
      if (activity.parent !== undefined)
        add("parent", "host", activity.host, `${activity.parent} > ${activity.process}`);
      break;
    }
    case "flow":
      if (activity.allowed !== false)
        add("destination", "address", activity.from, `${activity.to}:${activity.port}`);
      break;
    case "dns":
      add("name", "address", activity.from, activity.name);
      break;
    case "web":
      add("user_agent", "address", activity.from, activity.userAgent);
      break;
    case "deed":
      if (activity.deed === "service" || activity.deed === "task")
        add(activity.deed, "host", activity.host, activity.object);
      break;
  }
  return sightings;
}
