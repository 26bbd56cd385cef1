// The on-call that is tried: invented roles with several ways of being reached, duty that changes by week and
// within the nights on which clocks change, and two policies. Every channel leads to a real peer on loopback.
import { type PagingConfig, pagingSchema } from "../../config/paging.ts";

export const TENANT = "kreis";
export const TIME_ZONE = "Europe/Berlin";
/** A channel waits so long for its peer, real time. */
const TIMEOUT_MS = 2000;

/** Where the peers listen, and what they know. */
export interface PeerAddresses {
  readonly smtpPort: number;
  readonly ports: Readonly<Record<"webhook" | "ntfy" | "sms" | "matrix", number>>;
  /** Person → Matrix room. */
  readonly rooms: Readonly<Record<"erste" | "zweite", string>>;
  readonly matrixTokenFile: string;
}

/** The host of a channel; the process that runs the stage resolves it, as long as there is a DNS. */
export function hostOf(channel: string): string {
  return `${channel}.paging.example`;
}

export function pagingSettings({
  smtpPort,
  ports,
  rooms,
  matrixTokenFile,
}: PeerAddresses): PagingConfig {
  const url = (name: keyof PeerAddresses["ports"]) => `http://${hostOf(name)}:${ports[name]}`;
  const timeoutMs = TIMEOUT_MS;
  return pagingSchema.parse({
    channels: {
      mail: {
        ...{ kind: "mail", timeoutMs, host: "127.0.0.1", port: smtpPort, security: "none" },
        from: "heidewacht@kreis.example",
      },
      webhook: { kind: "webhook", timeoutMs, url: `${url("webhook")}/pages` },
      ntfy: { kind: "ntfy", timeoutMs, url: url("ntfy") },
      sms: {
        ...{ kind: "sms_http", timeoutMs, url: `${url("sms")}/messages` },
        fields: { to: "{to}", text: "{text}", id: "{id}" },
      },
      matrix: {
        ...{ kind: "matrix", timeoutMs, homeserver: url("matrix"), tokenFile: matrixTokenFile },
        answers: false,
      },
    },
    tenants: { [TENANT]: onCall(rooms) },
  });
}

function onCall(rooms: PeerAddresses["rooms"]) {
  return {
    people: {
      erste: {
        name: "Erste Bereitschaft",
        contacts: [
          { channel: "ntfy", to: "erste" },
          { channel: "matrix", to: rooms.erste },
          { channel: "sms", to: "+4915100000001", afterMinutes: 5, priorities: ["p1"] },
        ],
      },
      zweite: {
        name: "Zweite Bereitschaft",
        contacts: [
          { channel: "matrix", to: rooms.zweite },
          { channel: "sms", to: "+4915100000002", afterMinutes: 3 },
        ],
      },
      dritte: {
        name: "Dritte Bereitschaft",
        contacts: [
          { channel: "ntfy", to: "dritte" },
          { channel: "mail", to: "dritte@kreis.example" },
        ],
      },
      leitung: {
        name: "Leitung",
        contacts: [
          { channel: "sms", to: "+4915100000009" },
          { channel: "webhook", to: "leitung" },
        ],
      },
    },
    schedules: {
      bereitschaft: {
        title: "Bereitschaft",
        layers: [
          { people: ["erste", "zweite", "dritte"], begins: "2026-10-05T08:00", turnDays: 7 },
          {
            ...{ people: ["dritte", "erste"], begins: "2026-10-01T03:00", turnDays: 1 },
            hours: [{ days: ["sat", "sun"], from: "00:00", until: "06:00" }],
          },
        ],
      },
    },
    policies: {
      sofort: {
        steps: [
          { to: [{ schedule: "bereitschaft" }] },
          { afterMinutes: 10, to: [{ person: "leitung" }, { schedule: "bereitschaft" }] },
          { afterMinutes: 10, to: [{ channel: "mail", to: "lage@kreis.example" }] },
        ],
        ...{ repeats: 2, repeatAfterMinutes: 15, actionWithinMinutes: 30 },
      },
      bald: {
        steps: [
          { to: [{ schedule: "bereitschaft" }] },
          { afterMinutes: 20, to: [{ person: "leitung" }] },
        ],
        ...{ repeats: 1, repeatAfterMinutes: 30, actionWithinMinutes: 0 },
      },
    },
    routes: { p1: { policy: "sofort" }, p2: { policy: "bald" } },
    scores: { p1: 60, p2: 40, p3: 20 },
    quietHours: [{ from: "22:00", until: "06:00", priorities: ["p2"] }],
    digest: { at: "07:30", to: [{ channel: "mail", to: "lage@kreis.example" }] },
  };
}
