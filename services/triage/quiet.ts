// Keeps up to date which findings are out of the queue, and why: silences, exceptions, maintenance windows
// and inhibitions. Every write is made from the present state of the store, so that the order in which
// things come does not matter.
import { isAppError } from "../../config/errors.ts";
import type { OpenPaging } from "../paging/open.ts";
import type { Exception } from "../store/exception.ts";
import type { Finding } from "../store/finding.ts";
import { compileHiding, type HiddenBy, type Hiding, loadHiders } from "../store/hiding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { endOfMaintenance, type Maintenance } from "../store/maintenance.ts";
import { QUIET_STATES } from "../store/quiet-state.ts";
import { endOfSilence, latestRaisedAt, type Silence } from "../store/silence.ts";
import type { SearchQuery, Store, Versioned } from "../store/store.ts";
import { type InhibitionRule, inhibitorsOf } from "./inhibition.ts";

const OPEN = ["new", "in_progress"];
const ROWS_PER_PAGE = 500;
// Beyond it a host is in a storm: what is not looked at stays in the queue.
const NEIGHBOURS_MAX = 500;
const CONFLICT_RETRIES_MAX = 5;
/** Findings read at once, before what hides them is. */
const READ_AT_ONCE_MAX = 100;

export interface Quiet {
  /** What signals raised from `since` on (ms UTC) can fall into. */
  hiding(tenant: string, since: number): Promise<Hiding>;
  /**
   * Brings findings up to date that were changed, and those that stand below them.
   * @returns the given ones, as they were read; but for what hides them they are so still
   */
  refresh(tenant: string, ids: readonly string[]): Promise<readonly Finding[]>;
  /** After a silence was made or ended. */
  silenceChanged(tenant: string, silence: Silence): Promise<void>;
  /** After an exception came into force or was withdrawn. */
  exceptionChanged(tenant: string, exception: Exception): Promise<void>;
  /** After a maintenance window was made or ended. */
  maintenanceChanged(tenant: string, maintenance: Maintenance): Promise<void>;
  /** At the start: what another configuration or a crash has left. */
  refreshAll(tenant: string): Promise<void>;
}

/** Told of findings that left the queue or came back, as they are now. */
export type QuietListener = (tenant: string, changed: readonly Finding[]) => Promise<void>;

export function createQuiet(
  store: Store,
  rules: readonly InhibitionRule[],
  told: QuietListener = async () => undefined,
  openPaging: OpenPaging = (finding) => finding,
): Quiet {
  const reasons = { rules, openPaging };
  const refresh = async (tenant: string, ids: readonly string[]) => {
    const { read, changed } = await refreshFindings(store, tenant, ids, reasons);
    await told(tenant, changed);
    return read;
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
  const exceptionChanged = async (tenant: string, exception: Exception): Promise<void> => {
    await refreshFound(tenant, { terms: { exceptedBy: [exception.id] } });
    const { detector, from, until } = exception;
    await refreshFound(tenant, {
      terms: { detector: [detector] },
      ranges: { latestRaisedAt: { gte: from, lt: until } },
    });
  };
  const maintenanceChanged = async (tenant: string, one: Maintenance): Promise<void> => {
    await refreshFound(tenant, { terms: { maintenanceBy: [one.id] } });
    const ranges = { latestRaisedAt: { gte: one.from, lt: endOfMaintenance(one) } };
    await refreshFound(tenant, { ranges });
  };
  return {
    hiding: async (tenant, since) => compileHiding(await loadHiders(store, tenant, since)),
    refresh,
    silenceChanged,
    exceptionChanged,
    maintenanceChanged,
    async refreshAll(tenant) {
      const hidden = QUIET_STATES.filter((state) => state !== "none");
      await refreshFound(tenant, { terms: { quiet: hidden, status: OPEN } });
      const since = await oldestOpen(store, tenant);
      if (since === undefined) return;
      const { silences, exceptions, maintenance } = await loadHiders(store, tenant, since);
      for (const one of silences) await silenceChanged(tenant, one);
      for (const one of exceptions) await exceptionChanged(tenant, one);
      for (const one of maintenance) await maintenanceChanged(tenant, one);
      if (rules.length > 0) await refreshFound(tenant, { terms: { status: OPEN } });
    },
  };
}

async function refreshFindings(
  store: Store,
  tenant: string,
  ids: readonly string[],
  { rules, openPaging }: Reasons,
): Promise<{ readonly read: readonly Finding[]; readonly changed: readonly Finding[] }> {
  // What a finding inhibits depends on whether it is hidden, so all of these are done first; it does
  // not depend on what inhibits that one in turn, so one further round is enough.
  const affected = new Set<string>();
  const changed: Finding[] = [];
  const note = (finding: Finding) => changed.push(finding);
  const updated = await updateAll(store, tenant, ids, { openPaging }, note);
  for (const finding of updated) {
    const isBelow = (finding.inhibitedBy?.length ?? 0) > 0;
    if (isBelow || rules.some((rule) => rule.fitsTarget(finding))) affected.add(finding.id);
  }
  for (const below of await belowOf(store, tenant, updated, rules)) affected.add(below);
  await updateAll(store, tenant, [...affected], { rules, openPaging }, note);
  return { read: updated, changed };
}

interface Reasons {
  readonly rules: readonly InhibitionRule[];
  readonly openPaging: OpenPaging;
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

/**
 * Ids of findings that stand below one of these and no longer should, or should and do not. Only an open one
 * that can stand above others is looked up by itself: many that were closed at once are asked for together.
 */
async function belowOf(
  store: Store,
  tenant: string,
  findings: readonly Finding[],
  rules: readonly InhibitionRule[],
): Promise<ReadonlySet<string>> {
  const wrong = new Set<string>();
  if (rules.length === 0) return wrong;
  const look = (one: Finding, source: Finding) => {
    const should = inhibitorsOf(one, [source], rules).length > 0;
    if (should !== (one.inhibitedBy?.includes(source.id) ?? false)) wrong.add(one.id);
  };
  for (let at = 0; at < findings.length; at += READ_AT_ONCE_MAX) {
    const part = findings.slice(at, at + READ_AT_ONCE_MAX);
    const byId = new Map(part.map((finding) => [finding.id, finding]));
    const terms = { inhibitedBy: [...byId.keys()] };
    for await (const page of pagesOf(store, tenant, { terms }))
      for (const one of page)
        for (const id of one.inhibitedBy ?? []) {
          const source = byId.get(id);
          if (source !== undefined) look(one, source);
        }
    for (const source of part) {
      if (source.status === "closed" || !rules.some((rule) => rule.fitsSource(source))) continue;
      for (const one of await neighboursOf(store, tenant, source, rules)) look(one, source);
    }
  }
  return wrong;
}

/** Without rules, what stands below others is left. @returns those that exist, as they are now */
async function updateAll(
  store: Store,
  tenant: string,
  ids: readonly string[],
  reasons: Partial<Reasons> & Pick<Reasons, "openPaging">,
  note: (changed: Finding) => void,
): Promise<Finding[]> {
  const updated: Finding[] = [];
  for (let at = 0; at < ids.length; at += READ_AT_ONCE_MAX) {
    const part = ids.slice(at, at + READ_AT_ONCE_MAX);
    const read = await Promise.all(part.map((id) => store.get(tenant, FINDING_KIND, id)));
    const found = read.filter((one) => one !== undefined);
    // After the findings: whatever comes to hide them from here on finds them as they are, or conflicts.
    const hiding = await hidingOf(store, tenant, found);
    for (const one of found) {
      const next = await updateOne(store, tenant, one, hiding, reasons);
      if (next === undefined) continue;
      updated.push(next);
      if (next !== one.document) note(next);
    }
  }
  return updated;
}

async function hidingOf(
  store: Store,
  tenant: string,
  found: readonly Versioned<Finding>[],
): Promise<Hiding> {
  const since = found.reduce(
    (least, { document }) => Math.min(least, latestRaisedAt(document)),
    Number.MAX_SAFE_INTEGER,
  );
  return compileHiding(await loadHiders(store, tenant, since));
}

// An analyst may change the finding at the same time: read, compute and write again until it holds. With
// undefined in place of rules, what it stands below is left as it is.
async function updateOne(
  store: Store,
  tenant: string,
  read: Versioned<Finding>,
  loaded: Hiding,
  { rules, openPaging }: Partial<Reasons> & Pick<Reasons, "openPaging">,
): Promise<Finding | undefined> {
  let current: Versioned<Finding> | undefined = read;
  let hiding = loaded;
  for (let attempt = 1; ; attempt += 1) {
    const { id, document, version }: Versioned<Finding> = current;
    const inhibitedBy =
      rules === undefined
        ? (document.inhibitedBy ?? [])
        : await inhibitorsFor(store, tenant, document, rules);
    const seen = withQuiet(document, hiding(document), inhibitedBy);
    if (seen === document) return document;
    // What comes back into the queue is paged about from this write on.
    const next = openPaging(seen, document);
    try {
      return (await store.replace(tenant, FINDING_KIND, id, next, version)).document;
    } catch (error) {
      if (!isAppError(error, "HW_CONFLICT") || attempt >= CONFLICT_RETRIES_MAX) throw error;
    }
    current = await store.get(tenant, FINDING_KIND, id);
    if (current === undefined) return undefined;
    hiding = await hidingOf(store, tenant, [current]);
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
  hidden: HiddenBy,
  inhibitedBy: readonly string[],
): Finding {
  const after: Record<Reason, readonly string[]> = { ...hidden, inhibitedBy };
  if (REASONS.every((reason) => sameList(finding[reason], after[reason]))) return finding;
  const next = { ...finding };
  for (const reason of REASONS) {
    if (after[reason].length === 0) delete next[reason];
    else next[reason] = [...after[reason]];
  }
  return next;
}

const REASONS = ["silencedBy", "exceptedBy", "maintenanceBy", "inhibitedBy"] as const;
type Reason = (typeof REASONS)[number];

function sameList(before: readonly string[] | undefined, after: readonly string[]): boolean {
  return (before ?? []).join("\n") === after.join("\n");
}
