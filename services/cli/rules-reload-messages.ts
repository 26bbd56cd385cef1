// Texts of `heidewacht rules reload`, German and English.
import type { CliLanguage } from "./messages.ts";

interface ReloadMessages {
  readonly reload: string;
  readonly asked: (pid: number) => string;
  readonly notRunning: string;
  readonly notRunningMend: string;
}

export const RELOAD_MESSAGES: Readonly<Record<CliLanguage, ReloadMessages>> = {
  de: {
    reload: "den laufenden Dienst die Regeln neu einlesen lassen, ohne Neustart",
    asked: (pid) => `Prozess ${pid} liest die Regeln neu ein; was sich ändert, steht im Protokoll.`,
    notRunning: "auf diesem Datenordner läuft kein Dienst",
    notRunningMend: "mit --config oder --data den Dienst nennen, der gemeint ist",
  },
  en: {
    reload: "have the running service read its rules anew, without a restart",
    asked: (pid) => `Process ${pid} reads the rules anew; its log says what changes.`,
    notRunning: "no service works on this data folder",
    notRunningMend: "name the service that is meant by --config or --data",
  },
};
