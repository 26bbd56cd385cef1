// Signals that come when a finding was already judged: they put the finding back into the queue, and its
// incident must show it, above all one that is closed and that nobody looks at any more.
import type { Finding } from "../store/finding.ts";
import type { Incident } from "../store/incident.ts";
import type { Store } from "../store/store.ts";
import { standingIncidents } from "./incident-findings.ts";
import { touched } from "./incident-state.ts";
import { type By, withSettledAnchors } from "./incident-times.ts";
import { type Desk, updateIncident } from "./incident-write.ts";

/** The newest ones are kept. */
const LATE_SIGNALS_MAX = 100;

/**
 * Notes in the incidents of these findings that a signal has re-opened them, each once, with an audit entry,
 * and computes the times anew that follow from findings. Goes on to the incidents that stand for them.
 * @param now ms UTC
 */
export async function noteLateSignals(
  store: Store,
  tenant: string,
  findings: readonly Pick<Finding, "id" | "incident" | "lateSignalAt">[],
  now: number,
): Promise<void> {
  const desk: Desk = { store, tenant, by: { at: now, actor: "system" } };
  for (const { id, incident, lateSignalAt: at } of findings) {
    if (incident === undefined || at === undefined) continue;
    for (const standing of await standingIncidents(store, tenant, incident)) {
      await updateIncident(desk, standing, "incident.late_signal", async (present, facts) => {
        const next = withLateSignal(present, id, at, desk.by);
        return next === present ? present : withSettledAnchors(next, await facts(next.findingIds));
      });
    }
  }
}

function withLateSignal(incident: Incident, finding: string, at: number, by: By): Incident {
  const known = incident.lateSignals ?? [];
  const isKnown = known.some((one) => one.finding === finding && one.at === at);
  // What came before the incident was declared is part of it.
  if (isKnown || at < incident.createdAt || !incident.findingIds.includes(finding)) return incident;
  const late = { finding, at, afterClosing: incident.status === "closed" };
  return touched(incident, by, { lateSignals: [...known, late].slice(-LATE_SIGNALS_MAX) });
}
