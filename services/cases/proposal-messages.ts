// Why a proposal to hide or to block something is refused, German and English.

const de = {
  notFalsePositive: "Eine Ausnahme entsteht nur aus einem Befund, der als Fehlalarm bewertet ist.",
  notFitting: "Die Bedingungen passen nicht auf den Befund, aus dem die Ausnahme entsteht.",
  fieldUnfit: (field: string) =>
    `„${field}“ ist hier keine Bedingung: Eine Ausnahme gilt immer für genau eine Regel und braucht ` +
    "eine Bedingung zu Objekt, Quelle oder Feldern des Ereignisses.",
  spanReversed: "Das Ende liegt vor dem Anfang.",
  spanOver: "Das Ende liegt in der Vergangenheit.",
  spanLong: (days: number) => `Das dauert zu lange; höchstens ${days} Tage.`,
  beginUnfit: (back: number, ahead: number) =>
    `Der Anfang liegt frühestens vor ${back} und spätestens in ${ahead} Tagen.`,
  ownerUnknown: "Ein solches Konto gibt es nicht.",
  noTurn: "In diese Zeitspanne fällt kein Termin.",
  samePerson: "Zustimmen muss eine zweite Person.",
  notPerson: "Zustimmen kann nur eine angemeldete Person, kein Programm.",
  notWaiting: "Darauf wartet nichts: Es gilt schon oder ist beendet.",
  isOver: "Das ist schon beendet.",
  isTaken: "Der Eintrag steht schon auf der Sperrliste oder ist vorgeschlagen.",
  isFull: (max: number) => `Die Sperrliste ist voll (${max} Einträge).`,
  notFrom: "Genau ein Befund oder ein Vorfall muss der Anlass sein.",
  noTask: "Diese Aufgabe hat der Vorfall nicht.",
  taskWithoutIncident: "Eine Aufgabe gehört zu einem Vorfall.",
  notApproved: "Der Eintrag ist nicht in Kraft.",
  completedWhen: "Eingetragen wurde zwischen der Freigabe und jetzt.",
  notAddress: "Das ist keine einzelne Adresse (IPv4 oder IPv6).",
  notDomain: "Das ist kein Domänenname.",
  notHash: "Das ist keine Prüfsumme (MD5, SHA-1 oder SHA-256, hexadezimal).",
  reserved: (range: string) => `Die Adresse ist nicht aus dem öffentlichen Netz (${range}).`,
  ownNetwork: (network: string) => `Die Adresse liegt im eigenen Netz ${network}.`,
  ownDomain: (domain: string) => `Der Name gehört zur eigenen Domäne ${domain}, oder enthält sie.`,
  critical: (entry: string) => `„${entry}“ ist als unverzichtbar eingetragen.`,
  publicSuffix: "Das ist eine ganze Domänenendung, keine Domäne.",
  sharedHash: "Das ist die Prüfsumme einer leeren Datei.",
};

/** The shape that every language fills. */
export type ProposalMessages = typeof de;

const en: ProposalMessages = {
  notFalsePositive: "An exception is made only from a finding that was judged a false positive.",
  notFitting: "The matchers do not fit the finding that the exception is made from.",
  fieldUnfit: (field) =>
    `“${field}” is no matcher here: an exception is always about exactly one rule, and needs a matcher ` +
    "for entity, source or fields of the event.",
  spanReversed: "The end is before the beginning.",
  spanOver: "The end is in the past.",
  spanLong: (days) => `That lasts too long; at most ${days} days.`,
  beginUnfit: (back, ahead) =>
    `The beginning lies at most ${back} days ago and at most ${ahead} days ahead.`,
  ownerUnknown: "There is no such account.",
  noTurn: "No turn falls into this span.",
  samePerson: "A second person has to agree.",
  notPerson: "Only a person who is signed in can agree, no program.",
  notWaiting: "Nothing waits for that: it is in force already, or over.",
  isOver: "That is over already.",
  isTaken: "The entry is on the block list already, or proposed.",
  isFull: (max) => `The block list is full (${max} entries).`,
  notFrom: "Exactly one finding or incident has to be the occasion.",
  noTask: "The incident has no such task.",
  taskWithoutIncident: "A task belongs to an incident.",
  notApproved: "The entry is not in force.",
  completedWhen: "It was put in place between the approval and now.",
  notAddress: "That is no single address (IPv4 or IPv6).",
  notDomain: "That is no domain name.",
  notHash: "That is no hash (MD5, SHA-1 or SHA-256, hexadecimal).",
  reserved: (range) => `The address is not of the public network (${range}).`,
  ownNetwork: (network) => `The address lies in the own network ${network}.`,
  ownDomain: (domain) => `The name belongs to the own domain ${domain}, or holds it.`,
  critical: (entry) => `“${entry}” is listed as indispensable.`,
  publicSuffix: "That is a whole domain suffix, not a domain.",
  sharedHash: "That is the hash of an empty file.",
};

/** All languages, by the configuration's `language`. */
export const PROPOSAL_MESSAGES: Readonly<Record<"de" | "en", ProposalMessages>> = { de, en };
