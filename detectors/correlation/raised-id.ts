// The id of the signal that a keyed detector's hit becomes: the same whenever the same records come again.
import type { Raised } from "../keyed.ts";
import { signalId } from "../signal-id.ts";

/** H(detector, event ids), with the group and the time, because one event may stand in several. */
export function signalIdOf(raised: Raised): string {
  const ids = raised.events.map(({ id }) => id);
  return signalId(raised.detector, [raised.key, String(raised.time), ...ids]);
}
