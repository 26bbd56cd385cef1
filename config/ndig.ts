// The five classes of log sources of § 19 (1) NDIG (Niedersächsisches Gesetz über digitale Verwaltung und
// Informationssicherheit): only logs of these may be evaluated automatically. Their names for people stand
// in the message catalogues.

/**
 * 1 firewalls and operation of networks, 2 detection of malware, 3 detection of spam and fraud in mail,
 * 4 servers of data bases, directory services and applications, 5 operating software and applications of
 * computers.
 */
export const NDIG_CLASSES = [1, 2, 3, 4, 5] as const;
export type NdigClass = (typeof NDIG_CLASSES)[number];
