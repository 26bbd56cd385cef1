// Texts of `heidewacht backup`, `restore` and `migrate`, German and English.
import type { CliLanguage } from "./messages.ts";
import type { LeftPart } from "./transfer/result.ts";

interface TransferMessages {
  readonly backup: string;
  readonly backupTo: string;
  readonly restore: string;
  readonly restoreFrom: string;
  readonly migrate: string;
  readonly migrateFrom: string;
  readonly migrateTo: string;
  readonly json: string;
  readonly step: Readonly<Record<"write" | "verify", string>>;
  readonly columns: readonly [string, string, string, string, string];
  readonly same: string;
  readonly different: string;
  readonly left: Readonly<Record<LeftPart["reason"], (name: string) => string>>;
  readonly brokenChain: (tenant: string) => string;
  readonly unread: (records: number) => string;
  readonly backedUp: (rows: number, folder: string) => string;
  readonly restored: (rows: number) => string;
  readonly migrated: (rows: number) => string;
  readonly failed: string;
}

export const TRANSFER_MESSAGES: Readonly<Record<CliLanguage, TransferMessages>> = {
  de: {
    backup: "sichert alle Daten in einen Ordner, auch im laufenden Betrieb",
    backupTo: "leerer Ordner für die Sicherung",
    restore: "spielt eine Sicherung in eine leere Installation zurück, gleich welcher Art",
    restoreFrom: "Ordner der Sicherung",
    migrate: "übernimmt eine Installation ohne Server nach Kafka und Elasticsearch",
    migrateFrom: "Konfiguration der bisherigen Installation (angehalten)",
    migrateTo: "Konfiguration des Ziels",
    json: "Ergebnis als JSON",
    step: { write: "schreibe", verify: "prüfe" },
    columns: ["Mandant/Art", "Quelle", "Ziel", "Prüfsumme", ""],
    same: "✓ gleich",
    different: "✗ verschieden",
    left: {
      archiveOff: (name) =>
        `! ${name} bleibt zurück: das Ziel bewahrt keine auf (archive.kind: off)`,
      partitions: (name) =>
        `! ${name} bleibt zurück: das Ziel hat eine andere Zahl von Partitionen (queue.partitions); ` +
        "begonnene Korrelationen beginnen von vorn",
    },
    brokenChain: (tenant) => `✗ Die Prüfkette von ${tenant} hält nicht.`,
    unread: (records) =>
      `! ${records} Einträge lagen unverarbeitet in der Warteschlange und sind nicht gesichert. Für eine ` +
      "vollständige Sicherung die Eingänge anhalten, warten, bis heidewacht_bus_lag_records 0 ist, und noch einmal sichern.",
    backedUp: (rows, folder) => `${rows} Einträge gesichert und gelesen: ${folder}`,
    restored: (rows) =>
      `${rows} Einträge zurückgespielt und verglichen: Quelle und Ziel sind gleich.`,
    migrated: (rows) => `${rows} Einträge übernommen und verglichen: Quelle und Ziel sind gleich.`,
    failed: "Quelle und Ziel sind verschieden. Den Befehl noch einmal ausführen.",
  },
  en: {
    backup: "backs all data up into a folder, also while the service runs",
    backupTo: "empty folder for the backup",
    restore: "restores a backup into an empty installation of any kind",
    restoreFrom: "folder of the backup",
    migrate: "moves an installation without servers to Kafka and Elasticsearch",
    migrateFrom: "configuration of the present installation (stopped)",
    migrateTo: "configuration of the target",
    json: "result as JSON",
    step: { write: "writing", verify: "checking" },
    columns: ["tenant/kind", "source", "target", "checksum", ""],
    same: "✓ same",
    different: "✗ different",
    left: {
      archiveOff: (name) => `! ${name} stays behind: the target keeps none (archive.kind: off)`,
      partitions: (name) =>
        `! ${name} stays behind: the target has another number of partitions (queue.partitions); ` +
        "correlations under way begin anew",
    },
    brokenChain: (tenant) => `✗ The audit chain of ${tenant} does not hold.`,
    unread: (records) =>
      `! ${records} records waited in the queue unprocessed and are not in the backup. For a whole one stop ` +
      "the inputs, wait until heidewacht_bus_lag_records is 0, and back up once more.",
    backedUp: (rows, folder) => `${rows} entries backed up and read back: ${folder}`,
    restored: (rows) => `${rows} entries restored and compared: source and target are the same.`,
    migrated: (rows) => `${rows} entries moved and compared: source and target are the same.`,
    failed: "Source and target differ. Run the command once more.",
  },
};
