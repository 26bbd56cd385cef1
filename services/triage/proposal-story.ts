// Makes the document of a proposed incident from its strongest findings: title, summary and story from
// templates, score and level from its members. Pure. Values from logs are cleaned and cut.

import { levelRank } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import type { Proposal } from "../store/proposal.ts";
import { tacticWords } from "../store/tactic-words.ts";
import { tacticSpan } from "./attack-order.ts";
import { isRisk } from "./facts.ts";
import { SUMMARY_MESSAGES, type SummaryLanguage } from "./messages.ts";
import { PROPOSAL_MESSAGES } from "./proposal-messages.ts";
import { quoteless } from "./summary.ts";

const STORY_LINES_MAX = 50;
const ENTITIES_MAX = 50;
const ENTITIES_NAMED_MAX = 4;
const ENTITIES_PER_LINE_MAX = 2;
const DETECTORS_MAX = 50;
/**
 * Part of what is missing to 100 that each further step along ATT&CK, and each further rule, adds. Two
 * medium steps of different tactics stand above a lone high finding and below a lone critical one; no sum
 * passes 100.
 */
const SHARE_PER_TACTIC = 0.35;
const SHARE_PER_DETECTOR = 0.03;
const SCORE_MAX = 100;

export interface ProposalCase {
  readonly id: string;
  readonly tenant: string;
  readonly type: Proposal["type"];
  /** The strongest ones, at least one. */
  readonly members: readonly Finding[];
  /** Hits of noisy detectors among them, which tell but don't count. */
  readonly isNoise: (finding: Finding) => boolean;
  readonly findingCount: number;
  readonly openCount: number;
}

export interface ProposalLanguage {
  /** IANA zone in which the story tells times. */
  readonly timeZone: string;
  readonly language: SummaryLanguage;
}

export function tellProposal(
  found: ProposalCase,
  { timeZone, language }: ProposalLanguage,
): Proposal {
  const { members, type } = found;
  const inOrder = [...members].sort(
    (a, b) => a.firstEventAt - b.firstEventAt || (a.id < b.id ? -1 : 1),
  );
  const lead = leadOf(members);
  const parts = scoreParts(found, lead);
  const base: Omit<Proposal, "title" | "summary"> = {
    ...{ id: found.id, tenant: found.tenant, type },
    level: members.reduce(
      (best, { detector }) => graver(best, detector.level),
      lead.detector.level,
    ),
    score: parts.reduce((sum, { points }) => sum + points, 0),
    scoreParts: parts,
    findingIds: members.map(({ id }) => id),
    findingCount: found.findingCount,
    openCount: found.openCount,
    signalCount: members.reduce((sum, { signalCount }) => sum + signalCount, 0),
    detectors: detectorsOf(inOrder),
    entities: entitiesOf(inOrder),
    tactics: tacticsOf(inOrder),
    techniques: [...new Set(inOrder.flatMap(({ detector }) => detector.techniques))].sort(),
    story: storyOf(inOrder, language),
    firstEventAt: Math.min(...members.map(({ firstEventAt }) => firstEventAt)),
    lastEventAt: Math.max(...members.map(({ lastEventAt }) => lastEventAt)),
    raisedAt: Math.min(...members.map(({ raisedAt }) => raisedAt)),
  };
  return { ...base, ...wordsOf(base, lead, { timeZone, language }) };
}

/** The finding with the highest score; of equal ones the one that began first. */
function leadOf(members: readonly Finding[]): Finding {
  const [first, ...rest] = members;
  if (first === undefined) throw new RangeError("a proposed incident needs a finding");
  return rest.reduce((best, one) => (isStronger(one, best) ? one : best), first);
}

function isStronger(one: Finding, other: Finding): boolean {
  const open = Number(one.status !== "closed") - Number(other.status !== "closed");
  const difference = open || one.score - other.score || other.firstEventAt - one.firstEventAt;
  return difference === 0 ? one.id < other.id : difference > 0;
}

// Findings that were judged as harmless, and hits of noisy detectors, tell part of the story and prove
// nothing.
function scoreParts(found: ProposalCase, lead: Finding): Proposal["scoreParts"] {
  const parts: Proposal["scoreParts"] = [
    { key: "lead", points: lead.score, detail: lead.detector.title },
  ];
  if (found.type === "burst") return parts;
  const telling = found.members.filter(
    (finding) => !isHarmless(finding) && !found.isNoise(finding) && !isRisk(finding.detector),
  );
  const tactics = tacticsOf(telling);
  const detectors = new Set(telling.map(({ detector }) => detector.id)).size;
  let score = lead.score;
  const add = (key: "tactics" | "breadth", further: number, share: number, detail: string) => {
    const points = Math.round((SCORE_MAX - score) * (1 - (1 - share) ** Math.max(0, further)));
    if (points > 0) parts.push({ key, points, detail });
    score += points;
  };
  add("tactics", stepsOf(telling) - 1, SHARE_PER_TACTIC, tactics.join(", "));
  add("breadth", detectors - 1, SHARE_PER_DETECTOR, String(detectors));
  return parts;
}

/** Different columns of ATT&CK, a rule with several counted once, where it first begins. */
function stepsOf(findings: readonly Finding[]): number {
  const columns = findings.map(({ detector }) => tacticSpan(detector.tactics)?.from);
  return new Set(columns.filter((column) => column !== undefined)).size;
}

function isHarmless({ verdict }: Finding): boolean {
  return verdict?.verdict === "false_positive" || verdict?.verdict === "benign_true_positive";
}

function graver(one: Proposal["level"], other: Proposal["level"]): Proposal["level"] {
  return levelRank(other) > levelRank(one) ? other : one;
}

function detectorsOf(findings: readonly Finding[]): Proposal["detectors"] {
  const seen = new Map(findings.map(({ detector }) => [detector.id, detector]));
  return [...seen.values()]
    .slice(0, DETECTORS_MAX)
    .map(({ id, title, level }) => ({ id, title, level }));
}

function entitiesOf(findings: readonly Finding[]): Proposal["entities"] {
  const counted = new Map<string, { entity: Proposal["entities"][number]; findings: number }>();
  for (const { entities } of findings) {
    for (const entity of entities) {
      const key = `${entity.type}:${entity.value}`;
      const known = counted.get(key);
      counted.set(key, { entity, findings: (known?.findings ?? 0) + 1 });
    }
  }
  return [...counted.entries()]
    .sort(([a, one], [b, other]) => other.findings - one.findings || (a < b ? -1 : 1))
    .slice(0, ENTITIES_MAX)
    .map(([, { entity }]) => ({ type: entity.type, value: entity.value }));
}

function tacticsOf(findings: readonly Finding[]): string[] {
  const own = findings.filter(({ detector }) => !isRisk(detector));
  return [...new Set(own.flatMap(({ detector }) => detector.tactics))];
}

function storyOf(inOrder: readonly Finding[], language: SummaryLanguage): Proposal["story"] {
  const strongest = [...inOrder].sort((a, b) => (isStronger(a, b) ? -1 : 1));
  const told = new Set(strongest.slice(0, STORY_LINES_MAX).map(({ id }) => id));
  const { line } = PROPOSAL_MESSAGES[language];
  return inOrder
    .filter(({ id }) => told.has(id))
    .map((finding) => {
      const [tactic] = finding.detector.tactics;
      const where = named(finding.entities, ENTITIES_PER_LINE_MAX, language);
      return {
        at: finding.firstEventAt,
        finding: finding.id,
        level: finding.detector.level,
        ...(tactic === undefined ? {} : { tactic }),
        text: line(quoteless(finding.detector.title), where),
      };
    });
}

function named(entities: Proposal["entities"], count: number, language: SummaryLanguage): string {
  const { entity: words } = SUMMARY_MESSAGES[language];
  return entities
    .slice(0, count)
    .map(({ type, value }) => `${words[type]} ${quoteless(value)}`)
    .join(", ");
}

function wordsOf(
  base: Omit<Proposal, "title" | "summary">,
  lead: Finding,
  { timeZone, language }: ProposalLanguage,
): Pick<Proposal, "title" | "summary"> {
  const text = PROPOSAL_MESSAGES[language];
  const { locale } = SUMMARY_MESSAGES[language];
  const format = (options: Intl.DateTimeFormatOptions, ms: number) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(ms);
  const time = (ms: number) => format({ dateStyle: "medium", timeStyle: "short" }, ms);
  const title = quoteless(lead.detector.title);
  const [first] = base.entities;
  const names = named(base.entities, ENTITIES_NAMED_MAX, language);
  const rest = base.entities.length - ENTITIES_NAMED_MAX;
  const where = rest > 0 ? `${names} ${text.more(rest)}` : names;
  const tactics = base.tactics.map((tactic) => tacticName(tactic, language));
  if (base.type === "burst") {
    const day = format({ dateStyle: "medium" }, base.firstEventAt);
    const said = [text.burst(base.findingCount, day)];
    if (where !== "") said.push(text.where(where));
    return { title: text.burstTitle(title), summary: said.join(" ") };
  }
  const { findingCount, detectors, firstEventAt, lastEventAt } = base;
  const said = [text.chain(findingCount, detectors.length, time(firstEventAt), time(lastEventAt))];
  if (where !== "") said.push(text.where(where));
  if (tactics.length > 0) said.push(text.tactics([...new Set(tactics)].join(" → ")));
  said.push(text.strongest(title));
  return {
    title:
      first === undefined
        ? text.chainTitleNowhere(title)
        : text.chainTitle(title, named([first], 1, language)),
    summary: said.join(" "),
  };
}

function tacticName(tactic: string, language: SummaryLanguage): string {
  return tacticWords(tactic, language) ?? quoteless(tactic);
}
