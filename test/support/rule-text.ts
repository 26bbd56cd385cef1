// Writes Sigma rules for tests: a good one, in which a test replaces what it is about.

const GOOD: Readonly<Record<string, string>> = {
  title: "Werkzeug gestartet",
  id: "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d",
  status: "test",
  description: "Ein Werkzeug wurde gestartet.",
  tags: "[attack.execution, attack.t1059]",
  logsource: "{ product: windows, category: process_creation }",
  detection: "{ selection: { Image|endswith: '\\tool.exe' }, condition: selection }",
  level: "high",
};

/** A rule in one line a key, in the order of GOOD; undefined leaves a key out. */
export function ruleText(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const lines = Object.entries({ ...GOOD, ...changes }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}\n`],
  );
  return lines.join("");
}
