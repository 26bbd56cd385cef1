// Quality of the anomaly detectors on the recordings beside the project, each by the scorer that others
// use. `npm run eval:anomaly`, `npm run eval:anomaly -- templates dga` for some of them.
import { type Figure, printFigure } from "../bench/figure.ts";

/** Each task is a module of its own that exports its function under this name. */
const TASKS: Readonly<Record<string, string>> = {
  templates: "evaluateTemplates",
  sessions: "evaluateSessions",
  metrics: "evaluateMetrics",
  ueba: "evaluateUeba",
  beacon: "evaluateBeacon",
  dga: "evaluateDga",
};

const asked = process.argv.slice(2);
const unknown = asked.filter((task) => !Object.hasOwn(TASKS, task));
if (unknown.length > 0) {
  process.stderr.write(`no such task: ${unknown.join(", ")}; ${Object.keys(TASKS).join(", ")}\n`);
  process.exit(2);
}
for (const [task, name] of Object.entries(TASKS)) {
  if (asked.length > 0 && !asked.includes(task)) continue;
  const module: Readonly<Record<string, unknown>> = await import(`./anomaly/${task}.ts`);
  const evaluate = module[name];
  if (typeof evaluate !== "function") throw new Error(`${task}.ts does not export ${name}`);
  // Every task's module exports its function with this signature.
  const figures = await (evaluate as () => Promise<readonly Figure[]>)();
  for (const { figure, value, unit, more } of figures) printFigure(figure, value, unit, more);
}
