// Section 4: how good detection is: false alarms by rule and source, what keeps findings out of sight, and
// what of ATT&CK the rules in force cover.
import { z } from "zod";
import { techniqueName } from "../../../config/attack-names.ts";
import { attackCoverage } from "../../rules/attack-coverage.ts";
import { hasConsent } from "../../store/consent.ts";
import { EXCEPTION_KIND, type Exception } from "../../store/exception.ts";
import { FINDING_KIND, SILENCE_KIND } from "../../store/kinds.ts";
import { MAINTENANCE_KIND } from "../../store/maintenance.ts";
import { endOfSilence } from "../../store/silence.ts";
import { endOf, isIn, type ReportContext } from "../context.ts";
import { by, documentsOf } from "../pages.ts";
import { ACTS, actSchema, type actsTaker, numberIn } from "./acts.ts";
import type { AuditCounts } from "./audit.ts";
import type { RuleTitles } from "./rule-titles.ts";

const DAY_MS = 86_400_000;
/** An exception that ends within so long after the period is to be looked at. */
const SOON_DAYS = 30;
const EXCEPTIONS_LISTED_MAX = 2000;

const count = z.number().int();
const tuningRow = z.object({
  /** Id of the rule, or name of the source. */
  name: z.string(),
  /** Missing for sources, and for rules that nothing tells of any more. */
  title: z.string().nullable(),
  falseAlarms: count,
  truePositives: count,
  undetermined: count,
  benignTruePositives: count,
  duplicates: count,
  precision: z.number().nullable(),
});

const EXCEPTION_STATES = ["waiting", "active", "ending", "expired", "withdrawn"] as const;

export const detectionSchema = z.object({
  /** Most false alarms first. */
  rules: z.array(tuningRow),
  sources: z.array(tuningRow),
  exceptions: z.object({
    waiting: count,
    active: count,
    /** Of the active ones: end within 30 days after the period. */
    ending: count,
    expired: count,
    withdrawn: count,
    /** At work in the period, or waiting at its end. */
    rows: z.array(
      z.object({
        id: z.string(),
        rule: z.string(),
        title: z.string(),
        from: z.number(),
        until: z.number(),
        state: z.enum(EXCEPTION_STATES),
        /** By two people, where that was needed. */
        hasConsent: z.boolean(),
        /** Findings that were raised in the period and that it hides. */
        hidden: count,
      }),
    ),
  }),
  silences: z.object({ made: count, activeAtEnd: count }),
  maintenance: z.object({ proposed: count, findingsHidden: count }),
  ruleChanges: count,
  /** `rules test --record`: how often, and what came of the last; null: none is written down. */
  ruleTests: actSchema
    .extend({ rules: count, samples: count, failures: count, faults: count, untested: count })
    .nullable(),
  /** Of the rules that are loaded when the report is made. */
  state: z.object({
    rules: count,
    faults: count,
    leftOut: count,
    untagged: count,
    techniques: count,
    weakTechniques: count,
    tactics: z.array(z.object({ name: z.string(), rules: count, techniques: count })),
    strongest: z.array(z.object({ id: z.string(), name: z.string().nullable(), rules: count })),
  }),
});
export type DetectionData = z.infer<typeof detectionSchema>;

const STRONGEST_MAX = 10;

export async function collectDetection(
  context: ReportContext,
  audit: AuditCounts,
  acts: ReturnType<typeof actsTaker>,
  titleOf: RuleTitles,
): Promise<DetectionData> {
  const { kpi, period } = context;
  const loaded = await context.rules();
  const rows = await Promise.all(
    (await kpi.tuning(period, "rule")).map(async (row) => ({
      ...row,
      title: await titleOf(row.name),
    })),
  );
  const sources = await kpi.tuning(period, "source");
  const coverage = attackCoverage(loaded.rules);
  return {
    rules: rows,
    sources: sources.map((row) => ({ ...row, title: null })),
    exceptions: await exceptionsOf(context),
    silences: await silencesOf(context),
    maintenance: await maintenanceOf(context),
    ruleChanges: audit.n("rules.changed"),
    ruleTests: ruleTestsOf(acts),
    state: {
      ...{ rules: coverage.rules, faults: loaded.faults, leftOut: loaded.leftOut },
      ...{ untagged: coverage.untagged, techniques: coverage.techniques.length },
      weakTechniques: coverage.techniques.filter(({ isWeak }) => isWeak).length,
      tactics: coverage.tactics.map(({ name, rules, techniques }) => ({
        ...{ name, rules, techniques: techniques.length },
      })),
      strongest: coverage.techniques
        .toSorted((one, other) => other.weight - one.weight || (one.id < other.id ? -1 : 1))
        .slice(0, STRONGEST_MAX)
        .map(({ id, rules }) => ({ id, name: techniqueName(id) ?? null, rules: rules.length })),
    },
  };
}

function ruleTestsOf(acts: ReturnType<typeof actsTaker>): DetectionData["ruleTests"] {
  const tests = acts.known(ACTS.ruleTests);
  const last = acts.payload(ACTS.ruleTests);
  const number = (field: string) => numberIn(last, field);
  return (
    tests && {
      ...tests,
      ...{ rules: number("rules"), samples: number("samples"), failures: number("failures") },
      ...{ faults: number("faults"), untested: number("untested") },
    }
  );
}

async function exceptionsOf(context: ReportContext): Promise<DetectionData["exceptions"]> {
  const { store, tenant, period } = context;
  const end = endOf(context);
  const hidden = await hiddenBy(context, "exceptedBy");
  const counts = { waiting: 0, active: 0, ending: 0, expired: 0, withdrawn: 0 };
  const rows: DetectionData["exceptions"]["rows"] = [];
  const query = { ranges: { until: { gte: period.from } }, sort: by("proposedAt") };
  for await (const one of documentsOf(store, tenant.id, EXCEPTION_KIND, query)) {
    if (one.consent.proposedAt >= end || (one.withdrawnAt ?? end) < period.from) continue;
    const state = stateOf(one, end);
    counts[state] += 1;
    if (state === "ending") counts.active += 1;
    if (rows.length >= EXCEPTIONS_LISTED_MAX) continue;
    const { id, detector, title, from, until } = one;
    rows.push({
      ...{ id, rule: detector, title, from, until, state },
      hasConsent: hadConsent(one, end),
      hidden: hidden.get(id) ?? 0,
    });
  }
  return { ...counts, rows };
}

/** Whoever agreed later had not agreed yet. */
function hadConsent({ consent }: Exception, end: number): boolean {
  return hasConsent(consent) && (consent.agreedAt ?? consent.proposedAt) < end;
}

function stateOf(one: Exception, end: number): (typeof EXCEPTION_STATES)[number] {
  if (one.withdrawnAt !== undefined && one.withdrawnAt < end) return "withdrawn";
  if (one.until < end) return "expired";
  if (!hadConsent(one, end)) return "waiting";
  return one.until < end + SOON_DAYS * DAY_MS ? "ending" : "active";
}

/** What hides → findings that were raised in the period and that it hides. */
async function hiddenBy(
  context: ReportContext,
  field: "exceptedBy" | "maintenanceBy",
): Promise<ReadonlyMap<string, number>> {
  const { store, tenant, period } = context;
  const ranges = { raisedAt: { gte: period.from, lt: endOf(context) } };
  const found = await store.count(tenant.id, FINDING_KIND, field, { ranges });
  return new Map(found.map(({ value, documents }) => [value, documents]));
}

async function silencesOf(context: ReportContext): Promise<DetectionData["silences"]> {
  const { store, tenant, period } = context;
  const end = endOf(context);
  let [made, activeAtEnd] = [0, 0];
  const query = { ranges: { end: { gte: period.from } }, sort: by("createdAt") };
  for await (const one of documentsOf(store, tenant.id, SILENCE_KIND, query)) {
    if (isIn(one.createdAt, context)) made += 1;
    if (one.from < end && endOfSilence(one) >= end) activeAtEnd += 1;
  }
  return { made, activeAtEnd };
}

async function maintenanceOf(context: ReportContext): Promise<DetectionData["maintenance"]> {
  const { store, tenant, period } = context;
  let proposed = 0;
  const query = {
    ranges: { proposedAt: { gte: period.from, lt: endOf(context) } },
    sort: by("proposedAt"),
  };
  for await (const _ of documentsOf(store, tenant.id, MAINTENANCE_KIND, query)) proposed += 1;
  const hidden = await hiddenBy(context, "maintenanceBy");
  return { proposed, findingsHidden: [...hidden.values()].reduce((sum, n) => sum + n, 0) };
}
