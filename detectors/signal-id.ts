// Ids of signals: derived, so that a replay gives the same ones.
import { createHash } from "node:crypto";

/** H(detector, event ids): 32 hexadecimal digits. */
export function signalId(detectorId: string, eventIds: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([detectorId, ...eventIds]))
    .digest("hex")
    .slice(0, 32);
}
