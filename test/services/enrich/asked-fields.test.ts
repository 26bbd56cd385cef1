// What rules ask decides whether events are viewed at all: the rules that come with Heidewacht must not.
import { describe, expect, it } from "vitest";
import { enrichmentSchema } from "../../../config/enrichment.ts";
import { loadLogSources } from "../../../config/log-sources.ts";
import { askedFields } from "../../../services/enrich/asked-fields.ts";
import { openEnricher } from "../../../services/enrich/enricher.ts";
import { parseOutsideJson } from "../../../services/normalize/json-nesting.ts";
import { loadRuleSet, STARTER_PACK } from "../../../services/rules/rule-set.ts";
import { eventOf } from "../../detectors/sigma/fixture.ts";

describe("the fields that rules ask for", () => {
  it("are those of the rules, and what the tables of log sources call them", async () => {
    const { rules } = await loadRuleSet([STARTER_PACK]);
    const asked = askedFields(rules, loadLogSources());
    expect(asked).toContain("CommandLine");
    expect([...asked].some((name) => name.includes("."))).toBe(true);
  });

  it("are none that is enriched in the starter pack, so that its events go unviewed", async () => {
    const { rules } = await loadRuleSet([STARTER_PACK]);
    const fail = () => expect.unreachable();
    const enricher = await openEnricher({
      config: enrichmentSchema.parse({}),
      at: (path) => path,
      asked: askedFields(rules, loadLogSources()),
      now: Date.now,
      parseJson: parseOutsideJson,
      onThreatList: fail,
      onFileFault: fail,
      onFault: fail,
    });
    const event = eventOf({ a: 1 });
    expect(enricher.view(event)).toBe(event);
  });
});
