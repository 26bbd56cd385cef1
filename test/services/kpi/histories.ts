// Draws histories of incidents and findings: declared, contained, re-opened, merged, unmerged, split,
// backdated, judged and judged anew, in any order, with many times about the nights of the clock change.
// The documents follow the rules of the edge cases; what writes real ones has its own tests.

import { PRIORITIES } from "../../../config/paging.ts";
import { LEVELS } from "../../../detectors/detector.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { VERDICTS } from "../../../services/store/finding.ts";
import {
  IMPACTS,
  INCIDENT_CATEGORIES,
  INCIDENT_VERDICTS,
  type Incident,
} from "../../../services/store/incident.ts";
import type { FindingPaging } from "../../../services/store/paging.ts";
import { findingOf, incidentOf } from "./incidents.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Nights of the clock change and turns of months, Europe/Berlin. */
const ANCHORS = [
  "2026-10-24T22:00:00Z",
  "2026-10-25T00:30:00Z",
  "2026-10-25T01:30:00Z",
  "2026-10-31T23:00:00Z",
  "2026-09-30T22:00:00Z",
  "2027-03-28T01:00:00Z",
  "2027-03-31T22:00:00Z",
  "2026-11-30T23:00:00Z",
].map((text) => Date.parse(text));

export interface World {
  readonly incidents: Map<string, Incident>;
  readonly findings: Map<string, Finding>;
}

/** What a step has changed. */
export interface Step {
  readonly incidents: readonly Incident[];
  readonly findings: readonly Finding[];
}

/** Deterministic (mulberry32): the same seed gives the same history. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Changes the world by one random step. */
export function step(world: World, random: () => number): Step {
  const draw = <T>(all: readonly T[]): T => {
    const one = all[Math.floor(random() * all.length)];
    if (one === undefined) throw new Error("nothing to draw from");
    return one;
  };
  const time = () => {
    const near = random() < 0.5 ? 3 * 60 * MINUTE_MS : 20 * DAY_MS;
    return draw(ANCHORS) + Math.round((random() - 0.5) * near);
  };
  const changed = changeOf(world, { random, draw, time });
  for (const one of changed.incidents) world.incidents.set(one.id, one);
  for (const one of changed.findings) world.findings.set(one.id, one);
  return changed;
}

interface Dice {
  readonly random: () => number;
  readonly draw: <T>(all: readonly T[]) => T;
  readonly time: () => number;
}

function changeOf(world: World, dice: Dice): Step {
  const { random, draw } = dice;
  const incidents = [...world.incidents.values()];
  if (incidents.length === 0 || random() < 0.12) {
    return { incidents: [declared(world.incidents.size, dice)], findings: [] };
  }
  if (random() < 0.3) return { incidents: [], findings: [findingStep(world, dice)] };
  const incident = draw(incidents);
  const kind = draw(Object.keys(CHANGES));
  const change = CHANGES[kind];
  if (change === undefined) throw new Error(kind);
  return { incidents: change(incident, dice, world), findings: [] };
}

function declared(number: number, { draw, time, random }: Dice): Incident {
  const identifiedAt = time();
  const detectedAt = identifiedAt - Math.floor(random() * 5 * 60 * MINUTE_MS);
  return incidentOf(`incident-${number}`, {
    severity: draw(LEVELS),
    category: draw(INCIDENT_CATEGORIES),
    createdAt: identifiedAt,
    ...(random() < 0.9 ? { identifiedAt } : {}),
    ...(random() < 0.9 ? { detectedAt } : {}),
  });
}

type Change = (incident: Incident, dice: Dice, world: World) => readonly Incident[];

const without = <Key extends keyof Incident>(incident: Incident, key: Key): Omit<Incident, Key> => {
  const { [key]: _, ...rest } = incident;
  return rest;
};

const CHANGES: Readonly<Record<string, Change>> = {
  verdict: (incident, { draw, random }) => [
    { ...incident, verdict: random() < 0.7 ? "true_positive" : draw(INCIDENT_VERDICTS) },
  ],
  class: (incident, { draw }) => [
    { ...incident, severity: draw(LEVELS), category: draw(INCIDENT_CATEGORIES) },
  ],
  exercise: (incident, { random }) => [{ ...incident, exercise: random() < 0.2 }],
  backdate: (incident, { draw, time, random }) => {
    const method = draw(["evidence", "estimate", "unknown", "pre_compromise"] as const);
    const at = random() < 0.8 ? (incident.detectedAt ?? time()) - random() * 30 * DAY_MS : time();
    const span = Math.floor(random() * DAY_MS);
    const bounds = { earliest: Math.floor(at) - span, latest: Math.floor(at) + span };
    const known = method === "evidence" || method === "estimate";
    return [
      {
        ...incident,
        firstCompromise: {
          ...{ method, evidenceIds: ["event-1"], reason: "älterer Beleg" },
          ...(known ? { at: Math.floor(at) } : {}),
          ...(method === "estimate" && random() < 0.7 ? bounds : {}),
        },
      },
    ];
  },
  olderAlert: (incident, { random }) =>
    incident.detectedAt === undefined
      ? []
      : [{ ...incident, detectedAt: incident.detectedAt - Math.floor(random() * DAY_MS) }],
  contain: (incident, { time }) => [
    { ...incident, contained: { at: time(), method: "evidence", evidenceIds: [] } },
  ],
  impact: (incident, { draw, time, random }) => {
    const isNone = random() < 0.5;
    const impact = () => (isNone ? "none" : draw(IMPACTS));
    return [
      {
        ...without(incident, "firstImpactAt"),
        impact: { confidentiality: impact(), integrity: impact(), availability: impact() },
        ...(random() < 0.3 ? { firstImpactAt: time() } : {}),
      },
    ];
  },
  recover: (incident, { time, random }) => {
    const at =
      random() < 0.8 && incident.detectedAt !== undefined
        ? incident.detectedAt + Math.floor(random() * 20 * DAY_MS)
        : time();
    return [{ ...incident, recovered: { at, method: "evidence", evidenceIds: [] } }];
  },
  reopen: (incident, { time }) => {
    const { recovered, ...rest } = incident;
    const first = incident.recoveredFirstAt ?? recovered?.at;
    return [
      {
        ...rest,
        reopened: [...incident.reopened, { at: time(), by: "account-1", reason: "wieder da" }],
        ...(first === undefined ? {} : { recoveredFirstAt: first }),
      },
    ];
  },
  addAction: (incident, { time, random }) => {
    const id = `action-${incident.actions.length}`;
    const due = random() < 0.5 ? { dueAt: time() } : {};
    const action = { id, title: "x", required: random() < 0.8, createdAt: time(), ...due };
    return [{ ...incident, actions: [...incident.actions, action] }];
  },
  finishActions: (incident, { time, random }) => [
    {
      ...incident,
      actions: incident.actions.map((action) =>
        random() < 0.8
          ? { ...action, ...(random() < 0.1 ? { cancelledAt: time() } : { completedAt: time() }) }
          : action,
      ),
    },
  ],
  merge: (incident, { draw }, world) => {
    const target = draw([...world.incidents.values()]);
    if (target.id === incident.id || incident.mergedInto !== undefined) return [];
    const taken = { id: incident.id, at: incident.createdAt, findingIds: incident.findingIds };
    return [
      { ...incident, mergedInto: target.id },
      { ...target, mergedFrom: [...target.mergedFrom, taken] },
    ];
  },
  unmerge: (incident, _dice, world) => {
    const target = incident.mergedInto && world.incidents.get(incident.mergedInto);
    if (!target) return [];
    const mergedFrom = target.mergedFrom.filter(({ id }) => id !== incident.id);
    return [without(incident, "mergedInto"), { ...target, mergedFrom }];
  },
  split: (incident, _dice, world) => {
    if (incident.splitInto.length > 0) return [];
    const ids = [0, 1].map((part) => `incident-${world.incidents.size + part}-part`);
    return [
      { ...incident, splitInto: ids },
      ...ids.map((id) => ({ ...incident, id, splitFrom: incident.id, mergedFrom: [] })),
    ];
  },
  unsplit: (incident, { random }) =>
    random() < 0.5 && incident.splitInto.length > 0 ? [{ ...incident, splitInto: [] }] : [],
  duplicate: (incident) => [incident],
};

function findingStep(world: World, { draw, random, time }: Dice): Finding {
  const all = [...world.findings.values()];
  if (all.length === 0 || random() < 0.4) {
    const { detector, ...rest } = findingOf(`finding-${all.length}`, { raisedAt: time() });
    const of = draw(DETECTORS);
    return {
      ...rest,
      detector: { ...detector, ...of, level: draw(LEVELS) },
      sources: draw(SOURCES),
    };
  }
  const finding = draw(all);
  const { verdict, ...open } = finding;
  const verdictHistory = verdict ? [...finding.verdictHistory, verdict] : finding.verdictHistory;
  const dice = random();
  if (dice < 0.2) {
    // A rule may be called otherwise by then.
    const detector = { ...finding.detector, title: `Fassung ${verdictHistory.length}` };
    return { ...open, detector, verdictHistory, status: "in_progress" };
  }
  if (dice < 0.25) return { ...finding, status: "in_progress", takenUpAt: later(finding, random) };
  if (dice < 0.32) return { ...finding, paging: pagingOf(finding, { random, draw, time }) };
  if (dice < 0.4) {
    const by = random() < 0.5 ? ["x"] : [];
    return { ...finding, [draw(["silencedBy", "inhibitedBy", "exceptedBy"])]: by };
  }
  const at = finding.raisedAt + Math.floor(random() * 40 * DAY_MS);
  const next = { verdict: draw(VERDICTS), at, by: "account-1" };
  return { ...open, verdictHistory, status: "closed", verdict: next };
}

const DETECTORS = [
  { id: "rule-1", kind: "sigma" },
  { id: "rule-2", kind: "correlation" },
  { id: "model-1", kind: "anomaly" },
] as const;
const SOURCES: readonly string[][] = [["dc"], ["dc", "vpn"], []];

function later({ raisedAt }: Finding, random: () => number): number {
  return raisedAt + Math.floor(random() * 10 * DAY_MS);
}

/** Up to two openings of up to three pages, and answers to some of them. */
function pagingOf(finding: Finding, { random, draw }: Dice): FindingPaging {
  const requestedAt = later(finding, random);
  const openings = random() < 0.3 ? [0, 1] : [0];
  const pages = openings.flatMap((opening) =>
    [0, 1, 2].slice(0, 1 + Math.floor(random() * 3)).map((step) => ({
      ...{ id: `page-${opening}-${step}`, opening, round: 0, step },
      ...{ person: "person-1", channel: "sms", contact: 0, attempts: 1 },
      state: draw(["pending", "handed_over", "failed", "dropped"] as const),
      dueAt: requestedAt + opening * DAY_MS + step * 10 * MINUTE_MS,
    })),
  );
  const answers = [0, 1, 2].slice(0, Math.floor(random() * 3)).map(() => ({
    kind: draw(["acknowledged", "declined"] as const),
    at: requestedAt + Math.floor(random() * 2 * DAY_MS),
    ...{ person: "person-1", via: "link" as const },
  }));
  return {
    ...{ priority: draw(PRIORITIES), state: "escalating", opening: openings.length - 1 },
    ...{ requestedAt, round: 0, step: 0, pages, answers },
  };
}
