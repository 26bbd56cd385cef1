// What `heidewacht audit` says, German and English.
import type { AnchorFault } from "../store/audit-anchor.ts";
import type { CliLanguage } from "./messages.ts";

const de = {
  audit: "Prüfprotokoll prüfen und ausgeben",
  verify:
    "Kette jedes Mandanten nachrechnen; nennt den ersten gebrochenen Eintrag (Endwert 1). Eingebettet muss der Dienst angehalten sein",
  export: "Prüfprotokoll eines Mandanten als JSON-Zeilen ausgeben",
  tenantOption: "nur diesen Mandanten",
  exportTenant: "der Mandant",
  anchorsOption: "Datei mit außerhalb abgelegten Ankern (mehrfach möglich)",
  holds: (tenant: string, entries: number) => `${tenant}: ${entries} Einträge, die Kette hält`,
  broken: (tenant: string, sequence: number) =>
    `${tenant}: die Kette ist bei Eintrag ${sequence} gebrochen`,
  anchors: (tenant: string, count: number) => `${tenant}: ${count} Anker passen`,
  faults: {
    unsigned: (tenant: string, sequence: number) =>
      `${tenant}: der Anker zu Eintrag ${sequence} ist nicht mit dem Schlüssel dieser Installation unterschrieben`,
    missing: (tenant: string, sequence: number) =>
      `${tenant}: Eintrag ${sequence} ist verankert, aber nicht mehr da`,
    changed: (tenant: string, sequence: number) =>
      `${tenant}: Eintrag ${sequence} ist anders verankert, die Kette wurde bis dorthin umgeschrieben`,
  } satisfies Record<AnchorFault["why"], unknown>,
  noKey: "der Hauptschlüssel fehlt; ohne ihn lässt sich kein Anker prüfen",
  anchorUnfit: (place: string) => `${place} ist kein Anker`,
};

export type AuditText = typeof de;

const en: AuditText = {
  audit: "Verify and export the audit log",
  verify:
    "Recompute the chain of each tenant; names the first broken entry (exit code 1). Embedded, the service has to be stopped",
  export: "Print the audit log of a tenant as JSON lines",
  tenantOption: "this tenant only",
  exportTenant: "the tenant",
  anchorsOption: "file of anchors that were kept outside (repeatable)",
  holds: (tenant, entries) => `${tenant}: ${entries} entries, the chain holds`,
  broken: (tenant, sequence) => `${tenant}: the chain is broken at entry ${sequence}`,
  anchors: (tenant, count) => `${tenant}: ${count} anchors fit`,
  faults: {
    unsigned: (tenant, sequence) =>
      `${tenant}: the anchor of entry ${sequence} is not signed with the key of this installation`,
    missing: (tenant, sequence) =>
      `${tenant}: entry ${sequence} is anchored, but not there any more`,
    changed: (tenant, sequence) =>
      `${tenant}: entry ${sequence} is anchored differently, the chain was rewritten up to there`,
  },
  noKey: "the master key is missing; no anchor can be checked without it",
  anchorUnfit: (place) => `${place} is no anchor`,
};

export const AUDIT_MESSAGES: Readonly<Record<CliLanguage, AuditText>> = { de, en };
