// Texts of proposed incidents, German and English. Typed by the German half, so that a missing key does
// not compile.

const de = {
  chainTitle: (what: string, where: string) => `${what} und Folgendes auf ${where}`,
  chainTitleNowhere: (what: string) => `${what} und Folgendes`,
  burstTitle: (what: string) => `Häufung: ${what}`,
  chain: (findings: number, detectors: number, from: string, to: string) =>
    `${findings} zusammengehörige Befunde von ${detectors === 1 ? "einer Regel" : `${detectors} Regeln`} zwischen ${from} und ${to}.`,
  burst: (findings: number, day: string) =>
    `Dieselbe Regel hat am ${day} ${findings} Befunde auf verschiedenen Objekten gemeldet.`,
  where: (entities: string) => `Betroffen: ${entities}.`,
  more: (count: number) => `und ${count} weitere`,
  tactics: (names: string) => `Verlauf nach ATT&CK: ${names}.`,
  strongest: (title: string) => `Gewichtigster Befund: ${title}.`,
  line: (title: string, where: string) => (where === "" ? title : `${title}: ${where}`),
};

const en: typeof de = {
  chainTitle: (what, where) => `${what} and what followed on ${where}`,
  chainTitleNowhere: (what) => `${what} and what followed`,
  burstTitle: (what) => `Burst: ${what}`,
  chain: (findings, detectors, from, to) =>
    `${findings} findings of ${detectors === 1 ? "one rule" : `${detectors} rules`} that belong together, between ${from} and ${to}.`,
  burst: (findings, day) => `On ${day} one rule raised ${findings} findings on different objects.`,
  where: (entities) => `Affected: ${entities}.`,
  more: (count) => `and ${count} more`,
  tactics: (names) => `Course by ATT&CK: ${names}.`,
  strongest: (title) => `Weightiest finding: ${title}.`,
  line: (title, where) => (where === "" ? title : `${title}: ${where}`),
};

/** The catalogue of a language. */
export const PROPOSAL_MESSAGES = { de, en };
