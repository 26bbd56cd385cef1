// What `heidewacht models` prints: versions as a table, and what the one in the shadow would have flagged.
import type { z } from "zod";
import type { comparisonAnswer, modelList } from "../api/model-schemas.ts";
import type { ModelName } from "../store/model.ts";
import { hasFewExamples } from "../store/model-examples.ts";
import type { CliLanguage } from "./messages.ts";
import { MODELS_CLI_MESSAGES } from "./models-messages.ts";
import { momentOf } from "./proposal-options.ts";
import { printable } from "./rules-text.ts";
import { tableLines } from "./text-table.ts";

type Listed = z.infer<typeof modelList>;
type Comparison = NonNullable<z.infer<typeof comparisonAnswer>["comparison"]>;

/** Lines of the list, with what was compared for each model that has something to compare. */
export function modelLines(
  { models, jobs }: Listed,
  comparisons: ReadonlyMap<ModelName, Comparison>,
  language: CliLanguage,
  width: number,
): string[] {
  const text = MODELS_CLI_MESSAGES[language];
  const { columns } = text;
  const running = jobs.flatMap(({ state, model, kind }) =>
    state === "running" || state === "waiting" ? text[state](model, text.kinds[kind]) : [],
  );
  if (models.length === 0) return [text.none, ...running];
  const right = { align: "right" } as const;
  const titles = [
    { title: columns.model },
    { title: columns.version, ...right },
    { title: columns.state },
    { title: columns.trained },
    ...[columns.site, columns.recall, columns.auroc, columns.flagged, columns.bytes].map(
      (title) => ({ title, ...right }),
    ),
  ];
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const rows = models.flatMap(({ name, versions }) =>
    versions.map(({ version, state, trainedAt, examples, metrics, evaluations, bytes }) => {
      // The latest look at it counts.
      const { recallAtFpr1pct, auroc, flaggedUsual } = evaluations.at(-1)?.metrics ?? metrics;
      return [
        ...[name, String(version), text.states[state], momentOf(trainedAt, language)],
        ...[number.format(examples.site), percent.format(recallAtFpr1pct), number.format(auroc)],
        ...[percent.format(flaggedUsual), number.format(Math.round(bytes / 1000))],
      ];
    }),
  );
  const compared = [...comparisons].flatMap(([name, one]) => [
    "",
    ...comparisonLines(name, one, language),
  ]);
  return [...tableLines(titles, rows, width), "", text.legend, ...running, ...compared];
}

/** A warning where a version has learnt too little of the site. */
export function fewExamplesLine(
  { models }: Listed,
  name: ModelName,
  version: number,
  language: CliLanguage,
): string[] {
  const versions = models.find((model) => model.name === name)?.versions ?? [];
  const site = versions.find((one) => one.version === version)?.examples.site;
  if (site === undefined || !hasFewExamples(name, site)) return [];
  const { few, examples } = MODELS_CLI_MESSAGES[language];
  return [few(`${new Intl.NumberFormat(language).format(site)} ${examples[name].few}`)];
}

function comparisonLines(name: ModelName, one: Comparison, language: CliLanguage): string[] {
  const text = MODELS_CLI_MESSAGES[language];
  const number = (value: number) => new Intl.NumberFormat(language).format(value);
  const names = (some: readonly string[]) => some.map(printable).join(", ");
  return [
    text.compared(name, one.shadow, `${number(one.judged)} ${text.examples[name].judged}`),
    text.flaggedBy(number(one.activeFlagged), number(one.shadowFlagged), number(one.bothFlagged)),
    ...(one.onlyActive.length === 0 ? [] : [text.onlyActive(names(one.onlyActive))]),
    ...(one.onlyShadow.length === 0 ? [] : [text.onlyShadow(names(one.onlyShadow))]),
  ];
}
