// The detector "Manipulationsversuch in Protokolldaten": finds in log data what is meant for those who read
// it: instructions to language models, forged lines, active content. Pure; an event without a suspicious
// character or word costs one pass over the values that somebody can fill.
import type { DetectorInfo, Level, Match, MatchedField } from "../detector.ts";
import type { LogEvent } from "../event.ts";
import { eachFieldText, type FieldText, type FieldUse } from "./fields.ts";
import {
  boundedText,
  decodedTexts,
  foldText,
  hiddenByTags,
  TEXT_CHARACTERS_MAX,
} from "./fold-text.ts";
import { forgedRecordAt, strayBreakAt, terminalControlAt } from "./forgery.ts";
import { INSTRUCTION_POINTS_MIN, instructionSigns } from "./instructions.ts";
import { directionAt, markupIn } from "./markup.ts";
import { MANIPULATION_MESSAGES, type ManipulationLanguage } from "./messages.ts";
import { deservesLook } from "./screen.ts";

/** What was found in a text. */
type ManipulationKind = "instruction" | "forgery" | "markup";

interface Manipulation {
  readonly kind: ManipulationKind;
  /** What gave it away, in words of ours. */
  readonly sign: string;
  /** The part of the text that evidence quotes. */
  readonly excerpt: string;
}

/** Looks at one event; at most one match of each kind. */
type ManipulationDetector = (event: LogEvent) => readonly Match[];

const EXCERPT_CHARACTERS = 160;
const FIELDS_PER_MATCH_MAX = 5;
const NONE: readonly Match[] = [];

/** MITRE ATLAS AML.T0051: instructions in data that a language model reads. */
const ATLAS = "https://atlas.mitre.org/techniques/AML.T0051";
const KINDS: Readonly<
  Record<
    ManipulationKind,
    { level: Level; techniques: string[]; tactics: string[]; references: string[] }
  >
> = {
  instruction: {
    level: "high",
    techniques: ["T1565.001"],
    tactics: ["impact"],
    references: [ATLAS, "https://attack.mitre.org/techniques/T1565/001/"],
  },
  forgery: {
    level: "high",
    techniques: ["T1565.001"],
    tactics: ["impact"],
    references: [
      "https://attack.mitre.org/techniques/T1565/001/",
      "https://cwe.mitre.org/data/definitions/117.html",
    ],
  },
  markup: {
    level: "medium",
    techniques: ["T1190"],
    tactics: ["initial-access"],
    references: [
      "https://attack.mitre.org/techniques/T1190/",
      "https://cwe.mitre.org/data/definitions/79.html",
      "https://cwe.mitre.org/data/definitions/1236.html",
    ],
  },
};

/** What humans see of the detector, one for each kind; ids are stable. */
function manipulationInfo(kind: ManipulationKind, language: ManipulationLanguage): DetectorInfo {
  const text = MANIPULATION_MESSAGES[language];
  return {
    id: `heidewacht.manipulation.${kind}`,
    kind: "integrity",
    title: text.title[kind],
    description: text.description[kind],
    status: "test",
    ...KINDS[kind],
    falsePositives: text.falsePositives,
    response: text.response,
    origin: `detectors/manipulation/${kind}`,
  };
}

/** Makes the detector. */
export function createManipulationDetector(language: ManipulationLanguage): ManipulationDetector {
  const infos = {
    instruction: manipulationInfo("instruction", language),
    forgery: manipulationInfo("forgery", language),
    markup: manipulationInfo("markup", language),
  };
  return (event) => {
    let found: { readonly kind: ManipulationKind; readonly matched: MatchedField }[] | undefined;
    eachFieldText(event, isWanted, (field) => {
      for (const one of manipulationsIn(field)) {
        const { kind, sign, excerpt } = one;
        found ??= [];
        found.push({
          kind,
          matched: { field: field.field, value: excerpt, operator: "manipulation", pattern: sign },
        });
      }
    });
    if (found === undefined) return NONE;
    const all = found;
    return (["instruction", "forgery", "markup"] as const).flatMap((kind) => {
      const matched = all.filter((one) => one.kind === kind).map((one) => one.matched);
      if (matched.length === 0) return [];
      const shown = matched.slice(0, FIELDS_PER_MATCH_MAX);
      return [{ detector: infos[kind], event, explain: () => shown, read: () => undefined }];
    });
  };
}

function isWanted(text: string, use: FieldUse): boolean {
  if (use === "line" && (text.includes("\n") || text.includes("\r"))) return true;
  return deservesLook(text, TEXT_CHARACTERS_MAX);
}

/** Everything that is found in one text, at most one of each kind. */
export function manipulationsIn({ text: whole, use }: Omit<FieldText, "field">): Manipulation[] {
  const text = boundedText(whole);
  const decoded = decodedTexts(text);
  const found: Manipulation[] = [];
  const instruction = instructionIn(text, decoded);
  if (instruction !== undefined) found.push(instruction);
  const forgery = forgeryIn(text, decoded[0] ?? text, use);
  if (forgery !== undefined) found.push(forgery);
  // Commands and scripts are made of markup and formulas.
  if (use !== "code") {
    for (const one of [text, ...decoded]) {
      const markup = markupIn(one);
      if (markup === undefined) continue;
      found.push({ kind: "markup", sign: markup.kind, excerpt: excerptAt(one, markup.at) });
      break;
    }
  }
  const turned = use === "line" ? directionAt(text) : -1;
  if (turned !== -1 && found.every(({ kind }) => kind !== "markup")) {
    found.push({ kind: "markup", sign: "text direction", excerpt: excerptAt(text, turned) });
  }
  return found;
}

function instructionIn(text: string, decoded: readonly string[]): Manipulation | undefined {
  const hidden = hiddenByTags(text);
  const tries = [
    { how: "", one: text },
    ...decoded.map((one) => ({ how: "encoded: ", one })),
    ...(hidden === undefined ? [] : [{ how: "tag characters: ", one: hidden }]),
  ];
  for (const { how, one } of tries) {
    const { points, signs } = instructionSigns(one, foldText(one));
    if (points < INSTRUCTION_POINTS_MIN) continue;
    return { kind: "instruction", sign: how + signs.join(", "), excerpt: excerptAt(one, 0) };
  }
  // Nobody writes a text into characters that are never shown, but to hide it.
  if (hidden === undefined) return undefined;
  return { kind: "instruction", sign: "tag characters", excerpt: excerptAt(hidden, 0) };
}

function forgeryIn(text: string, decoded: string, use: FieldText["use"]): Manipulation | undefined {
  for (const one of new Set([text, decoded])) {
    // Scripts and messages have several lines, and what is logged in them may be other logs.
    const forged = use === "line" ? forgedRecordAt(one) : -1;
    if (forged !== -1) {
      return { kind: "forgery", sign: "forged line", excerpt: excerptAt(one, forged) };
    }
    const control = use === "code" ? -1 : terminalControlAt(one, use === "text");
    if (control !== -1) {
      return { kind: "forgery", sign: "terminal control", excerpt: excerptAt(one, control) };
    }
  }
  const stray = use === "line" ? strayBreakAt(text) : -1;
  if (stray === -1) return undefined;
  return { kind: "forgery", sign: "line break", excerpt: excerptAt(text, stray) };
}

function excerptAt(text: string, at: number): string {
  const from = Math.max(0, at - EXCERPT_CHARACTERS / 4);
  return text.slice(from, from + EXCERPT_CHARACTERS);
}
