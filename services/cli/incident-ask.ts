// Asks for what declaring, containing and recovering need and the options leave open: time, method,
// evidence and impact, one question a line. Questions go to standard error; where nobody can be asked, what
// is missing is named.
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { AppError } from "../../config/errors.ts";
import { COMPROMISE_METHODS, IMPACTS, TIME_METHODS } from "../store/incident.ts";
import type { IncidentMessages } from "./incident-messages.ts";

/** Options of a statement as they came. */
export interface StatementOptions {
  readonly at?: string;
  readonly method?: string;
  readonly evidence?: readonly string[];
  readonly reason?: string;
  readonly earliest?: string;
  readonly latest?: string;
  readonly confidentiality?: string;
  readonly integrity?: string;
  readonly availability?: string;
}

/** Answers one question; undefined when there is nobody to ask or the input has ended. */
export interface Asker {
  ask(question: string): Promise<string | undefined>;
  choose(
    question: string,
    choices: readonly (readonly [string, string])[],
  ): Promise<string | undefined>;
  close(): void;
}

/** An asker at a terminal; without one it answers nothing. */
export function createAsker(
  text: IncidentMessages,
  terminal: { readonly input: Readable & { isTTY?: boolean }; readonly output: Writable },
): Asker {
  if (terminal.input.isTTY !== true) {
    return { ask: async () => undefined, choose: async () => undefined, close: () => undefined };
  }
  return createLineAsker(text, terminal);
}

/** An asker that reads answers line by line from any input. */
export function createLineAsker(
  text: IncidentMessages,
  terminal: { readonly input: Readable; readonly output: Writable },
): Asker {
  const lines = createInterface({ ...terminal, terminal: false });
  const answers = lines[Symbol.asyncIterator]();
  const ask = async (question: string) => {
    terminal.output.write(`${question}: `);
    const next = await answers.next();
    return next.done === true ? undefined : next.value.trim();
  };
  return {
    ask,
    async choose(question, choices) {
      const list = choices.map(([name, words], at) => `  ${at + 1}  ${name}: ${words}\n`);
      terminal.output.write(`${question}\n${list.join("")}`);
      for (;;) {
        const answer = await ask(text.choose);
        if (answer === undefined) return undefined;
        const found = choices.find(([name], at) => name === answer || String(at + 1) === answer);
        if (found !== undefined) return found[0];
        terminal.output.write(`${text.notChosen(answer)}\n`);
      }
    },
    close: () => lines.close(),
  };
}

/** When something was achieved, and how that is known. @throws AppError HW_USAGE naming what is missing */
export async function askStatement(
  given: StatementOptions,
  question: "askMethod" | "askCompromise",
  text: IncidentMessages,
  asker: Asker,
  timeOf: (given: string) => number,
) {
  const methods = question === "askCompromise" ? COMPROMISE_METHODS : TIME_METHODS;
  const choices = methods.map((one) => [one, text.methods[one]] as const);
  const method = needed(
    "--method",
    given.method ?? (await asker.choose(text[question], choices)),
    text,
  );
  const needsTime = method === "evidence" || method === "estimate";
  const at = given.at ?? (needsTime ? await asker.ask(text.askAt) : undefined);
  if (needsTime) needed("--at", at, text);
  const isProven = (given.evidence?.length ?? 0) > 0;
  const asked = method === "evidence" && !isProven ? await asker.ask(text.askEvidence) : undefined;
  const evidenceIds = isProven ? [...(given.evidence ?? [])] : listed(asked);
  if (method === "evidence" && evidenceIds.length === 0) needed("--evidence", undefined, text);
  return {
    ...{ method, evidenceIds },
    ...(at === undefined || at === "" ? {} : { at: timeOf(at) }),
    ...(given.reason === undefined ? {} : { reason: given.reason }),
    ...(given.earliest === undefined ? {} : { earliest: timeOf(given.earliest) }),
    ...(given.latest === undefined ? {} : { latest: timeOf(given.latest) }),
  };
}

/** What the attack did. @throws AppError HW_USAGE naming what is missing */
export async function askImpact(given: StatementOptions, text: IncidentMessages, asker: Asker) {
  const choices = IMPACTS.map((one) => [one, text.impacts[one]] as const);
  const one = async (flag: "confidentiality" | "integrity" | "availability", question: string) =>
    needed(`--${flag}`, given[flag] ?? (await asker.choose(question, choices)), text);
  return {
    confidentiality: await one("confidentiality", text.askConfidentiality),
    integrity: await one("integrity", text.askIntegrity),
    availability: await one("availability", text.askAvailability),
  };
}

/** @throws AppError HW_USAGE */
export function needed(flag: string, value: string | undefined, text: IncidentMessages): string {
  if (value !== undefined && value !== "") return value;
  throw new AppError("HW_USAGE", text.needed(flag), { mend: text.neededMend });
}

/** `a, b` */
export function listed(given: string | undefined): string[] {
  return (given ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
