// Whether a finding is in the queue, and why not. Apart from its schema, because the console needs it too.
import type { Finding } from "./finding.ts";

/** Why a finding is out of the queue; `none`: it is in. */
export const QUIET_STATES = ["none", "silenced", "inhibited", "excepted", "maintenance"] as const;
type QuietState = (typeof QUIET_STATES)[number];

/** All reasons that hold, or `none`. */
export function quietStates(
  finding: Pick<Finding, "silencedBy" | "inhibitedBy" | "exceptedBy" | "maintenanceBy">,
): readonly QuietState[] {
  const states: QuietState[] = [];
  if ((finding.silencedBy?.length ?? 0) > 0) states.push("silenced");
  if ((finding.inhibitedBy?.length ?? 0) > 0) states.push("inhibited");
  if ((finding.exceptedBy?.length ?? 0) > 0) states.push("excepted");
  if ((finding.maintenanceBy?.length ?? 0) > 0) states.push("maintenance");
  return states.length === 0 ? ["none"] : states;
}
