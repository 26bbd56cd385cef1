// Carries out a diary of the past in a store: by the same functions as the API and the stages, with the
// diary's clock, so that documents, computed times and the audit chain are what real work would have left.

import type { DetectorInfo } from "../../../detectors/detector.ts";
import { findingEntry, judge, setStatus } from "../../cases/finding-changes.ts";
import { refreshDetectedAt } from "../../cases/incident-findings.ts";
import { inOrder, type PastAlarm, type PastStep } from "../../simulator/casework/past.ts";
import type { Finding } from "../../store/finding.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { Store } from "../../store/store.ts";
import { foldPast, signalsOfPast } from "./past-findings.ts";
import { actInPast } from "./past-incidents.ts";
import { notePast, type PastNames } from "./past-records.ts";

/** Findings that are written in one transaction. */
const BATCH_MAX = 400;

export interface PastTarget {
  readonly store: Store;
  readonly tenant: string;
  /** IANA zone in which summaries tell times. */
  readonly timeZone: string;
  /** Of the rules that the diary names, by their paths. */
  readonly rules: ReadonlyMap<string, DetectorInfo>;
}

export interface WrittenPast {
  readonly findings: number;
  readonly incidents: number;
}

type Revision = Extract<PastStep, { readonly kind: "acknowledge" | "judge" }>;

/** @param steps in the order of time, into a store that has none of it yet */
export async function writePast(
  target: PastTarget,
  steps: readonly PastStep[],
): Promise<WrittenPast> {
  const names: PastNames = { incidents: new Map(), exceptions: new Map(), linked: new Map() };
  const raised: PastAlarm[] = [];
  const revisions = new Map<string, Revision>();
  const flush = async () => {
    await raise(target, names, raised.splice(0));
    await revise(target, names, [...revisions.values()]);
    revisions.clear();
  };
  let findings = 0;
  for (const step of inOrder(steps)) {
    if (step.kind === "raise") {
      findings += 1;
      raised.push(step.alarm);
      if (raised.length >= BATCH_MAX) await flush();
    } else if (step.kind === "acknowledge" || step.kind === "judge") {
      // One state of a finding after the other.
      if (revisions.has(step.finding) || revisions.size >= BATCH_MAX) await flush();
      revisions.set(step.finding, step);
    } else {
      await flush();
      if (step.kind === "incident") await actInPast(target, names, step);
      else await notePast(target, names, step);
    }
  }
  await flush();
  return { findings, incidents: names.incidents.size };
}

async function raise(target: PastTarget, names: PastNames, alarms: readonly PastAlarm[]) {
  if (alarms.length === 0) return;
  const { store, tenant } = target;
  const byId = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  const groups = new Map(alarms.map((alarm) => [alarm.id, signalsOfPast(target, alarm)]));
  const idOf = new Map([...groups].map(([id, signals]) => [signals[0]?.id, id]));
  await store.recordSignals(tenant, FINDING_KIND, groups, (_, fresh) => {
    const alarm = byId.get(idOf.get(fresh[0]?.id) ?? "");
    if (alarm === undefined) throw new RangeError("a signal of no alarm");
    const hiddenBy = alarm.hiddenBy && names.exceptions.get(alarm.hiddenBy);
    return foldPast(target, alarm, fresh, hiddenBy);
  });
}

async function revise({ store, tenant }: PastTarget, names: PastNames, steps: readonly Revision[]) {
  if (steps.length === 0) return;
  const byId = new Map(steps.map((step) => [step.finding, step]));
  await store.reviseAll(tenant, FINDING_KIND, [...byId.keys()], ({ id, document }) => {
    const step = byId.get(id);
    return step && revised(document, step);
  });
  // A verdict moves when an incident counts as detected and identified.
  for (const { kind, finding, at } of steps) {
    const incident = names.linked.get(finding);
    if (kind === "judge" && incident !== undefined) {
      await refreshDetectedAt(store, tenant, incident, at);
    }
  }
}

function revised(before: Finding, step: Revision) {
  const by = { at: step.at, actor: step.by };
  const after =
    step.kind === "judge"
      ? judge(before, step.judgement, by)
      : setStatus(before, "in_progress", by);
  const action = step.kind === "judge" ? "finding.verdict" : "finding.status";
  return { document: after, audit: findingEntry(before, after, { ...by, action }) };
}
