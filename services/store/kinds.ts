// The kinds of documents that all stages share, and what can be searched in them.
import { z } from "zod";
import { levelRank } from "../../detectors/detector.ts";
import { type Finding, wasTruePositive } from "./finding.ts";
import { hasUnseenSignal, type Incident, incidentPlace, openActions } from "./incident.ts";
import { quietStates } from "./quiet-state.ts";
import { endOfSilence, latestRaisedAt, type Silence } from "./silence.ts";
import type { Kind } from "./store.ts";

const present = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

export const FINDING_KIND: Kind<Finding> = {
  name: "finding",
  revision: 5,
  fields: {
    status: { kind: "keyword", values: (finding) => [finding.status] },
    verdict: { kind: "keyword", values: (finding) => present(finding.verdict?.verdict) },
    /** Whether it was ever judged true positive, also where the verdict was changed since. */
    wasTruePositive: { kind: "boolean", values: (finding) => [wasTruePositive(finding)] },
    /** When the verdict in force was given, ms UTC. */
    verdictAt: { kind: "number", values: (finding) => present(finding.verdict?.at) },
    level: { kind: "keyword", values: (finding) => [finding.detector.level] },
    /** 0 informational … 4 critical, for sorting. */
    levelRank: { kind: "number", values: (finding) => [levelRank(finding.detector.level)] },
    score: { kind: "number", values: (finding) => [finding.score] },
    detector: { kind: "keyword", values: (finding) => [finding.detector.id] },
    detectorKind: { kind: "keyword", values: (finding) => [finding.detector.kind] },
    entity: { kind: "keyword", values: (finding) => finding.entities.map(({ value }) => value) },
    tactic: { kind: "keyword", values: (finding) => finding.detector.tactics },
    technique: { kind: "keyword", values: (finding) => finding.detector.techniques },
    source: { kind: "keyword", values: (finding) => finding.sources },
    firstEventAt: { kind: "number", values: (finding) => [finding.firstEventAt] },
    lastEventAt: { kind: "number", values: (finding) => [finding.lastEventAt] },
    raisedAt: { kind: "number", values: (finding) => [finding.raisedAt] },
    latestRaisedAt: { kind: "number", values: (finding) => [latestRaisedAt(finding)] },
    quiet: { kind: "keyword", values: quietStates },
    silencedBy: { kind: "keyword", values: (finding) => finding.silencedBy ?? [] },
    inhibitedBy: { kind: "keyword", values: (finding) => finding.inhibitedBy ?? [] },
    exceptedBy: { kind: "keyword", values: (finding) => finding.exceptedBy ?? [] },
    maintenanceBy: { kind: "keyword", values: (finding) => finding.maintenanceBy ?? [] },
    proposal: { kind: "keyword", values: (finding) => present(finding.proposal) },
    /** Whether it is an item of the queue by itself: in no proposed and no declared incident. */
    alone: {
      kind: "boolean",
      values: ({ proposal, incident }) => [proposal === undefined && incident === undefined],
    },
    incident: { kind: "keyword", values: (finding) => present(finding.incident) },
    declared: { kind: "boolean", values: ({ incident }) => [incident !== undefined] },
    assignee: { kind: "keyword", values: (finding) => present(finding.assignee) },
    watcher: { kind: "keyword", values: (finding) => finding.watchers ?? [] },
    tag: { kind: "keyword", values: (finding) => finding.tags ?? [] },
    pagingState: { kind: "keyword", values: ({ paging }) => present(paging?.state) },
    pagingPriority: { kind: "keyword", values: ({ paging }) => present(paging?.priority) },
    /** The next moment at which something is to be done about paging, ms UTC. */
    pagingDueAt: { kind: "number", values: ({ paging }) => present(paging?.dueAt) },
    pagingRequestedAt: { kind: "number", values: ({ paging }) => present(paging?.requestedAt) },
    /** The finding whose page tells of it. */
    pagingGatheredIn: { kind: "keyword", values: ({ paging }) => present(paging?.gatheredIn) },
    title: { kind: "text", values: (finding) => [finding.detector.title] },
    /** Also by the id of a rule, whole or its beginning: boards name rules of one title by it. */
    rule: { kind: "text", values: (finding) => [finding.detector.id] },
    summary: { kind: "text", values: (finding) => [finding.summary] },
    entityText: { kind: "text", values: (finding) => finding.entities.map(({ value }) => value) },
  },
};

export const INCIDENT_KIND: Kind<Incident> = {
  name: "incident",
  revision: 4,
  fields: {
    status: { kind: "keyword", values: (incident) => [incident.status] },
    verdict: { kind: "keyword", values: (incident) => [incident.verdict] },
    /** Merged and split incidents are in no KPI and in no list of work. */
    place: { kind: "keyword", values: (incident) => [incidentPlace(incident)] },
    /** Open, or closed while something is left to do. */
    awaited: {
      kind: "boolean",
      values: (incident) => [
        incident.status === "open" || openActions(incident).length > 0 || hasUnseenSignal(incident),
      ],
    },
    severity: { kind: "keyword", values: (incident) => [incident.severity] },
    category: { kind: "keyword", values: (incident) => [incident.category] },
    assignee: { kind: "keyword", values: (incident) => present(incident.assignee) },
    watcher: { kind: "keyword", values: (incident) => incident.watchers },
    finding: { kind: "keyword", values: (incident) => incident.findingIds },
    tag: { kind: "keyword", values: (incident) => incident.tags },
    createdAt: { kind: "number", values: (incident) => [incident.createdAt] },
    detectedAt: { kind: "number", values: (incident) => present(incident.detectedAt) },
    identifiedAt: { kind: "number", values: (incident) => present(incident.identifiedAt) },
    recoveredAt: { kind: "number", values: (incident) => present(incident.recovered?.at) },
    correctiveCompletedAt: {
      kind: "number",
      values: (incident) => present(incident.correctiveCompletedAt),
    },
    changedAt: { kind: "number", values: (incident) => [incident.changedAt] },
    title: { kind: "text", values: (incident) => [incident.title] },
  },
};

export const SILENCE_KIND: Kind<Silence> = {
  name: "silence",
  revision: 1,
  fields: {
    from: { kind: "number", values: (silence) => [silence.from] },
    /** The end that counts: an early one before the planned one. */
    end: { kind: "number", values: (silence) => [endOfSilence(silence)] },
    createdAt: { kind: "number", values: (silence) => [silence.createdAt] },
  },
};

/** A named setting that can be changed while the program runs; its owner knows what `value` looks like. */
export const settingSchema = z.object({
  value: z.unknown(),
  changedAt: z.number(),
  changedBy: z.string(),
});
type Setting = z.infer<typeof settingSchema>;

export const SETTING_KIND: Kind<Setting> = {
  name: "setting",
  revision: 1,
  fields: { changedAt: { kind: "number", values: (setting) => [setting.changedAt] } },
};
