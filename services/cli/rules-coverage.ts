// `heidewacht rules coverage`: a table by tactic for people, and a layer for the ATT&CK Navigator.
// Source: MITRE ATT&CK Navigator, layer file format 4.5.
import type { AttackCoverage, CoveredTechnique } from "../rules/attack-coverage.ts";
import type { CliLanguage } from "./messages.ts";
import { COVERAGE_MESSAGES } from "./rules-coverage-messages.ts";
import { jsonText, printable } from "./rules-text.ts";
import { tableLines, wrapped } from "./text-table.ts";

export const SCORES = ["rules", "weighted"] as const;
export type Score = (typeof SCORES)[number];

const RULES_IN_COMMENT = 25;
/** Pale to dark, told apart by people who don't see colours too. */
const COLOURS = ["#eaf2f8", "#7fb3d5", "#1a5276"];
const LAYER_VERSION = "4.5";
const NAVIGATOR_VERSION = "5.1.0";
/** The one whose tactics the tags have. */
const ATTACK_VERSION = "19";
const LINES_OF_IDS_MAX = 40;

/** The layer as JSON, ending with a line break. */
export function navigatorLayer(
  coverage: AttackCoverage,
  score: Score,
  language: CliLanguage,
): string {
  const text = COVERAGE_MESSAGES[language];
  const techniques = coverage.techniques.map((one) => layerTechnique(one, score, language));
  return jsonText({
    name: text.layerName,
    versions: { attack: ATTACK_VERSION, navigator: NAVIGATOR_VERSION, layer: LAYER_VERSION },
    domain: "enterprise-attack",
    description: text.layerDescription[score](coverage.rules, techniques.length),
    sorting: 3,
    hideDisabled: false,
    techniques,
    gradient: {
      colors: COLOURS,
      minValue: 0,
      maxValue: Math.max(1, ...techniques.map((one) => one.score)),
    },
    legendItems: [],
    metadata: [
      { name: text.metadata.rules, value: String(coverage.rules) },
      { name: text.metadata.untagged, value: String(coverage.untagged) },
    ],
    showTacticRowBackground: false,
    selectTechniquesAcrossTactics: true,
    selectSubtechniquesWithParent: false,
  });
}

// Without a tactic the technique is marked wherever it stands in the matrix.
function layerTechnique(
  { id, rules, weight, isWeak }: CoveredTechnique,
  score: Score,
  language: CliLanguage,
) {
  const text = COVERAGE_MESSAGES[language];
  const shown = rules
    .slice(0, RULES_IN_COMMENT)
    .map(({ title, level, status }) => printable(`${title} (${level}, ${status})`));
  const more = rules.length - shown.length;
  return {
    techniqueID: id,
    score: score === "rules" ? rules.length : weight,
    comment: [...shown, ...(more > 0 ? [text.moreRules(more)] : [])].join("\n"),
    enabled: true,
    showSubtechniques: !id.includes("."),
    metadata: [
      { name: text.metadata.rules, value: String(rules.length) },
      { name: text.metadata.weak, value: isWeak ? text.yes : text.no },
    ],
  };
}

/** The table, ending with a line break. */
export function coverageReport(
  coverage: AttackCoverage,
  other: AttackCoverage | undefined,
  width: number,
  language: CliLanguage,
): string {
  const text = COVERAGE_MESSAGES[language];
  const [tactic, rules, techniques, weak] = text.columns;
  const rows = coverage.tactics.map((one) => [
    one.rules === 0 ? `${printable(one.name)}  ${text.uncovered}` : printable(one.name),
    String(one.rules),
    String(one.techniques.length),
    String(one.techniques.filter((technique) => technique.isWeak).length),
  ]);
  const columns = [
    { title: tactic, shrinks: true },
    { title: rules, align: "right" },
    { title: techniques, align: "right" },
    { title: weak, align: "right" },
  ] as const;
  const weakIds = coverage.techniques.filter(({ isWeak }) => isWeak).map(({ id }) => id);
  const lines = [
    ...tableLines(columns, rows, width),
    "",
    text.sums(coverage.rules, coverage.techniques.length, coverage.untagged),
    ...idLines(text.onlyWeak(weakIds.length), weakIds, width),
    ...(other === undefined ? [] : comparisonLines(coverage, other, width, language)),
  ];
  return `${lines.join("\n")}\n`;
}

function comparisonLines(
  coverage: AttackCoverage,
  other: AttackCoverage,
  width: number,
  language: CliLanguage,
): string[] {
  const text = COVERAGE_MESSAGES[language];
  const ids = (one: AttackCoverage) => new Set(one.techniques.map(({ id }) => id));
  const [own, others] = [ids(coverage), ids(other)];
  const onlyOwn = [...own.difference(others)];
  const onlyOther = [...others.difference(own)];
  return [
    ...idLines(text.onlyHere(onlyOwn.length), onlyOwn, width),
    ...idLines(text.onlyThere(onlyOther.length), onlyOther, width),
  ];
}

function idLines(title: string, ids: readonly string[], width: number): string[] {
  if (ids.length === 0) return [];
  const lines = wrapped(ids.join(" "), width - 2, LINES_OF_IDS_MAX);
  return ["", title, ...lines.map((line) => `  ${line}`)];
}
