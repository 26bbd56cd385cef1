// Finds scans: a source that tries many ports or many addresses within ten minutes, most of all in vain.
import type { Activity } from "../../anomaly/activity.ts";
import type { AnomalyDetector } from "../../anomaly/anomaly.ts";
import { addDistinct, distinctCount } from "../distinct-count.ts";
import { boundedKey, hashText } from "../recent-table.ts";
import {
  addExample,
  createWindowDetector,
  type Window,
  type WindowKind,
  type WindowOptions,
} from "../window-detector.ts";

/** Fewer different targets are no scan. */
const TARGETS_MIN = 10;
/** What a target counts that answered, beside one that did not. */
const ANSWERED_PART = 0.2;
const FLOWS = 0;
const FAILED = 1;

const SCAN_DEFAULTS: WindowOptions = { windowMs: 600_000, keysMax: 100_000, tailMax: 1e-3 };

export function createScanDetector(
  options: Partial<WindowOptions> = {},
): AnomalyDetector<Activity> {
  return createWindowDetector(SCAN, { ...SCAN_DEFAULTS, ...options });
}

const SCAN: WindowKind = {
  detector: "scan",
  sums: 2,
  distinct: 3,
  keyOf: (activity) => (activity.kind === "flow" ? boundedKey(activity.from) : undefined),
  add(window, activity) {
    if (activity.kind !== "flow") return;
    const [targets, hosts, ports] = window.distinct;
    if (targets === undefined || hosts === undefined || ports === undefined) return;
    addDistinct(targets, hashText(`${activity.to}:${activity.port}`));
    addDistinct(hosts, hashText(activity.to));
    addDistinct(ports, hashText(String(activity.port)));
    window.sums[FLOWS] = (window.sums[FLOWS] ?? 0) + 1;
    const isAnswered = activity.allowed !== false && activity.bytesIn > 0;
    if (!isAnswered) window.sums[FAILED] = (window.sums[FAILED] ?? 0) + 1;
    addExample(window, boundedKey(`${activity.to}:${activity.port}`));
  },
  measure(window) {
    const { targets, failed } = read(window);
    return targets < TARGETS_MIN
      ? undefined
      : Math.log1p(targets * (ANSWERED_PART + (1 - ANSWERED_PART) * failed));
  },
  describe(key, window) {
    const { targets, hosts, ports, failed } = read(window);
    return {
      kind: ports > hosts ? "port_scan" : "address_scan",
      entity: { type: "address", value: key },
      drivers: [
        { feature: "scan.targets", seen: Math.round(targets) },
        { feature: "scan.hosts", seen: Math.round(hosts) },
        { feature: "scan.ports", seen: Math.round(ports) },
        { feature: "scan.failed_share", seen: Math.round(failed * 100) / 100 },
        { feature: "scan.examples", seen: window.examples.join(" ") },
      ],
    };
  },
};

function read({ sums, distinct }: Window) {
  const [targets = 0, hosts = 0, ports = 0] = distinct.map(distinctCount);
  return { targets, hosts, ports, failed: (sums[FAILED] ?? 0) / Math.max(1, sums[FLOWS] ?? 0) };
}
