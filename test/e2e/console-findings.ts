// Simulated findings for the console's tests: a quiet county, an intrusion in it, and texts that try to
// fool the reader. Every value is invented.
import type { Finding } from "../../services/store/finding.ts";

type Detector = Finding["detector"];

const NOW = Date.UTC(2026, 10, 20, 9, 40);
const MINUTE = 60_000;

interface Kind {
  readonly title: string;
  readonly description: string;
  readonly level: Detector["level"];
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly field: string;
  readonly ecs: string;
  readonly value: string;
  readonly operator: string;
  readonly pattern: string;
  readonly summary: (host: string, count: number) => string;
  readonly response: readonly string[];
  readonly falsePositives: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    title: "Löschung von Schattenkopien",
    description:
      "Schattenkopien werden mit vssadmin, wmic oder PowerShell gelöscht. Erpresser tun das kurz vor der Verschlüsselung, damit nichts wiederhergestellt werden kann.",
    level: "critical",
    tactics: ["impact"],
    techniques: ["T1490"],
    field: "CommandLine",
    ecs: "process.command_line",
    value: "C:\\Windows\\System32\\vssadmin.exe delete shadows /all /quiet",
    operator: "contains|all",
    pattern: "delete shadows",
    summary: (host, count) =>
      `Auf ${host} wurden alle Schattenkopien gelöscht (${count} Treffer). Das geschieht fast nur unmittelbar vor einer Verschlüsselung.`,
    response: [
      "Rechner sofort vom Netz trennen, nicht ausschalten.",
      "Sicherungen auf Unversehrtheit prüfen, Zugang zum Sicherungsserver sperren.",
      "Vorfall ausrufen und den Notfallplan Schadsoftware beginnen.",
    ],
    falsePositives: ["Wartung des Sicherungsprogramms mit angemeldetem Wartungsfenster"],
  },
  {
    title: "Zugriff auf den Speicher von LSASS",
    description:
      "Ein Prozess liest den Speicher von lsass.exe. Dort liegen Anmeldedaten; Werkzeuge wie Mimikatz holen sie so heraus.",
    level: "high",
    tactics: ["credential-access"],
    techniques: ["T1003.001"],
    field: "TargetImage",
    ecs: "process.target.executable",
    value: "C:\\Windows\\System32\\lsass.exe",
    operator: "endswith",
    pattern: "\\lsass.exe",
    summary: (host, count) =>
      `Auf ${host} hat ein Prozess ${count}-mal den Speicher von LSASS gelesen.`,
    response: [
      "Zugreifenden Prozess und seine Herkunft bestimmen.",
      "Kennwörter der auf dem Rechner angemeldeten Konten zurücksetzen.",
    ],
    falsePositives: ["Virenschutz und Diagnosewerkzeuge des Herstellers"],
  },
  {
    title: "PowerShell mit verschlüsseltem Befehl",
    description: "PowerShell wird mit einem Base64-Befehl gestartet, um den Inhalt zu verbergen.",
    level: "medium",
    tactics: ["execution", "defense-evasion"],
    techniques: ["T1059.001", "T1027"],
    field: "CommandLine",
    ecs: "process.command_line",
    value: "powershell.exe -NoP -W Hidden -Enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA",
    operator: "contains",
    pattern: " -Enc ",
    summary: (host, count) => `Auf ${host} lief PowerShell ${count}-mal mit verborgenem Befehl.`,
    response: ["Befehl entschlüsseln und lesen.", "Elternprozess prüfen: Office, Browser, Dienst?"],
    falsePositives: ["Softwareverteilung", "Anmeldeskripte der Domäne"],
  },
  {
    title: "Viele fehlgeschlagene VPN-Anmeldungen",
    description: "Von einer Adresse kommen in kurzer Zeit viele fehlgeschlagene Anmeldungen.",
    level: "low",
    tactics: ["credential-access", "initial-access"],
    techniques: ["T1110"],
    field: "srcip",
    ecs: "source.ip",
    value: "203.0.113.77",
    operator: "cidr",
    pattern: "203.0.113.0/24",
    summary: (host, count) => `${count} Anmeldungen an ${host} sind fehlgeschlagen.`,
    response: ["Adresse am VPN-Zugang sperren."],
    falsePositives: ["Abgelaufenes Kennwort auf einem Telefon"],
  },
  {
    title: "Neue geplante Aufgabe",
    description: "Eine geplante Aufgabe wurde angelegt.",
    level: "informational",
    tactics: ["persistence"],
    techniques: ["T1053.005"],
    field: "EventID",
    ecs: "event.code",
    value: "4698",
    operator: "equals",
    pattern: "4698",
    summary: (host, count) => `Auf ${host} wurden ${count} geplante Aufgaben angelegt.`,
    response: [],
    falsePositives: [],
  },
];

const SCORES: Readonly<Record<Detector["level"], number>> = {
  critical: 90,
  high: 70,
  medium: 48,
  low: 26,
  informational: 8,
};

/** Title and value that try to fool the reader: markup, right-to-left override, zero-width, NUL. */
export const HOSTILE_TITLE =
  '<img src=x onerror="document.title=1">Rechnung\u202efdp.exe\u200b\u0000';
const HOSTILE_VALUE = 'cmd /c "<script>document.title=2</script>" \u202egpj.exe\u2066\u0007';

/** Finding number `n` of a quiet day; the same number gives the same finding. */
export function finding(n: number, change: Partial<Finding> = {}): Finding {
  const kind = KINDS[n === 0 ? 0 : n === 1 ? 1 : 2 + (n % 3)];
  if (kind === undefined) throw new RangeError(`no kind for ${n}`);
  const host = `lk-${["dc", "fs", "ws", "vpn"][n % 4]}${String(1 + (n % 37)).padStart(2, "0")}`;
  const signals = 1 + ((n * 7) % 23);
  const last = NOW - n * 41_000;
  const first = last - signals * 3 * MINUTE;
  const base = SCORES[kind.level];
  const score = Math.max(1, base + (n % 2) * 3 - Math.min(8, Math.floor(n / 700)));
  return {
    id: `f-${String(n).padStart(6, "0")}`,
    tenant: "lklg",
    detector: {
      id: `00000000-0000-4000-8000-${String(KINDS.indexOf(kind)).padStart(12, "0")}`,
      kind: "sigma",
      title: kind.title,
      description: kind.description,
      level: kind.level,
      status: "stable",
      techniques: [...kind.techniques],
      tactics: [...kind.tactics],
      falsePositives: [...kind.falsePositives],
      references: [],
      response: [...kind.response],
      origin: `pack/windows/${kind.field.toLowerCase()}.yml`,
    },
    groupKey: `host:${host}`,
    entities: [
      { type: "host", value: host },
      { type: "account", value: `p-${(n * 7919).toString(36).padStart(6, "0")}` },
    ],
    score,
    scoreParts: [
      { key: "severity", points: base - 12, detail: `Stufe ${kind.level}` },
      { key: "confidence", points: 6, detail: "Regel mit Status stable" },
      { key: "progress", points: 2, detail: `${kind.tactics.length} Taktik` },
      { key: "volume", points: score - base + 2, detail: `${signals} Treffer` },
      { key: "asset", points: 2, detail: "Server" },
    ],
    summary: kind.summary(host, signals),
    status: "new",
    verdictHistory: [],
    signalCount: signals,
    firstEventAt: first,
    lastEventAt: last,
    raisedAt: first + 800,
    sources: ["winlogbeat-dc"],
    evidence: Array.from({ length: Math.min(signals, 5) }, (_, at) => ({
      signalId: `s-${n}-${at}`,
      time: first + ((last - first) * at) / Math.max(1, Math.min(signals, 5) - 1),
      source: at % 3 === 2 ? "winlogbeat-fs" : "winlogbeat-dc",
      matched: [
        { field: kind.field, value: kind.value, operator: kind.operator, pattern: kind.pattern },
      ],
      events: [
        {
          id: `e-${n}-${at}`,
          time: first + at,
          document: {
            "@timestamp": new Date(first + at).toISOString(),
            "host.name": host,
            "event.code": "4688",
            "event.action": "process-created",
            "user.name": `p-${(n * 7919).toString(36).padStart(6, "0")}`,
            [kind.ecs]: kind.value,
            "process.pid": 4000 + n,
            "agent.type": "winlogbeat",
            "data_stream.dataset": "windows.security",
          },
        },
      ],
    })),
    ...change,
  };
}

/** A finding whose texts are hostile. */
export function hostileFinding(n: number): Finding {
  const plain = finding(n);
  return {
    ...plain,
    id: "f-hostile",
    score: 99,
    detector: { ...plain.detector, title: HOSTILE_TITLE, level: "critical" },
    evidence: plain.evidence.slice(0, 1).map((signal) => ({
      ...signal,
      matched: [
        { field: "CommandLine", value: HOSTILE_VALUE, operator: "contains", pattern: "gpj.exe" },
      ],
      events: signal.events.map((event) => ({
        ...event,
        document: { ...event.document, "process.command_line": HOSTILE_VALUE },
      })),
    })),
  };
}
