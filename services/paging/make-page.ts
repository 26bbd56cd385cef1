// Makes a page of a finding: facts as they are stored, which names nobody, with tokens in the place of hosts
// and addresses. What is marked to stay in the house says nothing on a channel that leaves it.
import { techniqueName } from "../../config/attack-names.ts";
import type { Page, PageFact } from "../channels/page.ts";
import { createTokens, type Tokens } from "../privacy/tokens.ts";
import type { Finding } from "../store/finding.ts";
import type { FindingPaging, PageDelivery } from "../store/paging.ts";
import { PAGE_MESSAGES } from "./page-messages.ts";
import { priorityOf } from "./priority.ts";
import type { PagingSetup } from "./setup.ts";

const VALUE_CHARACTERS_MAX = 300;
const ADVICE_MAX = 3;
const PLACES_MAX = 5;
const TECHNIQUES_MAX = 3;
const SOURCES_MAX = 3;
const NAMED_MAX = 10;
/** Later than this a page says so. */
const LATE_MS = 120_000;
const CONFIDENCE_MAX = 14;
/** Of a model: what it saw has points of its own. */
const CONFIDENCE_OF_MODEL_MAX = 4;

/** Where a page leads to; written by `links.ts` for a person. */
export interface PageLinks {
  readonly link: string | undefined;
  readonly acknowledgeLink: string | undefined;
  readonly declineLink: string | undefined;
}

export interface PageParts {
  readonly finding: Finding;
  readonly paging: FindingPaging;
  readonly delivery: PageDelivery;
  /** Findings that it tells of beside its own, the most urgent first; of many only the first ones. */
  readonly gathered: readonly Finding[];
  /** All of them. */
  readonly gatheredCount: number;
  readonly language: "de" | "en";
  readonly code: string | undefined;
  readonly links: PageLinks;
  /** ms UTC. */
  readonly now: number;
}

export function makePage(parts: PageParts, setup: PagingSetup): Page {
  const { finding, paging, delivery, language, code, links, gatheredCount } = parts;
  const text = PAGE_MESSAGES[language];
  const isDigest = paging.policy === undefined;
  const leaves = setup.channels[delivery.channel]?.leavesHouse === true;
  const base = {
    ...{ language, tenant: setup.tenant, tenantName: plain(setup.tenantName) },
    ...{ kind: isDigest ? ("digest" as const) : ("finding" as const), priority: paging.priority },
    ...{ tlp: tlpOf(finding), code: isDigest ? undefined : code, raisedAt: finding.raisedAt },
    ...(isDigest ? { ...links, acknowledgeLink: undefined, declineLink: undefined } : links),
  };
  const nothing = { facts: [], advice: [], more: [], notice: undefined };
  if (leaves && isConfined(finding) && !isDigest) {
    return { ...base, ...nothing, title: text.neutral(paging.priority) };
  }
  const tokens = createTokens();
  const told = isDigest ? [finding, ...parts.gathered] : parts.gathered;
  for (const one of [finding, ...told]) learn(one, tokens);
  const count = isDigest ? gatheredCount + 1 : gatheredCount;
  const more = moreLines(told, count, { tokens, language, leaves, setup });
  if (isDigest) {
    const title = text.digest(count);
    // It is about many: that one of them must stay in the house is told by its line.
    return { ...base, ...nothing, tlp: undefined, title, more };
  }
  return {
    ...base,
    title: text.title(paging.priority, plain(tokens.text(finding.detector.title))),
    facts: factsOf(finding, tokens, language, setup.timeZone),
    advice: finding.detector.response.slice(0, ADVICE_MAX).map((one) => plain(tokens.text(one))),
    more,
    notice: noticeOf(parts, setup),
  };
}

/** What is left to say where a finding can't be told: that there is one, and where to look. */
export function makeBarePage(parts: PageParts, setup: PagingSetup): Page {
  const { paging, language, code, links } = parts;
  const text = PAGE_MESSAGES[language];
  return {
    ...{ kind: "finding", language, tenant: setup.tenant, tenantName: plain(setup.tenantName) },
    ...{ priority: paging.priority, tlp: undefined, code, raisedAt: paging.requestedAt, ...links },
    title: text.bare(paging.priority),
    ...{ facts: [], advice: [text.bareAdvice], more: [] },
    notice: undefined,
  };
}

/** A page that tests the way to a contact. */
export function makeTestPage(
  setup: PagingSetup,
  { requestedAt, language }: { readonly requestedAt: number; readonly language: "de" | "en" },
): Page {
  const text = PAGE_MESSAGES[language];
  return {
    ...{ kind: "test", language, tenant: setup.tenant, tenantName: plain(setup.tenantName) },
    ...{ priority: "p4", tlp: undefined, raisedAt: requestedAt },
    title: text.test(moment(requestedAt, language, setup.timeZone)),
    ...{ facts: [], advice: [text.testAdvice], more: [] },
    ...{ link: undefined, acknowledgeLink: undefined, declineLink: undefined },
    ...{ code: undefined, notice: undefined },
  };
}

function factsOf(
  finding: Finding,
  tokens: Tokens,
  language: "de" | "en",
  timeZone: string,
): PageFact[] {
  const { detector, sources, firstEventAt, score } = finding;
  const text = PAGE_MESSAGES[language];
  const said = (value: string) => plain(tokens.text(value));
  const values: [PageFact["key"], string][] = [
    ["what", said(detector.title)],
    ["where", whereOf(finding, tokens)],
    ["since", moment(firstEventAt, language, timeZone)],
    ["confidence", confidenceOf(finding, language)],
    ["score", text.score(score)],
    ["technique", techniquesOf(detector.techniques)],
    ["source", sources.slice(0, SOURCES_MAX).map(said).join(", ")],
  ];
  return values
    .filter(([, value]) => value !== "")
    .map(([key, value]) => ({ key, label: text.facts[key], value }));
}

// Accounts first: they are pseudonyms, and a token keeps even these in the house.
function learn({ entities }: Finding, tokens: Tokens): void {
  for (const { type, value } of entities) tokens.of(type, value);
}

function whereOf({ entities }: Finding, tokens: Tokens): string {
  const places = entities.slice(0, PLACES_MAX).map(({ type, value }) => tokens.of(type, value));
  const surplus = entities.length - places.length;
  return [...places, ...(surplus > 0 ? [`+${surplus}`] : [])].join(", ");
}

function confidenceOf({ detector, scoreParts }: Finding, language: "de" | "en"): string {
  const text = PAGE_MESSAGES[language];
  const part = scoreParts.find(({ key }) => key === "confidence");
  if (part === undefined) return "";
  const most = detector.kind === "anomaly" ? CONFIDENCE_OF_MODEL_MAX : CONFIDENCE_MAX;
  const share = part.points / most;
  const word = share >= 2 / 3 ? "high" : share >= 1 / 3 ? "medium" : "low";
  const [, wrong, all] = / (\d{1,9})\/(\d{1,9})$/.exec(part.detail) ?? [];
  if (wrong === undefined || all === undefined) return text.confidence[word];
  return `${text.confidence[word]} (${text.experience(Number(wrong), Number(all))})`;
}

function techniquesOf(ids: readonly string[]): string {
  const named = ids.slice(0, TECHNIQUES_MAX).map((id) => {
    const name = techniqueName(id);
    return plain(name === undefined ? id : `${id} ${name}`);
  });
  return named.join(", ");
}

interface Telling {
  readonly tokens: Tokens;
  readonly language: "de" | "en";
  /** Whether the channel leaves the house. */
  readonly leaves: boolean;
  readonly setup: PagingSetup;
}

function moreLines(
  told: readonly Finding[],
  count: number,
  { tokens, language, leaves, setup }: Telling,
): string[] {
  const text = PAGE_MESSAGES[language];
  const named = told.slice(0, NAMED_MAX).map((one) => {
    const priority = one.paging?.priority ?? priorityOf(one, setup.paging.scores);
    if (leaves && isConfined(one)) return text.closedLine(priority);
    return text.line(priority, plain(tokens.text(one.detector.title)), whereOf(one, tokens));
  });
  const surplus = count - named.length;
  return surplus > 0 ? [...named, text.andMore(surplus)] : named;
}

function noticeOf(
  { paging, delivery, language, gatheredCount, now }: PageParts,
  { timeZone }: PagingSetup,
): string | undefined {
  const { notices } = PAGE_MESSAGES[language];
  const said: string[] = [];
  const acknowledgedAt = paging.answers.findLast(({ kind }) => kind === "acknowledged")?.at;
  if (paging.again === "no_action" && acknowledgedAt !== undefined) {
    said.push(notices.noAction(moment(acknowledgedAt, language, timeZone)));
  }
  if (paging.again === "risen") said.push(notices.risen);
  if (paging.again === "reopened") said.push(notices.reopened);
  if (delivery.round > 0) said.push(notices.repeat(delivery.round));
  for (const { round, step, why } of paging.skipped ?? []) {
    const isBefore = round === delivery.round && step < delivery.step;
    if (isBefore) said.push(notices.skipped[why](step + 1));
  }
  if (gatheredCount > 0) said.push(notices.gathered(gatheredCount));
  const lateMs = now - delivery.dueAt;
  if (lateMs > LATE_MS) said.push(notices.late(Math.round(lateMs / 60_000)));
  return said.length === 0 ? undefined : `${said.join(". ")}.`;
}

/** To be read by nobody outside of the administration. */
function isConfined({ tlp }: Finding): boolean {
  return tlp === "red" || tlp === "amber_strict";
}

function tlpOf({ tlp }: Finding): string | undefined {
  return tlp === undefined ? undefined : `TLP:${tlp.toUpperCase().replace("_", "+")}`;
}

function moment(at: number, language: "de" | "en", timeZone: string): string {
  const { locale, clock } = PAGE_MESSAGES[language];
  const format = new Intl.DateTimeFormat(locale, {
    ...{ timeZone, dateStyle: "short", timeStyle: "short" },
  });
  return clock(format.format(at));
}

/** One line without control and direction characters, whatever a rule or a log brought. */
function plain(value: string): string {
  return value
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, VALUE_CHARACTERS_MAX);
}
