// Changes of rule files are told, however they came about; what is no rule tells nothing.
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { watchRules } from "../../../services/rules/rule-watch.ts";

const NEVER_MS = 100_000;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rule-watch-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "deep/er"), { recursive: true });
  writeFileSync(join(folder, "a.yml"), "title: a");
  writeFileSync(join(folder, "deep/er/b.yml"), "title: b");
  return folder;
}

/** Counts what is told; `until` waits for the next time. */
async function watch(paths: readonly string[], pollMs = NEVER_MS, work?: () => Promise<void>) {
  let told = 0;
  const onChange = async () => {
    told += 1;
    await work?.();
  };
  const stop = await watchRules({ paths, quietMs: 20, pollMs, onChange });
  onTestFinished(stop);
  return {
    stop,
    told: () => told,
    until: (count: number) => expect.poll(() => told, { timeout: 10_000 }).toBe(count),
  };
}

function kubernetes(folder: string, name: string, text: string): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "c.yml"), text);
  symlinkSync(name, join(folder, "..new"));
  renameSync(join(folder, "..new"), join(folder, "..data"));
}

describe.each([
  ["notices", NEVER_MS],
  ["looks", 30],
])("a change of rules is seen by %s", (_how, pollMs) => {
  it.each<[string, (folder: string) => void]>([
    ["written", (folder) => writeFileSync(join(folder, "a.yml"), "title: b")],
    ["written below", (folder) => writeFileSync(join(folder, "deep/er/b.yml"), "title: longer")],
    ["added", (folder) => writeFileSync(join(folder, "deep/new.yaml"), "title: c")],
    ["removed", (folder) => unlinkSync(join(folder, "a.yml"))],
    [
      "replaced by another one of the same size",
      (folder) => {
        writeFileSync(join(folder, "tmp"), "title: x");
        renameSync(join(folder, "tmp"), join(folder, "a.yml"));
      },
    ],
    ["moved", (folder) => renameSync(join(folder, "deep"), join(folder, "other"))],
  ])("%s", async (_what, change) => {
    const folder = newFolder();
    const { until } = await watch([folder], pollMs);
    change(folder);
    await until(1);
  });

  it("of a mounted volume whose link is set anew", async () => {
    const folder = newFolder();
    kubernetes(folder, "..1", "title: c");
    symlinkSync("..data/c.yml", join(folder, "c.yml"));
    const { until } = await watch([folder], pollMs);
    kubernetes(folder, "..2", "title: d");
    await until(1);
  });
});

describe("the watch over rules", () => {
  it("sees a folder that is a link set anew, and what is written there then", async () => {
    const [first, second] = [newFolder(), newFolder()];
    const link = join(newFolder(), "current");
    symlinkSync(first, link);
    const { until } = await watch([link], 30);
    unlinkSync(link);
    symlinkSync(second, link);
    await until(1);
    writeFileSync(join(second, "new.yml"), "title: n");
    await until(2);
  });

  it("sees a folder come and go", async () => {
    const folder = join(newFolder(), "later");
    const { until } = await watch([folder], 30);
    mkdirSync(folder);
    writeFileSync(join(folder, "a.yml"), "title: a");
    await until(1);
    rmSync(folder, { recursive: true });
    await until(2);
  });

  it("tells nothing of files that are no rules, and nothing after its end", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, ".git"));
    const { told, stop } = await watch([folder], 30);
    writeFileSync(join(folder, "README.md"), "x");
    writeFileSync(join(folder, ".git/config.yml"), "x");
    await sleep(200);
    await stop();
    writeFileSync(join(folder, "a.yml"), "title: changed");
    await sleep(100);
    expect(told()).toBe(0);
  });

  it("tells again what changes while a change is dealt with", async () => {
    const folder = newFolder();
    let isFirst = true;
    const { until } = await watch([folder], NEVER_MS, async () => {
      if (isFirst) writeFileSync(join(folder, "a.yml"), "title: again, and longer");
      isFirst = false;
      await sleep(50);
    });
    writeFileSync(join(folder, "a.yml"), "title: first");
    await until(2);
  });
});
