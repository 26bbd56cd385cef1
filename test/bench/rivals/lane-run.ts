// Starts one engine's program over a lane as a process of its own and reads the line that it prints.
import { spawnSync } from "node:child_process";
import { z } from "zod";

/** An engine of the comparison, ready to be started. */
export interface Engine {
  readonly name: string;
  /** Program and its first arguments. */
  readonly command: readonly [string, ...string[]];
  /** How its program is to bring events and rules together; `parse` only parses. */
  readonly routing: "told" | "own" | "parse";
  readonly threads: number;
}

/** A lane on disk, unpacked. */
export interface Lane {
  readonly name: string;
  readonly file: string;
  /** One log source a line, as the engines without a table of their own need it. */
  readonly logSources: string;
  readonly repeat: number;
  /** Hits that are expected: number of the event, tab, id of the rule. */
  readonly expected: ReadonlySet<string>;
}

const reportSchema = z.object({
  rules: z.number(),
  rejected: z.number(),
  /** Reading and compiling the rules. */
  load_cpu_s: z.number(),
  /** The uncounted first pass, where what is compiled depends on the events. */
  first_pass_cpu_s: z.number().optional(),
  /** Parsing and matching, all threads. */
  cpu_s: z.number(),
  wall_s: z.number(),
  events: z.number(),
  hits: z.number(),
  peak_mib: z.number(),
});
export type LaneReport = z.infer<typeof reportSchema>;

/** @throws Error with what the program wrote when it failed */
export function runLane(engine: Engine, lane: Lane, rules: string, hits?: string): LaneReport {
  const [program, ...first] = engine.command;
  const options = {
    rules,
    lane: lane.file,
    logsources: lane.logSources,
    repeat: lane.repeat,
    threads: engine.threads,
    routing: engine.routing,
    ...(hits === undefined ? {} : { hits }),
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return reportSchema.parse(JSON.parse(output(program, [...first, ...words])));
}

/** What a program prints. @throws Error with what it wrote to stderr when it failed */
export function output(program: string, words: readonly string[], folder?: string): string {
  const child = spawnSync(program, words, { encoding: "utf8", cwd: folder, maxBuffer: 2 ** 26 });
  if (child.error !== undefined) throw child.error;
  if (child.status !== 0) throw new Error(child.stderr.trim());
  return child.stdout;
}
