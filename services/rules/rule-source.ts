// Finds rule files: in folders, in SigmaHQ release zips and in tar archives, from disk only. Gives their
// text with a name that errors can point to. One file that can't be read never stops the others.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { AppError, isAppError, messageOf } from "../../config/errors.ts";
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import type { Pace } from "./pace.ts";
import { readTar, readZip } from "./rule-archive.ts";

/** One rule file. */
export interface RuleFile {
  /** Path below the folder or archive, with forward slashes. */
  readonly path: string;
  /** What errors name: the folder or archive as given, and the path. */
  readonly origin: string;
  readonly text: string;
}

/** What lay in a folder or archive, each list sorted by path. */
export interface RulePackage {
  readonly rules: readonly RuleFile[];
  /** Texts of the licence that the rules came under; they have to travel with them. */
  readonly licences: readonly RuleFile[];
  /** Files that could not be read, or are too large. */
  readonly faults: readonly RuleFault[];
}

/** Largest rule file. SigmaHQ's largest has 40 kB. */
export const RULE_FILE_BYTES_MAX = 1_000_000;
/** SigmaHQ has 3,800. */
export const RULE_FILES_MAX = 20_000;
/** All texts of one folder or archive together: they are held in memory. */
const RULE_PACKAGE_BYTES_MAX = 256 * 1024 * 1024;

/** What a path is to us, if anything. */
type FileKind = "rules" | "licences";

/** Takes in files one by one and holds the limits; used by folders and archives alike. */
export interface RuleCollector {
  /** Undefined: of no interest, or too large, and then told of. @throws AppError HW_INPUT_TOO_LARGE */
  wanted(path: string, bytes: number, origin: string): FileKind | undefined;
  /** @throws AppError HW_INPUT_TOO_LARGE */
  add(kind: FileKind, file: RuleFile): void;
  fault(origin: string, message: string): void;
}

const RULE_FILE = /\.ya?ml$/i;
const LICENCE_FILE = /(?:^|\/)(?:licen[cs]e|copying|notice|drl)(?:[-._][^/]*)?$/i;
// SigmaHQ keeps samples and test data beside its rules; they are no rules; what
// it calls deprecated or unsupported it does not want run.
// Kubernetes keeps the files of a mounted volume in folders that begin with two dots, and links to them.
const NOT_RULES =
  /(?:^|\/)(?:\.[^./][^/]*|\.\.[^/]+|tests?|regression_data|node_modules|documentation|deprecated|unsupported)\//i;

/** Whether a path below a folder is that of a rule file. */
export function isRulePath(path: string): boolean {
  return RULE_FILE.test(path) && !NOT_RULES.test(path);
}

/** The rule files of a folder or archive alone. @throws AppError as `readRulePackage` */
export async function readRuleFiles(path: string): Promise<readonly RuleFile[]> {
  return (await readRulePackage(path)).rules;
}

/**
 * All rule files of a folder, a .zip, a .tar or .tar.gz, or one file, with their licences.
 * @param pace awaited between files, so that others get their turn
 * @throws AppError HW_NOT_FOUND, HW_INPUT_UNREADABLE for a damaged archive or one with names that leave
 *   it, HW_INPUT_TOO_LARGE
 */
export async function readRulePackage(path: string, pace?: Pace): Promise<RulePackage> {
  if (!existsSync(path)) {
    throw new AppError("HW_NOT_FOUND", "no such file or folder", { place: path });
  }
  const found = createCollector(path);
  try {
    if (statSync(path).isDirectory()) await readFolder(path, found, pace);
    else if (/\.zip$/i.test(path)) await readZip(path, found);
    else if (/\.(?:tar|tar\.gz|tgz)$/i.test(path)) await readTar(path, found);
    else readOne(path, basename(path), path, "rules", found);
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    throw new AppError("HW_INPUT_UNREADABLE", messageOf(cause), {
      place: path,
      mend: "give a folder, a .yml file, a .zip or a .tar.gz",
      cause,
    });
  }
  return { rules: byPath(found.rules), licences: byPath(found.licences), faults: found.faults };
}

function byPath(files: readonly RuleFile[]): RuleFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function readFolder(folder: string, found: RuleCollector, pace?: Pace): Promise<void> {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = name.split(sep).join("/");
    const kind = found.wanted(path, 0, path);
    if (kind === undefined) continue;
    const waiting = pace?.();
    if (waiting !== undefined) await waiting;
    const full = join(folder, name);
    readOne(full, path, relative(process.cwd(), full) || full, kind, found);
  }
}

// Links into nothing, folders that are called like rules and files of others are told of, and passed.
function readOne(
  full: string,
  path: string,
  origin: string,
  kind: FileKind,
  found: RuleCollector,
): void {
  let text: string;
  try {
    const status = statSync(full);
    if (status.isDirectory()) return;
    if (status.size > RULE_FILE_BYTES_MAX) {
      found.fault(origin, `over ${RULE_FILE_BYTES_MAX} bytes, too large for a rule file`);
      return;
    }
    text = readFileSync(full, "utf8");
  } catch (error) {
    found.fault(origin, messageOf(error));
    return;
  }
  found.add(kind, { path, origin, text });
}

function createCollector(place: string) {
  const files: Record<FileKind, RuleFile[]> = { rules: [], licences: [] };
  const faults: RuleFault[] = [];
  let bytes = 0;
  const fault = (origin: string, message: string) => {
    faults.push({ code: "HW_RULE_INVALID", place: origin, title: undefined, message });
  };
  const collector: RuleCollector = {
    fault,
    wanted(path, size, origin) {
      if (NOT_RULES.test(path)) return undefined;
      const kind = RULE_FILE.test(path)
        ? "rules"
        : LICENCE_FILE.test(path)
          ? "licences"
          : undefined;
      if (kind === undefined || size <= RULE_FILE_BYTES_MAX) return kind;
      fault(origin, `over ${RULE_FILE_BYTES_MAX} bytes, too large for a rule file`);
      return undefined;
    },
    add(kind, file) {
      bytes += file.text.length;
      files[kind].push(file);
      if (files[kind].length <= RULE_FILES_MAX && bytes <= RULE_PACKAGE_BYTES_MAX) return;
      throw new AppError("HW_INPUT_TOO_LARGE", "too many rule files, or too large together", {
        place,
        mend: `at most ${RULE_FILES_MAX} files and ${RULE_PACKAGE_BYTES_MAX} bytes`,
      });
    },
  };
  return { ...collector, ...files, faults };
}
