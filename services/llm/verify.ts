// Decides, without a model, what of a model's answer people may see. Facts are slots that we fill from the
// evidence; the words between them have to be plain German and none of a log's. What does not hold is
// dropped and counted, and too much of it takes the whole answer along.
import { type CaseInput, type CaseItem, labelled } from "./case.ts";
import { fitsField, type SlotType } from "./fields.ts";
import { isPlainWord } from "./lexicon.ts";
import { type ModelAnswer, type ModelClaim, SLOT } from "./schema.ts";
import { fillSlot } from "./slots.ts";
import { rowsOf, wordRows, wordsOf } from "./words.ts";

/** Share of dropped claims above which nothing is shown. */
const DROPPED_SHARE_MAX = 0.2;
const SENTENCE_CHARS_MAX = 400;
const SENTENCE_SLOTS_MAX = 8;
/** The model was given less of each value; what it never saw it can't repeat. */
const LOG_TEXT_CHARS_MAX = 2048;
const LOG_NAME_CHARS_MIN = 3;

/** Why a claim was dropped. */
export const DROP_REASONS = [
  "no_citation",
  "unknown_event",
  "unknown_field",
  "wrong_slot",
  "empty_value",
  "foreign_sign",
  "foreign_word",
  "log_text",
  "too_long",
  "wrong_form",
  "repeated",
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Words of the model's own, or a value of ours with where it comes from. */
type ClaimPart =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: SlotType;
      readonly value: string;
      /** Id of the event or finding, and the field. */
      readonly event: string;
      readonly field: string;
    };

export interface VerifiedClaim extends Pick<ModelClaim, "kind" | "section"> {
  readonly parts: readonly ClaimPart[];
}

export interface Verification {
  readonly claims: readonly VerifiedClaim[];
  readonly total: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Whether enough of it holds to be shown. */
  readonly holds: boolean;
}

/** Checks every claim of an answer against the case. */
export function verifyAnswer(answer: ModelAnswer, input: CaseInput): Verification {
  const check = claimChecker(input);
  const claims: VerifiedClaim[] = [];
  const dropped: Partial<Record<DropReason, number>> = {};
  const seen = new Set<string>();
  for (const claim of answer.claims) {
    const result = seen.has(claim.text) ? "repeated" : check(claim);
    seen.add(claim.text);
    if (typeof result === "string") dropped[result] = (dropped[result] ?? 0) + 1;
    else claims.push(result);
  }
  const total = answer.claims.length;
  const holds = claims.length > 0 && total - claims.length <= DROPPED_SHARE_MAX * total;
  return { claims, total, dropped, holds };
}

function claimChecker(input: CaseInput): (claim: ModelClaim) => VerifiedClaim | DropReason {
  const items = labelled(input.items);
  const logTexts = input.items.filter(({ kind }) => kind === "event").flatMap(textsOf);
  const rows = rowsOf(logTexts);
  const names = new Set(logTexts.flatMap(nameOf));
  return (claim) => {
    const { text } = claim;
    if (text.length > SENTENCE_CHARS_MAX) return "too_long";
    const own = text.split(SLOT).filter((_, index) => index % 3 === 0);
    const fault = formFault(claim) ?? ownWordsFault(own, rows, names);
    return fault ?? fillClaim(claim, items, input.timeZone);
  };
}

/** A statement ends with a full stop, a question with its mark; neither holds a second sentence. */
function formFault({ kind, text }: ModelClaim): DropReason | undefined {
  const end = kind === "question" ? "?" : ".";
  const inner = text.slice(0, -1);
  return text.endsWith(end) && !/[.?]/.test(inner) ? undefined : "wrong_form";
}

// Letters that German has, and signs that can't join words to an address, a path or markup.
const OWN_TEXT = /^(?:[A-Za-zÄÖÜäöüß ]|[,;:.?](?=[ )]|$)|[()]|-(?=[A-Za-zÄÖÜäöüß])| – )*$/;

function ownWordsFault(
  own: readonly string[],
  rows: ReadonlySet<string>,
  names: ReadonlySet<string>,
): DropReason | undefined {
  if (!own.every((text) => OWN_TEXT.test(text))) return "foreign_sign";
  const spelled = own.flatMap((text) => text.match(/[A-Za-zÄÖÜäöüß]+/g) ?? []);
  // Slots between them don't make a row of words another one.
  const words = wordsOf(own.join(" "));
  for (const row of wordRows(words)) if (rows.has(row)) return "log_text";
  const isForeign = (word: string) => !isPlainWord(word) || names.has(word.toLowerCase());
  return spelled.some(isForeign) ? "foreign_word" : undefined;
}

function fillClaim(
  { kind, section, text, citations }: ModelClaim,
  items: ReadonlyMap<string, CaseItem>,
  timeZone: string,
): VerifiedClaim | DropReason {
  const slots = [...text.matchAll(SLOT)];
  if (slots.length === 0) return "no_citation";
  if (slots.length > SENTENCE_SLOTS_MAX) return "too_long";
  const parts: ClaimPart[] = [];
  let from = 0;
  for (const slot of slots) {
    if (slot.index > from) parts.push({ type: "text", text: text.slice(from, slot.index) });
    from = slot.index + slot[0].length;
    const cited = citations.filter((one) => one.slot === Number(slot[2]));
    const [citation] = cited;
    if (citation === undefined || cited.length > 1) return "no_citation";
    const item = items.get(citation.event);
    if (item === undefined) return "unknown_event";
    if (!Object.hasOwn(item.fields, citation.field)) return "unknown_field";
    // The pattern of slots holds nothing but types of slots.
    const type = slot[1] as SlotType;
    if (!fitsField(type, item.kind, citation.field)) return "wrong_slot";
    const value = item.fields[citation.field];
    const filled = value === undefined ? undefined : fillSlot(type, item, value, timeZone);
    if (filled === undefined) return "empty_value";
    parts.push({ ...filled, event: item.id, field: citation.field });
  }
  if (from < text.length) parts.push({ type: "text", text: text.slice(from) });
  return { kind, section, parts };
}

function textsOf({ fields }: CaseItem): string[] {
  return Object.values(fields)
    .flat()
    .filter((value) => typeof value === "string")
    .map((value) => value.slice(0, LOG_TEXT_CHARS_MAX));
}

// A value of one word is a name of something: of a host, an account, a program.
function nameOf(value: string): string[] {
  const name = value.trim().toLowerCase();
  return name.length >= LOG_NAME_CHARS_MIN && /^[\p{L}]+$/u.test(name) ? [name] : [];
}
