// What the watchdog tells: which target is silent, or that it answers again. It knows nothing of findings.
import type { WatchdogConfig } from "../../config/watchdog.ts";
import type { Page } from "../channels/page.ts";
import type { Vigil } from "./vigil.ts";

const de = {
  silent: (target: string, seconds: number) =>
    `Heidewacht antwortet nicht: ${target} schweigt seit über ${seconds} Sekunden`,
  good: (target: string) => `Heidewacht antwortet wieder: ${target}`,
  again: (round: number) => `Meldung ${round}: es schweigt noch immer`,
  where: "Wo",
  advice: [
    "Prüfen, ob Rechner und Dienst laufen (systemctl status heidewacht).",
    "Bis dahin wird nichts erkannt und niemand alarmiert: wichtige Quellen von Hand ansehen.",
  ],
};
const en: typeof de = {
  silent: (target, seconds) =>
    `Heidewacht does not answer: ${target} has been silent for more than ${seconds} seconds`,
  good: (target) => `Heidewacht answers again: ${target}`,
  again: (round) => `Page ${round}: it is still silent`,
  where: "Where",
  advice: [
    "Check whether machine and service run (systemctl status heidewacht).",
    "Until then nothing is detected and nobody is paged: look at important sources by hand.",
  ],
};

/** @param at ms UTC, for people to read */
export function silencePage(
  config: Pick<WatchdogConfig, "tenantName" | "language" | "silentSeconds">,
  target: string,
  vigil: Vigil,
  at: number,
): Page {
  const text = config.language === "de" ? de : en;
  const isSilent = vigil.phase === "silent";
  return {
    ...{ kind: "watchdog", language: config.language, tenant: "watchdog" },
    ...{ tenantName: config.tenantName, priority: isSilent ? "p1" : "p3", tlp: undefined },
    title: isSilent ? text.silent(target, config.silentSeconds) : text.good(target),
    facts: [{ key: "where", label: text.where, value: target }],
    ...{ advice: isSilent ? text.advice : [], more: [] },
    ...{ link: undefined, acknowledgeLink: undefined, declineLink: undefined, code: undefined },
    raisedAt: at,
    notice: isSilent && vigil.round > 1 ? text.again(vigil.round) : undefined,
  };
}
