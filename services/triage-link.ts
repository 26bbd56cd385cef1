// What the API needs of triage: stages don't import each other, so the wiring hands it over. Works on the
// store alone, in whatever process the API runs.
import type { Inhibition } from "../config/suppression.ts";
import type { TriageLink } from "./api/context.ts";
import { refreshDetectedAt } from "./cases/incident-findings.ts";
import type { Finding } from "./store/finding.ts";
import type { Store } from "./store/store.ts";
import { recountVerdicts } from "./triage/detector-records.ts";
import { compileInhibitions } from "./triage/inhibition.ts";
import { createOutlook, type OutlookOptions } from "./triage/outlook.ts";
import { proposalsOf, writeProposals } from "./triage/proposals.ts";
import { createQuiet, type Quiet } from "./triage/quiet.ts";
import { riskOfFinding } from "./triage/risk.ts";

/** Findings are large: not all of a bulk change at once. */
const READ_AT_ONCE = 1000;

export interface TriageLinkSettings extends Partial<OutlookOptions> {
  readonly inhibitions: readonly Inhibition[];
  readonly riskThreshold: number;
  /** Told of findings that people changed. */
  readonly onChanged?: (tenant: string, findings: readonly JudgedFinding[]) => Promise<void>;
}

/** What of a changed finding is told. */
export type JudgedFinding = Pick<
  Finding,
  "firstEventAt" | "lastEventAt" | "verdict" | "verdictHistory"
>;

const DEFAULTS: OutlookOptions = {
  language: "de",
  timeZoneOf: () => "Europe/Berlin",
  isCriticalHost: () => false,
};

export function createTriageLink(store: Store, settings: TriageLinkSettings): TriageLink {
  const texts: OutlookOptions = { ...DEFAULTS, ...settings };
  const write = (tenant: string, proposals: readonly string[]) =>
    writeProposals(store, tenant, proposals, texts);
  const quiet = createQuiet(
    store,
    compileInhibitions(settings.inhibitions),
    (tenant, changed) => write(tenant, proposalsOf(changed)),
    settings.openPaging,
  );
  const findingsChanged = async (tenant: string, ids: readonly string[]) => {
    const { detectors, proposals, incidents, judged } = await refreshed(quiet, tenant, ids);
    await settings.onChanged?.(tenant, judged);
    // A verdict moves when an incident counts as detected and identified.
    for (const incident of incidents) await refreshDetectedAt(store, tenant, incident);
    for (const detector of detectors.values()) {
      const rescored = await recountVerdicts(store, tenant, detector, settings.openPaging);
      for (const proposal of proposalsOf(rescored)) proposals.add(proposal);
    }
    await write(tenant, [...proposals]);
  };
  return {
    findingChanged: (tenant, id) => findingsChanged(tenant, [id]),
    findingsChanged,
    // Read anew each time: another process may be the one that folds signals.
    regroup: (tenant, times) => createOutlook(store, texts).regroup(tenant, times),
    silenceChanged: (tenant, silence) => quiet.silenceChanged(tenant, silence),
    exceptionChanged: (tenant, exception) => quiet.exceptionChanged(tenant, exception),
    maintenanceChanged: (tenant, maintenance) => quiet.maintenanceChanged(tenant, maintenance),
    async riskOf(tenant, finding) {
      const found = await riskOfFinding(store, tenant, finding, settings.riskThreshold);
      return {
        entities: found.map(({ entity, spans }) => ({
          entity,
          spans: spans.map(({ hours, threshold, risk }) => ({
            hours,
            threshold,
            value: risk.value,
            factor: risk.factor,
            parts: risk.parts.map(({ detector, points, findings: [newest] }) => ({
              detector: detector.id,
              title: detector.title,
              level: detector.level,
              tactics: [...detector.tactics],
              points,
              ...(newest === undefined ? {} : { finding: newest }),
            })),
          })),
        })),
      };
    },
  };
}

/** What depends on findings: how far their detectors are trusted, and what they are shown in. */
async function refreshed(quiet: Quiet, tenant: string, ids: readonly string[]) {
  const detectors = new Map<string, Finding["detector"]>();
  const proposals = new Set<string>();
  const incidents = new Set<string>();
  const judged: JudgedFinding[] = [];
  for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
    const findings = await quiet.refresh(tenant, ids.slice(at, at + READ_AT_ONCE));
    for (const { detector } of findings) detectors.set(detector.id, detector);
    for (const { firstEventAt, lastEventAt, verdict, verdictHistory } of findings)
      judged.push({ firstEventAt, lastEventAt, verdict, verdictHistory });
    for (const proposal of proposalsOf(findings)) proposals.add(proposal);
    for (const { incident } of findings) if (incident !== undefined) incidents.add(incident);
  }
  return { detectors, proposals, incidents, judged };
}
