// Asks for what the options of `heidewacht sources onboard` leave open, one question a line. The questions
// go to standard error, so that standard output holds nothing but the configuration.

import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { NDIG_CLASSES } from "../../config/ndig.ts";
import type { SourcesMessages } from "./sources-messages.ts";
import { DATA_CLASSES, needsNetwork, SOURCE_KINDS, type SourceKind } from "./sources-onboard.ts";

/** Answers as text, some of them missing. */
export interface OnboardAnswers {
  readonly tenant?: string | undefined;
  readonly kind?: SourceKind | undefined;
  readonly source?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly ndigClass?: string | undefined;
  readonly dataClass?: string | undefined;
  readonly network?: string | undefined;
  readonly path?: string | undefined;
}

/** Where questions go and answers come from. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** Asks until every answer is there; an input that ends leaves the rest open. */
export async function askMissing(
  given: OnboardAnswers,
  tenants: readonly string[],
  timeZone: string,
  text: SourcesMessages,
  terminal: Terminal,
): Promise<OnboardAnswers> {
  const lines = createInterface({ ...terminal, terminal: false });
  const answers = lines[Symbol.asyncIterator]();
  const say = (line: string) => terminal.output.write(`${line}\n`);
  const ask = async (question: string, usual?: string): Promise<string | undefined> => {
    terminal.output.write(usual === undefined ? `${question}: ` : `${question} [${usual}]: `);
    const next = await answers.next();
    if (next.done === true) return undefined;
    const answer = next.value.trim();
    return answer === "" ? usual : answer;
  };
  const choose = async <T extends string>(
    question: string,
    choices: readonly (readonly [T, string])[],
    isOptional: boolean,
  ): Promise<T | undefined> => {
    say(question);
    for (const [index, [name, words]] of choices.entries())
      say(`  ${index + 1}  ${name}: ${words}`);
    for (;;) {
      const answer = await ask(text.choose, isOptional ? "" : undefined);
      if (answer === undefined || (answer === "" && isOptional)) return undefined;
      const found = choices.find(
        ([name], index) => name === answer || String(index + 1) === answer,
      );
      if (found !== undefined) return found[0];
      say(text.notChosen(answer));
    }
  };
  try {
    const [only] = tenants;
    const tenant =
      given.tenant ?? (tenants.length === 1 ? only : await ask(text.askTenant(tenants.join(", "))));
    const kinds = SOURCE_KINDS.map((kind) => [kind, text.kinds[kind]] as const);
    const kind = given.kind ?? (await choose(text.askKind, kinds, false));
    const source = given.source ?? (await ask(text.askSource));
    const zone = given.timeZone ?? (await ask(text.askTimeZone, timeZone));
    const asksNetwork = kind !== undefined && needsNetwork(kind);
    const network = given.network ?? (asksNetwork ? await ask(text.askNetwork) : undefined);
    const path = given.path ?? (kind === "files" ? await ask(text.askPath) : undefined);
    const classes = NDIG_CLASSES.map((one) => [`${one}`, text.ndig[one]] as const);
    const ndigClass = given.ndigClass ?? (await choose(text.askNdig, classes, false));
    const dataClasses = DATA_CLASSES.map((name) => [name, text.dataClasses[name]] as const);
    const dataClass = given.dataClass ?? (await choose(text.askDataClass, dataClasses, true));
    return { tenant, kind, source, timeZone: zone, network, path, ndigClass, dataClass };
  } finally {
    lines.close();
  }
}
