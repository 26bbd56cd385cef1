// Takes rule files over from a folder or archive into a folder of the site, from where the configuration
// loads them. Plans first and writes then, so that a dry run says exactly what would happen.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { messageOf } from "../../config/errors.ts";
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import { isSafePath } from "./rule-archive.ts";
import { checkRules, type RuleCheck } from "./rule-check.ts";
import { type RuleFile, type RulePackage, readRuleFiles } from "./rule-source.ts";

export type ImportAction = "new" | "changed" | "same";

interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly action: ImportAction;
}

export interface ImportPlan {
  readonly files: readonly PlannedFile[];
  readonly licences: readonly PlannedFile[];
  /** Files without a single rule that can run. */
  readonly leftOut: readonly string[];
  /** Why; also faults of rules whose file has other, good ones and is taken. */
  readonly faults: readonly RuleFault[];
  readonly check: RuleCheck;
  /** Rule files in the target folder that the source doesn't have (any more); they stay, and run. */
  readonly onlyInTarget: readonly string[];
}

/** What importing the package into the folder would do. Reads only. */
export async function planImport(
  source: RulePackage,
  target: string,
  logSources: readonly LogSourceTable[],
): Promise<ImportPlan> {
  const root = versionFolder([...source.rules, ...source.licences]);
  const check = checkRules(source.rules, { logSources });
  const faults = [...source.faults, ...check.faults];
  const good = new Set(
    [
      ...check.rules.map(({ place }) => place),
      ...check.correlations.map(({ place }) => place),
      ...check.filters.map(({ place }) => place),
    ].map(fileOfPlace),
  );
  const leftOut: string[] = [];
  const files: PlannedFile[] = [];
  for (const file of source.rules) {
    const path = file.path.slice(root.length);
    if (!isSafePath(path)) {
      const message = "the name leads out of the folder or does not work on every system";
      faults.push({ code: "HW_RULE_INVALID", place: file.origin, title: undefined, message });
    }
    if (isSafePath(path) && good.has(file.origin)) files.push(planFile(file, path, target));
    else leftOut.push(path);
  }
  const licences = source.licences
    .map((file) => ({ file, path: file.path.slice(root.length) }))
    .filter(({ path }) => isSafePath(path))
    .map(({ file, path }) => planFile(file, path, target));
  const taken = new Set(files.map(({ path }) => path));
  const there = existsSync(target) ? await readRuleFiles(target) : [];
  const onlyInTarget = there.map(({ path }) => path).filter((path) => !taken.has(path));
  return { files, licences, leftOut, faults, check, onlyInTarget };
}

/**
 * Writes what the plan says has changed; what is the same is not touched. Files are replaced in one
 * step, so that a reader never sees half a rule.
 * @returns what could not be written
 */
export function writeImport(plan: ImportPlan, target: string): RuleFault[] {
  const faults: RuleFault[] = [];
  mkdirSync(target, { recursive: true });
  for (const { path, text, action } of [...plan.files, ...plan.licences]) {
    if (action === "same") continue;
    const full = join(target, path);
    try {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(`${full}.new`, text);
      renameSync(`${full}.new`, full);
    } catch (error) {
      const message = messageOf(error);
      faults.push({ code: "HW_RULE_INVALID", place: full, title: undefined, message });
    }
  }
  return faults;
}

function planFile(file: RuleFile, path: string, target: string): PlannedFile {
  return { path, text: file.text, action: actionOf(join(target, path), file.text) };
}

function actionOf(full: string, text: string): ImportAction {
  if (!existsSync(full)) return "new";
  try {
    return readFileSync(full, "utf8") === text ? "same" : "changed";
  } catch {
    // A folder or an unreadable file of that name: writing will say so.
    return "changed";
  }
}

function fileOfPlace(place: string): string {
  return place.replace(/:\d+:\d+$/, "");
}

/**
 * The folder `sigma-<commit>/` in which GitHub packs a checkout. It differs from release to release, so
 * that keeping it would put every rule there twice. Empty when there is none.
 */
function versionFolder(files: readonly RuleFile[]): string {
  const root = /^[^/]+\//.exec(files[0]?.path ?? "")?.[0] ?? "";
  const isVersion = /^[^/]*-[^/]*\d[^/]*\/$/.test(root) && !root.startsWith("rules");
  return isVersion && files.every(({ path }) => path.startsWith(root)) ? root : "";
}
