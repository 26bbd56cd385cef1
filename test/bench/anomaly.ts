// Speed and memory of the anomaly detectors, one thread, in CPU-seconds. `npm run bench:anomaly`,
// `npm run bench:anomaly -- tensor` for some of them.
import { type FigureTasks, runFigureTasks } from "./figure-tasks.ts";

/** Each task is a module of its own that exports its function under this name. */
const TASKS: FigureTasks = {
  templates: "benchTemplates",
  metrics: "benchMetrics",
  tensor: "benchTensor",
  activities: "benchActivities",
};

await runFigureTasks(TASKS, new URL("./anomaly/", import.meta.url));
