// Builds the prompt of a case: only allow-listed fields, with tokens for hosts, addresses and accounts,
// without hidden characters, cut, and between random marks that say where foreign text begins and ends.
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";
import { type CaseInput, type CaseItem, type CaseTokens, labelled } from "./case.ts";
import { cleanText, VALUE_CHARS_MAX } from "./clean.ts";
import { slotTypeOf } from "./fields.ts";
import { instructionsOf } from "./instructions.ts";
import { timeText } from "./slots.ts";

const FIELDS_PER_ITEM_MAX = 40;
const VALUES_PER_FIELD_MAX = 5;

export interface Prompt {
  readonly system: string;
  readonly user: string;
  /** Hidden characters that were taken out of log values; many of them are a sign of manipulation. */
  readonly removedCharacters: number;
  /** Values that were cut, and items that had no room. */
  readonly cutValues: number;
  readonly itemsLeftOut: number;
}

export interface PromptOptions {
  readonly tokens: CaseTokens;
  /** Random, new for each request; in no value of the case. */
  readonly mark: string;
  /** Of the whole prompt. */
  readonly promptCharsMax: number;
}

/** The prompt of a case; items that have no room are left out, the last ones first. */
export function buildPrompt(input: CaseInput, options: PromptOptions): Prompt {
  const { mark, promptCharsMax } = options;
  const system = instructionsOf(input.task, mark);
  const counts = { removed: 0, cut: 0 };
  const lines: string[] = [];
  const itemsMax = input.items.length;
  let room = promptCharsMax - system.length - 200;
  for (const [label, item] of labelled(input.items)) {
    const before = { ...counts };
    const line = JSON.stringify(describe(label, item, input.timeZone, options, counts));
    if (line.length > room) {
      Object.assign(counts, before);
      break;
    }
    room -= line.length + 2;
    lines.push(line);
  }
  return {
    system,
    user: `{"items":[\n${lines.join(",\n")}\n]}`,
    removedCharacters: counts.removed,
    cutValues: counts.cut,
    itemsLeftOut: itemsMax - lines.length,
  };
}

function describe(
  label: string,
  item: CaseItem,
  timeZone: string,
  { tokens, mark }: PromptOptions,
  counts: { removed: number; cut: number },
) {
  const given = tokens.document(allowed(item, counts));
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(given)) {
    const type = slotTypeOf(item.kind, field);
    const values = [value].flat().map((one) => {
      if (type === "time" && typeof one === "number") return timeText(one, timeZone);
      return typeof one === "string" ? `<${mark}>${one}</${mark}>` : one;
    });
    fields[field] = { slot: type, value: values.length === 1 ? values[0] : values };
  }
  return { event: label, fields };
}

/** Allow-listed fields with cleaned values; names of fields come from our table, never from the log. */
function allowed(item: CaseItem, counts: { removed: number; cut: number }): EcsDocument {
  const entries: [string, EcsValue][] = [];
  for (const [field, value] of Object.entries(item.fields)) {
    if (value === undefined || slotTypeOf(item.kind, field) === undefined) continue;
    if (entries.length >= FIELDS_PER_ITEM_MAX) break;
    entries.push([field, cleanValue(value, counts)]);
  }
  return Object.fromEntries(entries);
}

function cleanValue(value: EcsValue, counts: { removed: number; cut: number }): EcsValue {
  const clean = (one: string): string => {
    const { text, removed, isCut } = cleanText(one, VALUE_CHARS_MAX);
    counts.removed += removed;
    counts.cut += isCut ? 1 : 0;
    // Angle brackets could pretend to be the end of the marks.
    return text.replace(/[<>]/g, (sign) => (sign === "<" ? "‹" : "›"));
  };
  if (typeof value === "string") return clean(value);
  if (!Array.isArray(value)) return value;
  const some = value.slice(0, VALUES_PER_FIELD_MAX);
  // An array of an EcsValue holds strings only or numbers only, and stays so.
  return some.map((one) => (typeof one === "string" ? clean(one) : one)) as EcsValue;
}

/** Whether a mark stands in a value of the case; then another one has to be drawn. */
export function occursIn(input: CaseInput, mark: string): boolean {
  return input.items.some(({ fields }) =>
    Object.values(fields)
      .flat()
      .some((value) => typeof value === "string" && value.includes(mark)),
  );
}
