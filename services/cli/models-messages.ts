// Texts of `heidewacht models`, German and English.
import type { ModelName, ModelVersion } from "../store/model.ts";
import type { CliLanguage } from "./messages.ts";

/** What helps, by the code of what ended a training or a judging. */
const mends: Readonly<Record<string, string>> = {
  HW_TOO_FEW:
    "mit --days mehr Tage nehmen (aufbewahrt werden 60), oder warten: autoencoder braucht 100 Tage von Konten, Rechnern und Adressen, sequence 100 Abschnitte",
  HW_UNAVAILABLE:
    "mit --days weniger Tage nehmen, oder in einer ruhigeren Stunde noch einmal beginnen",
  HW_INPUT_TOO_LARGE: "mit --days weniger Tage nehmen",
  HW_STORE_CORRUPT: "eine neue Fassung lernen: die gespeicherte passt nicht zu ihrer Prüfsumme",
  HW_STORE_VERSION:
    "eine neue Fassung lernen: die gespeicherte gehört zu einem anderen Stand von Heidewacht",
};

const de = {
  models: "gelernte Modelle: Fassungen ansehen, lernen, prüfen, in Kraft setzen, zurückkehren",
  list: "Fassungen, ihr Stand und was sie wert sind; was die neue anders gemeldet hätte",
  train: "eine neue Fassung aus den letzten Tagen lernen; sie läuft zunächst verdeckt mit",
  evaluate:
    "eine Fassung an den letzten Tagen prüfen (ohne Angabe die verdeckte, sonst die geltende)",
  promote: "eine Fassung in Kraft setzen (ohne Angabe die verdeckte)",
  rollback: "zur vorigen Fassung zurückkehren",
  name: "Name des Modells: autoencoder, dga oder sequence",
  days: "wie viele der letzten Tage",
  seed: "Anfangswert des Zufalls; gleiche Beispiele und gleicher Wert geben dasselbe Modell",
  fresh: "von vorn beginnen, statt bei der geltenden Fassung weiterzulernen",
  version: "Nummer der Fassung",
  detach: "nicht warten, bis der Auftrag fertig ist",
  noName: (names: string) => `Modelle sind: ${names}`,
  notWhole: (option: string) => `${option} braucht eine ganze Zahl ab 1`,
  none: "Noch nichts gelernt: heidewacht models train dga",
  columns: {
    model: "Modell",
    version: "Fassung",
    state: "Stand",
    trained: "gelernt",
    site: "Beispiele",
    recall: "Erkennung",
    auroc: "AUROC",
    flagged: "gemeldet",
    bytes: "kB",
  },
  states: {
    shadow: "läuft verdeckt",
    active: "gilt",
    retired: "abgelöst",
  } satisfies Record<ModelVersion["state"], string>,
  legend:
    "Erkennung: Anteil errechneter Namen (dga), vermischter Tage (autoencoder) oder Abschnitte (sequence), wenn eines von hundert " +
    "üblichen Beispielen gemeldet würde; gemeldet: Anteil üblicher über der Schwelle. Beides an Beispielen, " +
    "die nicht gelernt wurden.",
  /** As what was judged, and as what was learnt. */
  examples: {
    autoencoder: { judged: "Tagen", few: "Tage" },
    dga: { judged: "Namen", few: "Namen" },
    sequence: { judged: "Abschnitten", few: "Abschnitte" },
  } satisfies Record<ModelName, { judged: string; few: string }>,
  running: (model: string, kind: string) => `${model}: ${kind} läuft noch`,
  waiting: (model: string, kind: string) => `${model}: ${kind} wartet auf andere Mandanten`,
  kinds: { train: "Lernen", evaluate: "Prüfen" },
  started: (model: string, kind: string) => `${model}: ${kind} begonnen`,
  done: (model: string, kind: string, version: number) =>
    `${model}: ${kind} fertig, Fassung ${version}`,
  failed: (model: string, kind: string) => `${model}: ${kind} ist fehlgeschlagen`,
  cancelled: (model: string, kind: string) => `${model}: ${kind} wurde abgebrochen`,
  mends,
  mendElse: "im Protokoll des Dienstes steht mehr; danach noch einmal beginnen",
  gone: "der Auftrag ist nicht mehr bekannt: der Dienst wurde wohl neu gestartet",
  few: (examples: string) =>
    `Nur ${examples} des Hauses gelernt: Das Modell kennt das Haus zu wenig, um sich darauf zu verlassen.`,
  inForce: (model: string, version: number) => `${model}: Fassung ${version} gilt`,
  compared: (model: string, shadow: number, judged: string) =>
    `${model}: Fassung ${shadow} lief bei ${judged} verdeckt mit.`,
  flaggedBy: (active: string, shadow: string, both: string) =>
    `Gemeldet hätte die geltende ${active}, die verdeckte ${shadow}, beide ${both}.`,
  onlyActive: (names: string) => `Nur die geltende: ${names}`,
  onlyShadow: (names: string) => `Nur die verdeckte: ${names}`,
};

const en: typeof de = {
  models: "trained models: list versions, train, evaluate, promote, go back",
  list: "versions, their state and what they are worth; what the new one would have flagged",
  train: "train a new version from the last days; it runs in the shadow first",
  evaluate:
    "judge a version on the last days (without it the one in the shadow, else the active one)",
  promote: "put a version into force (without it the one in the shadow)",
  rollback: "go back to the version before",
  name: "name of the model: autoencoder, dga or sequence",
  days: "how many of the last days",
  seed: "seed; the same examples and seed give the same model",
  fresh: "begin anew instead of going on from the version in force",
  version: "number of the version",
  detach: "do not wait until the job is done",
  noName: (names) => `models are: ${names}`,
  notWhole: (option) => `${option} needs a whole number from 1`,
  none: "nothing trained yet: heidewacht models train dga",
  columns: {
    model: "model",
    version: "version",
    state: "state",
    trained: "trained",
    site: "examples",
    recall: "recall",
    auroc: "AUROC",
    flagged: "flagged",
    bytes: "kB",
  },
  states: { shadow: "in the shadow", active: "active", retired: "retired" },
  legend:
    "recall: share of made names (dga), mixed days (autoencoder) or rows (sequence) where one of a hundred usual examples would " +
    "be flagged; flagged: share of usual ones above the threshold. Both on examples that were not learnt from.",
  examples: {
    autoencoder: { judged: "days", few: "days" },
    dga: { judged: "names", few: "names" },
    sequence: { judged: "rows", few: "rows" },
  },
  running: (model, kind) => `${model}: ${kind} is still running`,
  waiting: (model, kind) => `${model}: ${kind} waits for other tenants`,
  kinds: { train: "training", evaluate: "evaluation" },
  started: (model, kind) => `${model}: ${kind} has begun`,
  done: (model, kind, version) => `${model}: ${kind} done, version ${version}`,
  failed: (model, kind) => `${model}: ${kind} has failed`,
  cancelled: (model, kind) => `${model}: ${kind} was cancelled`,
  mends: {
    HW_TOO_FEW:
      "take more days with --days (60 are kept), or wait: autoencoder needs 100 days of accounts, hosts and addresses, sequence 100 rows",
    HW_UNAVAILABLE: "take fewer days with --days, or begin again in a quieter hour",
    HW_INPUT_TOO_LARGE: "take fewer days with --days",
    HW_STORE_CORRUPT: "train a new version: the stored one does not fit its checksum",
    HW_STORE_VERSION: "train a new version: the stored one is of another state of Heidewacht",
  },
  mendElse: "the log of the service says more; then begin again",
  gone: "the job is not known any more: the service was probably started anew",
  few: (examples) =>
    `Only ${examples} of the site were learnt: the model knows too little of it to be relied on.`,
  inForce: (model, version) => `${model}: version ${version} is active`,
  compared: (model, shadow, judged) =>
    `${model}: version ${shadow} was asked in the shadow about ${judged}.`,
  flaggedBy: (active, shadow, both) =>
    `The active one would have flagged ${active}, the one in the shadow ${shadow}, both ${both}.`,
  onlyActive: (names) => `Only the active one: ${names}`,
  onlyShadow: (names) => `Only the one in the shadow: ${names}`,
};

export type ModelsMessages = typeof de;

/** By language. */
export const MODELS_CLI_MESSAGES: Readonly<Record<CliLanguage, ModelsMessages>> = { de, en };
