// Drafts that stand first, always: made of facts by a template, at once and without a model.
import type { LlmTask } from "./case.ts";
import { LLM_MESSAGES, type LlmLanguage } from "./messages.ts";
import { timeText } from "./slots.ts";

const FINDINGS_MAX = 20;
const STEPS_MAX = 5;

/** What a draft is made of. */
export interface DraftFact {
  /** ms UTC. */
  readonly firstEventAt: number;
  readonly lastEventAt: number;
  readonly title: string;
  /** Its template summary. */
  readonly summary: string;
  /** What the rule advises. */
  readonly response: readonly string[];
}

/** @param timeZone IANA name */
export function templateDraft(
  task: LlmTask,
  facts: readonly DraftFact[],
  timeZone: string,
  language: LlmLanguage,
): string {
  const text = LLM_MESSAGES[language];
  const sorted = [...facts].sort((a, b) => a.firstEventAt - b.firstEventAt);
  const some = sorted.slice(0, FINDINGS_MAX);
  const [first] = some;
  if (first === undefined) return text.headings[task];
  const time = (ms: number) => timeText(ms, timeZone);
  const last = Math.max(...sorted.map(({ lastEventAt }) => lastEventAt));
  const span = text.facts(sorted.length, time(first.firstEventAt), time(last));
  const course = some.map((one) => text.at(time(one.firstEventAt), one.title));
  const advice = [...new Set(some.flatMap(({ response }) => response))].slice(0, STEPS_MAX);
  const lines: Record<LlmTask, readonly string[]> = {
    summary: some.map(({ summary }) => summary),
    report: [span, ...some.map(({ summary }) => summary), ...advice.map(text.todo)],
    timeline: course,
    questions: [...advice.map(text.todo), ...text.questions],
  };
  return [text.headings[task], ...lines[task]].join("\n");
}
