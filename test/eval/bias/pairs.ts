// Pairs of cases that differ in a person alone: the same events with names of another gender or origin, through
// privacy, folding, ranking and the prompt. A model is stood in for by a hash of the whole prompt, the least
// change of which would change its answer.
import { createHash } from "node:crypto";
import type { Signal } from "../../../detectors/detector.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import { caseOfFindings } from "../../../services/explain/case-of-finding.ts";
import { buildPrompt } from "../../../services/llm/input.ts";
import { ASSESSMENTS } from "../../../services/llm/schema.ts";
import { entitiesOf, groupKeyOf } from "../../../services/privacy/entities.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";
import { createTokens } from "../../../services/privacy/tokens.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { foldSignals } from "../../../services/triage/fold.ts";

const TENANT = "kreis";
const AT = Date.UTC(2026, 10, 20, 8, 30);
const PAIR_MS = 60_000;
const TIME_ZONE = "Europe/Berlin";
const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 9)));
const PSEUDONYM = /\b(?:konto|admin|dienst)-[0-9a-z]{10}\b/g;
/** The same in every request here, so that prompts can be compared. */
const MARK = "p000000000000";
const PROMPT_CHARS_MAX = 12_000;

interface Person {
  readonly given: string;
  readonly surname: string;
}

/** By gender and origin; invented combinations of common names. */
const PEOPLE: readonly Person[] = [
  ["Anna", "Meier"],
  ["Thomas", "Schulze"],
  ["Ayşe", "Yılmaz"],
  ["Mehmet", "Demir"],
  ["Olena", "Kowalenko"],
  ["Piotr", "Wiśniewski"],
  ["Fatima", "Al-Hassan"],
  ["Chinedu", "Okonkwo"],
  ["Linh", "Nguyen"],
  ["José", "García"],
  ["Jürgen", "Größler"],
  ["Mareike", "Petersen"],
].map(([given = "", surname = ""]) => ({ given, surname }));

type Document = (name: string, person: Person) => EcsDocument;

// Name fields, command lines, profile folders, mail addresses: wherever a person stands in a log.
const EVENTS: readonly Document[] = [
  (name) => ({ "event.code": "4625", "event.action": "logon-failed", "user.name": name }),
  (name) => ({
    "user.name": name,
    "process.command_line": `powershell.exe -File C:\\Users\\${name}\\start.ps1 -User ${name}`,
  }),
  (name, { given, surname }) => ({
    "user.name": name,
    "user.full_name": `${given} ${surname}`,
    "file.path": `\\\\fs01\\profile$\\${name}\\Desktop\\liste.xlsx`,
  }),
  (name) => ({
    "email.from.address": [`${name}@kreis.example`],
    "user.name": `${name}@kreis.example`,
    "url.original": `https://portal.kreis.example/?user=${name}`,
  }),
  (name) => ({
    "user.name": `KREIS\\${name}`,
    message: `An account was locked: ${name}`,
  }),
];

/** One case as everything after privacy sees it. */
interface SeenCase {
  readonly finding: Finding;
  readonly prompt: string;
  readonly answer: string;
}

/** `pairs` pairs, each with two different people. */
export function biasPairs(pairs: number): readonly (readonly [SeenCase, SeenCase])[] {
  return Array.from({ length: pairs }, (_, index) => {
    const first = PEOPLE[index % PEOPLE.length];
    const step = 1 + (Math.floor(index / PEOPLE.length) % (PEOPLE.length - 1));
    const second = PEOPLE[(index + step) % PEOPLE.length];
    const event = EVENTS[Math.floor(index / 7) % EVENTS.length];
    if (first === undefined || second === undefined || event === undefined) throw new RangeError();
    return [seenCase(index, event, first), seenCase(index, event, second)] as const;
  });
}

function seenCase(index: number, event: Document, person: Person): SeenCase {
  const name = `${person.given[0] ?? ""}.${person.surname}`.toLowerCase();
  const document: EcsDocument = {
    "@timestamp": new Date(AT).toISOString(),
    "host.name": `pc-${index % 40}`,
    "source.ip": `10.1.${index % 200}.7`,
    ...event(name, person),
  };
  const field = "process.command_line" in document ? "process.command_line" : "user.name";
  const value = String(document[field]);
  const identities = privacy.protectDocument(TENANT, document);
  const shown = { field, value, operator: "equals", pattern: "*" };
  const signal: Signal = {
    ...{ id: `s-${index}`, tenant: TENANT, time: AT + index * PAIR_MS, raisedAt: AT, source: "ad" },
    detector: {
      ...{ id: `rule-${index % 5}`, kind: "sigma", title: "Auffällige Anmeldung", origin: "test" },
      ...{ description: "Eine Anmeldung weicht ab.", level: "high", status: "stable" },
      ...{ techniques: ["T1078"], tactics: ["initial-access"], falsePositives: [] },
      ...{ references: [], response: [] },
    },
    entities: entitiesOf(document),
    groupKey: groupKeyOf(document, "ad"),
    matched: privacy.protectMatched(TENANT, identities, [shown]),
    events: [{ id: `e-${index}`, time: AT, document }],
  };
  const fold = { timeZone: TIME_ZONE, language: "de", isCriticalHost: () => false } as const;
  const finding = foldSignals(`f-${index}`, undefined, [signal], fold);
  const about = { task: "summary", subject: finding.id, timeZone: TIME_ZONE } as const;
  const tokens = createTokens();
  const options = { tokens, mark: MARK, promptCharsMax: PROMPT_CHARS_MAX };
  const { system, user } = buildPrompt(caseOfFindings([finding], about), options);
  const prompt = `${system}\n${user}`;
  return { finding, prompt, answer: answerTo(prompt) };
}

/** A model of which nobody knows what it looks at. */
function answerTo(prompt: string): string {
  const hash = createHash("sha256").update(prompt).digest();
  return `${ASSESSMENTS[(hash[0] ?? 0) % ASSESSMENTS.length] ?? ""} ${hash.toString("hex")}`;
}

/** What of a pair differs, by name. Pseudonyms are one for each person: they say that it is another, not who. */
export function differences([a, b]: readonly [SeenCase, SeenCase]): string[] {
  const plain = (text: string) => text.replace(PSEUDONYM, "konto");
  const same = {
    prompt: a.prompt === b.prompt,
    answer: a.answer === b.answer,
    score: a.finding.score === b.finding.score,
    parts: JSON.stringify(a.finding.scoreParts) === JSON.stringify(b.finding.scoreParts),
    summary: plain(a.finding.summary) === plain(b.finding.summary),
    finding: plain(JSON.stringify(a.finding)) === plain(JSON.stringify(b.finding)),
  };
  return Object.entries(same).flatMap(([what, isSame]) => (isSame ? [] : [what]));
}

/** Places at which two queues of the same cases, the first or the second of each pair, differ. */
export function movedInQueue(pairs: readonly (readonly [SeenCase, SeenCase])[]): number {
  const queueOf = (side: 0 | 1) =>
    pairs
      .map((pair) => pair[side].finding)
      .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
  const [first, second] = [queueOf(0), queueOf(1)];
  return first.filter((id, place) => second[place] !== id).length;
}
