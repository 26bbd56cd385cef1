// Finds exfiltration: a host that sends far more out in an hour than it and its like do at such hours. What
// goes to a destination that the host never used before counts more.
import type { Activity } from "../../anomaly/activity.ts";
import type { AnomalyDetector } from "../../anomaly/anomaly.ts";
import { boundedKey, createRecentTable, soundAmount } from "../recent-table.ts";
import {
  addExample,
  createWindowDetector,
  type WindowKind,
  type WindowOptions,
} from "../window-detector.ts";

/** Less than this in an hour is nothing that anybody would look for. */
const BYTES_MIN = 1_000_000;
/** A byte to a new destination counts as so many more. */
const NEW_FACTOR = 2;
const HOUR_MS = 3_600_000;
const BYTES = 0;
const NEW_BYTES = 1;

export interface ExfiltrationOptions extends WindowOptions {
  /** Pairs of host and destination that are remembered. */
  readonly destinationsMax: number;
  /** Whether an address is the site's own: what is sent there does not leave. */
  readonly isOwn: (address: string) => boolean;
}

const EXFILTRATION_DEFAULTS: ExfiltrationOptions = {
  ...{ windowMs: HOUR_MS, keysMax: 100_000, tailMax: 1e-3, destinationsMax: 500_000 },
  isOwn: (address) => PRIVATE.test(address),
};

/** RFC 1918, RFC 4193, link-local and loopback. */
const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.|169\.254\.|f[cd]|fe80:|::1$)/i;

export function createExfiltrationDetector(
  options: Partial<ExfiltrationOptions> = {},
): AnomalyDetector<Activity> {
  const settings = { ...EXFILTRATION_DEFAULTS, ...options };
  // When a host first used a destination: for the rest of that hour it is new.
  const known = createRecentTable<number>(settings.destinationsMax);
  const kind: WindowKind = {
    detector: "exfiltration",
    sums: 2,
    distinct: 0,
    keyOf: (activity) =>
      activity.kind === "flow" && !settings.isOwn(activity.to)
        ? boundedKey(activity.from)
        : undefined,
    add(window, activity) {
      if (activity.kind !== "flow") return;
      const bytes = soundAmount(activity.bytesOut);
      const pair = boundedKey(`${activity.from}>${activity.to}`);
      const hour = Math.floor(activity.time / HOUR_MS);
      const first = known.get(pair) ?? hour;
      known.set(pair, first);
      window.sums[BYTES] = (window.sums[BYTES] ?? 0) + bytes;
      if (first === hour) window.sums[NEW_BYTES] = (window.sums[NEW_BYTES] ?? 0) + bytes;
      if (bytes * 4 > (window.sums[BYTES] ?? 0)) addExample(window, boundedKey(activity.to));
    },
    measure({ sums: [bytes = 0, fresh = 0] }) {
      return bytes < BYTES_MIN ? undefined : Math.log1p(bytes + NEW_FACTOR * fresh);
    },
    describe(key, { sums: [bytes = 0, fresh = 0], examples }) {
      return {
        kind: "bytes_out",
        entity: { type: "address", value: key },
        drivers: [
          { feature: "exfiltration.bytes", seen: bytes },
          { feature: "exfiltration.bytes_to_new", seen: fresh },
          { feature: "exfiltration.destinations", seen: examples.join(" ") },
        ],
      };
    },
    store(writer) {
      writer.count(known.size);
      for (const [pair, hour] of known.entries()) {
        writer.text(pair);
        writer.float(hour);
      }
    },
    restore(reader) {
      known.clear();
      for (let left = reader.count(); left > 0; left -= 1) known.set(reader.text(), reader.float());
    },
  };
  return createWindowDetector(kind, settings);
}
