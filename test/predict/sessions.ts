// Judges sessions by normal ones: learns `train_normal.csv`, then scores every session of the other files.
// Which sessions are reported follows from the normal ones alone.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { learnSessions } from "../../detectors/templates/sessions/session-model.ts";
import { readCsv } from "../eval/csv.ts";

const TRAINING = "train_normal.csv";

/**
 * Reads a folder with `train_normal.csv` and other CSVs with the columns session_id and events (ids with
 * blanks between them); writes session_id,score,alert for the sessions of the others.
 */
export async function predictSessions(input: string, output: string): Promise<void> {
  const files = readdirSync(input)
    .filter((name) => name.endsWith(".csv"))
    .sort();
  if (!files.includes(TRAINING)) throw new Error(`${input} holds no ${TRAINING}`);
  const model = learnSessions(readSessions(join(input, TRAINING)).map(({ events }) => events));
  const rows = files
    .filter((name) => name !== TRAINING)
    .flatMap((name) => readSessions(join(input, name)))
    .map(({ id, events }) => {
      const score = model.score(events);
      return `${id},${score.toPrecision(8)},${score >= 1 ? 1 : 0}\n`;
    });
  writeFileSync(output, `session_id,score,alert\n${rows.join("")}`);
}

// Files of another form, as a list of templates, hold no sessions.
function readSessions(path: string): readonly { id: string; events: readonly string[] }[] {
  return readCsv(readFileSync(path, "utf8")).flatMap(({ session_id, events }) =>
    session_id === undefined || events === undefined
      ? []
      : [{ id: session_id, events: events.split(/\s+/).filter((event) => event !== "") }],
  );
}
