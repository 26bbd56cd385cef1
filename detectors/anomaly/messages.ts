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
    "sehr selten ist. Selten heißt nicht bösartig: Die Merkmale sagen, was zu prüfen ist.",
  response: [
    "Merkmale lesen: Was war anders als sonst, und seit wann?",
    "Mit den Zuständigen klären, ob es dafür einen Anlass gab (Wartung, neue Aufgabe, Vertretung).",
    "Gab es keinen: Befunde und Ereignisse desselben Objekts vom selben Tag ansehen.",
  ],
  falsePositives: [
    "Wartung, Umstellung oder neue Software",
    "Neue Aufgaben, Vertretung oder Bereitschaft eines Kontos",
  ],
  driftTitle: (kind: string) => `Verändertes Umfeld: ${kind}`,
  driftDescription:
    "Viele Objekte weichen zugleich auf dieselbe Weise ab. Das wird einmal gemeldet statt für jedes Objekt.",
  beyond: "über jedem Maß",
  drift: (feature: string, source: string, entities: string, usual: string) =>
    `Verändertes Umfeld: ${entities} Objekte der Quelle ${source} weichen zugleich auf dieselbe Weise ab ` +
    `(${feature}), üblich sind ${usual}. Häufigste Ursachen sind Aktualisierungen und Umstellungen; ein ` +
    `Angriff auf viele Rechner zugleich sieht ebenso aus.`,
  detectors: (name: string) => `Detektor „${name}“`,
  shiftTitle: (detector: string) => `Verändertes Umfeld: Maßstab von ${detector}`,
  shiftDescription:
    "Was dieses Modell für ungewöhnlich hält, verteilt sich anders als in den Wochen davor: Meist hat sich die " +
    "Umgebung geändert, etwa durch neue Software, eine Umstellung oder einen anderen Arbeitsrhythmus. Solange " +
    "das anhält, meldet das Modell am Tag nicht mehr Befunde als das Budget, außer was weit herausragt; was " +
    "zurückbleibt, wird gezählt. Was fünf Tage bleibt, wird zum neuen Maßstab.",
  shift: (detector: string, scores: string, figures: readonly string[]) =>
    `Verändertes Umfeld: ${detector} bewertet die letzten ${scores} Objekttage anders als zuvor ` +
    `(Stabilitätsindex ${figures[0]}, Grenze ${figures[1]}; größter Abstand ${figures[2]}, Grenze ` +
    `${figures[3]}). Ein Angriff auf einzelne Rechner sieht nicht so aus, einer auf sehr viele schon.`,
  shiftBin: (range: string, before: string) => `bis ${range}, zuvor ${before}`,
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
    "mean malicious: the features say what to look at.",
  response: [
    "Read the features: what was different from usual, and since when?",
    "Ask those in charge whether there was a reason (maintenance, a new task, a stand-in).",
    "Without one: look at findings and events of the same entity on the same day.",
  ],
  falsePositives: [
    "Maintenance, a migration or new software",
    "New tasks, stand-ins or on-call duty of an account",
  ],
  driftTitle: (kind) => `Changed surroundings: ${kind}`,
  driftDescription:
    "Many entities deviate in the same way at once. This is told once instead of for each of them.",
  beyond: "beyond all measure",
  drift: (feature, source, entities, usual) =>
    `Changed surroundings: ${entities} entities of source ${source} deviate in the same way at once ` +
    `(${feature}), usual are ${usual}. Mostly this is an update or a migration; an attack on many machines ` +
    `at once looks the same.`,
  detectors: (name) => `detector “${name}”`,
  shiftTitle: (detector) => `Changed surroundings: the measure of ${detector}`,
  shiftDescription:
    "What this model calls unusual is spread otherwise than in the weeks before: mostly the surroundings have " +
    "changed, by new software, a migration or another rhythm of work. While that lasts, the model tells no more " +
    "findings a day than the budget, except what stands out by far; what is held back is counted. What stays " +
    "for five days becomes the new measure.",
  shift: (detector, scores, figures) =>
    `Changed surroundings: ${detector} judges the last ${scores} days of entities otherwise than before ` +
    `(stability index ${figures[0]}, limit ${figures[1]}; largest distance ${figures[2]}, limit ` +
    `${figures[3]}). An attack on single machines does not look so, one on very many does.`,
  shiftBin: (range, before) => `up to ${range}, before ${before}`,
};

export const anomalyMessages = { de, en };
export type AnomalyLanguage = keyof typeof anomalyMessages;
