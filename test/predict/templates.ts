// Mines the templates of raw log files: each line gets the template that it has at the end of its file, one
// CSV a file. The header is learnt from the file's own first lines; nothing is known of any format.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HEADER_LINES_MAX, learnHeader, messageStart } from "../../detectors/templates/header.ts";
import { TemplateMiner } from "../../detectors/templates/miner.ts";

/** What was said of one line. */
export interface MinedLine {
  readonly id: number;
  readonly text: string;
}

/**
 * Reads a `.log` file, or all of a folder and of the folders in it; writes `<name>.csv` for each into the
 * folder `output`, where `<name>` is the file's without `.log` and `_2k`.
 */
export async function predictTemplates(input: string, output: string): Promise<void> {
  mkdirSync(output, { recursive: true });
  for (const path of logFiles(input)) {
    const rows = mineLines(linesOf(readFileSync(path, "utf8"))).map(
      ({ id, text }, index) => `${index + 1},T${id},"${text.replaceAll('"', '""')}"`,
    );
    const name = basename(path).replace(/(?:_2k)?\.log$/, "");
    writeFileSync(
      join(output, `${name}.csv`),
      `LineId,TemplateId,Template\n${rows.map((row) => `${row}\n`).join("")}`,
    );
  }
}

/** The templates of a file's lines, streaming; merged templates under their last id. */
export function mineLines(lines: readonly string[]): readonly MinedLine[] {
  const layout = learnHeader(lines.slice(0, HEADER_LINES_MAX));
  const miner = new TemplateMiner();
  const ids = lines.map((line) => miner.observe(line, messageStart(line, layout)));
  return ids.map((id) => ({ id: miner.resolve(id) ?? id, text: miner.text(id) ?? "" }));
}

/** Lines of a text; a line break at its end begins none. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function logFiles(input: string): readonly string[] {
  if (statSync(input).isFile()) return [input];
  const files = readdirSync(input, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".log") && dirname(name).split("/").length <= 2)
    .sort();
  if (files.length === 0) throw new Error(`${input} holds no .log file`);
  return files.map((name) => join(input, name));
}
