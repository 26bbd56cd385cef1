// German texts around the boards; what is on them stands in their definitions.
export const boardsDe = {
  title: "Tafeln",
  intro:
    "Dieselben Tafeln wie in Grafana, aus denselben Definitionen und denselben Zahlen. Keine zeigt etwas über eine Person.",
  range: "Zeitraum",
  ranges: {
    "24h": "24 Stunden",
    "7d": "7 Tage",
    "30d": "30 Tage",
    "90d": "90 Tage",
    "12M": "12 Monate",
  },
  memory:
    "Betriebswerte stammen aus dem Gedächtnis des Prozesses, der diese Seite liefert: eine Woche, ab seinem Start. Andere Prozesse und ältere Werte zeigt Prometheus mit Grafana.",
  since: (moment: string) => `Werte seit ${moment}.`,
  leftOut: (n: number) => `${n} Reihen hatten keinen Platz.`,
  notYet: "Noch nichts gemessen.",
  nothing: "In diesem Zeitraum gibt es nichts.",
  picture: (title: string) => `${title}; die Zahlen stehen in der Tabelle darunter`,
  table: (title: string) => `${title}, Tabelle`,
  series: "Reihe",
  value: "Wert",
  more: (n: number) => `${n} weitere stehen in der Tabelle.`,
};
