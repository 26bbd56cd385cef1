// German texts about what a model found unusual.

export const unusualDe = {
  span: (n: string, step: string, first: string, last: string) =>
    n === "1" ? `ein Wert vom ${first}.` : `${n} Werte im Abstand ${step}, ${first} bis ${last}.`,
  days: (n: string, first: string, last: string) =>
    n === "1" ? `ein Tag, ${first}.` : `${n} Tage, ${first} bis ${last}.`,
  range: (least: string, most: string) => `Kleinster Wert ${least}, größter ${most}.`,
  last: (value: string, band: string | undefined) =>
    band === undefined ? `Zuletzt ${value}.` : `Zuletzt ${value}, ${band}.`,
  outside: (low: string, high: string) => `außerhalb des Üblichen (${low} bis ${high})`,
  improbable: (often: string) => `höchstens 1 von ${often} Fällen ohne Anlass`,
  judged: (wrong: string, all: string) =>
    `; ${wrong} von ${all} bewerteten ähnlichen waren Fehlalarme`,
  drivers: "Was abweicht. Der Anteil sagt, wie viel es zur Auffälligkeit beiträgt.",
  details: "Beispiele und Zahlen dazu",
  detail: "Was",
  driver: "Merkmal",
  seen: "Gesehen",
  expected: "Üblich",
  limit: (limit: string) => `(Grenze ${limit})`,
  never: "nie gesehen",
  compared: "Verglichen mit",
  share: "Anteil",
  against: {
    own: "der eigenen Vergangenheit",
    peers: "der Vergleichsgruppe",
    all: "dem ganzen Haus",
  },
};
