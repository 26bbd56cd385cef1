// Figures of a period and scope out of a ledger, as the documents that everybody reads; and the ledger of a
// tenant read from the store. There is no other place where a KPI is calculated.
import { createHash, hash as hashAtOnce } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { LEVELS } from "../../detectors/detector.ts";
import { INCIDENT_CATEGORIES } from "../store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../store/kinds.ts";
import {
  KPI_DEFINITION_VERSION,
  type KpiDocument,
  type KpiFigures,
  type KpiPeriod,
  type KpiScope,
} from "../store/kpi.ts";
import type { Kind, Store, Versioned } from "../store/store.ts";
import { figuresOf } from "./aggregate.ts";
import { alarmOf } from "./alarm.ts";
import { contributionOf } from "./contribution.ts";
import { KpiLedger } from "./ledger.ts";
import { pagedOf } from "./paged.ts";
import { periodBefore, spanOf } from "./period.ts";
import { narrow, type Selection } from "./selection.ts";

const MS = 1000;
const PAGE = 500;

/** The whole tenant first, then each severity, then each category. */
export const STANDARD_SCOPES: readonly KpiScope[] = [
  {},
  ...LEVELS.map((severity) => ({ severity })),
  ...INCIDENT_CATEGORIES.map((category) => ({ category })),
];

/**
 * Figures of one period for some scopes.
 * @param now ms UTC
 */
export function documentsOf(
  ledger: KpiLedger,
  tenant: string,
  period: KpiPeriod,
  scopes: readonly KpiScope[],
  now: number,
): KpiDocument[] {
  const selection = inOrder(ledger.select(spanOf(period)));
  const before = ledger.select(spanOf(periodBefore(period)));
  return scopes.map((scope) => {
    const narrowed = narrow(selection, scope);
    const figures = figuresOf(narrowed, {
      span: spanOf(period),
      scope,
      now: Math.floor(now / MS),
      before: narrow(before, scope),
    });
    return {
      ...{ tenant, period, scope },
      definitionVersion: KPI_DEFINITION_VERSION,
      computedAt: now,
      inputHash: inputHashOf(narrowed),
      figures,
    };
  });
}

/**
 * The same figures without a document, and without trends: for periods of which none is kept.
 * @param now ms UTC
 */
export function figuresIn(
  ledger: KpiLedger,
  period: KpiPeriod,
  scopes: readonly KpiScope[],
  now: number,
): Pick<KpiDocument, "scope" | "figures">[] {
  const span = spanOf(period);
  const selection = ledger.select(span);
  return scopes.map((scope) => {
    const asked = { span, scope, now: Math.floor(now / MS) };
    return { scope, figures: figuresOf(narrow(selection, scope), asked) };
  });
}

/** Whether there is anything in the figures at all. */
export function hasContent(figures: KpiFigures): boolean {
  const { corrective, identification, recovery, falseAlarms, containment, leftOut } = figures;
  const alarms = falseAlarms === null ? 0 : falseAlarms.unjudged + falseAlarms.duplicates;
  const judged =
    falseAlarms === null
      ? 0
      : falseAlarms.falseAlarms +
        falseAlarms.truePositives +
        falseAlarms.benignTruePositives +
        falseAlarms.undetermined;
  const excluded = [corrective, identification, recovery].flatMap((one) => one.excluded);
  return (
    corrective.n + identification.n + recovery.n + containment.n + containment.impactUnknown > 0 ||
    corrective.open.n + recovery.open.n + alarms + judged + corrective.overdue.due > 0 ||
    excluded.length + leftOut.length > 0
  );
}

/** Told of each document that a ledger is filled with; false: a newer state is in the ledger already. */
export type IsNews = (kind: "incident" | "finding", entry: Versioned<unknown>) => boolean;

/** Fills a ledger with all that the store has. Pages give way to others' work. */
export async function readLedger(
  store: Store,
  tenant: string,
  timeZone: string,
  { ledger = new KpiLedger(timeZone), isNews = () => true, isStopped = () => false } = {} as {
    readonly ledger?: KpiLedger;
    readonly isNews?: IsNews;
    readonly isStopped?: () => boolean;
  },
): Promise<KpiLedger> {
  await eachDocument(store, tenant, INCIDENT_KIND, "createdAt", isStopped, (entry) => {
    if (isNews("incident", entry)) ledger.setIncident(contributionOf(entry.document));
  });
  await eachDocument(store, tenant, FINDING_KIND, "raisedAt", isStopped, (entry) => {
    if (!isNews("finding", entry)) return;
    ledger.setAlarm(entry.id, alarmOf(entry.document));
    ledger.setPaged(entry.id, pagedOf(entry.document));
  });
  return ledger;
}

async function eachDocument<D>(
  store: Store,
  tenant: string,
  kind: Kind<D>,
  field: string,
  isStopped: () => boolean,
  take: (entry: Versioned<D>) => void,
): Promise<void> {
  const query = { sort: [{ field, order: "asc" as const }], limit: PAGE };
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, kind, {
      ...query,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const entry of page.hits) take(entry);
    cursor = page.cursor;
    // An embedded store answers without a pause.
    await setImmediate();
  } while (cursor !== undefined && !isStopped());
}

/** Over the facts that the figures were made of: the same facts give the same hash. */
function inputHashOf(sorted: Selection): string {
  const hash = createHash("sha256");
  for (const name of SELECTED) {
    const prints: string[] = [];
    for (const entry of sorted[name]) prints.push(fingerprintOf(entry));
    hash.update(`${name}\n${prints.join("\n")}\n`);
  }
  return hash.digest("hex");
}

const SELECTED = [
  "leftOut",
  "identified",
  "completed",
  "recovered",
  "unrecovered",
  "uncorrected",
  "acting",
  "judged",
  "unjudged",
] as const satisfies readonly (keyof Selection)[];

/** Of entries, which never change: a changed incident has another one. */
const fingerprints = new WeakMap<object, string>();

// An entry stands in many selections, and most of them are asked for again and again.
function fingerprintOf(entry: Selection[keyof Selection][number]): string {
  const known = fingerprints.get(entry);
  if (known !== undefined) return known;
  const made = hashAtOnce("sha256", JSON.stringify(factsOf(entry)), "base64url");
  fingerprints.set(entry, made);
  return made;
}

/** Of an alarm without what no KPI rests on. */
function factsOf(entry: Selection[keyof Selection][number]): object {
  if (!("raisedAt" in entry)) return entry;
  const { id, level, raisedAt, verdict, judgedAt } = entry;
  return { id, level, raisedAt, verdict, judgedAt };
}

/** By id, so that a hash does not depend on the order in which things were heard of. */
function inOrder(selection: Selection): Selection {
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
  return {
    leftOut: selection.leftOut.toSorted(byId),
    identified: selection.identified.toSorted(byId),
    completed: selection.completed.toSorted(byId),
    recovered: selection.recovered.toSorted(byId),
    unrecovered: selection.unrecovered.toSorted(byId),
    uncorrected: selection.uncorrected.toSorted(byId),
    acting: selection.acting.toSorted(byId),
    judged: selection.judged.toSorted(byId),
    unjudged: selection.unjudged.toSorted(byId),
  };
}
