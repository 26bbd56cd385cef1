// What a rule says of itself that has no part in matching: who wrote it and when, which rules it is related
// to, what a site or a tool has added.
// Source: Sigma specification 2.1, section "Components".
import { isRecord } from "./rule-document.ts";

/** How a rule is related to another one. */
export const RELATIONS = ["derived", "obsolete", "merged", "renamed", "similar"] as const;
type Relation = (typeof RELATIONS)[number];

interface RelatedRule {
  readonly id: string;
  readonly type: Relation;
}

export interface RuleAttributes {
  readonly author: string | undefined;
  /** SPDX id. */
  readonly license: string | undefined;
  /** As written, mostly YYYY-MM-DD. */
  readonly date: string | undefined;
  readonly modified: string | undefined;
  readonly taxonomy: string;
  /** What the log source needs, for people. */
  readonly definition: string | undefined;
  /** Fields that an analyst wants to see. */
  readonly fields: readonly string[];
  readonly scope: readonly string[];
  /** All tags, lower case. */
  readonly tags: readonly string[];
  readonly related: readonly RelatedRule[];
  /** Keys that the specification does not know, at most `CUSTOM_CHARACTERS_MAX` together. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** All custom attributes of one rule, as JSON. What is beyond is not kept. */
const CUSTOM_CHARACTERS_MAX = 16_384;

const KNOWN = new Set(
  "title id related name taxonomy status description license author references date modified logsource detection correlation filter fields falsepositives level tags scope generate response".split(
    " ",
  ),
);

/** Reads what is there; what has another type than the specification says counts as missing. */
export function readAttributes(value: Record<string, unknown>): RuleAttributes {
  const text = (key: string) => {
    const one = value[key];
    return typeof one === "string" && one.trim() !== "" ? one.trim() : undefined;
  };
  const { logsource } = value;
  const definition = isRecord(logsource) ? logsource.definition : undefined;
  return {
    author: text("author"),
    license: text("license"),
    date: text("date"),
    modified: text("modified"),
    taxonomy: text("taxonomy") ?? "sigma",
    definition: typeof definition === "string" ? definition.trim() : undefined,
    fields: textsOf(value.fields),
    scope: textsOf(value.scope),
    tags: textsOf(value.tags).map((tag) => tag.toLowerCase()),
    related: readRelated(value.related),
    custom: readCustom(value),
  };
}

/** A text or a list of texts; everything else is left out. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function readRelated(value: unknown): RelatedRule[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (!isRecord(one) || typeof one.id !== "string") return [];
    // Older rules call it so.
    const type = one.type === "obsoletes" ? "obsolete" : one.type;
    const known = RELATIONS.find((name) => name === type);
    return known === undefined ? [] : [{ id: one.id, type: known }];
  });
}

function readCustom(value: Record<string, unknown>): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  let characters = 0;
  for (const [key, one] of Object.entries(value)) {
    if (KNOWN.has(key)) continue;
    const length = key.length + lengthOf(one);
    if (characters + length > CUSTOM_CHARACTERS_MAX) continue;
    characters += length;
    kept.push([key, one]);
  }
  return Object.fromEntries(kept);
}

// Anchors that contain themselves have no end.
function lengthOf(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
