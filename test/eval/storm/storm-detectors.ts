// The rules of a storm: noisy ones, which fire on many machines all day, and rare ones, which attacks and
// now and then a harmless program set off. Written as Sigma files that the real engine reads.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Level } from "../../../detectors/detector.ts";
import type { Draw } from "./draw.ts";

export interface StormDetector {
  readonly id: string;
  /** What a command line has to hold so that the rule hits. */
  readonly marker: string;
  readonly level: Level;
  readonly status: string;
  /** Column of ATT&CK. */
  readonly step: number;
}

/** ATT&CK's tactics from the first step on a machine to the last, in order. */
export const STORM_TACTICS = [
  "initial-access",
  "execution",
  "persistence",
  "privilege-escalation",
  "defense-evasion",
  "credential-access",
  "discovery",
  "lateral-movement",
  "collection",
  "command-and-control",
  "exfiltration",
  "impact",
] as const;

const STATUS = ["stable", "test", "experimental"];
const STATUS_WEIGHTS = [0.2, 0.5, 0.3];
const LEVELS: readonly Level[] = ["low", "medium", "high", "critical"];
const NOISY_LEVEL_WEIGHTS = [0.35, 0.45, 0.18, 0.02];
const RARE_LEVEL_WEIGHTS = [0.05, 0.4, 0.45, 0.1];

export interface StormDetectors {
  readonly noisy: readonly StormDetector[];
  readonly rare: readonly StormDetector[];
}

export function drawDetectors(draw: Draw, noisy: number, rare: number): StormDetectors {
  const make = (kind: string, weights: readonly number[]) => (_: unknown, index: number) => {
    const number = String(index).padStart(4, "0");
    return {
      id: `5707${kind === "noisy" ? "a" : "b"}000-0000-4000-8000-00000000${number}`,
      marker: `--${kind}${number}x`,
      level: LEVELS[draw.weighted(weights)] ?? "medium",
      status: STATUS[draw.weighted(STATUS_WEIGHTS)] ?? "test",
      step: draw.whole(0, STORM_TACTICS.length - 1),
    };
  };
  return {
    noisy: Array.from({ length: noisy }, make("noisy", NOISY_LEVEL_WEIGHTS)),
    rare: Array.from({ length: rare }, make("rare", RARE_LEVEL_WEIGHTS)),
  };
}

/** Writes one rule file each; the folder is a rule folder then. */
export function writeRules(folder: string, { noisy, rare }: StormDetectors): void {
  for (const detector of [...noisy, ...rare]) {
    writeFileSync(join(folder, `${detector.id}.yml`), ruleText(detector));
  }
}

function ruleText({ id, marker, level, status, step }: StormDetector): string {
  return [
    `title: Storm ${marker}`,
    `id: ${id}`,
    `status: ${status}`,
    "description: A rule of a drawn storm.",
    "tags:",
    `  - attack.${STORM_TACTICS[step]}`,
    "logsource:",
    "  product: windows",
    "  category: process_creation",
    "detection:",
    "  selection:",
    `    CommandLine|contains: '${marker}'`,
    "  condition: selection",
    `level: ${level}`,
    "",
  ].join("\n");
}
