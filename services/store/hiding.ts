// What keeps findings out of the queue for a time: silences, exceptions and maintenance windows, loaded
// from the store and asked together.
import type { Matcher } from "../../config/matcher.ts";
import { EXCEPTION_KIND, type Exception } from "./exception.ts";
import type { Finding } from "./finding.ts";
import { type IdentityMoves, movesIn } from "./identity-moves.ts";
import { SILENCE_KIND } from "./kinds.ts";
import { isUnderMaintenance, MAINTENANCE_KIND, type Maintenance } from "./maintenance.ts";
import { compileMatchers } from "./matching.ts";
import { endOfSilence, latestRaisedAt, type Silence } from "./silence.ts";
import type { Kind, SearchQuery, Store } from "./store.ts";

/** Of each kind; what is beyond hides nothing. */
const HIDERS_MAX = 5000;

/** Ids of what a finding is hidden by, sorted. */
export interface HiddenBy {
  readonly silencedBy: readonly string[];
  readonly exceptedBy: readonly string[];
  readonly maintenanceBy: readonly string[];
}

/**
 * Tells what a finding's latest signal fell into. A function of the finding's signals and of what is stored,
 * never of the present time: signals carry the time at which they were raised, so that a replay gives the
 * same. People set times by the clock on the wall, hence that time and not the event's, which may be hours
 * earlier or wrong.
 */
export type Hiding = (finding: Finding) => HiddenBy;

interface Hiders {
  readonly silences: readonly Silence[];
  readonly exceptions: readonly Exception[];
  readonly maintenance: readonly Maintenance[];
  /** Of the pseudonyms that they name. */
  readonly moves: IdentityMoves;
}

/** What signals raised from `since` on (ms UTC) can fall into, as it is stored now. */
export async function loadHiders(store: Store, tenant: string, since: number): Promise<Hiders> {
  const load = async <D>(kind: Kind<D>, query: Pick<SearchQuery, "terms" | "ranges" | "sort">) => {
    const page = await store.search(tenant, kind, { ...query, limit: HIDERS_MAX });
    return page.hits.map((hit) => hit.document);
  };
  const oldest = (field: string) => [{ field, order: "asc" as const }];
  const [silences, exceptions, maintenance] = await Promise.all([
    load(SILENCE_KIND, { ranges: { end: { gte: since } }, sort: oldest("createdAt") }),
    load(EXCEPTION_KIND, {
      terms: { inForce: [true] },
      ranges: { until: { gte: since } },
      sort: oldest("proposedAt"),
    }),
    load(MAINTENANCE_KIND, {
      terms: { planned: [true] },
      ranges: { end: { gte: since } },
      sort: oldest("proposedAt"),
    }),
  ]);
  const values = [...silences, ...exceptions, ...maintenance].flatMap(({ matchers }) =>
    matchers.map(({ value }) => value),
  );
  return { silences, exceptions, maintenance, moves: await movesIn(store, tenant, values) };
}

/** Makes them ready to be asked. */
export function compileHiding({ silences, exceptions, maintenance, moves }: Hiders): Hiding {
  const silencing = silences.map((one) =>
    hider(one, moves, (at) => one.from <= at && at < endOfSilence(one)),
  );
  const byDetector = Map.groupBy(exceptions, ({ detector }) => detector);
  const excepting = new Map(
    [...byDetector].map(([detector, all]) => [
      detector,
      all.map((one) => hider(one, moves, (at) => one.from <= at && at < one.until)),
    ]),
  );
  const maintaining = maintenance.map((one) =>
    hider(one, moves, (at) => isUnderMaintenance(one, at)),
  );
  return (finding) => {
    const at = latestRaisedAt(finding);
    const among = (hiders: readonly Hider[]) =>
      hiders
        .filter(({ fits, holdsAt }) => fits(finding) && holdsAt(at))
        .map(({ id }) => id)
        .sort();
    return {
      silencedBy: among(silencing),
      exceptedBy: among(excepting.get(finding.detector.id) ?? []),
      maintenanceBy: isGravest(finding) ? [] : among(maintaining),
    };
  };
}

interface Hider {
  readonly id: string;
  readonly fits: (finding: Finding) => boolean;
  readonly holdsAt: (at: number) => boolean;
}

function hider(
  { id, matchers }: { readonly id: string; readonly matchers: readonly Matcher[] },
  moves: IdentityMoves,
  holdsAt: Hider["holdsAt"],
): Hider {
  return { id, fits: compileMatchers(matchers, moves), holdsAt };
}

/** A critical finding on a host that is configured as critical: no maintenance hides it. */
export function isGravest({ detector, scoreParts }: Finding): boolean {
  return (
    detector.level === "critical" &&
    scoreParts.some(({ key, points }) => key === "asset" && points > 0)
  );
}
