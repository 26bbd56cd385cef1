// An entry of the audit chain in the words of the screen: what was done and by whom, without names.
import type { History } from "../api/contract.ts";
import type { Messages } from "../messages/de.ts";

type Entry = History["entries"][number];

/** What was done: `Bewertet: Fehlalarm · Schwelle zu niedrig`. The comment is foreign text. */
interface HistoryLine {
  readonly action: string;
  readonly comment: string | undefined;
  readonly actor: string;
}

/** @param self the reader's own account id */
export function historyLine(
  entry: Entry,
  self: string | undefined,
  messages: Messages,
): HistoryLine {
  const texts = messages.finding;
  const after = recordOf(entry.payload?.after);
  const verdict = recordOf(after.verdict);
  const result = [
    wordOf(messages.verdict, verdict.verdict),
    wordOf(messages.reason, verdict.reason),
  ].filter((word) => word !== undefined);
  if (result.length === 0 && entry.action !== "finding.undo_verdict")
    result.push(...[wordOf(messages.status, after.status)].filter((word) => word !== undefined));
  const action = wordOf(texts.actions, entry.action) ?? texts.actions.other;
  return {
    action: result.length === 0 ? action : `${action}: ${result.join(" · ")}`,
    comment: typeof verdict.comment === "string" ? verdict.comment : undefined,
    actor: actorOf(entry.actor, self, messages),
  };
}

function actorOf(actor: string, self: string | undefined, messages: Messages): string {
  const { actors } = messages.finding;
  if (actor === self) return actors.self;
  return actor === "system" ? actors.system : actors.other;
}

function wordOf(words: Readonly<Record<string, string>>, key: unknown): string | undefined {
  return typeof key === "string" && Object.hasOwn(words, key) ? words[key] : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be read by key; what lies there is looked at before it is used.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
