// What is sealed opens only with the right tenant's key, and any changed bit is noticed.
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyRing, loadMasterKey } from "../../../services/privacy/keys.ts";
import { createSealer } from "../../../services/privacy/seal.ts";

const sealer = createSealer(createKeyRing(Buffer.alloc(32, 1)));

describe("sealed bytes", () => {
  it("open to what was sealed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(Buffer.from(sealer.open("a", sealer.seal("a", bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it("stay closed for another tenant, another key and after any changed bit", () => {
    const sealed = sealer.seal("a", Buffer.from("geheim"));
    expect(() => sealer.open("b", sealed)).toThrow(/can't be opened/);
    const other = createSealer(createKeyRing(Buffer.alloc(32, 2)));
    expect(() => other.open("a", sealed)).toThrow(/can't be opened/);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => sealer.open("a", changed)).toThrow(/can't be opened/);
    }
  });
});

describe("the master key file", () => {
  it("is made once, for its owner only, and read again", () => {
    const path = join(mkdtempSync(join(tmpdir(), "hw-key-")), "keys", "master.key");
    const first = loadMasterKey(path);
    expect(first.created).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const second = loadMasterKey(path);
    expect(second.created).toBe(false);
    expect(second.key).toEqual(first.key);
    expect(readFileSync(path, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it("is refused with its place when it is damaged", () => {
    const path = join(mkdtempSync(join(tmpdir(), "hw-key-")), "master.key");
    writeFileSync(path, "kaputt");
    expect(() => loadMasterKey(path)).toThrow(/64 hex digits/);
  });
});
