// Keeps up to date which findings are out of the queue, and why: silences and inhibitions. Every write is
// made from the present state of the store, so that the order in which things come does not matter.
import { isAppError } from "../../config/errors.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND, SILENCE_KIND } from "../store/kinds.ts";
import { endOfSilence, latestRaisedAt, type Silence, silencesOf } from "../store/silence.ts";
import type { SearchQuery, Store } from "../store/store.ts";
import { type InhibitionRule, inhibitorsOf } from "./inhibition.ts";

const OPEN = ["new", "in_progress"];
const ROWS_PER_PAGE = 500;
// Beyond it a host is in a storm: what is not looked at stays in the queue.
const NEIGHBOURS_MAX = 500;
const SILENCES_MAX = 5000;
const CONFLICT_RETRIES_MAX = 5;

export interface Quiet {
  /** Silences that signals raised from `since` on (ms UTC) can fall into. */
  silences(tenant: string, since: number): Promise<readonly Silence[]>;
  /** Brings findings up to date that were changed, and those that stand below them. */
  refresh(tenant: string, ids: readonly string[]): Promise<void>;
  /** After a silence was made or ended. */
  silenceChanged(tenant: string, silence: Silence): Promise<void>;
  /** At the start: what another configuration or a crash has left. */
  refreshAll(tenant: string): Promise<void>;
}

export function createQuiet(store: Store, rules: readonly InhibitionRule[]): Quiet {
  const silences = (tenant: string, since: number) => loadSilences(store, tenant, since);
  const refresh = async (tenant: string, ids: readonly string[]): Promise<void> => {
    // What a finding inhibits depends on whether it is silenced, so all of these are done first; it does
    // not depend on what inhibits that one in turn, so one further round is enough.
    const affected = new Set<string>();
    for (const id of ids) {
      const finding = await updateOne(store, tenant, id, undefined);
      if (finding === undefined) continue;
      const isBelow = (finding.inhibitedBy?.length ?? 0) > 0;
      if (isBelow || rules.some((rule) => rule.fitsTarget(finding))) affected.add(id);
      for (const below of await belowOf(store, tenant, finding, rules)) affected.add(below);
    }
    for (const id of affected) await updateOne(store, tenant, id, rules);
  };
  const refreshFound = async (
    tenant: string,
    query: Pick<SearchQuery, "terms" | "ranges">,
  ): Promise<void> => {
    for await (const page of pagesOf(store, tenant, query)) {
      await refresh(
        tenant,
        page.map(({ id }) => id),
      );
    }
  };
  const silenceChanged = async (tenant: string, silence: Silence): Promise<void> => {
    await refreshFound(tenant, { terms: { silencedBy: [silence.id] } });
    const ranges = { latestRaisedAt: { gte: silence.from, lt: endOfSilence(silence) } };
    await refreshFound(tenant, { ranges });
  };
  return {
    silences,
    refresh,
    silenceChanged,
    async refreshAll(tenant) {
      await refreshFound(tenant, { terms: { quiet: ["silenced", "inhibited"], status: OPEN } });
      const since = await oldestOpen(store, tenant);
      if (since === undefined) return;
      for (const silence of await silences(tenant, since)) await silenceChanged(tenant, silence);
      if (rules.length > 0) await refreshFound(tenant, { terms: { status: OPEN } });
    },
  };
}

async function loadSilences(
  store: Store,
  tenant: string,
  since: number,
): Promise<readonly Silence[]> {
  const page = await store.search(tenant, SILENCE_KIND, {
    ranges: { end: { gte: since } },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: SILENCES_MAX,
  });
  return page.hits.map((hit) => hit.document);
}

async function oldestOpen(store: Store, tenant: string): Promise<number | undefined> {
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { status: OPEN },
    sort: [{ field: "latestRaisedAt", order: "asc" }],
    limit: 1,
  });
  const [oldest] = page.hits;
  return oldest && latestRaisedAt(oldest.document);
}

// Page by page: findings are large, and those of a month are many.
async function* pagesOf(
  store: Store,
  tenant: string,
  query: Pick<SearchQuery, "terms" | "ranges">,
): AsyncGenerator<readonly Finding[]> {
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      ...query,
      sort: [],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield page.hits.map((hit) => hit.document);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Open findings near a finding in time that share an entity which the rules compare. */
async function neighboursOf(
  store: Store,
  tenant: string,
  finding: Finding,
  rules: readonly InhibitionRule[],
): Promise<readonly Finding[]> {
  const types = new Set(rules.flatMap(({ equal }) => equal));
  const values = finding.entities.filter(({ type }) => types.has(type)).map(({ value }) => value);
  if (values.length === 0) return [];
  const withinMs = Math.max(...rules.map((rule) => rule.withinMs));
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { entity: values, status: OPEN },
    ranges: {
      firstEventAt: { lt: finding.lastEventAt + withinMs + 1 },
      lastEventAt: { gte: finding.firstEventAt - withinMs },
    },
    // The order of gravity, so that the same ones are seen however they came.
    sort: [
      { field: "levelRank", order: "desc" },
      { field: "firstEventAt", order: "asc" },
    ],
    limit: NEIGHBOURS_MAX,
  });
  return page.hits.map((hit) => hit.document);
}

/** Ids of findings that stand below this one and no longer should, or should and do not. */
async function belowOf(
  store: Store,
  tenant: string,
  finding: Finding,
  rules: readonly InhibitionRule[],
): Promise<string[]> {
  if (rules.length === 0) return [];
  const wrong: string[] = [];
  const look = (found: readonly Finding[]) => {
    for (const one of found) {
      const should = inhibitorsOf(one, [finding], rules).length > 0;
      if (should !== (one.inhibitedBy?.includes(finding.id) ?? false)) wrong.push(one.id);
    }
  };
  const terms = { inhibitedBy: [finding.id] };
  for await (const page of pagesOf(store, tenant, { terms })) look(page);
  if (rules.some((rule) => rule.fitsSource(finding))) {
    look(await neighboursOf(store, tenant, finding, rules));
  }
  return wrong;
}

// An analyst may change the finding at the same time: read, compute and write again until it holds. With
// undefined in place of rules, what it stands below is left as it is.
async function updateOne(
  store: Store,
  tenant: string,
  id: string,
  rules: readonly InhibitionRule[] | undefined,
): Promise<Finding | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await store.get(tenant, FINDING_KIND, id);
    if (current === undefined) return undefined;
    const { document } = current;
    const silences = await loadSilences(store, tenant, latestRaisedAt(document));
    const inhibitedBy =
      rules === undefined
        ? (document.inhibitedBy ?? [])
        : await inhibitorsFor(store, tenant, document, rules);
    const next = withQuiet(document, silencesOf(document, silences), inhibitedBy);
    if (next === document) return document;
    try {
      return (await store.replace(tenant, FINDING_KIND, id, next, current.version)).document;
    } catch (error) {
      if (!isAppError(error, "HW_CONFLICT") || attempt >= CONFLICT_RETRIES_MAX) throw error;
    }
  }
}

async function inhibitorsFor(
  store: Store,
  tenant: string,
  finding: Finding,
  rules: readonly InhibitionRule[],
): Promise<string[]> {
  if (!rules.some((rule) => rule.fitsTarget(finding))) return [];
  return inhibitorsOf(finding, await neighboursOf(store, tenant, finding, rules), rules);
}

/** The finding with its reasons to be out of the queue; the same object when nothing changes. */
export function withQuiet(
  finding: Finding,
  silencedBy: readonly string[],
  inhibitedBy: readonly string[],
): Finding {
  const { silencedBy: before, inhibitedBy: beforeToo, ...rest } = finding;
  if (sameList(before, silencedBy) && sameList(beforeToo, inhibitedBy)) return finding;
  return {
    ...rest,
    ...(silencedBy.length === 0 ? {} : { silencedBy: [...silencedBy] }),
    ...(inhibitedBy.length === 0 ? {} : { inhibitedBy: [...inhibitedBy] }),
  };
}

function sameList(before: readonly string[] | undefined, after: readonly string[]): boolean {
  return (before ?? []).join("\n") === after.join("\n");
}
