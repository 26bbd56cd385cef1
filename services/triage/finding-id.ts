// Derived identity of findings: the same signals give the same findings, however often they come.
import { createHash } from "node:crypto";

/** Window in which hits of one detector on one entity are one finding, aligned to the epoch (UTC). */
function windowStart(time: number, windowMs: number): number {
  return Math.floor(time / windowMs) * windowMs;
}

/** H(tenant, detector, group key, window): 32 hexadecimal digits. Times in ms UTC. */
export function findingId(
  tenant: string,
  detectorId: string,
  groupKey: string,
  time: number,
  windowMs: number,
): string {
  const parts = [
    tenant,
    detectorId,
    groupKey,
    String(windowStart(time, windowMs)),
    String(windowMs),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
