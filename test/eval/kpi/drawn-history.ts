// Histories that chance makes: the same seed gives the same one.
import type { Incident } from "../../../services/store/incident.ts";
import { randomOf, step, type World } from "../../services/kpi/histories.ts";
import type { History } from "./installation.ts";

const STEPS_MAX = 200;
const WORKED_OFF_SHARE = 0.4;
const WORK_MS_MAX = 30 * 86_400_000;

export function drawnHistory(seed: number): Omit<History, "withHours"> {
  const random = randomOf(seed);
  const world: World = { incidents: new Map(), findings: new Map() };
  const steps = 1 + Math.floor(random() * STEPS_MAX);
  for (let count = 0; count < steps; count += 1) step(world, random);
  const incidents = [...world.incidents.values()].map((one) =>
    random() < WORKED_OFF_SHARE ? workedOff(one, random) : one,
  );
  return { name: `seed ${seed}`, incidents, findings: world.findings.values() };
}

/** Single steps seldom come to do all that an incident needs, and without it most KPIs have no value. */
function workedOff(incident: Incident, random: () => number): Incident {
  const createdAt = incident.identifiedAt ?? incident.createdAt;
  const completedAt = createdAt + Math.floor(random() * WORK_MS_MAX);
  const open = incident.actions.map((action) =>
    action.cancelledAt === undefined && action.completedAt === undefined
      ? { ...action, completedAt }
      : action,
  );
  const last = { id: "action-last", title: "x", required: true, createdAt, completedAt };
  return { ...incident, verdict: "true_positive", actions: [...open, last] };
}
