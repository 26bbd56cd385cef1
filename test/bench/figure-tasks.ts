// Runs the tasks of a benchmark or evaluation that has several, all of them or those that are asked for on the
// command line, and prints their figures.
import { type Figure, printFigure } from "./figure.ts";

/** A task's file name, without `.ts`, to the function that it exports. */
export type FigureTasks = Readonly<Record<string, string>>;

/**
 * Runs them one after the other; where a name is asked for that is none, ends the process with code 2.
 * @param folder where each task is a module of its own
 */
export async function runFigureTasks(tasks: FigureTasks, folder: URL): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((task) => !Object.hasOwn(tasks, task));
  if (unknown.length > 0) {
    process.stderr.write(`no such task: ${unknown.join(", ")}; ${Object.keys(tasks).join(", ")}\n`);
    process.exit(2);
  }
  for (const [task, name] of Object.entries(tasks)) {
    if (asked.length > 0 && !asked.includes(task)) continue;
    const module: Readonly<Record<string, unknown>> = await import(
      new URL(`${task}.ts`, folder).href
    );
    const run = module[name];
    if (typeof run !== "function") throw new Error(`${task}.ts does not export ${name}`);
    // Every task's module exports its function with this signature.
    const figures = await (run as () => Promise<readonly Figure[]>)();
    for (const { figure, value, unit, more } of figures) printFigure(figure, value, unit, more);
  }
}
