// One change of an incident on behalf of whoever asks: from the version that they saw, audited, answered
// with the new state or, after a conflict, with the present one.
import { changeIncident, type Desk, type Step } from "../cases/incident-write.ts";
import type { Incident } from "../store/incident.ts";
import type { Versioned } from "../store/store.ts";
import type { ApiContext } from "./context.ts";
import { sayRefusals } from "./finding-refusals.ts";
import type { Principal } from "./guard.ts";
import { deskOf, incidentAnswerOf, sayCaseFaults } from "./incident-answers.ts";
import type { IncidentAnswer } from "./incident-schemas.ts";

/** What a route knows of a change. */
export interface Asked {
  readonly principal: Principal | undefined;
  readonly params: { readonly id: string };
  readonly body: { readonly version: number };
}

/** Applies a pure step, which is given the desk. @throws ApiFault */
export function step(
  context: ApiContext,
  asked: Asked,
  action: string,
  next: (incident: Incident, desk: Desk, facts: Parameters<Step>[1]) => ReturnType<Step>,
): Promise<IncidentAnswer> {
  const { id } = asked.params;
  return flow(context, asked, (desk) =>
    changeIncident(desk, id, asked.body.version, action, (incident, facts) =>
      next(incident, desk, facts),
    ),
  );
}

/** Does what takes more than one document. @throws ApiFault */
export async function flow(
  context: ApiContext,
  { principal, params }: Asked,
  work: (desk: Desk) => Promise<Versioned<Incident>>,
): Promise<IncidentAnswer> {
  if (principal === undefined) throw new TypeError("the route is public");
  const about = { tenant: principal.tenant, id: params.id };
  const done = await sayCaseFaults(
    context,
    () => sayRefusals(() => work(deskOf(context, principal))),
    about,
  );
  return incidentAnswerOf(context, done);
}
