// `npm run predict -- dga`: scores names with the model of made names. Where labelled names lie beside them,
// the model is trained on those and on our own families first; else on our own families and names alone,
// and once more on the names that this model finds usual.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBackend } from "../../detectors/anomaly/backend.ts";
import type { Family } from "../../detectors/network/dga/families.ts";
import { loadDga, trainDga } from "../../detectors/network/dga/model.ts";
import { ownUsualNames } from "../../detectors/network/dga/usual-names.ts";
import { labelledNames } from "../eval/anomaly/dga-folds.ts";
import { readCsv } from "../eval/csv.ts";

/** Of unlabelled names so many are learnt as usual, where there are enough of them. */
const USUAL_SHARE = 0.6;
const NAMES_TO_LEARN_MIN = 5_000;

type Row = Readonly<Record<string, string>>;

/**
 * `input`: a folder with `train.csv` (id, label, family, domain) and another CSV (id, domain, …) that is
 * scored, or a CSV (id, domain) alone, as a folder or file. `output`: id,score; higher is more suspicious.
 */
export async function predictDga(input: string, output: string): Promise<void> {
  const isFolder = statSync(input).isDirectory();
  const names = isFolder
    ? readdirSync(input)
        .filter((name) => name.endsWith(".csv"))
        .sort()
    : [];
  const tables = new Map<string, Row[]>();
  for (const name of names) tables.set(name, readCsv(readFileSync(join(input, name), "utf8")));
  if (!isFolder) tables.set("names.csv", readCsv(readFileSync(input, "utf8")));
  const asked = [...tables].filter(([name, rows]) => name !== "train.csv" && isNames(rows));
  const training = tables.get("train.csv");
  const rows = asked[0]?.[1] ?? training;
  if (rows === undefined) throw new Error("no CSV with the columns id and domain");
  const backend = await openBackend();
  // A training file that is scored itself must not have been learnt from.
  const labelled = asked.length > 0 && training !== undefined ? labelledNames(training) : undefined;
  const asking = rows.map(({ domain = "" }) => domain);
  const scoreWith = (usual: readonly string[], families: readonly Family[] = []) => {
    const model = loadDga(trainDga(usual, { backend }, families), backend);
    const scores = model.score(asking);
    model.dispose();
    return scores;
  };
  const scores =
    labelled === undefined
      ? scoreWith(lowest(asking, scoreWith(ownUsualNames())))
      : scoreWith(labelled.usual, labelled.families);
  const lines = rows.map(({ id = "" }, place) => `${id},${scores[place] ?? 0}`);
  writeFileSync(output, `id,score\n${lines.join("\n")}\n`);
}

/** What a first model finds most usual stands for the names that a site's own log would teach. */
function lowest(names: readonly string[], scores: Float64Array): string[] {
  if (names.length < NAMES_TO_LEARN_MIN) return ownUsualNames();
  const limit = [...scores].sort((a, b) => a - b)[Math.floor(names.length * USUAL_SHARE)] ?? 1;
  return names.filter((_, place) => (scores[place] ?? 1) < limit);
}

function isNames(rows: readonly Row[]): boolean {
  return rows[0]?.id !== undefined && rows[0].domain !== undefined;
}
