// Quality of the anomaly detectors on the recordings beside the project, each by the scorer that others
// use. `npm run eval:anomaly`, `npm run eval:anomaly -- templates dga` for some of them.
import { type FigureTasks, runFigureTasks } from "../bench/figure-tasks.ts";

/** Each task is a module of its own that exports its function under this name. */
const TASKS: FigureTasks = {
  templates: "evaluateTemplates",
  sessions: "evaluateSessions",
  sequences: "evaluateSequences",
  metrics: "evaluateMetrics",
  ueba: "evaluateUeba",
  beacon: "evaluateBeacon",
  dga: "evaluateDga",
  autoencoder: "evaluateAutoencoder",
  demo: "evaluateDemo",
};

await runFigureTasks(TASKS, new URL("./anomaly/", import.meta.url));
