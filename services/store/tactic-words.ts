// What the tactics of MITRE ATT&CK (matrix for enterprises) are called in summaries and reports.

const de = {
  reconnaissance: "Aufklärung",
  "resource-development": "Vorbereitung",
  "initial-access": "Erstzugriff",
  execution: "Ausführung",
  persistence: "Festsetzen",
  "privilege-escalation": "Rechteausweitung",
  stealth: "Tarnung",
  "defense-evasion": "Tarnung",
  "defense-impairment": "Schwächung der Abwehr",
  "credential-access": "Zugangsdaten",
  discovery: "Erkundung",
  "lateral-movement": "Ausbreitung",
  collection: "Sammeln",
  "command-and-control": "Fernsteuerung",
  exfiltration: "Abfluss",
  impact: "Schaden",
};

const en: typeof de = {
  reconnaissance: "reconnaissance",
  "resource-development": "resource development",
  "initial-access": "initial access",
  execution: "execution",
  persistence: "persistence",
  "privilege-escalation": "privilege escalation",
  stealth: "stealth",
  "defense-evasion": "defense evasion",
  "defense-impairment": "defense impairment",
  "credential-access": "credential access",
  discovery: "discovery",
  "lateral-movement": "lateral movement",
  collection: "collection",
  "command-and-control": "command and control",
  exfiltration: "exfiltration",
  impact: "impact",
};

const WORDS: Readonly<Record<"de" | "en", Readonly<Record<string, string>>>> = { de, en };

/** @returns undefined for what is no tactic */
export function tacticWords(tactic: string, language: "de" | "en"): string | undefined {
  return Object.hasOwn(WORDS[language], tactic) ? WORDS[language][tactic] : undefined;
}
