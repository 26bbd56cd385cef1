// Freezes the figures of a period that has ended, once and for good, and says what has changed since.
import { createHash } from "node:crypto";
import { AppError } from "../../config/errors.ts";
import {
  KPI_DEFINITION_VERSION,
  KPI_PERIOD_KIND,
  type KpiFigures,
  type KpiPeriod,
  type PublishedPeriod,
  scopeName,
} from "../store/kpi.ts";
import type { AuditInput, Store } from "../store/store.ts";
import { documentsOf, hasContent, STANDARD_SCOPES } from "./calculator.ts";
import type { KpiLedger } from "./ledger.ts";

/** A figure that is another one now than when it was published. */
export interface Difference {
  /** Scope and path, e.g. `all recovery.meanS`. */
  readonly figure: string;
  readonly published: number | string | null;
  readonly now: number | string | null;
}

/**
 * Writes the figures down, with an audit entry.
 * @param ledger read just now, not one that may be behind
 * @throws AppError HW_REQUEST_INVALID while the period runs or for one that has no name, HW_EXISTS when it
 * was published already
 */
export async function publishPeriod(
  store: Store,
  ledger: KpiLedger,
  tenant: string,
  period: KpiPeriod,
  by: Pick<AuditInput, "at" | "actor">,
): Promise<PublishedPeriod> {
  if (period.to > by.at) {
    throw new AppError("HW_REQUEST_INVALID", "the period has not ended", { place: period.name });
  }
  const published = frozen(ledger, tenant, period, by.at);
  const { inputHash, hash, definitionVersion } = published;
  await store.create(tenant, KPI_PERIOD_KIND, period.name, published, {
    ...by,
    action: "kpi.publish",
    subject: period.name,
    payload: { hash, inputHash, definitionVersion },
  });
  return published;
}

function frozen(
  ledger: KpiLedger,
  tenant: string,
  period: KpiPeriod,
  publishedAt: number,
): PublishedPeriod {
  const [all, ...parts] = documentsOf(ledger, tenant, period, STANDARD_SCOPES, publishedAt);
  if (all === undefined) throw new TypeError("there is a scope for everything");
  const documents = [all, ...parts.filter(({ figures }) => hasContent(figures))];
  const content = {
    ...{ tenant, period, publishedAt },
    definitionVersion: KPI_DEFINITION_VERSION,
    inputHash: all.inputHash,
    figures: documents.map(({ scope, figures }) => ({ scope, figures })),
  };
  return { ...content, hash: hashOf(content) };
}

/** Whether what was published is what the hash was made of. */
export function isIntact({ hash, ...content }: PublishedPeriod): boolean {
  return hash === hashOf(content);
}

/** What the same period gives now, figure by figure; empty: nothing was revised. */
export function differences(published: PublishedPeriod, ledger: KpiLedger): Difference[] {
  const { tenant, period, publishedAt } = published;
  const now = frozen(ledger, tenant, period, publishedAt);
  const before = flattened(published);
  const after = flattened(now);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((figure) => {
    const [old = null, present = null] = [before.get(figure), after.get(figure)];
    return old === present ? [] : [{ figure, published: old, now: present }];
  });
}

function flattened({ figures }: PublishedPeriod): Map<string, number | string | null> {
  const flat = new Map<string, number | string | null>();
  const walk = (path: string, value: unknown) => {
    if (typeof value === "object" && value !== null) {
      for (const [key, part] of Object.entries(value)) walk(`${path}.${key}`, part);
    } else if (typeof value === "number" || typeof value === "string" || value === null) {
      flat.set(path.replace(".", " "), value);
    }
  };
  for (const { scope, figures: found } of figures) {
    walk(scopeName(scope).replaceAll(".", "/"), plain(found));
  }
  return flat;
}

/** Lists become one value each, told by their ids and reasons: their order is no figure. */
function plain({ corrective, recovery, identification, leftOut, flags, ...rest }: KpiFigures) {
  const named = (all: readonly { readonly reason: string; readonly n: number }[]) =>
    Object.fromEntries(all.map(({ reason, n }) => [reason, n]));
  const withOpen = ({
    values: _,
    excluded,
    open,
    ...figures
  }: typeof recovery | typeof corrective) => ({
    ...figures,
    excluded: named(excluded),
    open: { n: open.n, lowerBoundMeanS: open.lowerBoundMeanS },
  });
  const { values: _, excluded, ...identified } = identification;
  return {
    ...rest,
    corrective: withOpen(corrective),
    recovery: withOpen(recovery),
    identification: { ...identified, excluded: named(excluded) },
    leftOut: named(leftOut),
    flags: flags.length,
  };
}

function hashOf(content: Omit<PublishedPeriod, "hash">): string {
  return createHash("sha256").update(canonical(content)).digest("hex");
}

/** JSON with its keys in order, so that a store may keep them in any. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(",")}}`;
}
