// How well sessions of a distributed file system are judged by a model of normal ones, at its own bar; on
// the recorded mix, and with models of parts of the training sessions.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { learnSessions } from "../../../detectors/templates/sessions/session-model.ts";
import type { Figure } from "../../bench/figure.ts";
import { predictSessions } from "../../predict/sessions.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { readCsv } from "../csv.ts";

/** Sessions of the whole recording, of which the labelled file has few normal ones. */
const ALL_NORMAL = 552_640;
const ALL_ANOMALOUS = 16_838;
/** Parts of the training sessions: which ones, of how many. */
const PARTS = [2, 3] as const;

export async function evaluateSessions(): Promise<Figure[]> {
  const data = sharedDataOrSkip("eval:anomaly sessions", "anomaly/hdfs_sessions");
  if (data === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-sessions-"));
  try {
    const output = join(folder, "sessions.csv");
    await predictSessions(data, output);
    const rows = (path: string) => readCsv(readFileSync(path, "utf8"));
    const alerts = new Map(rows(output).map((row) => [row.session_id, row.alert === "1"]));
    const labelled = rows(join(data, "dev_test.csv"));
    const whole = projected(
      labelled.map((row) => [isAnomalous(row), alerts.get(row.session_id) === true]),
    );
    return [
      { figure: "sessions.f1", value: whole.f1, unit: "ratio", more: whole },
      lowestOfParts(rows(join(data, "train_normal.csv")), labelled),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Row = Readonly<Record<string, string>>;

// The least F1 of models that know only each second or third normal session.
function lowestOfParts(training: readonly Row[], labelled: readonly Row[]): Figure {
  const values = PARTS.flatMap((parts) =>
    Array.from({ length: parts }, (_, part) => {
      const model = learnSessions(
        training.filter((_, index) => index % parts === part).map(eventsOf),
      );
      return projected(labelled.map((row) => [isAnomalous(row), model.score(eventsOf(row)) >= 1]))
        .f1;
    }),
  );
  const value = Math.min(...values);
  return { figure: "sessions.f1_worst_part", value, unit: "ratio", more: { values } };
}

export function isAnomalous(row: Row): boolean {
  return row.label === "1";
}

export function eventsOf(row: Row): readonly string[] {
  return (row.events ?? "").split(" ");
}

// F1 as it would be with all sessions of the recording: each label's rate, weighted by its real number.
export function projected(rows: readonly (readonly [isAnomalous: boolean, isAlert: boolean])[]): {
  f1: number;
  found: number;
  falseAlarms: number;
  anomalous: number;
  normal: number;
} {
  const anomalous = rows.filter(([label]) => label).length;
  const normal = rows.length - anomalous;
  const found = rows.filter(([label, alert]) => label && alert).length;
  const falseAlarms = rows.filter(([label, alert]) => !label && alert).length;
  const right = (found / anomalous) * ALL_ANOMALOUS;
  const wrong = (falseAlarms / normal) * ALL_NORMAL;
  const f1 = (2 * right) / (right + wrong + ALL_ANOMALOUS);
  return { f1, found, falseAlarms, anomalous, normal };
}
