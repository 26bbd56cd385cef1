// What main would tell the API about sources, rules and processes, written for the console's browser tests;
// names carry a mark that turns the direction of what follows.
import type { PipelineStatus, RulesAnswer } from "../../services/api/schemas.ts";
import type { SourceAnswer } from "../../services/api/source-schemas.ts";

const DAY_MS = 86_400_000;
/** Turns the direction of what follows; must be shown, not obeyed. */
const HOSTILE_MARK = "\u202E";

/** A source of each state. */
export function sourcesOverview(now: number): SourceAnswer[] {
  const base = { records: 0, failed: 0, eventsPerSecond: 0, usualShare: 1 };
  const nothing = { formats: [], reasons: [], hosts: [], isSilenceConfigured: false };
  const seen = { firstSeenAt: now - 30 * DAY_MS, lastEventAt: now - 1500, usualShare: 0.998 };
  const well = { ...base, ...nothing, ...seen, clock: "right" as const, silenceAfterMs: 300_000 };
  return [
    {
      ...well,
      ...{ name: "winlogbeat-dc", state: "well", inputs: ["http"], ndigClass: 4 },
      ...{ lastSeenAt: now - 900, records: 1_204_331, failed: 3, eventsPerSecond: 412.4 },
      ...{ usualPerSecond: 388.2, parseShare: 1, lagMedianMs: 820, lagMaxMs: 4100, skewMs: 0 },
      formats: [{ name: "winlogbeat", records: 1_204_328 }],
      reasons: [{ name: "HW_PARSE_FAILED", records: 3 }],
      hosts: [{ name: "dc01", lastSeenAt: now - 900 }],
    },
    {
      ...well,
      ...{ name: "firewall", state: "silent", inputs: ["syslog"], ndigClass: 1 },
      ...{ lastSeenAt: now - 4_000_000, lastEventAt: now - 4_000_400, records: 88_120 },
      usualPerSecond: 12,
      ...{ isSilenceConfigured: true, silentSince: now - 4_000_000, dataClass: "network" },
    },
    {
      ...well,
      ...{ name: "mailgateway", state: "clock", inputs: ["syslog"], ndigClass: 3, clock: "zone" },
      ...{ lastSeenAt: now - 2000, records: 5000, eventsPerSecond: 1.5, parseShare: 0.97 },
      ...{ skewMs: -3_600_000, lagMedianMs: 3_602_000, lagMaxMs: 3_609_000 },
    },
    {
      ...well,
      ...{ name: `dms${HOSTILE_MARK}`, state: "unreadable", inputs: ["files"] },
      ...{ lastSeenAt: now - 8000, records: 900, failed: 430, parseShare: 0.41 },
    },
    { ...base, ...nothing, name: "usv", state: "never", inputs: ["key"], clock: "right" },
  ];
}

/** Rules of every state, one that was hit a minute before. */
export function rulesOverview(now: number): RulesAnswer {
  const rule = { ...RULE, lastHitAt: now - 60_000 };
  const cleared = { id: "00000000-0000-4000-8000-000000000011", title: "Protokoll gelöscht" };
  const marked = `Wartung${HOSTILE_MARK}`;
  return {
    rules: [
      { ...rule, filteredBy: [marked] },
      { ...rule, ...cleared, level: "high", hits: 0, isSilenced: true },
      {
        ...rule,
        id: "00000000-0000-4000-8000-000000000012",
        kind: "correlation",
        title: "Protokoll gelöscht und Schattenkopien weg",
        hits: 2,
        correlation: {
          ...{ type: "temporal", timespanMs: 1_800_000 },
          rules: [{ id: RULE.id, title: RULE.title }, cleared],
        },
      },
    ],
    faults: [
      {
        place: "pack/linux/kaputt.yml:7:3",
        code: "HW_RULE_INVALID",
        message: "„condition“ nennt eine Auswahl, die es nicht gibt: auswahl2",
      },
    ],
    leftOut: [
      {
        ...{ place: "haus/alt.yml:1:1", title: `Alt${HOSTILE_MARK}`, id: "alt" },
        ...{ reason: "status", detail: "deprecated" },
      },
      {
        ...{ place: "haus/kopien.yml:1:1", title: "Kopien", id: "kopien" },
        ...{ reason: "obsolete", detail: RULE.title },
      },
    ],
    notes: [
      {
        ...{ code: "filter-expired", place: "haus/filter.yml:1:1", title: marked },
        detail: "2026-11-01",
      },
    ],
    costs: [
      { id: RULE.id, title: RULE.title, share: 0.412, microseconds: 3.4 },
      { ...cleared, share: 0.05, microseconds: 0.8 },
    ],
    processes: [
      { name: "heide-app01-4711-a1b2", fingerprint: "f1", rules: 3, faults: 1 },
      { name: `heide-app02${HOSTILE_MARK}-4712-c3d4`, fingerprint: "f2", rules: 2, faults: 1 },
      { name: "heide-app03-4713-e5f6", fingerprint: "f1", rules: 3, faults: 1 },
    ],
  };
}

const RULE: RulesAnswer["rules"][number] = {
  id: "00000000-0000-4000-8000-000000000010",
  kind: "sigma",
  title: "Löschung von Schattenkopien",
  description: "Schattenkopien werden gelöscht.",
  level: "critical",
  status: "stable",
  techniques: ["T1490"],
  tactics: ["impact"],
  falsePositives: [],
  references: [],
  response: [],
  origin: "pack/windows/process/schattenkopien.yml",
  filteredBy: [],
  isSilenced: false,
  hits: 5,
};

/** Two processes, one of them silent. */
export function pipelineStatus(now: number): PipelineStatus {
  return {
    version: "0.1.0",
    startedAt: now - 5_400_000,
    eventsPerSecond: 412.4,
    lagMs: 754_000,
    lag: [
      { topic: "raw", group: "detect", records: 1_204_331, bytes: 800_000_000 },
      { topic: "observations", group: "baseline", records: 0, bytes: 0 },
      { topic: "signals", group: "triage", records: 12, bytes: 9000 },
    ],
    processes: [
      {
        ...{ name: "heide-app01-4711-a1b2", services: ["ingest", "detect"], version: "0.1.0" },
        ...{ startedAt: now - 5_400_000, seenAt: now - 1200, reachedAt: now - 900 },
        ...{ watchdogAskedAt: now - 9000, stuckPages: 2 },
      },
      {
        ...{
          name: `heide-app02${HOSTILE_MARK}-4712-c3d4`,
          services: ["baseline", "triage", "api"],
        },
        ...{ version: "0.1.0", startedAt: now - 5_300_000, seenAt: now - 61_000 },
      },
    ],
    sources: [
      {
        name: "winlogbeat-dc",
        events: 1_204_331,
        eventsPerSecond: 412.4,
        failed: 3,
        lastEventAt: now - 900,
      },
      { name: "fortigate", events: 0, eventsPerSecond: 0, failed: 0, lastEventAt: null },
    ],
  };
}
