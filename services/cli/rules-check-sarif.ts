// The linter's findings as SARIF 2.1.0, which code hosts and editors show at the line.
// Source: OASIS, Static Analysis Results Interchange Format (SARIF) 2.1.0, chapter 3.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { isLintCode, LINT_CODES } from "../rules/lint-finding.ts";
import { LINT_MESSAGES } from "../rules/lint-messages.ts";
import type { CliLanguage } from "./messages.ts";
import type { SaidFinding } from "./rules-check.ts";
import { jsonText, printable, splitPlace } from "./rules-text.ts";

const CODES = Object.keys(LINT_CODES).filter(isLintCode);

/** The report, ending with a line break. Severities and SARIF's levels have the same names. */
export function sarifReport(findings: readonly SaidFinding[], language: CliLanguage): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: driver(language) },
        language,
        columnKind: "utf16CodeUnits",
        results: results(findings),
      },
    ],
  };
  return jsonText(log);
}

function driver(language: CliLanguage) {
  const messages = LINT_MESSAGES[language];
  const { version } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as { version: string }; // npm guarantees a version in package.json.
  return {
    name: "heidewacht rules check",
    version,
    semanticVersion: version,
    rules: CODES.map((code) => ({
      id: code,
      shortDescription: { text: messages[code].title },
      help: { text: messages[code].mend("…") },
      defaultConfiguration: { level: LINT_CODES[code] },
      properties: { tags: ["sigma", code.split("-")[0]] },
    })),
  };
}

function results(findings: readonly SaidFinding[]) {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { code, severity, place, message, mend } = finding;
    const { file, line = 1, column = 1 } = splitPlace(place);
    return {
      ruleId: code,
      ruleIndex: CODES.indexOf(code),
      level: severity,
      message: { text: printable(`${message} → ${mend}`) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file) },
            region: { startLine: line, startColumn: column },
          },
        },
      ],
      partialFingerprints: { "finding/v1": fingerprint(finding, file, seen) },
    };
  });
}

// The same when lines move; several alike in one file are numbered.
function fingerprint(
  { code, title, detail }: SaidFinding,
  file: string,
  seen: Map<string, number>,
): string {
  const content = JSON.stringify([file, code, title ?? "", detail]);
  const count = seen.get(content) ?? 0;
  seen.set(content, count + 1);
  return createHash("sha256").update(`${content}:${count}`).digest("hex").slice(0, 32);
}

/** A relative reference, or a `file:` URL for absolute paths. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}
