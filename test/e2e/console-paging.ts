// On-call of the administration that browser tests look at: two schedules, one of them with a gap, a policy with
// two steps, four channels. Names are roles.
import { pagingSchema } from "../../config/paging.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";

/** Turns the direction of what follows; must be shown, not obeyed. */
const MARK = "\u202e";

const CONFIG = pagingSchema.parse({
  channels: {
    mail: { kind: "mail", host: "mail.kreis.example", from: "soc@kreis.example" },
    "sms-modem": { kind: "gammu" },
    leitstelle: { kind: "webhook", url: "https://chat.kreis.example/hook", leavesHouse: true },
    matrix: { kind: "matrix", homeserver: "https://matrix.kreis.example", tokenFile: "token" },
  },
  tenants: {
    lklg: {
      people: {
        "bereitschaft-1": {
          ...{ name: "Bereitschaft Eins", account: "sichtung" },
          contacts: [{ channel: "sms-modem", to: "+4915112345601" }],
        },
        "bereitschaft-2": {
          name: `Bereitschaft Zwei ${MARK}<b>`,
          contacts: [{ channel: "mail", to: "zwei@kreis.example" }],
        },
        leitung: {
          name: "Leitung IT",
          contacts: [{ channel: "matrix", to: "@leitung:kreis.example" }],
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
              ...{ people: ["leitung"], begins: "2026-11-02T08:00" },
              hours: [{ days: ["mon", "tue", "wed", "thu"], from: "08:00", until: "16:00" }],
            },
          ],
          uncovered: [{ days: ["sat", "sun"] }, { from: "16:00", until: "08:00" }],
        },
      },
      policies: {
        alarm: {
          steps: [
            { to: [{ schedule: "soc" }] },
            { afterMinutes: 10, to: [{ person: "leitung" }, { channel: "leitstelle" }] },
          ],
        },
      },
      routes: { p1: { policy: "alarm" }, p2: { policy: "alarm" }, p3: { digest: true } },
      digest: { to: [{ person: "leitung" }] },
      noiseBudgetPerWeek: 1,
    },
  },
});

export const PAGING_LINK = { config: CONFIG, keys: createKeyRing(Buffer.alloc(32, 7)) };
