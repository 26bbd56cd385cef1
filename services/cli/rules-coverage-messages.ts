// Texts of `heidewacht rules coverage`, German and English.
import type { CliLanguage } from "./messages.ts";

interface CoverageMessages {
  readonly coverage: string;
  readonly out: string;
  readonly score: string;
  readonly compare: string;
  readonly written: (file: string) => string;
  readonly layerName: string;
  readonly layerDescription: Readonly<
    Record<"rules" | "weighted", (rules: number, techniques: number) => string>
  >;
  readonly metadata: { readonly rules: string; readonly untagged: string; readonly weak: string };
  readonly yes: string;
  readonly no: string;
  readonly moreRules: (count: number) => string;
  readonly columns: readonly [string, string, string, string];
  readonly uncovered: string;
  readonly sums: (rules: number, techniques: number, untagged: number) => string;
  readonly onlyWeak: (count: number) => string;
  readonly onlyHere: (count: number) => string;
  readonly onlyThere: (count: number) => string;
}

const de: CoverageMessages = {
  coverage: "zeigt, welche Taktiken und Techniken von ATT&CK die Regeln abdecken",
  out: "schreibt eine Ebene für den ATT&CK Navigator in diese Datei (- gibt sie aus)",
  score: "Wert einer Technik: Anzahl der Regeln, oder gewichtet nach level und status",
  compare: "vergleicht mit diesen Regeln (mehrfach möglich)",
  written: (file) => `Ebene für den ATT&CK Navigator geschrieben: ${file}`,
  layerName: "Heidewacht",
  layerDescription: {
    rules: (rules, techniques) =>
      `${rules} Regeln, ${techniques} Techniken. Wert: Anzahl der Regeln je Technik.`,
    weighted: (rules, techniques) =>
      `${rules} Regeln, ${techniques} Techniken. Wert: Regeln je Technik, gewichtet nach level und status.`,
  },
  metadata: { rules: "Regeln", untagged: "Regeln ohne ATT&CK-Tag", weak: "nur schwache Regeln" },
  yes: "ja",
  no: "nein",
  moreRules: (count) => `… und ${count} weitere`,
  columns: ["TAKTIK", "REGELN", "TECHNIKEN", "NUR SCHWACH"],
  uncovered: "(keine Regel)",
  sums: (rules, techniques, untagged) =>
    `${rules} Regeln, ${techniques} Techniken, ${untagged} Regeln ohne ATT&CK-Tag`,
  onlyWeak: (count) =>
    `${count} Techniken nur mit schwachen Regeln (level unter medium, oder status experimental):`,
  onlyHere: (count) => `${count} Techniken, die nur diese Regeln abdecken:`,
  onlyThere: (count) => `${count} Techniken, die nur die verglichenen Regeln abdecken:`,
};

const en: CoverageMessages = {
  coverage: "shows which tactics and techniques of ATT&CK the rules cover",
  out: "writes a layer for the ATT&CK Navigator into this file (- prints it)",
  score: "score of a technique: number of rules, or weighted by level and status",
  compare: "compares with these rules (may be repeated)",
  written: (file) => `Layer for the ATT&CK Navigator written: ${file}`,
  layerName: "Heidewacht",
  layerDescription: {
    rules: (rules, techniques) =>
      `${rules} rules, ${techniques} techniques. Score: number of rules per technique.`,
    weighted: (rules, techniques) =>
      `${rules} rules, ${techniques} techniques. Score: rules per technique, weighted by level and status.`,
  },
  metadata: { rules: "rules", untagged: "rules without ATT&CK tag", weak: "weak rules only" },
  yes: "yes",
  no: "no",
  moreRules: (count) => `… and ${count} more`,
  columns: ["TACTIC", "RULES", "TECHNIQUES", "ONLY WEAK"],
  uncovered: "(no rule)",
  sums: (rules, techniques, untagged) =>
    `${rules} rules, ${techniques} techniques, ${untagged} rules without ATT&CK tag`,
  onlyWeak: (count) =>
    `${count} techniques with weak rules only (level below medium, or status experimental):`,
  onlyHere: (count) => `${count} techniques that only these rules cover:`,
  onlyThere: (count) => `${count} techniques that only the compared rules cover:`,
};

export const COVERAGE_MESSAGES: Readonly<Record<CliLanguage, CoverageMessages>> = { de, en };
