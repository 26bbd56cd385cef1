// The incidents of the quarter, as a county of the simulated size may have them: an ordinary month, a bad one
// with a flaw in the remote access and an extortion, and a month in which what was learnt shows. Invented.
import type { Story } from "./story.ts";

const NO_DAMAGE = { impact: ["none", "none", "none"] } as const;

const ORDINARY: readonly Story[] = [
  {
    ...{ key: "phishing", day: 96, hour: 9.4, severity: "medium", category: "fraud" },
    title: "Zugangsdaten auf nachgebauter Anmeldeseite eingegeben",
    description:
      "Ein Konto wurde nach einer Phishing-Mail von außen benutzt; eine Postfachregel verbarg Antworten.",
    raised: [
      ["risk", 0],
      ["hides", 14],
    ],
    compromise: { method: "evidence", before: 26 },
    ...{ triage: 95, contained: 3.6, recovered: 31, reported: 55 },
    ...{ impact: ["limited", "none", "none"], damage: -9 },
    measures: [
      ["Kennwort und Sitzungen des Kontos zurücksetzen", 2, 1],
      ["Zweiten Faktor für alle Zugriffe von außen verlangen", 30, 41],
    ],
  },
  {
    ...{ key: "loader", day: 88, hour: 13.2, severity: "high", category: "malicious_code" },
    title: "Schadprogramm über ein gefälschtes Druckerwerkzeug",
    description:
      "Ein heruntergeladenes Werkzeug lud Code nach; der Schutz des Rechners hielt den zweiten Teil auf.",
    raised: [
      ["encoded", 0],
      ["malware", 6],
      ["rarity", 44],
    ],
    compromise: { method: "evidence", before: 8.7 },
    ...{ triage: 74, paged: "answered", contained: 5.2, recovered: 53, ...NO_DAMAGE },
    measures: [
      ["Rechner neu aufsetzen", 7, 4],
      ["Ausführen aus Download-Ordnern per Richtlinie sperren", 21, 33],
    ],
  },
  {
    ...{ key: "list", day: 79, hour: 11.1, severity: "medium" },
    category: "information_content_security",
    title: "Personenbezogene Liste an einen falschen Verteiler gesendet",
    description: "Von einem Fachamt gemeldet; kein Befund.",
    raised: [],
    compromise: { method: "evidence", before: 4.5 },
    ...{ triage: 0, contained: 2.1, recovered: 26, reported: 31 },
    ...{ impact: ["limited", "none", "none"], damage: -4.4 },
    measures: [["Warnung vor großen Verteilern im Mailprogramm einschalten", 20, 18]],
  },
  {
    ...{ key: "scan", day: 71, hour: 15.6, severity: "low", category: "information_gathering" },
    title: "Abtasten des Servernetzes aus dem Gastnetz",
    description:
      "Ein privates Gerät im Gastnetz tastete Adressen ab; die Firewall ließ nichts durch.",
    raised: [["inside", 0]],
    compromise: { method: "pre_compromise" },
    ...{ triage: 48, contained: 1.4, recovered: 4, ...NO_DAMAGE },
    measures: [["Gastnetz vom Servernetz ganz trennen", 14, 11]],
  },
];

const BAD_MONTH: readonly Story[] = [
  {
    ...{ key: "vpn", day: 64, hour: 6.3, severity: "critical", category: "vulnerable" },
    title: "Schwachstelle am Fernzugang ausgenutzt",
    description:
      "Über eine bekannte Schwachstelle wurde ein VPN-Benutzer angelegt. Das Update lag seit neun Tagen vor.",
    raised: [
      ["spoofed", 0],
      ["vpnUser", 9],
      ["logons", 50],
    ],
    compromise: { method: "estimate", before: 262, earliest: 340, latest: 190 },
    ...{
      triage: 61,
      paged: "escalated",
      contained: 9.5,
      downtime: 6,
      recovered: 191,
      reported: 44,
    },
    ...{ impact: ["unknown", "limited", "none"], damage: -118 },
    measures: [
      ["Fernzugang auf den aktuellen Stand bringen", 2, 1],
      ["Alle Kennwörter und Zertifikate des Fernzugangs erneuern", 14, 22],
      ["Frist von drei Tagen für kritische Updates vereinbaren", 30, 44],
      ["Verwaltung der Firewall nur noch aus dem Verwaltungsnetz", 40],
    ],
  },
  {
    ...{ key: "extortion", day: 58, hour: 3.8, severity: "critical", category: "malicious_code" },
    title: "Verschlüsselung auf einem Dateiserver mit Erpresserschreiben",
    description:
      "Nachts wurden Schattenkopien gelöscht und eine Freigabe verschlüsselt. Aus der Sicherung wiederhergestellt.",
    raised: [
      ["shadow", 0],
      ["extension", 4],
      ["note", 11],
      ["volume", 60],
    ],
    compromise: { method: "evidence", before: 31 },
    ...{ triage: 17, paged: "answered", contained: 1.3, downtime: 9, recovered: 131, reported: 47 },
    ...{ impact: ["limited", "significant", "significant"], damage: 0.1 },
    measures: [
      ["Betroffene Server aus sauberer Sicherung herstellen", 7, 6],
      ["Verwaltungskonten von Arbeitsplätzen trennen", 30, 39],
      ["Sicherungen zusätzlich offline aufbewahren", 45, 36],
      ["Rechte auf Freigaben prüfen und kürzen", 50],
    ],
    reopened: {
      ...{ after: 196, recovered: 229 },
      reason: "Auf einer zweiten Freigabe fanden sich weitere verschlüsselte Dateien.",
      measure: ["Alle Freigaben auf verschlüsselte Dateien durchsuchen", 16, 12],
    },
  },
  {
    ...{ key: "wave", day: 53, hour: 8.2, severity: "medium", category: "fraud" },
    title: "Phishing-Welle mit angeblichem Bußgeldbescheid",
    description: "Gefälschte Bescheide gingen an mehrere Ämter; ein Konto wurde benutzt.",
    raised: [
      ["executable", 0],
      ["mfa", 31],
      ["risk", 66],
    ],
    compromise: { method: "evidence", before: 3.1 },
    ...{ triage: 151, contained: 11, recovered: 76 },
    ...{ impact: ["limited", "none", "none"], damage: 1.5, reported: 69 },
    measures: [
      ["Absender am Mailzugang sperren", 1, 1],
      ["Mails mit ausführbaren Anhängen zurückhalten", 21, 27],
    ],
  },
  {
    ...{ key: "wave-2", day: 53, hour: 9.9, severity: "medium", category: "fraud" },
    title: "Phishing-Mail im Jobcenter",
    description: "Gehört zur Welle vom selben Tag.",
    raised: [["executable", 0]],
    compromise: { method: "evidence", before: 2 },
    ...{ triage: 90, measures: [], merged: { into: "wave", after: 3.4 } },
  },
  {
    ...{ key: "web-shell", day: 47, hour: 19.7, severity: "high", category: "intrusion" },
    title: "Webshell auf einem alten Formularserver",
    description:
      "Über eine nicht mehr gepflegte Anwendung wurde eine Webshell abgelegt und zweimal benutzt.",
    raised: [
      ["webShellAsked", 0],
      ["webShell", 2],
      ["botnet", 190],
    ],
    compromise: { method: "estimate", before: 146, earliest: 214, latest: 95 },
    ...{ triage: 743, contained: 21, downtime: 30, recovered: 89 },
    ...{ impact: ["limited", "limited", "none"], damage: -12 },
    measures: [
      ["Formularserver abschalten", 2, 1],
      ["Alte Anwendungen erfassen und ablösen", 28, 43],
    ],
  },
  {
    ...{ key: "support", day: 42, hour: 10.4, severity: "high", category: "fraud" },
    title: "Falscher Support und auffälliger Abfluss im Bauamt",
    description: "Erst als ein Vorfall geführt; es waren zwei.",
    raised: [
      ["remoteTool", 0],
      ["rclone", 37],
      ["volume", 58],
    ],
    compromise: { method: "evidence", before: 5.2 },
    ...{ triage: 66, paged: "answered", measures: [], reported: 58 },
    split: {
      after: 7,
      parts: [
        {
          ...{ title: "Fernwartung nach Anruf eines falschen Supports", alarms: [0] },
          ...{ contained: 8, recovered: 47, ...NO_DAMAGE },
          measures: [["Fernwartungsprogramme nur noch nach Freigabe", 20, 19]],
        },
        {
          ...{ title: "Bauakten mit rclone nach außen kopiert", alarms: [1, 2] },
          ...{ contained: 9, recovered: 118, impact: ["significant", "none", "none"], damage: 0.7 },
          measures: [
            ["Betroffene unterrichten", 14, 13],
            ["Ausgehende Verbindungen der Fachserver begrenzen", 35],
          ],
        },
      ],
    },
  },
  {
    ...{
      key: "service-account",
      day: 39,
      hour: 14.3,
      severity: "medium",
      category: "intrusion_attempt",
    },
    title: "Ungeklärte Anmeldungen eines Dienstkontos",
    description: "Ob das Konto missbraucht wurde, ließ sich nicht klären.",
    raised: [["logons", 0]],
    compromise: { method: "unknown" },
    ...{ triage: 210, contained: 6, recovered: 30, verdict: "undetermined" },
    measures: [["Kennwort des Dienstkontos erneuern", 5, 4]],
  },
  {
    ...{ key: "backup", day: 36, hour: 8.8, severity: "medium", category: "other" },
    title: "Verdacht auf Datenabfluss",
    description:
      "Es war die neue Sicherung bei einem Dienstleister, die niemand angekündigt hatte.",
    raised: [["volume", 0]],
    compromise: { method: "unknown" },
    ...{ triage: 120, verdict: "false_positive", measures: [] },
  },
];

const BETTER_MONTH: readonly Story[] = [
  {
    ...{ key: "device-code", day: 30, hour: 10.8, severity: "medium", category: "intrusion" },
    title: "Anmeldung mit erschlichenem Gerätecode",
    description:
      "Ein Konto wurde mit einem erschlichenen Gerätecode benutzt; die Sitzung endete nach einer Stunde.",
    raised: [
      ["deviceCode", 0],
      ["risk", 3],
    ],
    compromise: { method: "evidence", before: 0.9 },
    ...{ triage: 19, contained: 0.8, recovered: 8.5, ...NO_DAMAGE },
    measures: [["Anmeldung mit Gerätecode per Richtlinie sperren", 10, 6]],
  },
  {
    ...{ key: "exercise", day: 26, hour: 9, severity: "critical", category: "malicious_code" },
    title: "Übung: Verschlüsselung in der Außenstelle",
    description: "Angekündigte Übung des Notfallplans.",
    raised: [
      ["shadow", 0],
      ["note", 5],
    ],
    compromise: { method: "evidence", before: 1 },
    ...{ triage: 9, contained: 0.7, recovered: 5, ...NO_DAMAGE, exercise: true },
    measures: [["Rufnummern im Notfallplan berichtigen", 14, 9]],
  },
  {
    ...{ key: "spraying", day: 16, hour: 21.3, severity: "medium", category: "intrusion_attempt" },
    title: "Kennwörter am Fernzugang durchprobiert",
    description: "Viele Konten von wenigen Adressen; keine Anmeldung gelang.",
    raised: [["spraying", 0]],
    compromise: { method: "pre_compromise" },
    ...{ triage: 21, paged: "answered", contained: 0.9, recovered: 2.2, ...NO_DAMAGE },
    measures: [["Sperre nach Fehlversuchen am Fernzugang verschärfen", 10, 5]],
  },
  {
    ...{ key: "overload", day: 11, hour: 12.1, severity: "medium", category: "availability" },
    title: "Überlastung des Bürgerportals",
    description: "Anfragen von vielen Adressen; das Portal war zeitweise langsam.",
    raised: [["requests", 0]],
    compromise: { method: "unknown" },
    ...{ triage: 16, contained: 1.8, recovered: 4.6 },
    ...{ impact: ["none", "none", "limited"], damage: 0.2 },
    measures: [["Begrenzung der Anfragen am Portal einschalten", 14, 8]],
  },
  {
    ...{ key: "archive", day: 6, hour: 9.7, severity: "high", category: "intrusion" },
    title: "Still eingerichtete Fernwartung im Kreisarchiv",
    description:
      "Nach einem Anruf wurde Fernwartung eingerichtet; der Rechner war nach einer halben Stunde vom Netz.",
    raised: [
      ["remoteTool", 0],
      ["rarity", 8],
    ],
    compromise: { method: "evidence", before: 0.6 },
    ...{ triage: 14, paged: "answered", contained: 0.5, recovered: 19, ...NO_DAMAGE },
    measures: [
      ["Rechner neu aufsetzen", 3, 2],
      ["Hinweis auf falsche Support-Anrufe an alle Ämter", 14],
    ],
  },
  {
    ...{ key: "mailbox", day: 1.4, hour: 0, severity: "medium", category: "intrusion" },
    title: "Postfach leitet Mails nach außen weiter",
    description: "Wird noch untersucht.",
    raised: [
      ["forwards", 0],
      ["risk", 4],
    ],
    compromise: { method: "unknown" },
    ...{ triage: 24, paged: "answered", contained: 1.1, impact: ["unknown", "none", "none"] },
    measures: [["Postfachregeln aller Konten mit Weiterleitung prüfen", 8]],
  },
];

export const QUARTER_STORIES: readonly Story[] = [...ORDINARY, ...BAD_MONTH, ...BETTER_MONTH];
