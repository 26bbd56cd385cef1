// What `rules check` prints: for people word for word, for programs by the parts that their formats demand.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadLogSources } from "../../../config/log-sources.ts";
import {
  CHECK_FORMATS,
  type CheckView,
  checkReport,
  isFailed,
} from "../../../services/cli/rules-check.ts";
import { checkRules, type RuleCheck } from "../../../services/rules/rule-check.ts";
import { ruleText } from "../../support/rule-text.ts";

const logSources = loadLogSources();
const checkOf = (...texts: string[]) =>
  checkRules(
    texts.map((text, at) => ({ path: `${at}.yml`, origin: `a,b/${at} ü.yml`, text })),
    { logSources },
  );
const view = (format: CheckView["format"], changes: Partial<CheckView> = {}): CheckView => ({
  format,
  minSeverity: "note",
  isAll: false,
  ...changes,
});
const good = { falsepositives: "[Wartung]" };
const faulty = checkOf(
  ruleText({ ...good, detection: "{ s: { Image|sounds: x }, condition: s }" }),
  ruleText({ ...good, level: undefined }),
  "title: many\ncorrelation: { type: event_count, rules: [7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d], group-by: [b], timespan: 1m, condition: { gte: 5 } }\n",
);

describe("the text", () => {
  it("names code, place, sentence and mend, the gravest first", () => {
    const report = checkReport(faulty, view("text", { minSeverity: "warning" }), "de");
    expect(report.split("\n\n").slice(0, 2)).toEqual([
      [
        "Fehler  HW_RULE_INVALID: Regel nicht lesbar",
        "  a,b/0 ü.yml:7:19",
        '      unknown modifier "sounds"',
        "  Abhilfe: die Modifikatoren der Sigma-Spezifikation 2.1 verwenden",
      ].join("\n"),
      [
        "Warnung  level-missing: kein level (2)",
        "  a,b/1 ü.yml:1:1",
        "      kein level: gilt als medium",
        "  a,b/2 ü.yml:1:1",
        "      kein level: gilt als medium",
        "  Abhilfe: informational, low, medium, high oder critical eintragen",
      ].join("\n"),
    ]);
    expect(report).toMatch(
      /\n3 Dateien, 1 ladbare Regeln: 1 Fehler, 4 Warnungen, 3 Hinweise\ndazu 1 Korrelationen und 0 Filter\n$/,
    );
    expect(report).not.toContain("Hinweis ");
  });

  it("is one line when there is nothing to say", () => {
    expect(checkReport(checkOf(ruleText(good)), view("text"), "en")).toBe(
      "1 files, 1 rules can be loaded: 0 errors, 0 warnings, 0 notes\n",
    );
  });

  it("stays readable over many findings, and shows all when asked", () => {
    const many = checkOf(
      ...Array.from({ length: 30 }, (_one, at) =>
        ruleText({
          ...good,
          id: `x${at}`,
          detection: `{ s: { Image: a${at}.exe }, condition: s }`,
        }),
      ),
    );
    const short = checkReport(many, view("text"), "de");
    expect(short).toContain("Warnung  id-no-uuid: id ist keine UUID (30)");
    expect(short).toContain("… und 20 weitere (--all zeigt alle)");
    expect(short.match(/:2:1$/gm)).toHaveLength(10);
    expect(checkReport(many, view("text", { isAll: true }), "de").match(/:2:1$/gm)).toHaveLength(
      30,
    );
  });

  it("names the dearest rules with the reason", () => {
    const dear = checkOf(ruleText({ ...good, detection: "{ s: [mimikatz], condition: s }" }));
    expect(checkReport(dear, view("text"), "de")).toContain(
      [
        "Die teuersten Regeln, geschätzt (1 teuer, 0 mittel, 0 billig):",
        "  20  Werkzeug gestartet  (a,b/0 ü.yml:1:1)",
        "      Stichwörter werden in allen Feldern jedes Ereignisses gesucht",
      ].join("\n"),
    );
  });
});

it("gives the same to programs", () => {
  const report = JSON.parse(checkReport(faulty, view("json"), "en"));
  expect(report).toMatchObject({
    files: 3,
    rules: 1,
    correlations: 1,
    filters: 0,
    counts: { error: 1, warning: 4 },
    costs: [{ file: "a,b/1 ü.yml", line: 1, cost: "cheap", title: "Werkzeug gestartet" }],
  });
  expect(report.findings[0]).toEqual({
    file: "a,b/0 ü.yml",
    line: 7,
    column: 19,
    code: "HW_RULE_INVALID",
    severity: "error",
    title: "Werkzeug gestartet",
    message: 'unknown modifier "sounds"',
    mend: "use the modifiers of the Sigma specification 2.1",
  });
});

it("annotates files for GitHub, errors first", () => {
  const lines = checkReport(faulty, view("github"), "en").split("\n");
  expect(lines.slice(0, 2)).toEqual([
    '::error file=a%2Cb/0 ü.yml,line=7,col=19,title=HW_RULE_INVALID::unknown modifier "sounds" → use the modifiers of the Sigma specification 2.1',
    "::warning file=a%2Cb/1 ü.yml,line=1,col=1,title=level-missing::no level: taken as medium → put informational, low, medium, high or critical",
  ]);
  expect(lines.filter((line) => line.startsWith("::notice "))).toHaveLength(3);
});

// What SARIF 2.1.0 demands of the parts that are used here, and what code hosts need besides.
const message = z.strictObject({ text: z.string().min(1) });
const level = z.enum(["none", "note", "warning", "error"]);
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          version: z.string(),
          semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              shortDescription: message,
              help: message,
              defaultConfiguration: z.strictObject({ level }),
              properties: z.strictObject({ tags: z.array(z.string()) }),
            }),
          ),
        }),
      }),
      language: z.string().regex(/^[a-z]{2}(?:-[A-Z]{2})?$/),
      columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level,
          message,
          locations: z.array(
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w/.%:~!'()*-]+$/) }),
                region: z.strictObject({
                  startLine: z.int().min(1),
                  startColumn: z.int().min(1),
                }),
              }),
            }),
          ),
          partialFingerprints: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ]),
});

describe("SARIF", () => {
  it("has all that the format demands", () => {
    const [{ tool, results }] = sarif.parse(
      JSON.parse(checkReport(faulty, view("sarif"), "de")),
    ).runs;
    const { rules } = tool.driver;
    expect(results.map((one) => rules[one.ruleIndex]?.id)).toEqual(
      results.map((one) => one.ruleId),
    );
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    const prints = results.map((one) => Object.values(one.partialFingerprints).join());
    expect(new Set(prints).size).toBe(results.length);
    expect(results[0]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "a%2Cb/0%20%C3%BC.yml" },
      region: { startLine: 7, startColumn: 19 },
    });
  });

  it("keeps its fingerprints when lines move", () => {
    const text = ruleText({ ...good, level: undefined });
    const printsOf = (check: RuleCheck) =>
      sarif
        .parse(JSON.parse(checkReport(check, view("sarif"), "de")))
        .runs[0].results.map((one) => one.partialFingerprints);
    expect(printsOf(checkOf(text))).toEqual(printsOf(checkOf(`# a comment\n\n${text}`)));
    expect(printsOf(checkOf(text))).toHaveLength(1);
  });
});

it.each(CHECK_FORMATS)(
  "lets no rule give orders to the workflow or the terminal as %s",
  (format) => {
    const hostile = checkOf(ruleText({ status: '"x\\n::error::all is lost%0A\\u001b[2J\\u202e"' }));
    const report = checkReport(hostile, view(format), "en");
    for (const order of ["\u001b", "\u202e", "\n::error::"]) expect(report).not.toContain(order);
    expect(report).toContain("all is lost");
  },
);

it.each<[string, RuleCheck, boolean, boolean]>([
  ["errors", faulty, true, true],
  ["warnings", checkOf(ruleText({ ...good, level: undefined })), false, true],
  ["notes", checkOf(ruleText()), false, false],
])("fails for %s when it has to", (_what, check, usual, strict) => {
  expect([isFailed(check, false), isFailed(check, true)]).toEqual([usual, strict]);
});
