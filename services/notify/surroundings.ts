// Reads what the engine asks about a finding beyond its own document, and what a page tells beside it.
import { COMMENT_KIND } from "../cases/comments.ts";
import { asks, type Surroundings } from "../paging/engine.ts";
import type { PagingSetup } from "../paging/setup.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { TOLD_KEPT_MAX } from "../store/paging.ts";
import type { Store } from "../store/store.ts";
import type { Placing } from "./placing.ts";

/** More than a page names: of each it is written down that it was told. */
const GATHERED_READ = TOLD_KEPT_MAX;

export async function surroundingsFor(
  store: Store,
  placing: Placing,
  finding: Finding,
  now: number,
  setup: PagingSetup,
): Promise<Surroundings> {
  const asked = asks(finding, now, setup);
  if (asked === "place") return { place: await placing.place(finding, setup, now) };
  if (asked === "commentedAt") return { commentedAt: await commentedAt(store, finding) };
  if (asked !== "leader") return {};
  const id = finding.paging?.gatheredIn;
  const leader = id === undefined ? undefined : await store.get(setup.tenant, FINDING_KIND, id);
  return { leader: leader?.document.paging ?? "gone" };
}

/** The gravest findings that are told with one, and how many there are. */
export async function gatheredWith(
  store: Store,
  tenant: string,
  leader: string,
): Promise<{ readonly gathered: readonly Finding[]; readonly gatheredCount: number }> {
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { pagingGatheredIn: [leader], pagingState: ["gathered"] },
    sort: [{ field: "score", order: "desc" }],
    limit: GATHERED_READ,
  });
  return { gathered: page.hits.map(({ document }) => document), gatheredCount: page.total };
}

async function commentedAt(store: Store, { tenant, id }: Finding): Promise<number> {
  const page = await store.search(tenant, COMMENT_KIND, {
    terms: { subject: [`finding:${id}`] },
    sort: [{ field: "at", order: "desc" }],
    limit: 1,
  });
  return page.hits[0]?.document.at ?? 0;
}
