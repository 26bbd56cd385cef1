// Wires the stage that calls people: channels with their secrets, who is on duty, the links of pages, and the
// clock that paging goes by.
import { join } from "node:path";
import type { TenantPaging } from "../config/paging.ts";
import type { Config } from "../config/schema.ts";
import type { PagingLink } from "./api/context.ts";
import { channelFiles } from "./channels/channel-files.ts";
import { fileMemory } from "./channels/channel-memory.ts";
import { openChannel } from "./channels/open.ts";
import { smsAnswer } from "./channels/sms-answers.ts";
import { takeAnswer } from "./notify/answering.ts";
import { createAnswerMetrics, createNotifyMetrics } from "./notify/metrics.ts";
import { startNotify } from "./notify/notify.ts";
import { registerProofMetrics } from "./notify/proof-metrics.ts";
import type { OpenChannel } from "./notify/senders.ts";
import { createSteadyClock, type SteadyClock } from "./notify/steady-clock.ts";
import type { LinksOf } from "./notify/work.ts";
import { onDuty } from "./paging/duty/on-duty.ts";
import { type Overrides, readOverrides } from "./paging/duty/overrides.ts";
import { answerPath, signLink } from "./paging/links.ts";
import { type OpenPaging, openPaging } from "./paging/open.ts";
import type { PagingSetup } from "./paging/setup.ts";
import type { KeyRing } from "./privacy/keys.ts";
import { type Run, timeZonesOf } from "./run.ts";
import type { Store } from "./store/store.ts";

const HOUR_MS = 3_600_000;
/** A new override holds within this. */
const OVERRIDES_KEPT_MS = 2000;
const AROUND_MS = 24 * HOUR_MS;
/** What a link for an answer can name. */
const DERIVED_ID = /^[0-9a-f]{32}$/;

/**
 * Starts the stage where somebody is to be paged.
 * @returns what stops it
 * @throws AppError HW_CONFIG_INVALID for a channel whose files can't be used
 */
export function startNotifyStage(run: Run): () => Promise<void> {
  const { config, ports, ring, registry, pulses, logger, at } = run;
  const paging = pagedTenants(config);
  if (paging.size === 0) return async () => undefined;
  const clock = pagingClock(run);
  const channels = new Map<string, OpenChannel>();
  for (const [name, one] of Object.entries(config.paging.channels)) {
    const memory = fileMemory(join(run.dataDir, "paging", `${name}.json`));
    const channel = openChannel(one, at, `paging.channels.${name}`, { memory });
    channels.set(name, { channel, timeoutMs: one.timeoutMs });
  }
  const shown = { store: ports.store, tenants: [...paging.keys()], channels: [...channels.keys()] };
  registerProofMetrics({ registry, ...shown, logger, now: clock.now });
  const stage = startNotify({
    ...{ store: ports.store, paging, channels, keys: ring, logger },
    setupOf: setupsOf(config, ports.store),
    linksOf: pageLinks(config, ring),
    now: clock.now,
    wall: run.now,
    pulse: {
      turned: pulses.loop("notify"),
      follow: (place, work) => pulses.follow("notify", place, work),
    },
    metrics: (about) => createNotifyMetrics(registry, { ...about, clockAheadMs: clock.aheadMs }),
  });
  return () => stage.close();
}

/**
 * Takes short messages that a gateway hands over by HTTP; undefined where no channel takes any.
 * @throws AppError HW_CONFIG_INVALID for a secret that can't be read
 */
export function smsAnswers(run: Run): PagingLink["sms"] {
  const { config, ports, ring, registry, logger, at } = run;
  const secrets = new Map<string, string>();
  for (const [name, one] of Object.entries(config.paging.channels)) {
    if (one.kind !== "sms_http" || one.answerSecretFile === undefined) continue;
    const files = channelFiles(at, `paging.channels.${name}`);
    secrets.set(name, files.secret(one.answerSecretFile, "answerSecretFile"));
  }
  if (secrets.size === 0) return undefined;
  const metrics = createAnswerMetrics(registry);
  const paging = pagedTenants(config);
  const { now } = pagingClock(run);
  return {
    secretOf: (channel) => secrets.get(channel),
    async take(channel, { from, text, at: sentAt }) {
      const answer = smsAnswer(from, text, sentAt);
      const parts = { store: ports.store, paging, keys: ring, metrics, now, logger };
      if (answer !== undefined) await takeAnswer(channel, "sms_http", answer, parts);
    },
  };
}

/** What triage writes down about who is to be paged; undefined where nobody is configured. */
export function pagingOpener(run: Pick<Run, "config" | "now">): OpenPaging | undefined {
  const paging = pagedTenants(run.config);
  if (paging.size === 0) return undefined;
  const timeZoneOf = timeZonesOf(run.config);
  const clock = pagingClock(run);
  return (finding, before) => {
    const own = paging.get(finding.tenant);
    const setup = own && { paging: own, timeZone: timeZoneOf(finding.tenant) };
    return openPaging(finding, setup, clock.now(), before);
  };
}

/** Tenant → its on-call, of tenants that there are. */
function pagedTenants({ paging, tenants }: Config): ReadonlyMap<string, TenantPaging> {
  return new Map(
    tenants.flatMap(({ id }) => {
      const own = paging.tenants[id];
      return own === undefined ? [] : [[id, own] as const];
    }),
  );
}

const clocks = new WeakMap<() => number, SteadyClock>();

/** One for all parts of a process: what one writes as due, the other takes as due. */
function pagingClock({ now }: Pick<Run, "now">): SteadyClock {
  const known = clocks.get(now);
  if (known !== undefined) return known;
  // A clock that is handed in is steady by itself, and may run as it likes.
  const clock =
    now === Date.now ? createSteadyClock(now, () => performance.now()) : { now, aheadMs: () => 0 };
  clocks.set(now, clock);
  return clock;
}

function setupsOf(config: Config, store: Store) {
  const paging = pagedTenants(config);
  const timeZoneOf = timeZonesOf(config);
  const read = new Map<string, { readonly at: number; readonly overrides: Overrides }>();
  const overridesOf = async (tenant: string, own: TenantPaging, now: number) => {
    const known = read.get(tenant);
    if (known !== undefined && Math.abs(now - known.at) < OVERRIDES_KEPT_MS) return known.overrides;
    const span = { from: now - AROUND_MS, until: now + AROUND_MS };
    const overrides = await readOverrides(store, tenant, own, span);
    read.set(tenant, { at: now, overrides });
    return overrides;
  };
  return async (tenant: string, now: number): Promise<PagingSetup | undefined> => {
    const own = paging.get(tenant);
    if (own === undefined) return undefined;
    const overrides = await overridesOf(tenant, own, now);
    const timeZone = timeZoneOf(tenant);
    const tenantName = config.tenants.find(({ id }) => id === tenant)?.name ?? tenant;
    return {
      ...{ tenant, tenantName, timeZone, language: config.language, paging: own },
      channels: config.paging.channels,
      onDuty(name, at) {
        const schedule = own.schedules[name];
        if (schedule === undefined) return undefined;
        return onDuty(schedule, overrides.get(name) ?? [], at, timeZone)?.person;
      },
    };
  };
}

/** Without a public address there is nothing that a telephone could open. */
function pageLinks({ console, paging: { linkHours } }: Config, ring: KeyRing): LinksOf {
  const { publicUrl } = console;
  const none = { link: undefined, acknowledgeLink: undefined, declineLink: undefined };
  if (publicUrl === undefined) return () => none;
  const base = publicUrl.replace(/\/+$/, "");
  return ({ tenant, finding, page, person, now }) => {
    const about = { tenant, finding, page, person, expiresAt: now + linkHours * HOUR_MS };
    const link = (purpose: "acknowledge" | "decline") =>
      `${base}${answerPath(signLink(ring, { ...about, purpose }))}`;
    const shown = { ...none, link: `${base}/warteschlange/${encodeURIComponent(finding)}` };
    return !DERIVED_ID.test(finding)
      ? shown
      : {
          ...shown,
          acknowledgeLink: link("acknowledge"),
          declineLink: link("decline"),
        };
  };
}
