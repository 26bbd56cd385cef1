// The way back from the archive, over the samples of all formats and over real event logs: what a rule
// sees of an archived event must be what it saw of the event itself.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import { createSigmaEngine } from "../../../detectors/sigma/engine.ts";
import { readLines } from "../../../services/ingest/file-read.ts";
import { createRestorer } from "../../../services/normalize/archived-record.ts";
import { formatIdOf } from "../../../services/normalize/document-origin.ts";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { createNormalizer, type Normalized } from "../../../services/normalize/normalizer.ts";
import { loadRuleSet, STARTER_PACK } from "../../../services/rules/rule-set.ts";
import { readFormatSamples } from "../../support/format-samples.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { routeOf } from "./route-check.ts";

const normalizer = createNormalizer({ mappings: [] });
const restore = createRestorer();

function parsed(text: string, source: string): Extract<Normalized, { event: unknown }> | undefined {
  const receivedAt = Date.UTC(2026, 10, 21, 5);
  const raw = { id: "1", idFromSender: true, timeZone: "Europe/Berlin", source, receivedAt, text };
  const result = normalizer.normalize(raw, "kreis");
  return "event" in result ? result : undefined;
}

const samples = readFormatSamples().flatMap((sample) => {
  const found = parsed(sample.text, sample.format);
  if (found === undefined) return [];
  return [
    { ...found, ...sample, format: found.format, document: ecsDocument(found.event, found.format) },
  ];
});

describe("an archived event", () => {
  it("names the format that it came in", () => {
    const wrong = samples.filter(({ document, format }) => formatIdOf(document) !== format.id);
    expect(wrong.map(({ place }) => place)).toEqual([]);
    expect(new Set(samples.map(({ format }) => format.id)).size).toBeGreaterThan(60);
  });

  it("belongs to the log sources that the event belonged to", () => {
    const wrong = samples.flatMap(({ event, format, document, place }) => {
      const [before, after] = [event.record, restore(document, format)].map((record) =>
        routeOf(format.shape, record),
      );
      return before === after ? [] : [`${place}: ${before} became ${after}`];
    });
    expect(wrong).toEqual([]);
  });

  it("is hit by the rules that hit the event", async () => {
    const { rules } = await loadRuleSet([STARTER_PACK]);
    const engine = createSigmaEngine({ rules, logSources: loadLogSources() });
    const hits = samples.map(({ event, format, document, place }) => {
      const archived = { ...event, record: restore(document, format), text: undefined };
      const [before, after] = [event, archived].map((one) =>
        engine.match(one).map(({ detector }) => detector.title),
      );
      return { place, before, after };
    });
    expect(hits.flatMap(({ before = [] }) => before).length).toBeGreaterThan(20);
    expect(hits.filter((one) => String(one.before) !== String(one.after))).toEqual([]);
  });

  it.each([
    ["a name that every object has", { "__proto__.x": "1", "json.constructor": "2" }],
    ["a text cut in the midst of an object", { "json.list": ['{"a":', "{}"] }],
    ["a name below a value", { "json.a": "1", "json.a.b": "2" }],
  ])("with %s is read without harm", (_what, document) => {
    const json = samples.find(({ format }) => format.id === "json");
    if (json === undefined) throw new Error("the samples have no plain JSON");
    const record = restore({ ...document, "@timestamp": "2026-11-21T05:00:00Z" }, json.format);
    expect(Object.keys(record).length).toBeGreaterThan(0);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect("x" in {}).toBe(false);
  });
});

const folder = sharedDataOrSkip("hits on archived event logs", "sigma/evtx");
const sigmaHq = sharedDataOrSkip(
  "hits on archived event logs",
  "sigma/sigma/sigmahq-rules-8eaafff1.tar.gz",
);
/** Read a name that the document gives to the provider: `SourceName` is data of Defender alone. */
const LOST = ["RedSun - TieringEngineService.exe Detected as EICAR Test File"];

describe.skipIf(folder === undefined || sigmaHq === undefined)("real event logs", () => {
  it("are hit by the same rules of SigmaHQ when they come out of the archive", async () => {
    const { rules } = await loadRuleSet([STARTER_PACK, sigmaHq ?? ""]);
    const engine = createSigmaEngine({ rules, logSources: loadLogSources() });
    const different: string[] = [];
    let hits = 0;
    for (const text of await recordsOf(folder ?? "")) {
      const found = parsed(text, "evtx");
      if (found === undefined) continue;
      const record = restore(ecsDocument(found.event, found.format), found.format);
      const [before, after] = [found.event, { ...found.event, record }].map(
        (event) => new Set(engine.match(event).map(({ detector }) => detector.title)),
      );
      hits += before?.size ?? 0;
      different.push(...[...(before ?? [])].filter((title) => after?.has(title) !== true));
      different.push(...[...(after ?? [])].filter((title) => before?.has(title) !== true));
    }
    expect(hits).toBeGreaterThan(200);
    expect(different).toEqual(LOST);
  }, 120_000);
});

async function recordsOf(path: string): Promise<string[]> {
  const texts: string[] = [];
  const { signal } = new AbortController();
  for (const name of readdirSync(path).filter((one) => one.endsWith(".evtx"))) {
    const options = { lineBytesMax: 4_000_000, multiline: "none", signal } as const;
    for await (const batch of readLines(join(path, name), options)) {
      texts.push(...batch.lines.map(({ text }) => text));
    }
  }
  return texts;
}
