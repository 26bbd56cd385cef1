// The words around an anomaly that all detectors share, German and English. Typed by its German half.
import type { Entity } from "../detector.ts";
import type { Driver } from "./anomaly.ts";

const deEntities: Readonly<Record<Entity["type"], string>> = {
  ...{ host: "Rechner", account: "Konto", address: "Adresse", service: "Dienst" },
};
const enEntities: typeof deEntities = {
  ...{ host: "host", account: "account", address: "address", service: "service" },
};
const deAgainst: Readonly<Record<Driver["against"], string>> = {
  own: "nach der eigenen Vergangenheit",
  peers: "in der Vergleichsgruppe",
  all: "im ganzen Haus",
};
const enAgainst: typeof deAgainst = {
  own: "by its own past",
  peers: "in its peer group",
  all: "in the whole house",
};

const de = {
  entities: deEntities,
  against: deAgainst,
  head: (type: string, value: string, kind: string | undefined) =>
    kind === undefined
      ? `Ungewöhnliches Verhalten: ${type} ${value}`
      : `Ungewöhnliches Verhalten: ${type} ${value}, ${kind}`,
  number: (
    feature: string,
    seen: string,
    expected: string,
    limit: string | undefined,
    against: string,
  ) =>
    limit === undefined
      ? `${feature}: ${seen}, üblich sind ${against} etwa ${expected}`
      : `${feature}: ${seen}, üblich sind ${against} etwa ${expected}, Grenze ${limit}`,
  values: (feature: string, seen: string, usual: string, against: string) =>
    `${feature}: ${seen}, üblich sind ${against} ${usual}`,
  never: (feature: string, seen: string, against: string) =>
    `${feature}: ${seen}, ${against} bisher nie gesehen`,
  rarity: (often: string) =>
    `Ohne besonderen Anlass kommt so etwas in höchstens ${often} Fällen vor.`,
  oneIn: (times: string) => `1 von ${times}`,
  title: (kind: string) => `Anomalie: ${kind}`,
  description:
    "Ein statistisches Modell hat etwas gesehen, das gegenüber der Vergangenheit und der Vergleichsgruppe " +
    "sehr selten ist. Selten heißt nicht bösartig: Die Treiber sagen, was zu prüfen ist.",
  driftTitle: (kind: string) => `Verändertes Umfeld: ${kind}`,
  driftDescription:
    "Viele Objekte weichen zugleich auf dieselbe Weise ab. Das wird einmal gemeldet statt für jedes Objekt.",
  beyond: "über jedem Maß",
  drift: (feature: string, source: string, entities: string, usual: string) =>
    `Verändertes Umfeld: ${entities} Objekte der Quelle ${source} weichen zugleich auf dieselbe Weise ab ` +
    `(${feature}), üblich sind ${usual}. Häufigste Ursachen sind Aktualisierungen und Umstellungen; ein ` +
    `Angriff auf viele Rechner zugleich sieht ebenso aus.`,
};

const en: typeof de = {
  entities: enEntities,
  against: enAgainst,
  head: (type, value, kind) =>
    kind === undefined
      ? `Unusual behaviour: ${type} ${value}`
      : `Unusual behaviour: ${type} ${value}, ${kind}`,
  number: (feature, seen, expected, limit, against) =>
    limit === undefined
      ? `${feature}: ${seen}, usual ${against} is about ${expected}`
      : `${feature}: ${seen}, usual ${against} is about ${expected}, limit ${limit}`,
  values: (feature, seen, usual, against) => `${feature}: ${seen}, usual ${against}: ${usual}`,
  never: (feature, seen, against) => `${feature}: ${seen}, never seen before ${against}`,
  rarity: (often) => `Without a special reason this happens in at most ${often} cases.`,
  oneIn: (times) => `1 of ${times}`,
  title: (kind) => `Anomaly: ${kind}`,
  description:
    "A statistical model saw something that is very rare beside the past and the peer group. Rare does not " +
    "mean malicious: the drivers say what to look at.",
  driftTitle: (kind) => `Changed surroundings: ${kind}`,
  driftDescription:
    "Many entities deviate in the same way at once. This is told once instead of for each of them.",
  beyond: "beyond all measure",
  drift: (feature, source, entities, usual) =>
    `Changed surroundings: ${entities} entities of source ${source} deviate in the same way at once ` +
    `(${feature}), usual are ${usual}. Mostly this is an update or a migration; an attack on many machines ` +
    `at once looks the same.`,
};

export const anomalyMessages = { de, en };
export type AnomalyLanguage = keyof typeof anomalyMessages;
