// The steps of an incident that people take: pure, from one state to the next. Each asks what the KPIs need
// and refuses what would give a negative duration.
import type { z } from "zod";
import type { Incident, incidentSchema } from "../store/incident.ts";
import { CaseFault } from "./case-fault.ts";
import { requireStep, touched } from "./incident-state.ts";
import { type By, checkPast, checkTimes, withCorrective } from "./incident-times.ts";

type Stated = NonNullable<Incident["contained"]>;
type Compromise = Incident["firstCompromise"];
type Impact = Incident["impact"];

const REOPENED_MAX = 100;
const WATCHERS_MAX = 100;

/** A statement of when something was achieved, and what the attack had done until then. */
export interface TimeStatement extends Stated {
  readonly impact: Impact;
}

/** Fields that are edited without further meaning. */
export type IncidentEdit = Partial<
  Pick<
    z.infer<typeof incidentSchema>,
    "title" | "description" | "severity" | "category" | "tlp" | "exercise" | "tags"
  >
>;

export function edit(incident: Incident, changes: IncidentEdit, by: By): Incident {
  requireStep(incident, "edit");
  const { tags } = changes;
  const unique = tags === undefined ? {} : { tags: [...new Set(tags)].sort() };
  return touched(incident, by, { ...changes, ...unique });
}

/** @param assignee opaque account id; undefined: nobody */
export function assign(incident: Incident, assignee: string | undefined, by: By): Incident {
  requireStep(incident, "assign");
  const { assignee: _, ...rest } = incident;
  return touched(rest, by, assignee === undefined ? {} : { assignee });
}

/** Whoever asks watches the incident, or does so no longer. */
export function watch(incident: Incident, isWatching: boolean, by: By): Incident {
  requireStep(incident, "watch");
  const others = incident.watchers.filter((one) => one !== by.actor);
  const watchers = isWatching ? [...others, by.actor].sort() : others;
  if (watchers.length > WATCHERS_MAX) throw full("body");
  return touched(incident, by, { watchers });
}

/** The attack goes no further. */
export function contain(
  incident: Incident,
  statement: TimeStatement,
  downtimeS: number | undefined,
  by: By,
): Incident {
  requireStep(incident, "contain");
  const { impact, ...contained } = statement;
  checkStatement(contained, by);
  const downtime = downtimeS === undefined ? {} : { containmentDowntimeS: downtimeS };
  return checked(touched(incident, by, { contained, impact, ...downtime }));
}

/** The service is back, confirmed by a human. */
export function recover(incident: Incident, statement: TimeStatement, by: By): Incident {
  requireStep(incident, "recover");
  const { impact, ...recovered } = statement;
  checkStatement(recovered, by);
  return checked(touched(incident, by, { recovered, impact }));
}

/** @param firstImpactAt when the attack first did damage; undefined: not known, or it did none */
export function stateImpact(
  incident: Incident,
  impact: Impact,
  firstImpactAt: number | undefined,
  by: By,
): Incident {
  requireStep(incident, "impact");
  checkPast(firstImpactAt, by, "firstImpactAt");
  const { firstImpactAt: _, ...rest } = incident;
  const first = firstImpactAt === undefined ? {} : { firstImpactAt };
  const harmless = Object.values(impact).every((one) => one === "none");
  if (harmless && firstImpactAt !== undefined) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/firstImpactAt", (m) => m.impactWithoutHarm);
  }
  return checked(touched(rest, by, { impact, ...first }));
}

/**
 * When the attack first succeeded. An earlier time than stated before needs evidence and a reason
 * (soc.md 2.4, backdated compromise).
 */
export function stateCompromise(incident: Incident, compromise: Compromise, by: By): Incident {
  requireStep(incident, "compromise");
  checkCompromise(compromise, by);
  const before = incident.firstCompromise.at;
  const isBackdated = before !== undefined && compromise.at !== undefined && compromise.at < before;
  if (isBackdated && (compromise.evidenceIds.length === 0 || compromise.reason === undefined)) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/evidenceIds", (m) => m.backdatedUnproven);
  }
  return checked(touched(incident, by, { firstCompromise: compromise }));
}

/** @throws CaseFault HW_REQUEST_INVALID when method, time and evidence do not go together */
export function checkCompromise(compromise: Compromise, by: By): void {
  const { method, at, earliest, latest } = compromise;
  checkPast(earliest, by, "firstCompromise/earliest");
  checkPast(latest, by, "firstCompromise/latest");
  if ((earliest !== undefined || latest !== undefined) && method !== "estimate") {
    throw new CaseFault("HW_REQUEST_INVALID", "body/method", (m) => m.boundsUnfit);
  }
  if (method === "pre_compromise") checkPast(at, by, "at");
  else checkStatement({ ...compromise, method }, by);
}

/** Administrative, and in no KPI: the verdict is what counts. */
export function close(
  incident: Incident,
  closing: { readonly verdict: Incident["verdict"]; readonly reason?: string | undefined },
  by: By,
): Incident {
  requireStep(incident, "close");
  const { verdict, reason } = closing;
  if (verdict === "undetermined" && reason === undefined) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/reason", (m) => m.verdictUnreasoned);
  }
  const { verdictReason: _, ...rest } = incident;
  const said = reason === undefined ? {} : { verdictReason: reason };
  return touched(rest, by, { status: "closed", verdict, closedAt: by.at, ...said });
}

/** An event, not a state: what was achieved first is kept, and has to be achieved anew. */
export function reopen(incident: Incident, reason: string, by: By): Incident {
  requireStep(incident, "reopen");
  if (incident.reopened.length >= REOPENED_MAX) throw full("body");
  const { recovered, correctiveCompletedAt, closedAt: _, ...rest } = incident;
  const recoveredFirstAt = incident.recoveredFirstAt ?? recovered?.at;
  const correctiveFirst = incident.correctiveCompletedFirstAt ?? correctiveCompletedAt;
  return withCorrective(
    touched(rest, by, {
      status: "open",
      reopened: [...incident.reopened, { at: by.at, by: by.actor, reason }],
      ...(recoveredFirstAt === undefined ? {} : { recoveredFirstAt }),
      ...(correctiveFirst === undefined ? {} : { correctiveCompletedFirstAt: correctiveFirst }),
    }),
  );
}

/** @throws CaseFault HW_REQUEST_INVALID */
function checkStatement({ at, method, evidenceIds }: Stated, by: By): void {
  checkPast(at, by, "at");
  if (method === "unknown" && at !== undefined) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/at", (m) => m.unknownWithTime);
  }
  if (method !== "unknown" && at === undefined) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/at", (m) => m.timeNeeded);
  }
  if (method === "evidence" && evidenceIds.length === 0) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/evidenceIds", (m) => m.evidenceNeeded);
  }
}

function checked(incident: Incident): Incident {
  checkTimes(incident);
  return incident;
}

/** A list of the incident is at its limit. */
export function full(place: string): CaseFault {
  return new CaseFault("HW_REQUEST_INVALID", place, (m) => m.listFull);
}
