// A document as two PDF, one standard each: PDF/A-3a, which archives keep and which carries the figures as
// JSON and CSV, and PDF/UA-1, which everybody can read. Set by Typst in a process of its own.
//
// Why Typst (0.14) and not pdfkit (0.20.2), both tried with veraPDF 1.28: Typst checks the rules of both
// standards as it writes and refuses a file that would break them, where pdfkit's table broke two of
// PDF/UA-1 (7.2-3, 7.21.4.2-2); it repeats the heads of tables, hyphenates German and fills the contents.
import { fork } from "node:child_process";
import { once } from "node:events";
import { AppError } from "../../config/errors.ts";
import { checkDocument } from "./check-document.ts";
import type { ReportDocument } from "./document.ts";
import type { PdfAnswer, PdfTask } from "./pdf-process.ts";
import { typstData } from "./typst-data.ts";

export interface ReportPdfs {
  /** PDF/A-3a with the attachments and every table's CSV. */
  readonly archive: Buffer;
  /** PDF/UA-1. */
  readonly accessible: Buffer;
}

export interface PdfLimits {
  readonly timeMs: number;
  /** Of JavaScript; what Typst takes goes with the numbers of cells, see check-document.ts. */
  readonly heapMbMax: number;
}

const LIMITS: PdfLimits = { timeMs: 120_000, heapMbMax: 512 };

/**
 * The same bytes for the same document.
 * @throws AppError HW_INPUT_TOO_LARGE when it has more than can be printed; HW_INTERNAL when it can't be set;
 * HW_UNAVAILABLE when it takes too long; the reason of `signal`
 */
export async function renderPdfs(
  document: ReportDocument,
  signal: AbortSignal,
  limits: PdfLimits = LIMITS,
): Promise<ReportPdfs> {
  checkDocument(document);
  const createdAtSeconds = Math.floor(document.createdAt / 1000);
  const answers = await inProcess(
    [
      { standard: "a-3a", data: typstData(document, true), createdAtSeconds },
      { standard: "ua-1", data: typstData(document, false), createdAtSeconds },
    ],
    signal,
    limits,
  );
  const [archive, accessible] = answers.map(bytesOf);
  if (archive === undefined || accessible === undefined)
    throw new AppError("HW_INTERNAL", "the process that sets PDF ended early", PLACE);
  return { archive, accessible };
}

const PLACE = { place: "report PDF" } as const;

async function inProcess(
  tasks: readonly PdfTask[],
  signal: AbortSignal,
  limits: PdfLimits,
): Promise<PdfAnswer[]> {
  signal.throwIfAborted();
  const child = fork(new URL("pdf-process.ts", import.meta.url), [], {
    serialization: "advanced",
    execArgv: [`--max-old-space-size=${limits.heapMbMax}`],
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const timeUp = AbortSignal.timeout(limits.timeMs);
  const stop = () => child.kill("SIGKILL");
  const either = AbortSignal.any([signal, timeUp]);
  either.addEventListener("abort", stop, { once: true });
  const answers: PdfAnswer[] = [];
  // Sent by pdf-process.ts alone.
  child.on("message", (answer) => {
    if (answer !== null) answers.push(answer as PdfAnswer);
  });
  child.on("error", () => stop());
  // The last answer may come after the exit.
  const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]);
  try {
    child.send([...tasks], () => undefined);
    await ended;
  } finally {
    either.removeEventListener("abort", stop);
    stop();
  }
  signal.throwIfAborted();
  if (timeUp.aborted)
    throw new AppError("HW_UNAVAILABLE", `not ready after ${limits.timeMs / 1000} s`, PLACE);
  return answers;
}

function bytesOf(answer: PdfAnswer): Buffer {
  if ("fault" in answer)
    throw new AppError("HW_INTERNAL", `the report can't be set: ${answer.fault}`, PLACE);
  return Buffer.from(answer.pdf);
}
