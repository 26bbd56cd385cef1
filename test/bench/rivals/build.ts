// Builds the programs of the other engines where their tools are there; says which are skipped and why.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../../config/errors.ts";
import { output } from "./lane-run.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** The program on rsigma's crates, or undefined. */
export function buildRsigma(): string | undefined {
  const folder = join(HERE, "rsigma");
  return orSkip("rsigma", () => {
    output(
      tool("cargo", join(homedir(), ".cargo/bin")),
      ["build", "--release", "--locked"],
      folder,
    );
    return join(folder, "target/release/rsigma-lane");
  });
}

/** A Python that has pySigma, and the program for it, or undefined. */
export function buildPySigma(): readonly [string, string] | undefined {
  const folder = join(HERE, "pysigma");
  const python = join(folder, ".venv/bin/python");
  return orSkip("pySigma", () => {
    if (!existsSync(python)) output(tool("python3"), ["-m", "venv", ".venv"], folder);
    output(python, ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"], folder);
    return [python, join(folder, "load.py")] as const;
  });
}

/** Where installers put a tool without adding it to the path. */
function tool(name: string, ...usual: readonly string[]): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...usual];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

function orSkip<T>(name: string, build: () => T): T | undefined {
  try {
    return build();
  } catch (error) {
    const reason = messageOf(error).split("\n").at(-1);
    process.stderr.write(`SKIPPED ${name}: ${reason}\n`);
    return undefined;
  }
}
