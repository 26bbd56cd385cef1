// German texts that incidents, exceptions, maintenance windows and block lists share.

export const casesDe = {
  now: "Jetzt einsetzen",
  hiding: {
    label: "Was Befunde verbirgt",
    exceptions: "Ausnahmen",
    maintenance: "Wartungsfenster",
  },
  acting: { label: "Vorfälle und Sperren", incidents: "Vorfälle", blocks: "Sperrlisten" },
  save: "Speichern",
  copy: "Kopieren",
  copied: "Kopiert.",
  copyFailed: "Kopieren ging nicht. Bitte den Text markieren.",
  reason: "Grund",
  reasonHint: "Wird aufbewahrt. Keine Namen von Personen.",
  matchers: "Was betroffen ist: Alles muss zutreffen",
  owner: "Verantwortlich",
  until: (at: string) => `bis ${at}`,
  consent: {
    title: "Zweite Person",
    none: "nicht nötig",
    waiting: "wartet auf eine zweite Person",
    agreed: (at: string) => `zugestimmt am ${at}`,
    agree: "Zustimmen",
    agreedToast: "Zugestimmt. Es gilt jetzt.",
    self: "Sie haben das vorgeschlagen; zustimmen muss jemand anderes.",
    needs: {
      true_positives: "Es hätte Befunde verborgen, die als richtig positiv bewertet wurden.",
      critical_detector: "Die Regel meldet Kritisches.",
      preview_truncated: "Es war mehr, als durchgesehen werden konnte.",
      block_list: "Eine Sperre gilt für alle.",
    },
  },
  preview: {
    title: "Was das in 30 Tagen verborgen hätte",
    wait: "Wird nachgesehen …",
    none: "Noch keine vollständige Bedingung.",
    counts: (days: number, findings: string, signals: string) =>
      `In den letzten ${days} Tagen: Befunde ${findings}, Treffer ${signals}.`,
    leaving: (n: string) => `Offene Befunde, die sofort die Warteschlange verlassen: ${n}.`,
    critical: (n: string) => `Achtung: Kritische Befunde darunter: ${n}.`,
    truePositives: (n: string) =>
      `Achtung: Befunde, die als richtig positiv bewertet wurden oder es waren: ${n}. Alle sind hier aufgeführt.`,
    examples: "Die neuesten",
    truncated: "Es gab mehr Befunde, als gezählt wurden. Von den richtig positiven fehlt keiner.",
    second: "Eine zweite Person muss zustimmen, bevor es gilt:",
    alone: "Es gilt sofort; niemand sonst muss zustimmen.",
  },
  withdraw: "Zurücknehmen …",
  withdrawTitle: "Zurücknehmen",
  withdrawText: "Als hätte es das nie gegeben: Was verborgen war, kommt zurück.",
  withdrawn: "Zurückgenommen.",
};
