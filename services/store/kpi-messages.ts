// What the KPIs mean, word for word as it is printed beside every figure, and the names of reasons and
// flags; German and English. Definition version 1.
import type {
  EXCLUSION_REASONS,
  FalseAlarmFigures,
  KPI_DEFINITION_VERSION,
  LEFT_OUT_REASONS,
  QUALITY_FLAGS,
} from "./kpi.ts";
import type { KpiName, TargetState } from "./kpi-target.ts";

const de = {
  /** A change of version needs new texts: this line fails to compile then. */
  definitionVersion: 1 satisfies typeof KPI_DEFINITION_VERSION,
  names: {
    corrective: "K1 Korrekturmaßnahmen",
    identification: "K2 Kompromittierung bis Identifizierung (MTTD)",
    recovery: "K3 Erkennung bis vollständige Behebung (MTTR)",
    falseAlarms: "K4 Fehlalarme je Vorfall",
    containment: "K5 Vor Schadenseintritt eingedämmt",
  } satisfies Record<KpiName, string>,
  definitions: {
    corrective:
      "Durchschnittliche Zeit von der Identifizierung bis zum Abschluss der letzten erforderlichen " +
      "Korrekturmaßnahme; Vorfälle, deren Maßnahmen im Zeitraum abgeschlossen wurden. Vorfälle ohne " +
      "erforderliche Maßnahme zählen nicht mit und werden genannt.",
    identification:
      "Durchschnittliche Zeit von der ersten Kompromittierung bis zur Identifizierung; Vorfälle, die im " +
      "Zeitraum identifiziert wurden. Vor einer Kompromittierung erkannte Versuche zählen mit 0; ist der " +
      "Beginn unbekannt, zählt der Vorfall nicht mit und wird genannt. Zerlegt in Erkennung " +
      "(Kompromittierung bis Treffer) und Bewertung (Treffer bis Identifizierung).",
    recovery:
      "Durchschnittliche Zeit von der Erkennung bis zur bestätigten Wiederherstellung; Vorfälle, die im " +
      "Zeitraum behoben wurden. Nach Wiederöffnung gilt die letzte Wiederherstellung. Offene Vorfälle " +
      "stehen mit ihrem Alter seit der Identifizierung daneben; die untere Schranke rechnet sie mit ein.",
    falseAlarms:
      "Fehlalarme geteilt durch Vorfälle: Befunde, die Menschen gezeigt und im Zeitraum abschließend als " +
      "Fehlalarm bewertet wurden, je im Zeitraum identifiziertem Vorfall. Dazu der Anteil echter Alarme an " +
      "den echten und falschen; die Grenzen zählen unentschiedene als falsch und als echt.",
    containment:
      "Anteil der Vorfälle, die eingedämmt wurden, ohne dass der Angriff Vertraulichkeit, Integrität oder " +
      "Verfügbarkeit beeinträchtigte, an den im Zeitraum behobenen mit bekannter Auswirkung; mit " +
      "95-%-Intervall nach Wilson. Ausfälle durch die Eindämmung selbst sind keine Auswirkung des Angriffs.",
  } satisfies Record<KpiName, string>,
  scope:
    "Gezählt werden Vorfälle mit der Bewertung „echt“, ohne Übungen und ohne zusammengeführte oder " +
    "geteilte. Dauern sind ganze Sekunden nach der Uhr; Zeiträume beginnen und enden um Mitternacht der " +
    "Zone des Mandanten, das Ende gehört nicht dazu. Median und P90 sind beobachtete Werte. Unter fünf " +
    "Werten gibt es keine Tendenz.",
  excluded: {
    no_required_action: "ohne erforderliche Maßnahme",
    start_unknown: "Beginn unbekannt",
    not_identified: "Zeitpunkt der Identifizierung fehlt",
    not_detected: "Zeitpunkt der Erkennung fehlt",
    negative: "negative Dauer",
  } satisfies Record<(typeof EXCLUSION_REASONS)[number], string>,
  leftOut: {
    exercise: "Übung",
    merged: "zusammengeführt",
    split: "geteilt",
    benign_true_positive: "harmlos",
    false_positive: "Fehlalarm",
    undetermined: "unentschieden",
  } satisfies Record<(typeof LEFT_OUT_REASONS)[number], string>,
  flags: {
    impact_after_containment: "Auswirkung nach der Eindämmung",
    impact_contradiction: "Auswirkung „keine“, aber Zeitpunkt eines Schadens",
    negative_corrective: "Maßnahmen vor der Identifizierung abgeschlossen",
    negative_identification: "Identifizierung vor der Kompromittierung",
    negative_recovery: "Wiederherstellung vor der Erkennung",
    compromise_after_detection: "Kompromittierung nach der Erkennung",
    identified_before_detection: "Identifizierung vor der Erkennung",
    implausible_time: "unglaubwürdiger Zeitpunkt",
  } satisfies Record<(typeof QUALITY_FLAGS)[number], string>,
  falseAlarmText: ({ falseAlarms, incidents, perIncident }: FalseAlarmFigures): string => {
    const alarms = `${falseAlarms} ${falseAlarms === 1 ? "Fehlalarm" : "Fehlalarme"}`;
    const cases = `${incidents} ${incidents === 1 ? "Vorfall" : "Vorfälle"}`;
    const ratio =
      perIncident === null ? "" : ` (${perIncident.toLocaleString("de-DE")} je Vorfall)`;
    return `${alarms}, ${cases}${ratio}`;
  },
  revised: "revidiert",
  /** Beside a symbol, or alone where there is no room for one. */
  targetStates: {
    met: "Ziel erreicht",
    at_risk: "Ziel erreicht, durch offene Vorfälle gefährdet",
    missed: "Ziel verfehlt",
    no_value: "kein Wert",
    no_target: "kein Ziel festgelegt",
  } satisfies Record<TargetState, string>,
};

const en: typeof de = {
  definitionVersion: 1,
  names: {
    corrective: "K1 corrective measures",
    identification: "K2 compromise to identification (MTTD)",
    recovery: "K3 detection to full recovery (MTTR)",
    falseAlarms: "K4 false alarms per incident",
    containment: "K5 contained before damage",
  },
  definitions: {
    corrective:
      "Mean time from identification to the completion of the last required corrective action; incidents " +
      "whose actions were completed in the period. Incidents without a required action are left out and " +
      "counted.",
    identification:
      "Mean time from the first compromise to identification; incidents that were identified in the " +
      "period. Attempts recognised before a compromise count as 0; with an unknown start an incident is " +
      "left out and counted. Split into detection (compromise to hit) and triage (hit to identification).",
    recovery:
      "Mean time from detection to confirmed recovery; incidents that were recovered in the period. After " +
      "re-opening the last recovery counts. Open incidents stand beside it with their age since " +
      "identification; the lower bound includes them.",
    falseAlarms:
      "False alarms divided by incidents: findings that were shown to people and finally judged false in " +
      "the period, per incident identified in it. Beside it the share of true alarms of true and false " +
      "ones; the bounds count undetermined ones as false and as true.",
    containment:
      "Share of incidents that were contained without the attack affecting confidentiality, integrity or " +
      "availability, of those recovered in the period with known impact; with Wilson's 95 % interval. " +
      "Downtime caused by the containment itself is no impact of the attack.",
  },
  scope:
    "Incidents with the verdict “true positive” count, without exercises and without merged or split ones. " +
    "Durations are whole wall-clock seconds; periods begin and end at midnight in the tenant's zone, the " +
    "end not included. Median and P90 are observed values. Below five values there is no trend.",
  excluded: {
    no_required_action: "no required action",
    start_unknown: "start unknown",
    not_identified: "time of identification missing",
    not_detected: "time of detection missing",
    negative: "negative duration",
  },
  leftOut: {
    exercise: "exercise",
    merged: "merged",
    split: "split",
    benign_true_positive: "benign",
    false_positive: "false alarm",
    undetermined: "undetermined",
  },
  flags: {
    impact_after_containment: "impact after containment",
    impact_contradiction: "impact “none”, but a time of damage",
    negative_corrective: "actions completed before identification",
    negative_identification: "identified before the compromise",
    negative_recovery: "recovered before detection",
    compromise_after_detection: "compromise after detection",
    identified_before_detection: "identified before detection",
    implausible_time: "implausible time",
  },
  falseAlarmText: ({ falseAlarms, incidents, perIncident }) => {
    const alarms = `${falseAlarms} ${falseAlarms === 1 ? "false alarm" : "false alarms"}`;
    const cases = `${incidents} ${incidents === 1 ? "incident" : "incidents"}`;
    return `${alarms}, ${cases}${perIncident === null ? "" : ` (${perIncident} per incident)`}`;
  },
  revised: "revised",
  targetStates: {
    met: "target met",
    at_risk: "target met, at risk by open incidents",
    missed: "target missed",
    no_value: "no value",
    no_target: "no target set",
  },
};

export const KPI_MESSAGES: Readonly<Record<"de" | "en", typeof de>> = { de, en };
