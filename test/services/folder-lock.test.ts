import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { folderOwner, lockFolder } from "../../services/folder-lock.ts";

describe("the owner of a folder", () => {
  it("is known while the folder is locked, and nobody before and after", () => {
    const folder = mkdtempSync(join(tmpdir(), "folder-lock-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    expect(folderOwner(folder)).toBeUndefined();
    const release = lockFolder(folder);
    expect(folderOwner(folder)).toBe(process.pid);
    release();
    expect(folderOwner(folder)).toBeUndefined();
    // Asking took nothing.
    lockFolder(folder)();
  });
});
