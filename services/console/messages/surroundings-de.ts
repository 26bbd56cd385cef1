// German texts about what is known around a finding.
const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

export const surroundingsDe = {
  title: "Umfeld",
  loading: "Das Umfeld wird geladen …",
  failed: "Das Umfeld konnte nicht geladen werden.",
  parts: {
    assets: "Rechner im Verzeichnis",
    addresses: "Adressen",
    attack: "ATT&CK",
    earlier: "Frühere Befunde derselben Objekte",
    detector: "Diese Regel in letzter Zeit",
    intelligence: "Bedrohungslisten",
  },
  /** Of one part. */
  state: {
    late: "Hat nicht rechtzeitig geantwortet. Beim nächsten Öffnen wird wieder gefragt.",
    failed: "Konnte nicht ermittelt werden.",
  },
  none: {
    assets: "Das Verzeichnis kennt keinen der Rechner.",
    addresses: "Zu keiner Adresse ist etwas bekannt.",
    attack: "Die Regel nennt keine Technik.",
    earlier: "Keine früheren Befunde.",
    intelligence: "In keiner Liste genannt.",
  },
  fact: {
    ...{ name: "Name", unit: "Stelle", criticality: "Kritikalität", role: "Aufgabe", os: "System" },
    ...{ "asset.name": "Name", "asset.unit": "Stelle", "asset.criticality": "Kritikalität" },
    ...{ "asset.role": "Aufgabe", "asset.os": "System" },
    "as.number": "Netzbetreiber (AS)",
    "as.organization.name": "Netzbetreiber",
    "geo.country_iso_code": "Land",
    "geo.country_name": "Land",
    "geo.city_name": "Stadt",
    "network.name": "Netz",
    registered_domain: "Domäne",
  } as Readonly<Record<string, string>>,
  earlier: (shown: string, total: string) => `${shown} von ${total}, der neueste zuerst`,
  fired: (n: number, count: string, days: string) =>
    `${count} ${plural(n, "Befund", "Befunde")} in ${days} Tagen`,
  unjudged: (count: string) => `${count} ohne Bewertung`,
  judged: (count: string, verdict: string) => `${count} × ${verdict}`,
  listed: {
    both: "damals und jetzt gelistet",
    before: "damals gelistet, jetzt nicht mehr",
    later: "erst jetzt gelistet",
  },
  from: (providers: string) => `aus: ${providers}`,
};
