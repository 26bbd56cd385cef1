// What the page of models shows, made from the answers of the API: each model with its versions by state, what the
// comparison says, the figures of what a version is worth, and the days beside the budget. Pure.
import type { AnomalyDays, ModelComparisonAnswer, ModelList } from "../api/contract.ts";

export type ModelVersion = ModelList["models"][number]["versions"][number];
export type ModelJob = ModelList["jobs"][number];
type Comparison = NonNullable<ModelComparisonAnswer["comparison"]>;

export interface ModelView {
  readonly name: string;
  /** Newest first. */
  readonly versions: readonly ModelVersion[];
  readonly active?: ModelVersion;
  readonly shadow?: ModelVersion;
  /** What going back would lead to. */
  readonly before?: ModelVersion;
  /** The latest one about it. */
  readonly job?: ModelJob;
}

/** Whether it is not over: it runs, or waits for those of other tenants. */
export function isOpenJob({ state }: ModelJob): boolean {
  return state === "waiting" || state === "running";
}

/** Every model there can be, in the server's order. */
export function modelViews({ names, models, jobs }: ModelList): ModelView[] {
  return names.map((name) => {
    const found = models.find((one) => one.name === name);
    const versions = found?.versions ?? [];
    const inState = (state: ModelVersion["state"]) => versions.find((one) => one.state === state);
    const last = found?.past.at(-1);
    return {
      name,
      versions: [...versions].reverse(),
      ...given("active", inState("active")),
      ...given("shadow", inState("shadow")),
      ...given(
        "before",
        versions.find(({ version }) => version === last),
      ),
      ...given(
        "job",
        jobs.find(({ model }) => model === name),
      ),
    };
  });
}

export interface Compared {
  readonly judged: number;
  readonly both: number;
  readonly onlyActive: number;
  readonly onlyShadow: number;
  readonly neither: number;
  /** Share of what both judged alike; undefined while nothing was judged. */
  readonly agreement: number | undefined;
}

/** Counts are approximations after a crash: none is told as less than zero. */
export function comparedCounts(comparison: Comparison): Compared {
  const { judged, activeFlagged, shadowFlagged, bothFlagged } = comparison;
  const both = Math.max(0, bothFlagged);
  const onlyActive = Math.max(0, activeFlagged - both);
  const onlyShadow = Math.max(0, shadowFlagged - both);
  const differing = Math.min(judged, onlyActive + onlyShadow);
  const neither = Math.max(0, judged - both - differing);
  const agreement = judged > 0 ? 1 - differing / judged : undefined;
  return { judged, both, onlyActive, onlyShadow, neither, agreement };
}

/** Whether it is about the versions that are there now; a new one begins soon after they changed. */
export function isOfPresent(comparison: Comparison, { active, shadow }: ModelView): boolean {
  return comparison.shadow === shadow?.version && comparison.active === active?.version;
}

export interface ModelFigure {
  /** As the API names it; words for it are the screen's. */
  readonly key: string;
  readonly value: number;
  readonly form: "share" | "ratio" | "count";
}

const SHARES: ReadonlySet<string> = new Set(["recallAtFpr1pct", "flaggedUsual", "flaggedMade"]);
const FIGURES_MAX = 12;

/** The numbers of what a version is worth, whichever its model has; those of unknown names too. */
export function figuresOf(metrics: Readonly<Record<string, unknown>>): ModelFigure[] {
  return Object.entries(metrics)
    .flatMap(([key, value]) =>
      typeof value === "number" && Number.isFinite(value)
        ? [{ key, value, form: formOf(key, value) }]
        : [],
    )
    .slice(0, FIGURES_MAX);
}

function formOf(key: string, value: number): ModelFigure["form"] {
  if (SHARES.has(key)) return "share";
  return Number.isInteger(value) && value > 1 ? "count" : "ratio";
}

export interface BudgetSum {
  readonly findings: number;
  /** Findings a day. */
  readonly mean: number;
  readonly daysOver: number;
}

/** Today counts as it is so far, and is left out of the mean where there are other days. */
export function budgetSum({ days, findingsPerDay }: AnomalyDays): BudgetSum {
  const whole = days.length > 1 ? days.slice(1) : days;
  const sum = (some: AnomalyDays["days"]) => some.reduce((all, one) => all + one.findings, 0);
  return {
    findings: sum(days),
    mean: whole.length === 0 ? 0 : sum(whole) / whole.length,
    daysOver: days.filter(({ findings }) => findings > findingsPerDay).length,
  };
}

/** Word of a name that the screen may not know yet. */
export function wordFor(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}

function given<K extends string, T>(key: K, value: T | undefined): { [key in K]?: T } {
  // One key of the named kind, or none.
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: T });
}
