// Finds DNS tunnels: data that is smuggled out in the names that a host asks for. Measured is how much a
// host's different names under one domain could carry in an hour.
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

const NAME_CHARS_MAX = 253;
/** Fewer different names are no tunnel. */
const NAMES_MIN = 10;
/** Answers of these types carry free text or raw bytes back. */
const CARRIERS: ReadonlySet<string> = new Set([
  "TXT",
  "NULL",
  "PRIVATE",
  "KEY",
  "SRV",
  "MX",
  "CNAME",
]);
const CARRIER_FACTOR = 2;
const BETWEEN = ">";

/** Places in the sums of a window. */
const QUERIES = 0;
const BITS = 1;
const CARRYING = 2;

const TUNNEL_DEFAULTS: WindowOptions = {
  windowMs: 3_600_000,
  keysMax: 200_000,
  tailMax: 1e-3,
};

export function createTunnelDetector(
  options: Partial<WindowOptions> = {},
): AnomalyDetector<Activity> {
  return createWindowDetector(TUNNEL, { ...TUNNEL_DEFAULTS, ...options });
}

const TUNNEL: WindowKind = {
  detector: "tunnel",
  sums: 3,
  distinct: 1,
  keyOf(activity) {
    if (activity.kind !== "dns") return undefined;
    const { sub, domain } = divided(activity.name);
    return sub === "" ? undefined : `${boundedKey(activity.from)}${BETWEEN}${domain}`;
  },
  add(window, activity) {
    if (activity.kind !== "dns") return;
    const { sub } = divided(activity.name);
    const [names] = window.distinct;
    if (names !== undefined) addDistinct(names, hashText(sub));
    window.sums[QUERIES] = (window.sums[QUERIES] ?? 0) + 1;
    window.sums[BITS] = (window.sums[BITS] ?? 0) + bitsOf(sub);
    if (CARRIERS.has(activity.type ?? "")) window.sums[CARRYING] = (window.sums[CARRYING] ?? 0) + 1;
    addExample(window, sub);
  },
  measure(window) {
    const { names, bits, carrying } = read(window);
    return names < NAMES_MIN ? undefined : Math.log1p(bits * (1 + CARRIER_FACTOR * carrying));
  },
  describe(key, window) {
    const { names, bits, carrying } = read(window);
    const at = key.lastIndexOf(BETWEEN);
    return {
      kind: "dns_tunnel",
      entity: { type: "address", value: key.slice(0, at) },
      drivers: [
        { feature: "tunnel.bits", seen: Math.round(bits) },
        { feature: "tunnel.names", seen: Math.round(names) },
        { feature: "tunnel.carrier_share", seen: Math.round(carrying * 100) / 100 },
        { feature: "tunnel.domain", seen: key.slice(at + 1) },
        { feature: "tunnel.examples", seen: window.examples.join(" ") },
      ],
    };
  },
};

/** Different names, the bits they carry together, and the share of queries of carrying types. */
function read({ sums, distinct: [registers] }: Window) {
  const names = registers === undefined ? 0 : distinctCount(registers);
  const queries = Math.max(1, sums[QUERIES] ?? 0);
  return {
    names,
    bits: (names * (sums[BITS] ?? 0)) / queries,
    carrying: (sums[CARRYING] ?? 0) / queries,
  };
}

/** What lies before the registered domain, and that domain: two labels, three under `co.uk` and the like. */
function divided(text: string): { sub: string; domain: string } {
  const labels = text.slice(-NAME_CHARS_MAX).toLowerCase().split(".");
  const second = labels.at(-2) ?? "";
  const isCountry = (labels.at(-1)?.length ?? 0) === 2 && second.length <= 3 && labels.length > 2;
  const count = isCountry ? 3 : 2;
  return { sub: labels.slice(0, -count).join("."), domain: labels.slice(-count).join(".") };
}

/** Length times the entropy of a character. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length);
  return Math.max(0, bits);
}
