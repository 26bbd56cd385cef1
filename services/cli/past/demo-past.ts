// The demo's past: before anything starts, a quarter of work that never was is written into the fresh store.
// Nothing listens yet, so it costs seconds, and nobody takes it for news.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DetectorInfo } from "../../../detectors/detector.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { STARTER_PACK } from "../../rules/rule-set.ts";
import { alarmKinds } from "../../simulator/casework/alarm-kinds.ts";
import { makePast } from "../../simulator/casework/make-past.ts";
import { openEmbeddedStore } from "../../store/embedded.ts";
import { type WrittenPast, writePast } from "./write-past.ts";

export interface DemoPastOptions {
  readonly dataDir: string;
  readonly tenant: string;
  readonly timeZone: string;
  readonly seed: string;
  /** Local midnight of the day of the demo, ms UTC. */
  readonly until: number;
}

/** Into an installation that has not been started yet. */
export async function writeDemoPast(options: DemoPastOptions): Promise<WrittenPast> {
  const { dataDir, tenant, timeZone, seed, until } = options;
  const store = openEmbeddedStore({ dataDir, isDraft: true });
  try {
    const steps = makePast({ seed, until });
    return await writePast({ store, tenant, timeZone, rules: rulesOfPast() }, steps);
  } finally {
    await store.close();
  }
}

/** Only the rules that are needed, from the starter pack; the whole of it is read when the program starts. */
export function rulesOfPast(): ReadonlyMap<string, DetectorInfo> {
  const paths = new Set(alarmKinds().flatMap(({ rule }) => rule ?? []));
  return new Map([...paths].map((path) => [path, infoOf(path)]));
}

function infoOf(path: string): DetectorInfo {
  const file = `${path}.yml`;
  const text = readFileSync(join(STARTER_PACK, file), "utf8");
  const { rules, correlations } = readRuleFile(text, `detectors/rules/${file}`);
  const found = correlations[0] ?? rules[0];
  if (found === undefined) throw new RangeError(`no rule in ${file}`);
  return found.info;
}
