// Tells when rule files have changed. The operating system's notices come at once, but not for every kind
// of folder (links that are set anew, network drives); so the files are looked at now and then as well, and
// what counts is what is seen there: names, times, sizes, inodes.
import { hash } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { isRulePath } from "./rule-source.ts";

/** Quiet times after which the files are looked at although the notices don't end. */
const NOTICED_QUIETS_MAX = 10;

export interface RuleWatchOptions {
  /** Folders, files or archives. */
  readonly paths: readonly string[];
  /** Time without a further notice before the files are looked at. */
  readonly quietMs: number;
  /** Time from one look to the next when there are no notices. */
  readonly pollMs: number;
  /** Awaited; changes meanwhile are told afterwards. */
  readonly onChange: () => Promise<void>;
}

/** Resolves when it is known what is there now; the result stops the watch. */
export async function watchRules(options: RuleWatchOptions): Promise<() => Promise<void>> {
  const { paths, quietMs, pollMs, onChange } = options;
  const watchers = new Map<string, { readonly identity: string; readonly watcher: FSWatcher }>();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let noticedAt: number | undefined;
  let seen: string | undefined;
  const lookIn = (waitMs: number) => {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(() => {
      running = running.then(look);
    }, waitMs);
    timer.unref();
  };
  const noticed = () => {
    noticedAt ??= performance.now();
    // Something may be written without an end.
    const rest = noticedAt + NOTICED_QUIETS_MAX * quietMs - performance.now();
    lookIn(Math.max(0, Math.min(quietMs, rest)));
  };
  const look = async () => {
    if (isClosed) return;
    noticedAt = undefined;
    for (const path of paths) await notice(path, watchers, noticed);
    const now = await stateOf(paths);
    const isChanged = seen !== undefined && now !== seen;
    seen = now;
    if (isChanged) await onChange();
    // What was noticed meanwhile is looked at soon.
    if (noticedAt === undefined) lookIn(pollMs);
  };
  let running = Promise.resolve();
  await look();
  return async () => {
    isClosed = true;
    clearTimeout(timer);
    for (const { watcher } of watchers.values()) watcher.close();
    await running;
  };
}

/** Asks for notices of a path; again where another folder or file stands there now. */
async function notice(
  path: string,
  watchers: Map<string, { readonly identity: string; readonly watcher: FSWatcher }>,
  changed: () => void,
): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  const identity = status === undefined ? "" : `${status.dev} ${status.ino}`;
  const known = watchers.get(path);
  if (known?.identity === identity) return;
  known?.watcher.close();
  watchers.delete(path);
  if (status === undefined) return;
  const forget = () => {
    watchers.get(path)?.watcher.close();
    watchers.delete(path);
  };
  try {
    const watcher = watch(path, { recursive: status.isDirectory(), persistent: false }, changed);
    watcher.on("error", forget);
    watchers.set(path, { identity, watcher });
  } catch {
    // Too many watches, or a file system without notices: the regular look remains.
    forget();
  }
}

/** Equal as long as no rule file is added, removed or written. */
async function stateOf(paths: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    const names = isFolder ? await rulesBelow(path) : [""];
    for (const name of names) {
      const full = join(path, name);
      const status = await stat(full).catch(() => undefined);
      const { mtimeMs = 0, ctimeMs = 0, size = -1, ino = 0 } = status ?? {};
      lines.push(JSON.stringify([full, mtimeMs, ctimeMs, size, ino]));
    }
  }
  return hash("sha256", lines.join("\n"));
}

async function rulesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => isRulePath(name.split(sep).join("/"))).sort();
}
