// The process in which PDF are set: Typst is native code, whose faults must not end the product and whose
// memory goes back with the process. It is given data through its channel, never through files.
import { fileURLToPath } from "node:url";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import { messageOf } from "../../config/errors.ts";
import { fontFiles } from "./fonts.ts";
import type { TypstData } from "./typst-data.ts";

export interface PdfTask {
  readonly standard: "a-3a" | "ua-1";
  readonly data: TypstData;
  /** Seconds UTC. */
  readonly createdAtSeconds: number;
}

export type PdfAnswer = { readonly pdf: Uint8Array } | { readonly fault: string };

const WORKSPACE = fileURLToPath(new URL(".", import.meta.url));

process.once("message", (tasks: readonly PdfTask[]) => {
  const compiler = NodeCompiler.create({
    workspace: WORKSPACE,
    fontArgs: [{ fontBlobs: fontFiles() }],
  });
  for (const task of tasks) process.send?.(answer(compiler, task));
  // Behind the answers in the same channel: it closes when they are through.
  process.send?.(null, () => process.disconnect?.());
});

function answer(compiler: NodeCompiler, task: PdfTask): PdfAnswer {
  try {
    return { pdf: set(compiler, task) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

function set(compiler: NodeCompiler, { standard, data, createdAtSeconds }: PdfTask): Buffer {
  compiler.resetShadow();
  compiler.mapShadow(`${WORKSPACE}data.json`, Buffer.from(data.json));
  for (const { path, content } of data.embedded)
    compiler.mapShadow(`${WORKSPACE}${path}`, Buffer.from(content));
  const compiled = compiler.compile({ mainFilePath: `${WORKSPACE}report.typ`, resetRead: true });
  if (compiled.result === null) {
    const fault = compiled.takeError();
    throw new Error(fault === null ? "no result" : JSON.stringify(fault.shortDiagnostics));
  }
  return compiler.pdf(compiled.result, {
    pdfStandard: standard,
    creationTimestamp: createdAtSeconds,
  });
}
