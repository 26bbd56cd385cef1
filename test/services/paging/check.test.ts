// The static check: one good configuration, and one table of what can be wrong with it.
import { describe, expect, it } from "vitest";
import { configSchema } from "../../../config/schema.ts";
import { checkPaging } from "../../../services/paging/check.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

interface Edited {
  people: Record<string, { contacts: Record<string, unknown>[]; [key: string]: unknown }>;
  schedules: Record<string, { layers: Record<string, unknown>[]; [key: string]: unknown }>;
  policies: Record<string, { steps: Record<string, unknown>[]; [key: string]: unknown }>;
  routes: Record<string, unknown>;
  digest?: unknown;
  [key: string]: unknown;
}

const channels = () => ({
  post: { kind: "mail", host: "mail.kreis.example", from: "heidewacht@kreis.example" },
  sms: { kind: "gammu", configFile: "gammu-smsdrc" },
});

/** A tenant without faults, made anew for each case, so that a case may spoil it. */
const good = (): Edited => ({
  people: {
    leitung: {
      name: "Leitung IT",
      contacts: [{ channel: "sms", to: "+491701234567" }],
    },
    anna: {
      name: "Bereitschaft 1",
      account: "anna",
      contacts: [
        { channel: "post", to: "anna@kreis.example" },
        { channel: "sms", to: "+491701234568", priorities: ["p1"], afterMinutes: 5 },
      ],
    },
    bert: { name: "Bereitschaft 2", contacts: [{ channel: "post", to: "bert@kreis.example" }] },
  },
  schedules: {
    nacht: { title: "Nacht", layers: [{ people: ["anna", "bert"], begins: "2026-10-05T08:00" }] },
  },
  policies: {
    dringend: {
      steps: [{ to: [{ schedule: "nacht" }] }, { afterMinutes: 10, to: [{ person: "leitung" }] }],
    },
  },
  routes: { p1: { policy: "dringend" }, p2: { policy: "dringend" }, p3: { digest: true } },
  digest: { to: [{ person: "anna" }] },
  testPage: { policy: "dringend" },
});

function check(tenant: unknown, more: Record<string, unknown> = {}, id = "kreis") {
  const config = configSchema.parse({
    tenants: [{ id: "kreis", name: "Landkreis" }],
    paging: { channels: { ...channels(), ...more }, tenants: { [id]: tenant } },
  });
  return checkPaging(config, NOW);
}

function spoilt(spoil: (tenant: Edited) => void, more: Record<string, unknown> = {}): string[] {
  const tenant = good();
  spoil(tenant);
  return check(tenant, more).map(
    ({ severity, key, path }) => `${severity} ${key} ${path.replace("paging.tenants.kreis.", "")}`,
  );
}

const contact = (tenant: Edited, person: string, at = 0) =>
  tenant.people[person]?.contacts[at] ?? {};
const layer = (tenant: Edited) => tenant.schedules.nacht?.layers[0] ?? {};
const step = (tenant: Edited, at: number) => tenant.policies.dringend?.steps[at] ?? {};

it("finds nothing in a good configuration, and nothing where there is none", () => {
  expect(check(good())).toEqual([]);
  const bare = configSchema.parse({ tenants: [{ id: "kreis", name: "Landkreis" }] });
  expect(checkPaging(bare, NOW)).toEqual([]);
});

it("finds a tenant that is not configured", () => {
  expect(check(good(), {}, "stadt").map(({ key }) => key)).toContain("tenant_unknown");
});

it.each<[string, (tenant: Edited) => void, string]>([
  [
    "a person in a layer",
    (t) => Object.assign(layer(t), { people: ["anna", "bert", "gundula"] }),
    "error person_unknown schedules.nacht.layers.0.people.2",
  ],
  [
    "a person in a step",
    (t) => Object.assign(step(t, 1), { to: [{ person: "leitung" }, { person: "gundula" }] }),
    "error person_unknown policies.dringend.steps.1.to.1.person",
  ],
  [
    "a schedule",
    (t) => Object.assign(step(t, 1), { to: [{ person: "leitung" }, { schedule: "tag" }] }),
    "error schedule_unknown policies.dringend.steps.1.to.1.schedule",
  ],
  [
    "a channel of a contact",
    (t) => Object.assign(contact(t, "bert"), { channel: "brief" }),
    "error channel_unknown people.bert.contacts.0.channel",
  ],
  [
    "a channel of a step",
    (t) => Object.assign(step(t, 1), { to: [{ person: "leitung" }, { channel: "brief" }] }),
    "error channel_unknown policies.dringend.steps.1.to.1.channel",
  ],
  [
    "a name that every object has",
    (t) => Object.assign(t.routes, { p2: { policy: "constructor" } }),
    "error policy_unknown routes.p2.policy",
  ],
  [
    "the policy of the test page",
    (t) => Object.assign(t, { testPage: { policy: "probe" } }),
    "error policy_unknown testPage.policy",
  ],
  [
    "the person of the digest",
    (t) => Object.assign(t, { digest: { to: [{ person: "gundula" }] } }),
    "error person_unknown digest.to.0.person",
  ],
])("names what is not there: %s", (_title, spoil, fault) => {
  expect(spoilt(spoil)).toContain(fault);
  expect(spoilt(spoil)).toHaveLength(1);
});

describe("addresses", () => {
  const MATRIX = { kind: "matrix", homeserver: "https://m.kreis.example", tokenFile: "m" };
  const NTFY = { kind: "ntfy", url: "https://ntfy.kreis.example" };
  const more = { matrix: MATRIX, ntfy: NTFY, thema: { ...NTFY, topic: "soc" } };
  const found = (channel: string, to: string | undefined) =>
    spoilt((tenant) => {
      const given = to === undefined ? { channel } : { channel, to };
      tenant.people.bert?.contacts.push(given);
    }, more).filter((fault) => fault.includes("people.bert"));
  const AT = "people.bert.contacts.1.to";
  it.each([
    ["post", undefined, `error address_missing ${AT}`],
    ["post", "bert", `error address_invalid ${AT}`],
    ["post", "bert@kreis.example, alle@kreis.example", `error address_invalid ${AT}`],
    ["sms", undefined, `error address_missing ${AT}`],
    ["sms", "0170 1234567", `error address_invalid ${AT}`],
    ["sms", "+49170", `error address_invalid ${AT}`],
    ["matrix", undefined, `error address_missing ${AT}`],
    ["matrix", "bert", `error address_invalid ${AT}`],
    ["ntfy", undefined, `error address_missing ${AT}`],
    ["thema", "ein Thema", `error address_invalid ${AT}`],
  ])("in %s that do not fit: %s", (channel, to, fault) => {
    expect(found(channel, to)).toEqual([fault]);
  });
  it.each([
    ["post", "bert.meier+soc@kreis.example"],
    ["sms", "+4958319999"],
    ["matrix", "@bert:kreis.example"],
    ["matrix", "!raum:kreis.example"],
    ["matrix", "#soc:kreis.example"],
    ["ntfy", "soc-nacht_1"],
    ["thema", undefined],
  ])("in %s that fit: %s", (channel, to) => {
    expect(found(channel, to)).toEqual([]);
  });

  it("are told apart, so that it is known who answers", () => {
    const same = spoilt((t) => {
      Object.assign(contact(t, "leitung"), { to: "+491701234568" });
      Object.assign(t.people.bert ?? {}, { account: "anna" });
    });
    expect(same).toEqual([
      "warning address_shared people.anna.contacts.1.to",
      "error account_shared people.bert.account",
    ]);
  });
});

describe("schedules", () => {
  const hours = (...all: unknown[]) => ({ hours: all });
  it.each<[string, (tenant: Edited) => void, string]>([
    [
      "a zone that there is not",
      (t) => Object.assign(t.schedules.nacht ?? {}, { timeZone: "Europe/Lueneburg" }),
      "error zone_unknown schedules.nacht.timeZone",
    ],
    [
      "a day that there is not",
      (t) => Object.assign(layer(t), { begins: "2026-02-30T08:00" }),
      "error begins_impossible schedules.nacht.layers.0.begins",
    ],
    [
      "hours that nobody covers",
      (t) => Object.assign(layer(t), hours({ from: "17:00", until: "08:00" })),
      "error hours_uncovered schedules.nacht",
    ],
    [
      "holidays that nobody covers",
      (t) => Object.assign(layer(t), hours({ holidays: "never" })),
      "error hours_uncovered schedules.nacht",
    ],
    [
      "a beginning that is yet to come",
      (t) => Object.assign(layer(t), { begins: "2026-12-01T08:00" }),
      "error hours_uncovered schedules.nacht",
    ],
    [
      "a layer that a later one hides",
      (t) =>
        t.schedules.nacht?.layers.push({ people: ["anna", "bert"], begins: "2026-01-01T00:00" }),
      "warning layer_hidden schedules.nacht.layers.0",
    ],
    [
      "days beside holidays alone",
      (t) =>
        t.schedules.nacht?.layers.push({
          ...{ people: ["anna"], begins: "2026-01-01T00:00" },
          hours: [{ days: ["mon"], holidays: "only" }],
        }),
      "warning days_ignored schedules.nacht.layers.1.hours.0.days",
    ],
    [
      "somebody whom p2 does not reach",
      (t) => Object.assign(contact(t, "bert"), { priorities: ["p1"] }),
      "error person_unreachable people.bert.contacts",
    ],
    [
      "one that nobody asks",
      (t) => Object.assign(t.schedules, { tag: t.schedules.nacht }),
      "warning schedule_unused schedules.tag",
    ],
  ])("have %s", (_title, spoil, fault) => {
    expect(spoilt(spoil)).toEqual([fault]);
  });

  it("may leave hours open where that is said, and are less strict for p3", () => {
    const open = (t: Edited) => Object.assign(layer(t), hours({ from: "17:00", until: "08:00" }));
    const said = spoilt((t) => {
      open(t);
      Object.assign(t.schedules.nacht ?? {}, { uncovered: [{ from: "08:00", until: "17:00" }] });
    });
    expect(said).toEqual([]);
    const p3 = spoilt((t) => {
      open(t);
      Object.assign(t.policies, {
        wichtig: { steps: [{ to: [{ person: "anna" }, { person: "leitung" }] }] },
      });
      t.routes = {
        ...{ p1: { policy: "wichtig" }, p2: { policy: "wichtig" } },
        ...{ p3: { policy: "dringend" }, p4: { digest: true } },
      };
    });
    expect(p3).toEqual(["warning hours_uncovered schedules.nacht"]);
  });

  it("tell how often and when first, on the clock of the schedule", () => {
    const tenant = good();
    Object.assign(layer(tenant), hours({ holidays: "never" }));
    const [fault] = check(tenant);
    expect(fault?.says.de).toContain("2026-12-25 00:00/2026-12-27 00:00");
    expect(fault?.says.de).toMatch(/in 366 Tagen \d-mal/);
    expect(fault?.mend.de).toContain("uncovered");
    expect(fault?.says.en).toContain("nobody is on duty");
  });
});

it.each<[string, (tenant: Edited) => void, string[]]>([
  [
    "a step whose people have ways for other priorities only",
    (t) => Object.assign(contact(t, "leitung"), { priorities: ["p3"] }),
    ["error step_reaches_nobody policies.dringend.steps.1"],
  ],
  [
    "a policy that reaches nobody for one of its priorities",
    (t) => {
      Object.assign(contact(t, "leitung"), { priorities: ["p1"] });
      Object.assign(step(t, 0), { to: [{ person: "leitung" }] });
      Object.assign(t.digest ?? {}, { to: [{ schedule: "nacht" }] });
    },
    ["error policy_reaches_nobody policies.dringend", "warning single_channel routes.p1"],
  ],
  [
    "a policy of rooms alone",
    (t) => {
      t.policies.dringend = { steps: [{ to: [{ channel: "post", to: "soc@kreis.example" }] }] };
      t.digest = { to: [{ schedule: "nacht" }, { person: "leitung" }] };
    },
    [
      "error policy_without_person policies.dringend",
      "error policy_without_person policies.dringend",
      "warning single_channel routes.p1",
    ],
  ],
  [
    "a step without a wait before it",
    (t) => Object.assign(step(t, 1), { afterMinutes: 0 }),
    ["warning step_without_wait policies.dringend.steps.1.afterMinutes"],
  ],
  [
    "a way that comes after the policy has begun anew",
    (t) => Object.assign(contact(t, "anna", 1), { afterMinutes: 25 }),
    ["warning contact_too_late people.anna.contacts.1.afterMinutes"],
  ],
  [
    "a policy that nothing takes",
    (t) => Object.assign(t.policies, { alt: t.policies.dringend }),
    ["warning policy_unused policies.alt"],
  ],
  [
    "a person in nothing",
    (t) => Object.assign(t.people, { gast: { name: "Gast", contacts: t.people.bert?.contacts } }),
    ["warning person_unused people.gast"],
  ],
  [
    "p1 on one channel alone",
    (t) => {
      t.people.anna?.contacts.pop();
      Object.assign(step(t, 1), { to: [{ person: "bert" }] });
      Object.assign(t.digest ?? {}, { to: [{ person: "leitung" }] });
    },
    ["warning single_channel routes.p1"],
  ],
  [
    "p1 that pages nobody",
    (t) => Object.assign(t.routes, { p1: { none: true } }),
    ["warning p1_not_paged routes.p1"],
  ],
  [
    "a digest that is asked for and not set",
    (t) => {
      delete t.digest;
    },
    ["error digest_missing routes.p3"],
  ],
  [
    "a digest that nothing goes to",
    (t) => Object.assign(t.routes, { p3: { none: true } }),
    ["warning digest_unused digest"],
  ],
  [
    "a digest for somebody who has no way for it",
    (t) => {
      Object.assign(t, { digest: { to: [{ person: "leitung" }] } });
      Object.assign(contact(t, "leitung"), { priorities: ["p1", "p2"] });
    },
    ["error digest_reaches_nobody digest.to"],
  ],
  [
    "scores that leave no room for p2",
    (t) => Object.assign(t, { scores: { p1: 60, p2: 60 } }),
    ["error scores_out_of_order scores.p1"],
  ],
  [
    "quiet hours without end",
    (t) => Object.assign(t, { quietHours: [{ from: "08:00", until: "08:00" }] }),
    ["warning quiet_all_day quietHours.0"],
  ],
])("finds %s", (_title, spoil, faults) => {
  expect(spoilt(spoil)).toEqual(faults);
});

it("takes GoAlert for somebody who answers", () => {
  const goalert = { kind: "goalert", url: "https://goalert.kreis.example", tokenFile: "goalert" };
  const faults = spoilt(
    (t) => {
      t.policies.dringend = { steps: [{ to: [{ channel: "goalert" }] }] };
      t.digest = { to: [{ schedule: "nacht" }, { person: "leitung" }] };
    },
    { goalert },
  );
  expect(faults).toEqual(["warning single_channel routes.p1"]);
});

it("tells of channels that nobody uses, and of those that leave the house", () => {
  const faults = spoilt((t) => t.people.bert?.contacts.push({ channel: "teams" }), {
    teams: { kind: "teams", urlFile: "teams" },
    alt: { ...channels().post },
  });
  expect(faults).toEqual([
    "info channel_leaves_house paging.channels.teams.leavesHouse",
    "warning channel_unused paging.channels.alt",
  ]);
});
