// `heidewacht models list|train|evaluate|promote|rollback`: asks the running API. Training and judging are
// waited for; they go on in the service when the command is ended.
import { setTimeout as delay } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import type { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { comparisonAnswer, modelAnswer, modelJob, modelList } from "../api/model-schemas.ts";
import { MODEL_NAMES, type ModelName } from "../store/model.ts";
import { type AskApi, knownCode } from "./api-client.ts";
import type { CliLanguage } from "./messages.ts";
import { MODELS_CLI_MESSAGES, type ModelsMessages } from "./models-messages.ts";
import { fewExamplesLine, modelLines } from "./models-text.ts";
import { apiCommand, clientOf, type ProposalOptions, printAnswer } from "./proposal-options.ts";
import { terminalWidth } from "./text-table.ts";

const POLL_MS = 500;

interface ModelOptions extends ProposalOptions {
  readonly days?: number;
  readonly seed?: number;
  readonly fresh?: boolean;
  readonly detach?: boolean;
}

/** Adds the commands. */
export function addModelsCommand(program: Command, language: CliLanguage): void {
  const text = MODELS_CLI_MESSAGES[language];
  const command = program.command("models").description(text.models);
  const add = (name: "train" | "evaluate" | "promote" | "rollback") =>
    apiCommand(command, name, text[name], language).argument("<name>", text.name, modelName);
  const modelName = (given: string) => {
    const found = MODEL_NAMES.find((one) => one === given);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(text.noName(MODEL_NAMES.join(", ")));
  };
  const whole = (option: string) => (given: string) => {
    const value = Number(given);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw new InvalidArgumentError(text.notWhole(option));
  };

  apiCommand(command, "list", text.list, language).action((options: ProposalOptions) =>
    list(options, language),
  );
  add("train")
    .option("--days <number>", text.days, whole("--days"))
    .option("--seed <number>", text.seed, whole("--seed"))
    .option("--fresh", text.fresh)
    .option("--detach", text.detach)
    .action((name: ModelName, options: ModelOptions) => {
      const { days, seed, fresh: isFresh } = options;
      return runJob(pathOf(name, "train"), { days, seed, isFresh }, options, language);
    });
  add("evaluate")
    .argument("[version]", text.version, whole("version"))
    .option("--days <number>", text.days, whole("--days"))
    .option("--detach", text.detach)
    .action((name: ModelName, version: number | undefined, options: ModelOptions) => {
      const { days } = options;
      return runJob(pathOf(name, "evaluate"), { days, version }, options, language);
    });
  add("promote")
    .argument("[version]", text.version, whole("version"))
    .action((name: ModelName, version: number | undefined, options: ModelOptions) =>
      putIntoForce(name, "promote", version, options, language),
    );
  add("rollback").action((name: ModelName, options: ModelOptions) =>
    putIntoForce(name, "rollback", undefined, options, language),
  );
}

async function list(options: ProposalOptions, language: CliLanguage): Promise<void> {
  const ask = clientOf(options, language);
  const answer = await ask("GET", "/models", modelList);
  const comparisons = new Map<
    ModelName,
    NonNullable<z.infer<typeof comparisonAnswer>["comparison"]>
  >();
  for (const name of MODEL_NAMES) {
    const { comparison } = await ask("GET", `/models/${name}/comparison`, comparisonAnswer);
    if (comparison !== undefined) comparisons.set(name, comparison);
  }
  printAnswer({ ...answer, comparisons: Object.fromEntries(comparisons) }, options, () =>
    modelLines(answer, comparisons, language, terminalWidth(process.stdout)),
  );
}

async function runJob(
  path: string,
  body: unknown,
  options: ModelOptions,
  language: CliLanguage,
): Promise<void> {
  const text = MODELS_CLI_MESSAGES[language];
  const ask = clientOf(options, language);
  const job = await ask("POST", path, modelJob, body);
  const { id, model, kind } = job;
  if (options.detach === true)
    return printAnswer(job, options, () => [text.started(model, text.kinds[kind])]);
  const { answer, found } = await settled(ask, id);
  if (found === undefined) throw new AppError("HW_NOT_FOUND", text.gone);
  const { state, version = 0 } = found;
  if (state !== "done") throw endedEarly(found, text);
  printAnswer(found, options, () => [
    text.done(model, text.kinds[kind], version),
    ...fewExamplesLine(answer, model, version, language),
  ]);
}

function endedEarly(
  { model, kind, state, fault = "", place }: z.infer<typeof modelJob>,
  text: ModelsMessages,
): AppError {
  const what = text.kinds[kind];
  if (state === "cancelled") return new AppError("HW_CONFLICT", text.cancelled(model, what));
  const mend = Object.hasOwn(text.mends, fault) ? text.mends[fault] : text.mendElse;
  return new AppError(knownCode(fault), text.failed(model, what), { place, mend });
}

/** The job once it runs no more; undefined when nobody knows it. */
async function settled(ask: AskApi, id: string) {
  for (;;) {
    const answer = await ask("GET", "/models", modelList);
    const found = answer.jobs.find((one) => one.id === id);
    if (found?.state !== "waiting" && found?.state !== "running") return { answer, found };
    await delay(POLL_MS);
  }
}

/** Which version is meant is settled first, so that what others do meanwhile is not done once more. */
async function putIntoForce(
  name: ModelName,
  step: "promote" | "rollback",
  given: number | undefined,
  options: ProposalOptions,
  language: CliLanguage,
): Promise<void> {
  const ask = clientOf(options, language);
  const version = given ?? (await meantBy(ask, name, step));
  const answer = await ask("POST", pathOf(name, step), modelAnswer, { version });
  printAnswer(answer, options, ({ name, versions }) =>
    versions
      .filter(({ state }) => state === "active")
      .map(({ version }) => MODELS_CLI_MESSAGES[language].inForce(name, version)),
  );
}

async function meantBy(ask: AskApi, name: ModelName, step: "promote" | "rollback") {
  const { models } = await ask("GET", "/models", modelList);
  const model = models.find((one) => one.name === name);
  if (step === "rollback") return model?.past.at(-1);
  return model?.versions.find(({ state }) => state === "shadow")?.version;
}

function pathOf(name: string, step: string): string {
  return `/models/${encodeURIComponent(name)}/${step}`;
}
