// The samples of all formats: records in the exact shape of real ones, one file a format under
// test/services/normalize/samples/. Tests of all formats together, the fuzzer and the parse benchmark
// use them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isHeaderLine, withHeaderLine } from "../../services/normalize/header-lines.ts";

const FOLDER = fileURLToPath(new URL("../services/normalize/samples/", import.meta.url));
const ESCAPED = ".escaped.log";

/** One sample record as an input hands it over: header lines, where its format has any, before it. */
export interface FormatSample {
  /** Format id. */
  readonly format: string;
  readonly text: string;
  /** `cisco-asa.log:3` */
  readonly place: string;
}

/** All samples, in the order of the files' names. */
export function readFormatSamples(): FormatSample[] {
  return readdirSync(FOLDER).sort().flatMap(readSamplesOf);
}

function readSamplesOf(file: string): FormatSample[] {
  const isEscaped = file.endsWith(ESCAPED);
  const format = file.slice(0, isEscaped ? -ESCAPED.length : -".log".length);
  const samples: FormatSample[] = [];
  let header: string | undefined;
  for (const [index, line] of readFileSync(join(FOLDER, file), "utf8").split("\n").entries()) {
    if (line === "") continue;
    const text = isEscaped ? line.replaceAll("\\n", "\n") : line;
    if (isHeaderLine(text)) header = withHeaderLine(header, text);
    else {
      const whole = header === undefined ? text : `${header}\n${text}`;
      samples.push({ format, text: whole, place: `${file}:${index + 1}` });
    }
  }
  return samples;
}
