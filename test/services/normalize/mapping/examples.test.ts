// The mapping files that come along as examples hold what their own tests say.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadMappings } from "../../../../services/normalize/mapping/mapping-folder.ts";
import { runMappingTests } from "../../../../services/normalize/mapping/mapping-tests.ts";

const FOLDER = fileURLToPath(new URL("../../../../config/mappings-examples/", import.meta.url));
const { mappings, faults } = loadMappings([FOLDER], "de");

describe("the example mappings", () => {
  it("have no faults", () => {
    expect(faults).toEqual([]);
    expect(mappings.map(({ format }) => format.id)).toEqual([
      "dms-audit",
      "fachverfahren",
      "portal",
    ]);
  });

  it.each(mappings.map((one) => [one.format.id, one] as const))(
    "%s passes its tests",
    (_id, { format, tests }) => {
      const run = runMappingTests(tests ?? "", format, "de");
      const results = "results" in run ? run.results : [];
      expect(results.length).toBeGreaterThan(2);
      expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
    },
  );
});
