// A tenant with invented people and a finding to page about, for the tests of paging.
import { pagingSchema } from "../../../config/paging.ts";
import { advance, type Surroundings } from "../../../services/paging/engine.ts";
import { SETTLE_MS } from "../../../services/paging/open.ts";
import type { PagingSetup } from "../../../services/paging/setup.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { FindingPaging } from "../../../services/store/paging.ts";

/** A Tuesday noon in Berlin, winter time. */
export const NOON = Date.UTC(2026, 10, 24, 11);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/** When the first step of what was raised at noon begins. */
export const BEGIN = NOON + SETTLE_MS;
export const TENANT = "kreis";
/** Nobody else tells of it. */
export const LEADS: Surroundings = { place: { kind: "leads" } };

const PAGING = pagingSchema.parse({
  channels: {
    mail: { kind: "mail", host: "mail.example", from: "soc@kreis.example" },
    sms: { kind: "gammu", leavesHouse: true },
  },
  tenants: {
    [TENANT]: {
      people: {
        anna: { name: "Anna", contacts: [{ channel: "sms", to: "+49170000001" }] },
        bernd: {
          name: "Bernd",
          contacts: [
            { channel: "mail", to: "bernd@kreis.example" },
            { channel: "sms", to: "0170 000002", afterMinutes: 5, priorities: ["p1"] },
          ],
        },
      },
      schedules: {},
      policies: {
        urgent: {
          steps: [
            { to: [{ person: "anna" }] },
            { afterMinutes: 10, to: [{ schedule: "night" }] },
            {
              afterMinutes: 10,
              to: [{ person: "bernd" }, { channel: "mail", to: "soc@x.example" }],
            },
          ],
          repeats: 1,
        },
        calm: { steps: [{ afterMinutes: 5, to: [{ person: "bernd" }] }], repeats: 0 },
      },
      routes: { p1: { policy: "urgent" }, p2: { policy: "calm" } },
      digest: { to: [{ channel: "mail", to: "digest@x.example" }] },
      quietHours: [{ from: "22:00", until: "06:00", priorities: ["p2", "p3"] }],
    },
  },
});

/** @param nightOnDuty person behind the schedule of the second step; undefined: nobody */
export function setupOf(
  more: Partial<PagingSetup["paging"]> = {},
  nightOnDuty: string | undefined = undefined,
): PagingSetup {
  const paging = PAGING.tenants[TENANT];
  if (paging === undefined) throw new RangeError("no tenant");
  return {
    ...{ tenant: TENANT, tenantName: "Landkreis", timeZone: "Europe/Berlin", language: "de" },
    paging: { ...paging, ...more },
    channels: PAGING.channels,
    onDuty: () => nightOnDuty,
  };
}

/** A finding as triage stores it. */
export function findingOf(id: string, score: number, more: Partial<Finding> = {}): Finding {
  return {
    ...{ id, tenant: TENANT, groupKey: `host:${id}`, summary: "", status: "new", score },
    detector: {
      ...{ id: "rule", kind: "sigma", title: "Neuer Dienst", description: "", level: "high" },
      ...{ status: "stable", techniques: ["T1543.003"], tactics: [], falsePositives: [] },
      ...{ references: [], response: ["Dienst prüfen"], origin: "x.yml" },
    },
    entities: [{ type: "host", value: "srv-akte-01" }],
    scoreParts: [{ key: "severity", points: score, detail: "high" }],
    ...{ verdictHistory: [], signalCount: 1, firstEventAt: NOON, lastEventAt: NOON },
    ...{ raisedAt: NOON, sources: ["dc"], evidence: [], ...more },
  };
}

/** Paging of a finding; it must have one. */
export function pagingOf({ paging }: Finding): FindingPaging {
  if (paging === undefined) throw new RangeError("no paging");
  return paging;
}

/** The finding as the engine leaves it at a moment. */
export function advanced(
  finding: Finding,
  now: number,
  setup: PagingSetup = setupOf(),
  around: Surroundings = LEADS,
): Finding {
  const paging = advance(finding, now, setup, around);
  return paging === undefined ? finding : { ...finding, paging };
}
