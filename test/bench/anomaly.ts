// Speed and memory of the anomaly detectors, one thread, in CPU-seconds. `npm run bench:anomaly`,
// `npm run bench:anomaly -- tensor` for some of them.
import { type Figure, printFigure } from "./figure.ts";

/** Each task is a module of its own that exports its function under this name. */
const TASKS: Readonly<Record<string, string>> = {
  templates: "benchTemplates",
  metrics: "benchMetrics",
  tensor: "benchTensor",
  activities: "benchActivities",
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
  const bench = module[name];
  if (typeof bench !== "function") throw new Error(`${task}.ts does not export ${name}`);
  // Every task's module exports its function with this signature.
  const figures = await (bench as () => Promise<readonly Figure[]>)();
  for (const { figure, value, unit, more } of figures) printFigure(figure, value, unit, more);
}
