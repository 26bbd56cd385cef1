// Events whose number says their id, hour and data class, so that a reader can tell what is missing.
import type { PlacedEvents } from "../../../services/archive/appender.ts";

const NOON = Date.UTC(2026, 10, 21, 12);

/** Offsets first … last. */
export function numberedEvents(first: number, last: number): PlacedEvents {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const offset = first + index;
    return {
      offset,
      event: {
        id: `e${String(offset).padStart(6, "0")}`,
        time: NOON + (offset % 3) * 3_600_000 + offset,
        source: "s",
        dataClass: offset % 2 === 0 ? "security" : "network",
        document: { "@timestamp": "x", "host.name": `h${offset % 50}` },
      },
    };
  });
}
