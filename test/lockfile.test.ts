// `npm ci` refuses a lock file that leaves out the optional packages of other platforms, which a registry
// without them makes npm write.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      optionalDependencies: z.record(z.string(), z.string()).optional(),
      resolved: z.string().optional(),
    }),
  ),
});
const { packages } = lockSchema.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));

describe("the lock file", () => {
  it("holds every optional package, also those of other platforms", () => {
    const missing = Object.entries(packages).flatMap(([path, one]) =>
      Object.keys(one.optionalDependencies ?? {}).filter(
        (name) =>
          packages[`${path}/node_modules/${name}`] === undefined &&
          packages[`node_modules/${name}`] === undefined,
      ),
    );
    expect(Object.keys(packages).length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it("names no registry's host", () => {
    expect(Object.values(packages).filter((one) => one.resolved !== undefined)).toEqual([]);
  });
});
