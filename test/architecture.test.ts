// Holds the table of rooms: which folder may import which. Fails on zero files, so that it can't go
// silently green.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, it } from "vitest";

const LIBRARIES = [
  "rules",
  "bus",
  "store",
  "archive",
  "normalize",
  "enrich",
  "privacy",
  "llm",
  "channels",
  "report-document",
];
/** What people do with findings and incidents: stands on the store, and stages stand on it. */
const DOMAIN = "cases";
/** Who is called when: stands on what people do, and on what a page is. */
const PAGING = "paging";
/** Answers the panels of boards: stands on the store and on their definitions. */
const BOARDS = "boards";
/** What speaks to servers; libraries stand on it. */
const CLIENTS = ["sqlite", "kafka", "elasticsearch"];
const STAGES = [
  "ingest",
  "detect",
  "baseline",
  "triage",
  "explain",
  "backtest",
  "models",
  "notify",
  "kpi",
  "report",
  "api",
  "simulator",
];

/** Room of a file: `config`, `detectors`, `services/<name>`, `wiring` for main.ts and the CLI. */
function roomOf(path: string): string {
  const parts = path.split(sep);
  if (path === "package.json") return "config";
  if (parts[0] !== "services") return parts[0] ?? "";
  if (parts.length === 2 || parts[1] === "cli") return "wiring";
  return `services/${parts[1]}`;
}

function allowed(from: string): (to: string) => boolean {
  const libraries = LIBRARIES.map((name) => `services/${name}`);
  if (from === "config") return (to) => to === "config";
  if (from === "detectors") return (to) => to === "detectors" || to === "config";
  if (from === "dashboards") return (to) => to === "dashboards" || to === "config";
  if (from === "wiring") return () => true;
  if (from === "services/console")
    return (to) => [from, "services/store", "services/api", "dashboards"].includes(to);
  const clients = CLIENTS.map((name) => `services/${name}`);
  if (clients.includes(from)) return (to) => [from, "config"].includes(to);
  if (libraries.includes(from))
    return (to) => [from, ...clients, "detectors", "config"].includes(to);
  if (from === `services/${DOMAIN}`)
    return (to) => [from, "services/store", "detectors", "config"].includes(to);
  if (from === `services/${BOARDS}`)
    return (to) => [from, "services/store", "dashboards", "config"].includes(to);
  const domain = `services/${DOMAIN}`;
  const paging = `services/${PAGING}`;
  if (from === paging) {
    const rooms = ["store", "channels", "privacy"].map((name) => `services/${name}`);
    return (to) => [from, domain, ...rooms, "detectors", "config"].includes(to);
  }
  return (to) =>
    [from, domain, paging, ...libraries, ...clients, "detectors", "config"].includes(to);
}

const files = ["config", "detectors", "services", "dashboards"].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((name) => join(root, name))
    .filter((name) => /\.tsx?$/.test(name) && !/node_modules|\bdist\b/.test(name)),
);

const imports = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/\bfrom "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/g)].map(
    (match) => ({ file, target: normalize(join(dirname(file), match[1] ?? match[2] ?? "")) }),
  ),
);

describe("rooms", () => {
  it("sees the sources", () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports.length).toBeGreaterThan(10);
  });

  it("knows every folder of services", () => {
    const known = new Set([
      ...LIBRARIES,
      DOMAIN,
      PAGING,
      BOARDS,
      ...CLIENTS,
      ...STAGES,
      "console",
      "cli",
      "watchdog",
    ]);
    const found = new Set(
      files
        .filter((f) => f.startsWith(`services${sep}`) && f.split(sep).length > 2)
        .map((f) => f.split(sep)[1] ?? ""),
    );
    expect([...found].filter((name) => !known.has(name))).toEqual([]);
  });

  it("imports in the allowed directions only", () => {
    const wrong = imports.filter(({ file, target }) => !allowed(roomOf(file))(roomOf(target)));
    expect(wrong).toEqual([]);
  });

  it("keeps detectors free of input, output, clock and environment", () => {
    const forbidden =
      /from "node:(?!assert|crypto)|process\.env|Date\.now\(|new Date\(\)|console\.|fetch\(/;
    // Regular expressions have to be guarded process-wide, before the first pattern is made; the backend of
    // the models is loaded from where its package lies.
    const exceptions = ["sigma/regex-guard.ts", "anomaly/backend.ts"].map((path) =>
      join("detectors", path),
    );
    const wrong = files.filter(
      (f) =>
        f.startsWith("detectors") &&
        !exceptions.includes(f) &&
        forbidden.test(readFileSync(f, "utf8")),
    );
    expect(wrong).toEqual([]);
  });
});
