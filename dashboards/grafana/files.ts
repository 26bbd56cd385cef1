// Which files are generated, so that writing them and looking whether they are the committed ones is the same.
import type { Board } from "../board.ts";
import { grafanaBoard } from "./dashboard.ts";

interface GeneratedFile {
  /** Below `dashboards/`. */
  readonly path: string;
  readonly content: string;
}

export function generatedFiles(boards: readonly Board[]): GeneratedFile[] {
  return (["de", "en"] as const).flatMap((language) =>
    boards.map((board) => ({
      path: `generated/${language}/${board.id}.json`,
      content: `${JSON.stringify(grafanaBoard(board, language), null, 2)}\n`,
    })),
  );
}
