// What a rule's author has looked at and wants to hear no more of: `heidewacht: { ignore: [code] }` in the
// rule, or a comment `# heidewacht-ignore: code, code` anywhere in its document. Errors stay.
import { isRecord } from "../../detectors/sigma/rule-document.ts";
import type { LintDocument } from "./lint-document.ts";
import { isLintCode, LINT_CODES, type LintFinding } from "./lint-finding.ts";

/** A code that is to be passed over. */
export interface Ignored {
  readonly code: string;
  readonly place: string;
}

const COMMENT = /^[^"'\n]*#\s*heidewacht-ignore:([^\n#]*)/;
const CODES_MAX = 100;
const SHOWN_CHARACTERS_MAX = 60;

/** What each document of a file wants to be passed over. */
export function ignoredOf(documents: readonly LintDocument[], text: string): Ignored[][] {
  const comments = commentsOf(documents, text);
  return documents.map((document, at) =>
    [...(comments[at] ?? []), ...attributesOf(document)].slice(0, CODES_MAX),
  );
}

/** Takes away what is to be passed over, and tells of codes that don't exist or took nothing away. */
export function withoutIgnored(
  findings: readonly LintFinding[],
  ignored: readonly Ignored[],
  title: string | undefined,
): LintFinding[] {
  if (ignored.length === 0) return [...findings];
  const codes = new Set(ignored.map(({ code }) => code));
  const kept = findings.filter(({ code }) => !codes.has(code) || LINT_CODES[code] === "error");
  return [...kept, ...ignored.flatMap((one) => idleness(one, findings, title))];
}

function idleness(
  { code, place }: Ignored,
  findings: readonly LintFinding[],
  title: string | undefined,
): LintFinding[] {
  const isUsed = findings.some((one) => one.code === code && LINT_CODES[one.code] !== "error");
  if (isUsed) return [];
  const own = isLintCode(code) ? "ignore-unused" : "ignore-unknown";
  const detail = code.slice(0, SHOWN_CHARACTERS_MAX);
  return [{ code: own, severity: LINT_CODES[own], place, title, detail, other: "" }];
}

function attributesOf({ value, reader }: LintDocument): Ignored[] {
  const { heidewacht } = value;
  if (!isRecord(heidewacht)) return [];
  const codes: unknown[] = [heidewacht.ignore].flat();
  return codes.flatMap((code) =>
    typeof code === "string" ? [{ code, place: reader.place(["heidewacht", "ignore"]) }] : [],
  );
}

/** The comments of each document: those behind the mark that separates it from the one before. */
function commentsOf(documents: readonly LintDocument[], text: string): Ignored[][] {
  const found: Ignored[][] = documents.map(() => []);
  if (!text.includes("heidewacht-ignore")) return found;
  const lines = text.split("\n");
  const starts = documents.map(({ reader }) => startOf(lineOf(reader.place([])), lines));
  for (const [index, line] of lines.entries()) {
    const match = COMMENT.exec(line);
    const document = starts.findLastIndex((start) => start <= index);
    const origin = documents[document]?.reader.origin;
    if (match === null || origin === undefined) continue;
    const place = `${origin}:${index + 1}:${line.indexOf("#") + 1}`;
    const codes = (match[1] ?? "").split(/[\s,]+/).filter((code) => code !== "");
    found[document]?.push(...codes.map((code) => ({ code, place })));
  }
  return found;
}

function lineOf(place: string): number {
  return Number(/:(\d+):\d+$/.exec(place)?.[1] ?? 1) - 1;
}

// Back from the first key to the separator before it.
function startOf(line: number, lines: readonly string[]): number {
  for (let at = line; at >= 0; at -= 1) if (/^---(?:\s|$)/.test(lines[at] ?? "")) return at;
  return 0;
}
