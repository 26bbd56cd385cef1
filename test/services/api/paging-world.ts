// An administration with two people on duty by turns, an English room, and policies, for tests of the API.
import { pagingSchema } from "../../../config/paging.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { FOREIGN, HOME } from "./fixture.ts";

const KEYS = createKeyRing(Buffer.alloc(32, 7));

const TENANT = {
  people: {
    "bereitschaft-1": {
      ...{ name: "Bereitschaft Eins", account: "dienst.eins" },
      contacts: [{ channel: "mail", to: "eins@kreis.example" }],
    },
    "bereitschaft-2": {
      name: "Bereitschaft Zwei",
      contacts: [
        { channel: "sms", to: "+4915112345602" },
        { channel: "mail", to: "zwei@kreis.example" },
      ],
    },
    "on-call": {
      ...{ name: "On call", language: "en" },
      contacts: [{ channel: "mail", to: "en@kreis.example" }],
    },
  },
  schedules: {
    soc: {
      title: "Bereitschaft SOC",
      layers: [{ people: ["bereitschaft-1", "bereitschaft-2"], begins: "2026-11-16T08:00" }],
    },
    tag: {
      title: "Tagdienst",
      layers: [
        {
          ...{ people: ["bereitschaft-2"], begins: "2026-11-02T08:00" },
          hours: [{ days: ["mon", "tue", "wed", "thu"], from: "08:00", until: "16:00" }],
        },
      ],
      uncovered: [{ days: ["sat", "sun"] }],
    },
  },
  policies: {
    main: {
      steps: [
        { to: [{ schedule: "soc" }] },
        { afterMinutes: 10, to: [{ person: "on-call" }, { channel: "room", to: "raum" }] },
      ],
    },
  },
  routes: { p1: { policy: "main" }, p2: { policy: "main" }, p3: { digest: true } },
  digest: { to: [{ person: "on-call" }] },
  noiseBudgetPerWeek: 2,
};

const PAGING = pagingSchema.parse({
  channels: {
    mail: { kind: "mail", host: "mail.kreis.example", from: "soc@kreis.example" },
    sms: {
      ...{ kind: "sms_http", url: "https://sms.example/send", leavesHouse: true },
      fields: { to: "{to}", text: "{text}" },
    },
    room: { kind: "webhook", url: "https://chat.kreis.example/hook" },
    spare: { kind: "webhook", url: "https://other.example/hook" },
  },
  tenants: {
    [HOME]: TENANT,
    [FOREIGN]: {
      ...TENANT,
      people: {
        nachbarn: { name: "foreign-person", contacts: [{ channel: "spare" }] },
      },
      schedules: {},
      policies: { main: { steps: [{ to: [{ person: "nachbarn" }] }] } },
      digest: undefined,
    },
  },
});

export const PAGING_LINK = { config: PAGING, keys: KEYS };
