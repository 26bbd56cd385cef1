// Maintenance windows: planned with an owner and a reason, previewed as exceptions are, agreed to by a second
// person where they would have hidden a true positive, ended early or withdrawn. Each change is written
// together with its audit entry.
import { randomUUID } from "node:crypto";
import type { Matcher } from "../../config/matcher.ts";
import {
  endOfMaintenance,
  isPlanned,
  isUnderMaintenance,
  MAINTENANCE_KIND,
  type Maintenance,
  nextTurn,
} from "../store/maintenance.ts";
import type { Store, Versioned } from "../store/store.ts";
import { auditOf, changeAudited } from "./audited-change.ts";
import { type Actor, agreed, consentNeeds, proposed } from "./consent.ts";
import { type HiddenPreview, previewHidden, weigh } from "./hidden-preview.ts";
import { ProposalFault } from "./proposal-fault.ts";

const DAY_MS = 86_400_000;
/** Longest work in one go. */
const ONCE_DAYS_MAX = 30;
const SERIES_DAYS_MAX = 365;
const BACKDATE_DAYS_MAX = 7;
const AHEAD_DAYS_MAX = 365;

export interface MaintenanceAsk {
  readonly matchers: readonly Matcher[];
  /** ms UTC; of the whole series where it repeats. */
  readonly from: number;
  readonly until: number;
  readonly repeat?: Maintenance["repeat"];
  readonly reason: string;
  /** Opaque account id; by default who plans it. */
  readonly owner?: string | undefined;
}

/** `running`: what is raised now is hidden. `planned`: it waits for its time or its next turn. */
export const MAINTENANCE_STATES = ["proposed", "planned", "running", "over"] as const;
type MaintenanceState = (typeof MAINTENANCE_STATES)[number];

/** Whether it was ended by then, also before it had begun. */
function isEnded({ from, endedAt }: Maintenance, now: number): boolean {
  return endedAt !== undefined && (endedAt <= now || endedAt <= from);
}

/** The state at a moment, ms UTC. */
export function maintenanceState(one: Maintenance, now: number): MaintenanceState {
  if (now >= endOfMaintenance(one) || isEnded(one, now)) return "over";
  if (!isPlanned(one)) return "proposed";
  return isUnderMaintenance(one, now) ? "running" : "planned";
}

/** A preview, with why a second person would have to agree. */
export type MaintenancePreview = HiddenPreview & {
  readonly needs: ReturnType<typeof consentNeeds>;
};

/** What fits the matchers in the last 30 days, at whatever time of day. */
export async function previewMaintenance(
  store: Store,
  tenant: string,
  { matchers, from }: Pick<MaintenanceAsk, "matchers"> & { readonly from?: number | undefined },
  now: number,
): Promise<MaintenancePreview> {
  const ask = { matchers, from: from ?? now, sparesGravest: true };
  const preview = await previewHidden(store, tenant, ask, now);
  return { ...preview, needs: consentNeeds(weigh(preview, false)) };
}

/**
 * Plans a window; it holds at once when nobody else has to agree.
 * @param timeZone IANA zone of the tenant, in which turns are meant
 * @throws ProposalFault HW_REQUEST_INVALID
 */
export async function planMaintenance(
  store: Store,
  tenant: string,
  ask: MaintenanceAsk,
  timeZone: string,
  by: Actor,
): Promise<Versioned<Maintenance>> {
  const { matchers, from, until, repeat, reason, owner = by.account } = ask;
  checkSpan(ask, by.at);
  const preview = await previewMaintenance(store, tenant, ask, by.at);
  const id = randomUUID();
  const planned: Maintenance = {
    ...{ id, tenant, matchers: [...matchers], from, until, timeZone, reason, owner },
    ...(repeat === undefined ? {} : { repeat }),
    consent: proposed(weigh(preview, false), by),
  };
  if (nextTurn(planned, Math.max(from, by.at)) === undefined) {
    throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.noTurn, "body/repeat");
  }
  const after = { ...planned, state: maintenanceState(planned, by.at) };
  const audit = auditOf(by, "maintenance.plan", id, { after });
  return store.create(tenant, MAINTENANCE_KIND, id, planned, audit);
}

/**
 * A second person agrees.
 * @throws ProposalFault HW_NOT_FOUND, HW_CONFLICT, HW_FORBIDDEN; AppError HW_CONFLICT in a race
 */
export function agreeToMaintenance(
  store: Store,
  tenant: string,
  id: string,
  by: Actor,
): Promise<Versioned<Maintenance>> {
  const next = (present: Maintenance): Maintenance => {
    if (maintenanceState(present, by.at) !== "proposed") {
      throw new ProposalFault("HW_CONFLICT", (m) => m.notWaiting);
    }
    return { ...present, consent: agreed(present.consent, by) };
  };
  return change(store, tenant, id, by, "maintenance.agree", next);
}

/**
 * Ends a window now, or as if it had never been planned: what it hid comes back then.
 * @throws ProposalFault HW_NOT_FOUND, HW_CONFLICT when it is over; AppError HW_CONFLICT in a race
 */
export function endMaintenance(
  store: Store,
  tenant: string,
  id: string,
  by: Actor & { readonly withdraw: boolean },
): Promise<Versioned<Maintenance>> {
  const next = (present: Maintenance): Maintenance => {
    const end = endOfMaintenance(present);
    // What has ended by itself can still be withdrawn: what it hid comes back.
    const isOver = by.at >= end || isEnded(present, by.at);
    if (isOver && (!by.withdraw || end === present.from)) {
      throw new ProposalFault("HW_CONFLICT", (m) => m.isOver);
    }
    return { ...present, endedAt: by.withdraw ? present.from : by.at, endedBy: by.account };
  };
  return change(store, tenant, id, by, "maintenance.end", next);
}

/** Newest first. @returns at most `limit`, and whether there are more */
export async function listMaintenance(store: Store, tenant: string, limit: number) {
  const page = await store.search(tenant, MAINTENANCE_KIND, {
    sort: [{ field: "proposedAt", order: "desc" }],
    limit,
  });
  return {
    maintenance: page.hits.map(({ document }) => document),
    truncated: page.cursor !== undefined,
  };
}

function checkSpan({ from, until, repeat }: MaintenanceAsk, now: number): void {
  const refuse = (place: string, text: ConstructorParameters<typeof ProposalFault>[1]) =>
    new ProposalFault("HW_REQUEST_INVALID", text, place);
  if (until <= from) throw refuse("body/until", (m) => m.spanReversed);
  if (until <= now) throw refuse("body/until", (m) => m.spanOver);
  const daysMax = repeat === undefined ? ONCE_DAYS_MAX : SERIES_DAYS_MAX;
  if (until - Math.max(from, now) > daysMax * DAY_MS) {
    throw refuse("body/until", (m) => m.spanLong(daysMax));
  }
  if (from < now - BACKDATE_DAYS_MAX * DAY_MS || from > now + AHEAD_DAYS_MAX * DAY_MS) {
    throw refuse("body/from", (m) => m.beginUnfit(BACKDATE_DAYS_MAX, AHEAD_DAYS_MAX));
  }
}

function change(
  store: Store,
  tenant: string,
  id: string,
  by: Actor,
  action: string,
  next: (present: Maintenance) => Maintenance,
): Promise<Versioned<Maintenance>> {
  const said = (one: Maintenance) => ({
    state: maintenanceState(one, by.at),
    until: endOfMaintenance(one),
    consent: one.consent,
  });
  return changeAudited({ store, tenant, kind: MAINTENANCE_KIND, id, by, action, next, said });
}
