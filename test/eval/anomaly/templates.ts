// How well lines are grouped into templates: on the recorded sets with their labels, one configuration for
// all, and on drawn logs in styles that the recordings do not have.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "../../bench/figure.ts";
import { linesOf as drawLines, LOG_STYLES } from "../../detectors/templates/log-styles.ts";
import { linesOf, mineLines } from "../../predict/templates.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { readCsv } from "../csv.ts";

const LINES_DRAWN = 2_000;
const SEED = 7;

/** Grouping accuracy and F1 over groups of one log. */
interface Grouping {
  readonly accuracy: number;
  readonly f1: number;
}

export async function evaluateTemplates(): Promise<Figure[]> {
  const drawn = LOG_STYLES.map((style) => {
    const lines = drawLines(style, LINES_DRAWN, SEED);
    const mined = mineLines(lines.map(([, line]) => line));
    return scoreGrouping(
      lines.map(([message]) => String(message)),
      mined.map(({ id }) => String(id)),
    );
  });
  const figures = [
    figureOf("templates.ga_drawn_styles", drawn, (one) => one.accuracy, {
      seed: SEED,
      lines: LINES_DRAWN,
    }),
  ];
  const folder = sharedDataOrSkip("eval:anomaly templates", "anomaly/loghub_2k");
  if (folder === undefined) return figures;
  const sets = recordedSets(folder);
  const detail = Object.fromEntries([...sets].map(([name, { accuracy }]) => [name, accuracy]));
  const all = [...sets.values()];
  return [
    figureOf("templates.ga", all, (one) => one.accuracy, { lowest: lowest(all), sets: detail }),
    figureOf("templates.fga", all, (one) => one.f1, { n: all.length }),
    ...figures,
  ];
}

function recordedSets(folder: string): Map<string, Grouping> {
  const sets = new Map<string, Grouping>();
  for (const name of readdirSync(folder).sort()) {
    const log = join(folder, name, `${name}_2k.log`);
    if (!existsSync(log)) continue;
    const truth = readCsv(readFileSync(`${log}_structured.csv`, "utf8"));
    const mined = mineLines(linesOf(readFileSync(log, "utf8")));
    sets.set(
      name,
      scoreGrouping(
        truth.map(({ EventId }) => EventId ?? ""),
        truth.map(({ LineId }) => String(mined[Number(LineId) - 1]?.id)),
      ),
    );
  }
  return sets;
}

/**
 * Share of lines whose group is, line for line, a group of the truth, and the F1 of groups so found (Zhu et
 * al., ICSE 2019; Jiang et al., ISSTA 2024).
 */
function scoreGrouping(truth: readonly string[], mined: readonly string[]): Grouping {
  const groupsOf = (ids: readonly string[]) =>
    [...Map.groupBy(ids.keys(), (line) => ids[line]).values()].map((lines) => lines.join());
  const wanted = new Set(groupsOf(truth));
  const found = groupsOf(mined);
  const right = found.filter((lines) => wanted.has(lines));
  const lines = right.reduce((sum, group) => sum + group.split(",").length, 0);
  return { accuracy: lines / truth.length, f1: (2 * right.length) / (wanted.size + found.length) };
}

function lowest(sets: readonly Grouping[]): number {
  return Math.min(...sets.map(({ accuracy }) => accuracy));
}

function figureOf(
  figure: string,
  sets: readonly Grouping[],
  value: (one: Grouping) => number,
  more: Readonly<Record<string, unknown>>,
): Figure {
  const mean = sets.reduce((sum, one) => sum + value(one), 0) / sets.length;
  return { figure, value: mean, unit: "ratio", more };
}
