// The draft of a report to an authority: facts of the incident in a fixed template. Titles, descriptions and
// names of machines or people stay out, because what people type may name somebody; what the facts do not
// say is listed for the human who completes and sends it.
import type { LegalClock } from "../../config/legal-clocks.ts";
import type { Incident } from "../store/incident.ts";
import { CASE_MESSAGES } from "./case-messages.ts";
import { type ClockProfile, readClocks } from "./legal-clocks.ts";

/**
 * Plain text, German or English.
 * @param now ms UTC, for the time limit
 */
export function notificationDraft(
  incident: Incident,
  clock: LegalClock,
  about: {
    readonly tenantName: string;
    readonly profile: ClockProfile;
    readonly language: "de" | "en";
    readonly now: number;
  },
): string {
  const { draft, clocks, categories, levels, impacts, methods } = CASE_MESSAGES[about.language];
  const time = timeWriter(about.language, about.profile.timeZone);
  const at = (ms: number | undefined) => (ms === undefined ? draft.open : time(ms));
  const stated = (one: { at?: number | undefined; method: keyof typeof methods } | undefined) =>
    one === undefined
      ? draft.open
      : one.at === undefined
        ? methods[one.method]
        : `${time(one.at)} (${methods[one.method]})`;
  const { firstCompromise, impact, containmentDowntimeS: downtime } = incident;
  const required = incident.actions.filter((one) => one.required && one.cancelledAt === undefined);
  const done = required.filter(({ completedAt }) => completedAt !== undefined).length;
  const profile = { ...about.profile, clocks: [clock] };
  const due = readClocks(incident, profile, about.now)[0]?.dueAt;
  const facts: readonly (readonly [string, string])[] = [
    [draft.reporter, about.tenantName],
    [draft.reference, incident.id],
    [draft.due, due === undefined ? draft.noDue : time(due)],
    [draft.category, categories[incident.category]],
    [draft.severity, levels[incident.severity]],
    [draft.compromise, stated(firstCompromise)],
    [draft.detected, at(incident.detectedAt)],
    [draft.identified, at(incident.identifiedAt)],
    [draft.contained, stated(incident.contained)],
    [draft.firstImpact, at(incident.firstImpactAt)],
    [draft.recovered, stated(incident.recovered)],
    [draft.confidentiality, impacts[impact.confidentiality]],
    [draft.integrity, impacts[impact.integrity]],
    [draft.availability, impacts[impact.availability]],
    [
      draft.downtime,
      downtime === undefined ? draft.open : draft.minutes(Math.round(downtime / 60)),
    ],
    [draft.findings, String(incident.findingIds.length)],
    [draft.measures, draft.measuresCount(done, required.length)],
    ...sentBefore(incident).map(
      ({ clock: sent, sentAt }) => [draft.earlier, `${clocks[sent]}, ${time(sentAt)}`] as const,
    ),
  ];
  return [
    draft.heading(clocks[clock]),
    "",
    ...facts.map(([name, value]) => `${name}: ${value}`),
    "",
    `${draft.byHand}:`,
    ...draft.addenda[clock].map((line) => `- ${line}: ____`),
    "",
  ].join("\n");
}

function sentBefore({ notifications = [] }: Incident) {
  return notifications.filter(({ outcome }) => outcome === "sent");
}

/** Day and time with the zone's abbreviation, so that the repeated hour in autumn is told apart. */
function timeWriter(language: "de" | "en", timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", {
    timeZone,
    ...{ day: "2-digit", month: "2-digit", year: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
  });
  return (ms) => format.format(ms);
}
