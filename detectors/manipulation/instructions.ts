// Whether a text gives orders to a language model. Not single words speak but their company: an order, what
// it is about, and who is spoken to, within a few words of each other, in any order and of five languages.
import { foldLeet } from "./fold-text.ts";
import { PART, partsOf } from "./words.ts";

/** Words before and after one that are looked at together with it. */
const NEAR_WORDS = 11;
const WORDS_MAX = 800;
/** Points from which a text counts as an instruction. */
export const INSTRUCTION_POINTS_MIN = 4;

const WORD = /[a-z\d@$!]+/g;
const LEET_SIGN = /[013457@$!]/;
/** Marks of chat templates: nothing else writes them. */
const TEMPLATE =
  /<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|eot_id|start_header_id|begin_of_text|end|endofprompt)\|>|\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>|\[\/?SYSTEM_PROMPT\]|<\/?(?:system_prompt|tool_call|function_calls)>/i;
/** Who speaks in a written conversation; by itself also a line of a manual. */
const ROLE_MARK =
  /"role" ?: ?"(?:system|assistant|developer)"|(?:^|[\n\r|"'>)\]]) {0,4}(?:#{2,4} {0,2})?(?:system|assistant|human|ai|ki|developer)(?: message| prompt)? ?:|#{2,4} {0,2}(?:instruction|response|system|anweisung|instructions)\b/i;
const SPOKEN_TO =
  /\b(?:you are now|from now on,? you|(?:as|for) an? (?:large )?(?:language|ai) model|(?:the )?user wants you to|du bist (?:jetzt|nun|ab sofort)|ab sofort bist du|(?:(?:tu es|vous etes) (?:maintenant|desormais)|a partir de maintenant)|(?:ahora eres|a partir de ahora)|(?:jestes teraz|od teraz)|act as an? (?:unrestricted|ai|assistant))/;
const LANGUAGE_MODEL =
  /\b(?:language model|large language|modele de langage|modelo de lenguaje|model[ou]? jezykow|sprachmodell|assistant|asistente|asystenc?t?|assistent)/;

/** What a text holds of an instruction. */
interface InstructionSigns {
  readonly points: number;
  /** Names of the signs, for evidence. */
  readonly signs: readonly string[];
}

/**
 * @param text as it is, for marks
 * @param folded the same text folded: lower case, without accents and look-alike characters
 */
export function instructionSigns(text: string, folded: string): InstructionSigns {
  const signs: string[] = [];
  let marks = 0;
  if (TEMPLATE.test(text)) {
    marks += INSTRUCTION_POINTS_MIN;
    signs.push("chat template");
  }
  if (ROLE_MARK.test(text)) {
    marks += 2;
    signs.push("role marker");
  }
  if (SPOKEN_TO.test(folded)) {
    marks += LANGUAGE_MODEL.test(folded) ? 3 : 2;
    signs.push("new role");
  }
  const words = bestOfWords(folded);
  return { points: marks + words.points, signs: [...signs, ...words.signs] };
}

function bestOfWords(folded: string): InstructionSigns {
  const parts: number[] = [];
  for (const [word] of folded.matchAll(WORD)) {
    parts.push(partsOf(word) | (LEET_SIGN.test(word) ? partsOf(foldLeet(word)) : 0));
    if (parts.length === WORDS_MAX) break;
  }
  let best: InstructionSigns = { points: 0, signs: [] };
  const cores =
    PART.instructions |
    PART.instruction |
    PART.rules |
    PART.judged |
    PART.prompt |
    PART.nothing |
    PART.harmless |
    PART.follow;
  for (const [index, own] of parts.entries()) {
    if ((own & cores) === 0) continue;
    let near = 0;
    let orders = 0;
    const end = Math.min(parts.length, index + NEAR_WORDS + 1);
    for (let other = Math.max(0, index - NEAR_WORDS); other < end; other += 1) {
      const bits = parts[other] ?? 0;
      near |= bits;
      if ((bits & PART.set) !== 0) orders += 1;
    }
    const judged = judge(near, orders);
    if (judged.points > best.points) best = judged;
  }
  return best;
}

function judge(near: number, orders: number): InstructionSigns {
  const has = (part: number) => (near & part) !== 0;
  const signs: string[] = [];
  let points = 0;
  if (has(PART.ignore) && has(PART.instructions | PART.instruction | PART.rules)) {
    points += has(PART.instructions) ? 3 : has(PART.rules) ? 2 : 1;
    points += (has(PART.earlier) ? 1 : 0) + (has(PART.all) ? 1 : 0);
    signs.push("ignore instructions");
  }
  if (has(PART.set) && has(PART.judged) && has(PART.harmless)) {
    points += 3 + (has(PART.this) || has(PART.secure) ? 1 : 0) + (orders > 1 ? 1 : 0);
    signs.push("set the verdict");
  } else if (has(PART.set) && has(PART.nothing) && has(PART.assistant | PART.not | PART.secure)) {
    points += 2 + (orders > 1 ? 1 : 0);
    signs.push("say that nothing happened");
  } else if (has(PART.set) && has(PART.assistant) && has(PART.harmless | PART.judged)) {
    points += 2;
    signs.push("set the verdict");
  }
  if (has(PART.follow) && has(PART.not | PART.ignore) && has(PART.earlier | PART.instructions)) {
    points += 3;
    signs.push("ignore instructions");
  }
  if (has(PART.not) && has(PART.mention) && has(PART.judged)) {
    points += 2;
    signs.push("keep silent");
  }
  if (has(PART.reveal) && has(PART.system) && has(PART.prompt)) {
    points += 3;
    signs.push("reveal the prompt");
  }
  if (has(PART.role) && has(PART.assistant)) {
    points += 2;
    signs.push("new role");
  }
  if (points > 0 && has(PART.assistant)) {
    points += 2;
    signs.push("speaks to the assistant");
  }
  // People write to each other like this in the office; to a machine they don't.
  if (points > 0 && has(PART.office) && !has(PART.assistant | PART.harmless)) {
    points -= 3;
  }
  return { points, signs };
}
