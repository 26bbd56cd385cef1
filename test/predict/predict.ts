// `npm run predict -- TASK --in PATH --out PATH`: runs the product's own detectors over data of a known form
// and writes what the scorers read. Labels that lie beside the data are never looked at.
import { parseArgs } from "node:util";

/** Reads the input, a folder or file, and writes the output, a file or folder. */
type Predict = (input: string, output: string) => Promise<void>;

/** Each task is a module of its own, loaded when it is asked for. */
const TASKS: Readonly<Record<string, string>> = {
  templates: "predictTemplates",
  sessions: "predictSessions",
  metrics: "predictMetrics",
  ueba: "predictUeba",
  beacon: "predictBeacon",
  dga: "predictDga",
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { in: { type: "string" }, out: { type: "string" } },
});
const task = positionals[0] ?? "";
const name = Object.hasOwn(TASKS, task) ? TASKS[task] : undefined;
if (name === undefined || values.in === undefined || values.out === undefined) {
  process.stderr.write(`usage: predict ${Object.keys(TASKS).join("|")} --in PATH --out PATH\n`);
  process.exit(2);
}
const module: Readonly<Record<string, unknown>> = await import(`./${task}.ts`);
const predict = module[name];
if (typeof predict !== "function") throw new Error(`${task}.ts does not export ${name}`);
// Every task's module exports its function with this signature.
await (predict as Predict)(values.in, values.out);
