// How long it takes until all SigmaHQ rules can be matched: read from their archive and from the cache of
// parsed rules, compiled, with the tables for all kinds of events of the mixed lane. CPU time; and the
// longest step of it, for which a running stream has to wait when rules are changed.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadLogSources } from "../../config/log-sources.ts";
import {
  compileSigmaEngine,
  createSigmaEngine,
  type SigmaEngine,
} from "../../detectors/sigma/engine.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { windowsFlat } from "../../services/normalize/windows/windows-flat.ts";
import { openRuleCache } from "../../services/rules/rule-cache.ts";
import { loadRuleSet, type RuleSet } from "../../services/rules/rule-set.ts";
import { readLinesOf } from "../support/recordings.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 5;
/** Enough to meet all log sources of the lane. */
const EVENT_EVERY = 40;

guardProcessRegexes();
const data = sharedDataOrSkip("bench:rules", "sigma");
if (data !== undefined) await benchmark(data);

async function benchmark(folder: string): Promise<void> {
  const archive = join(folder, "sigma/sigmahq-rules-8eaafff1.tar.gz");
  const events = readLinesOf(join(folder, "lanes/mix_dev.ndjson.zst"))
    .filter((_, index) => index % EVENT_EVERY === 0)
    .map((text) => ({ text, record: JSON.parse(text) }));
  const place = mkdtempSync(join(tmpdir(), "bench-rules-"));
  const path = join(place, "rules.cache");
  const logSources = loadLogSources();
  const onFault = (reason: string) => process.stderr.write(`${reason}\n`);
  const load = () => loadRuleSet([archive], { cache: openRuleCache({ path, onFault }) });
  const times = { cold: [] as number[], warm: [] as number[], load: [] as number[] };
  let set: RuleSet | undefined;
  const ready = async () => {
    set = await load();
    warmUp(createSigmaEngine({ rules: set.rules, logSources }), events);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(path, { force: true });
    times.cold.push(await cpuSeconds(ready));
    times.warm.push(await cpuSeconds(ready));
    times.load.push(
      await cpuSeconds(async () => {
        set = await load();
      }),
    );
  }
  const more = { rules: set?.rules.length, events: events.length, cacheBytes: statSync(path).size };
  const tell = (figure: string, values: readonly number[]) => {
    const { median, range } = spread(values);
    printFigure(figure, median, "s", { range, ...more });
  };
  tell("sigma.compile_s", times.warm);
  tell("sigma.compile_cold_s", times.cold);
  tell("sigma.load_cached_s", times.load);
  longestStep(set?.rules ?? [], logSources, events);
  rmSync(place, { recursive: true });
}

/** Beside a stream all rules are compiled in steps; between two of them the stream goes on. */
function longestStep(
  rules: RuleSet["rules"],
  logSources: ReturnType<typeof loadLogSources>,
  events: readonly RecordedEvent[],
): void {
  let longest = 0;
  const timed = <T>(work: () => T): T => {
    const { user, system } = process.threadCpuUsage();
    const made = work();
    const after = process.threadCpuUsage();
    longest = Math.max(longest, after.user + after.system - user - system);
    return made;
  };
  const steps = compileSigmaEngine({ rules, logSources });
  let step = timed(() => steps.next());
  while (step.done !== true) step = timed(() => steps.next());
  const engine = step.value;
  const compile = longest / 1000;
  for (const event of events) timed(() => warmUp(engine, [event]));
  printFigure("rules.swap_step_max_ms", longest / 1000, "ms", { rules: rules.length, compile });
}

interface RecordedEvent {
  readonly text: string;
  readonly record: Record<string, unknown>;
}

/** Tables are built when the first event of a log source comes. */
function warmUp(engine: SigmaEngine, events: readonly RecordedEvent[]): void {
  for (const { text, record } of events) {
    const times = { time: 0, ingestedAt: 0 };
    const { shape } = windowsFlat;
    engine.match({ id: "", tenant: "", source: "", ...times, shape, record, text });
  }
}
