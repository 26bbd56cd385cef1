// The committed JSON is what the code makes, and every metric that the board asks for exists.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pipelineBoard } from "../../dashboards/pipeline.ts";

const generated = readFileSync("dashboards/generated/pipeline.json", "utf8");

describe("the pipeline board", () => {
  it("is committed as the code makes it (npm run build:dashboards)", () => {
    expect(JSON.parse(generated)).toEqual(JSON.parse(JSON.stringify(pipelineBoard())));
  });

  it("has no query or panel of an unknown type", () => {
    expect(generated).not.toContain('"unknown"');
    expect(generated.match(/"expr"/g)?.length).toBeGreaterThan(5);
  });

  it("asks only for metrics that the services register", () => {
    const sources = readdirSync("services", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("metrics.ts"))
      .map((name) => readFileSync(join("services", name), "utf8"))
      .join("\n");
    const asked = [...generated.matchAll(/heidewacht_[a-z_]+/g)].map(([name]) =>
      name.replace(/_(?:bucket|sum|count)$/, ""),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !sources.includes(`"${name}"`))).toEqual([]);
  });
});
