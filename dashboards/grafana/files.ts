// Which files are generated, so that writing them and looking whether they are the committed ones is the same.
import type { Alert } from "../alerts.ts";
import type { Board } from "../board.ts";
import { alertingFile } from "./alerting.ts";
import { grafanaBoard } from "./dashboard.ts";

interface GeneratedFile {
  /** Below `dashboards/`. */
  readonly path: string;
  readonly content: string;
}

export function generatedFiles(
  boards: readonly Board[],
  alerts: readonly Alert[],
): GeneratedFile[] {
  const all = (["de", "en"] as const).flatMap((language) =>
    boards.map((board) => ({
      path: `generated/${language}/${board.id}.json`,
      content: `${JSON.stringify(grafanaBoard(board, language), null, 2)}\n`,
    })),
  );
  return [...all, { path: "provisioning/alerting/heidewacht.yml", content: alertingFile(alerts) }];
}
