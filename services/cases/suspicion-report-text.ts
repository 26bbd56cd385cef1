// The report of a suspicion as people read it: plain German or English text, every line of ours, with the
// foreign parts quoted.
import type { Suspicion } from "../store/suspicion.ts";
import { SUSPICION_MESSAGES, type SuspicionLanguage } from "./suspicion-report-messages.ts";

const LINE_CHARACTERS_MAX = 500;
const COMMENT_CHARACTERS_MAX = 2000;

/** Subject and text of a report. The subject has no foreign character in it. */
export function suspicionText(
  suspicion: Suspicion,
  language: SuspicionLanguage,
  protect: (text: string) => string,
): { readonly subject: string; readonly text: string } {
  const m = SUSPICION_MESSAGES[language];
  const { kind, annotation, detector, seen, comment } = suspicion;
  const lines = [
    m.intro(m.kinds[kind]),
    "",
    m.when(new Date(suspicion.createdAt).toISOString()),
    m.report(suspicion.id),
    m.finding(suspicion.finding),
    m.rule(detector.title, detector.level),
    "",
    ...(annotation === undefined ? [m.noAnnotation] : annotationLines(annotation, m)),
    "",
    m.seen,
    ...(seen.length === 0 ? [m.nothingSeen] : []),
    ...seen.map(
      ({ field, sign, excerpt }) => `- ${field}${sign === "" ? "" : ` (${sign})`}: „${excerpt}“`,
    ),
    "",
    m.comment,
    ...quoted(protect(comment)),
    "",
    m.outro,
  ];
  return { subject: m.subject[kind], text: `${lines.map(plainLine).join("\n")}\n` };
}

function annotationLines(
  {
    id,
    task,
    outcome,
    model,
    promptHash,
    claims,
    verification,
    removedCharacters,
  }: NonNullable<Suspicion["annotation"]>,
  m: (typeof SUSPICION_MESSAGES)[SuspicionLanguage],
): string[] {
  const dropped = Object.entries(verification?.dropped ?? {}).map(
    ([why, count]) => `${why} ${count}`,
  );
  return [
    m.annotation(id, task, outcome),
    m.model(model ?? "–"),
    m.prompt(promptHash ?? "–"),
    m.verified(claims, verification?.total ?? 0, dropped.join(", ") || "–"),
    m.removed(removedCharacters),
  ];
}

function quoted(comment: string): string[] {
  const lines = comment.slice(0, COMMENT_CHARACTERS_MAX).split(/\r\n|[\r\n\u2028\u2029]/);
  return lines.map((line) => `> ${line}`);
}

/** One line without what is not shown, whatever stood in it. */
function plainLine(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, "").slice(0, LINE_CHARACTERS_MAX);
}
