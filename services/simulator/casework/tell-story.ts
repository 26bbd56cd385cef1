// Turns the story of an incident into a diary: alarms are raised, paged, acknowledged and judged, the incident
// is declared, contained, recovered and closed, and its measures are done in time, late, or not yet.

import type { Judgement } from "../../cases/finding-changes.ts";
import type { Incident } from "../../store/incident.ts";
import type { Random } from "../random.ts";
import { HOUR, MINUTE, SECOND } from "../world.ts";
import { drawAlarm } from "./alarm.ts";
import { ALARM_KINDS } from "./alarm-kinds.ts";
import { drawPaging } from "./paging.ts";
import type { IncidentAct, PastAlarm, PastStep } from "./past.ts";
import type { Team } from "./scenery.ts";
import { DAY } from "./span.ts";
import type { Measure, Outcome, Story } from "./story.ts";
import { afterWork } from "./work-hours.ts";

const UNKNOWN = {
  confidentiality: "unknown",
  integrity: "unknown",
  availability: "unknown",
} as const;
const DECLARED_AFTER = 6 * MINUTE;
/** From something that was achieved until it is written down. */
const WRITTEN_AFTER = 12 * MINUTE;
const CLOSED_AFTER = 2 * HOUR;
const AUTHORITY = "Landesbeauftragter für den Datenschutz (simuliert)";
const NOT_REQUIRED = "Kein Risiko für die Rechte Betroffener.";
const UNDETERMINED = "Die Protokolle des Zeitraums reichen für ein Urteil nicht aus.";

interface Telling {
  readonly story: Story;
  readonly random: Random;
  /** Who leads. */
  readonly by: string;
  /** The first alarm, ms UTC. */
  readonly begin: number;
  readonly alarms: readonly PastAlarm[];
  readonly declaredAt: number;
}

/** @param until local midnight of today, ms UTC */
export function tellStory(
  random: Random,
  seed: string,
  { analysts }: Team,
  until: number,
  story: Story,
): PastStep[] {
  const own = random.fork(story.key);
  const { day, hour, key, raised } = story;
  const offset = own.int(0, 9 * 60) * SECOND;
  const begin = Math.round(until - day * DAY + hour * HOUR) + offset;
  const place = raised.map(([name, minutes], index) => {
    const at = begin + minutes * MINUTE + (index === 0 ? 0 : own.int(0, 50) * SECOND);
    return drawAlarm(own, seed, { kind: ALARM_KINDS[name], name: `${key}/${index}`, at });
  });
  const [first] = place;
  const paged = story.paged && first && drawPaging(own, first, story.paged === "escalated");
  const alarms =
    paged === undefined
      ? place
      : place.map((one) => (one === first ? { ...one, paging: paged.paging } : one));
  const judgedAt = begin + story.triage * MINUTE;
  const by = own.pick(analysts);
  const declaredAt = judgedAt + DECLARED_AFTER;
  const telling: Telling = { story, random: own, by, begin, alarms, declaredAt };
  return [
    ...alarmSteps(telling, judgedAt, paged?.answeredAt),
    ...(paged === undefined ? [] : [paged.step]),
    ...incidentSteps(telling, judgedAt),
  ];
}

function alarmSteps(
  { story, by, alarms, begin, declaredAt }: Telling,
  judgedAt: number,
  answeredAt: number | undefined,
): PastStep[] {
  return alarms.flatMap((alarm, index): PastStep[] => {
    const begun = Math.max(
      answeredAt ?? begin + story.triage * 0.35 * MINUTE,
      alarm.raisedAt + MINUTE,
    );
    const done = Math.max(judgedAt + index * 2 * MINUTE, begun + MINUTE);
    const finding = alarm.id;
    const steps: PastStep[] = [
      { at: alarm.raisedAt, by: "system", kind: "raise", alarm },
      { at: Math.round(begun + 20 * SECOND), by, kind: "acknowledge", finding },
      { at: Math.round(done), by, kind: "judge", finding, judgement: judgementOf(story) },
    ];
    if (alarm.raisedAt < declaredAt) return steps;
    const act: IncidentAct = { do: "link", findings: [finding] };
    const linked = Math.round(done) + MINUTE;
    return [...steps, { at: linked, by, kind: "incident", incident: story.key, act }];
  });
}

function judgementOf({ verdict, exercise }: Story): Judgement {
  if (exercise === true) return { verdict: "benign_true_positive" };
  if (verdict === "false_positive") return { verdict, reason: "context_missing" };
  if (verdict === "undetermined") return { verdict, comment: UNDETERMINED };
  return { verdict: verdict ?? "true_positive" };
}

function incidentSteps(telling: Telling, judgedAt: number): PastStep[] {
  const { story, by, begin, declaredAt, alarms } = telling;
  const { key, merged, split } = story;
  const act = (at: number, one: IncidentAct, incident = key): PastStep => {
    return { at: Math.round(at), by, kind: "incident", incident, act: one };
  };
  const steps = [
    act(declaredAt, { do: "declare", given: declarationOf(telling) }),
    act(declaredAt + 90 * SECOND, { do: "assign" }),
    act(declaredAt + 100 * MINUTE, { do: "tasks_done" }),
  ];
  if (merged !== undefined) {
    const taken = act(begin + merged.after * HOUR, { do: "merge", source: key }, merged.into);
    // What is merged has no tasks of its own any more.
    return [...steps.slice(0, 2), taken];
  }
  if (split === undefined) {
    return [...steps, ...outcomeSteps(telling, key, story, declaredAt, judgedAt)];
  }
  const splitAt = begin + split.after * HOUR;
  const parts = split.parts.map((part, index) => ({
    ...{ key: `${key}/${index}`, title: part.title ?? story.title },
    findings: (part.alarms ?? []).flatMap((alarm) => alarms[alarm]?.id ?? []),
  }));
  return [
    ...steps,
    act(splitAt, { do: "split", parts }),
    ...split.parts.flatMap((part, index) =>
      outcomeSteps(telling, `${key}/${index}`, part, splitAt, judgedAt),
    ),
  ];
}

function declarationOf({ story, random, begin, alarms, declaredAt }: Telling) {
  const { title, description, severity, category, compromise, exercise = false } = story;
  const evidenceIds = alarms[0] === undefined ? [`meldung-${story.key}`] : [alarms[0].id];
  const before = (hours: number) => Math.round(begin - hours * HOUR) - random.int(0, 900) * SECOND;
  const firstCompromise: Incident["firstCompromise"] =
    compromise.method === "evidence"
      ? { method: "evidence", at: before(compromise.before), evidenceIds }
      : compromise.method === "estimate"
        ? {
            ...{ method: "estimate", at: before(compromise.before), evidenceIds },
            ...{ earliest: before(compromise.earliest), latest: before(compromise.latest) },
          }
        : { method: compromise.method, evidenceIds: [] };
  const findings = alarms.filter(({ raisedAt }) => raisedAt < declaredAt).map(({ id }) => id);
  const verdict: Incident["verdict"] =
    story.verdict === undefined ? "true_positive" : "undetermined";
  const tlp = "amber" as const;
  return {
    title,
    description,
    severity,
    category,
    tlp,
    exercise,
    firstCompromise,
    verdict,
    findings,
  };
}

/** How it went on, from when it stood for itself. */
function outcomeSteps(
  telling: Telling,
  incident: string,
  outcome: Outcome,
  since: number,
  identifiedAt: number,
): PastStep[] {
  const { story, random, by, begin, alarms } = telling;
  const steps: PastStep[] = [];
  const add = (at: number, one: IncidentAct) =>
    steps.push({ at: Math.round(at), by, kind: "incident", incident, act: one });
  const impact = impactOf(outcome);
  // What people state is no round number of hours, and its minutes are of no other time's.
  const around = (hours: number) => Math.round(begin + hours * HOUR) + random.int(0, 240) * SECOND;
  const stated = (hours: number, known: Incident["impact"]) => ({
    ...{ at: around(hours), impact: known },
    ...(alarms[0] === undefined
      ? { method: "estimate" as const, evidenceIds: [] }
      : { method: "evidence" as const, evidenceIds: [alarms[0].id] }),
  });
  const writtenAt = (hours: number) => Math.max(since, begin + hours * HOUR) + WRITTEN_AFTER;
  const { contained, recovered, damage, downtime, reopened } = outcome;
  if (contained !== undefined) {
    const downtimeS = downtime === undefined ? {} : { downtimeS: downtime * 3600 };
    add(writtenAt(contained), {
      do: "contain",
      statement: stated(contained, UNKNOWN),
      ...downtimeS,
    });
    const firstAt = damage === undefined ? {} : { firstAt: around(damage) };
    add(writtenAt(contained) + 30 * MINUTE, { do: "impact", impact, ...firstAt });
  }
  for (const [index, measure] of outcome.measures.entries()) {
    steps.push(...measureSteps(telling, incident, measure, since + (50 + 7 * index) * MINUTE));
  }
  if (story.exercise !== true && story.verdict !== "false_positive") {
    add(...notificationOf(telling, outcome, Math.max(since, identifiedAt)));
  }
  const verdict = story.verdict ?? "true_positive";
  const reason = verdict === "undetermined" ? { reason: UNDETERMINED } : {};
  const close = (at: number, before = Number.POSITIVE_INFINITY) =>
    add(Math.min(afterWork(at, CLOSED_AFTER), before), { do: "close", verdict, ...reason });
  if (recovered !== undefined) {
    add(writtenAt(recovered), { do: "recover", statement: stated(recovered, impact) });
    close(writtenAt(recovered), reopened && begin + (reopened.after - 1) * HOUR);
  } else if (verdict === "false_positive") close(since + random.int(7200, 18_000) * SECOND);
  if (reopened !== undefined) {
    const at = begin + reopened.after * HOUR;
    add(at, { do: "reopen", reason: reopened.reason });
    steps.push(...measureSteps(telling, incident, reopened.measure, at + HOUR));
    add(writtenAt(reopened.recovered), {
      do: "recover",
      statement: stated(reopened.recovered, impact),
    });
    close(writtenAt(reopened.recovered));
  }
  return steps;
}

function impactOf({ impact }: Outcome): Incident["impact"] {
  if (impact === undefined) return UNKNOWN;
  const [confidentiality, integrity, availability] = impact;
  return { confidentiality, integrity, availability };
}

function measureSteps(
  { by, begin, random }: Telling,
  incident: string,
  [title, dueDays, doneDays]: Measure,
  addedAt: number,
): PastStep[] {
  const dueAt = Math.round(begin + dueDays * DAY);
  const added: IncidentAct = { do: "action", title, required: true, dueAt };
  const steps: PastStep[] = [
    { at: Math.round(addedAt), by, kind: "incident", incident, act: added },
  ];
  if (doneDays === undefined) return steps;
  const planned = afterWork(begin + doneDays * DAY, random.int(300, 5400) * SECOND);
  const at = Math.round(Math.max(planned, addedAt + HOUR));
  const act: IncidentAct = { do: "action_done", title };
  return [...steps, { at, by, kind: "incident", incident, act }];
}

/** Whether the authority has to be told is decided in time: GDPR Art. 33 leaves 72 hours. */
function notificationOf(
  { story, begin, random }: Telling,
  outcome: Outcome,
  since: number,
): [number, IncidentAct] {
  const isHarmful =
    outcome.impact?.some((one) => one === "limited" || one === "significant") === true;
  const clock = "gdpr_art33" as const;
  if (story.reported === undefined || !isHarmful) {
    const at = Math.round(since + random.int(3600, 18 * 3600) * SECOND);
    const outcomeOf = { outcome: "not_required" as const, comment: NOT_REQUIRED };
    return [
      at,
      { do: "notify", notification: { clock, ...outcomeOf, sentAt: at, authority: AUTHORITY } },
    ];
  }
  const sentAt = Math.round(begin + story.reported * HOUR) + random.int(0, 1200) * SECOND;
  const notification = { clock, outcome: "sent" as const, sentAt, authority: AUTHORITY };
  return [sentAt + 5 * MINUTE, { do: "notify", notification }];
}
