// The process that is killed: the stage that calls people, on the real store and the real channels, with a
// clock that the test moves. Findings come into being as triage makes them.
import dns from "node:dns";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { Registry } from "prom-client";
import { AppError, messageOf } from "../../config/errors.ts";
import type { PagingConfig } from "../../config/paging.ts";
import { openChannel } from "../../services/channels/open.ts";
import { createNotifyMetrics } from "../../services/notify/metrics.ts";
import { type NotifyStage, startNotify } from "../../services/notify/notify.ts";
import { createSteadyClock } from "../../services/notify/steady-clock.ts";
import { onDuty } from "../../services/paging/duty/on-duty.ts";
import { openPaging } from "../../services/paging/open.ts";
import { recordAnswer } from "../../services/paging/record-answer.ts";
import type { PagingSetup } from "../../services/paging/setup.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { foldSignals } from "../../services/triage/fold.ts";
import { groupSignals } from "../../services/triage/triage.ts";
import type { Clock, Command, KeptFinding, Message, Raised } from "./commands.ts";
import { hostOf, pagingSettings, TENANT, TIME_ZONE } from "./settings.ts";
import { signalOf, WINDOW_MS } from "./signals.ts";

const REST_POLL_MS = 1;
const FINDINGS_PER_PAGE = 500;

let clock: Clock = { at: 0, aheadMs: 0 };
let isStoreAway = false;
let unknownHosts = new Set<string>();
let work: ((command: Command) => Promise<unknown>) | undefined;

replaceDns();
process.on("message", (message) => {
  // The only one who speaks to us is the test.
  const { number, command } = message as { number: number; command: Command };
  answer(command).then(
    (result) => tell({ kind: "done", number, result }),
    (error: unknown) => tell({ kind: "failed", number, reason: messageOf(error) }),
  );
});
process.on("disconnect", () => process.exit(0));

function tell(message: Message): void {
  process.send?.(message);
}

async function answer(command: Command): Promise<unknown> {
  if (command.kind === "start") {
    clock = command.clock;
    work = start(command.dataDir, pagingSettings(command.addresses));
    return undefined;
  }
  if (command.kind === "clock" || command.kind === "tick") clock = command.clock;
  if (command.kind === "faults") {
    isStoreAway = command.isStoreAway;
    unknownHosts = new Set(command.unknownHosts);
  }
  return work?.(command);
}

function start(dataDir: string, paging: PagingConfig): (command: Command) => Promise<unknown> {
  const own = paging.tenants[TENANT];
  if (own === undefined) throw new Error("the settings name the tenant");
  const inner = openEmbeddedStore({ dataDir });
  const store = refusing(inner);
  const steady = createSteadyClock(
    () => clock.at + clock.aheadMs,
    () => clock.at,
  );
  const setup: PagingSetup = {
    ...{ tenant: TENANT, tenantName: "Kreis", timeZone: TIME_ZONE, language: "de", paging: own },
    channels: paging.channels,
    onDuty(name, at) {
      const schedule = own.schedules[name];
      return schedule && onDuty(schedule, [], at, TIME_ZONE)?.person;
    },
  };
  const channels = new Map(
    Object.entries(paging.channels).map(([name, one]) => {
      const channel = openChannel(one, (path) => path, `paging.channels.${name}`);
      return [name, { channel, timeoutMs: one.timeoutMs }] as const;
    }),
  );
  const none = { link: undefined, acknowledgeLink: undefined, declineLink: undefined };
  const registry = new Registry();
  const stage = startNotify({
    ...{ store, paging: new Map([[TENANT, own]]), channels },
    ...{ keys: createKeyRing(Buffer.alloc(32, 7)), logger: pino({ level: "silent" }) },
    setupOf: async () => setup,
    linksOf: () => none,
    now: steady.now,
    wall: () => clock.at + clock.aheadMs,
    metrics: (about) => createNotifyMetrics(registry, { ...about, clockAheadMs: steady.aheadMs }),
    tickMs: 2,
    lookEveryMs: 3_600_000,
  });
  inner.watch(TENANT, FINDING_KIND, ({ document }) => {
    tell({ kind: "changed", finding: keptOf(document), at: clock.at });
  });
  return (command) => obey(command, { store, inner, stage, setup, now: steady.now });
}

interface Parts {
  readonly store: Store;
  /** Without faults. */
  readonly inner: Store;
  readonly stage: NotifyStage;
  readonly setup: PagingSetup;
  readonly now: () => number;
}

async function obey(command: Command, parts: Parts): Promise<unknown> {
  const { store, setup, now } = parts;
  switch (command.kind) {
    case "tick":
      return tick(parts);
    case "raise":
      return raise(command.raised, parts);
    case "acknowledge": {
      const { finding, person } = command;
      const at = now();
      const about = { tenant: TENANT, finding };
      return recordAnswer(store, about, { actor: `on-call:${person}`, at }, () => ({
        ...{ kind: "acknowledged", at, person, via: "link" },
      }));
    }
    case "close":
      return store.reviseAll(TENANT, FINDING_KIND, [command.finding], ({ document }) => ({
        document: { ...document, status: "closed" as const },
      }));
    case "read":
      return readAll(parts.inner);
    default:
      return setup.tenant;
  }
}

async function tick({ stage, inner }: Parts): Promise<unknown> {
  let lookedAt = clock.at;
  await stage.look();
  while (!stage.isAtRest()) {
    await sleep(REST_POLL_MS);
    if (lookedAt === clock.at) continue;
    lookedAt = clock.at;
    await stage.look();
  }
  const found = await inner.search(TENANT, FINDING_KIND, {
    ranges: { pagingDueAt: { gte: 0 } },
    sort: [{ field: "pagingDueAt", order: "asc" }],
    limit: 1,
  });
  return { nextDueAt: found.hits[0]?.document.paging?.dueAt };
}

/** As triage folds it and opens its paging, in one write. */
async function raise(raised: Raised, { store, setup, now }: Parts): Promise<string | undefined> {
  const groups = groupSignals(TENANT, [signalOf(raised)], WINDOW_MS);
  const [id] = groups.keys();
  await store.recordSignals(TENANT, FINDING_KIND, groups, (existing, fresh) => {
    const options = { timeZone: TIME_ZONE, language: "de", isCriticalHost: () => false } as const;
    const folded = foldSignals(id ?? "", existing, fresh, options);
    return { document: openPaging(folded, setup, now(), existing) };
  });
  return id;
}

async function readAll(store: Store): Promise<KeptFinding[]> {
  const all: KeptFinding[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.search(TENANT, FINDING_KIND, {
      sort: [{ field: "raisedAt", order: "asc" }],
      limit: FINDINGS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    all.push(...page.hits.map(({ document }) => keptOf(document)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

function keptOf({ id, score, status, paging }: Finding): KeptFinding {
  return { id, score, status, paging };
}

/** The store whose every call refuses while it is away. */
function refusing(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        if (isStoreAway && name !== "watch") {
          return Promise.reject(new AppError("HW_STORE_CORRUPT", "the store is away"));
        }
        return Reflect.apply(value, target, given);
      };
    },
  });
}

/** Hosts of peers lie on loopback, unless the name is known no more. */
function replaceDns(): void {
  const real = dns.lookup;
  const lookup = (host: string, ...rest: unknown[]): void => {
    if (!host.endsWith(hostOf("").slice(1))) {
      Reflect.apply(real, dns, [host, ...rest]);
      return;
    }
    const [options, callback] = rest;
    // Node calls it with options and a callback.
    const done = callback as (error: Error | null, address?: unknown, family?: number) => void;
    const isAll = typeof options === "object" && options !== null && "all" in options;
    setImmediate(() => {
      if (unknownHosts.has(host)) {
        done(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
      } else if (isAll && options.all === true) done(null, [{ address: "127.0.0.1", family: 4 }]);
      else done(null, "127.0.0.1", 4);
    });
  };
  Object.assign(dns, { lookup });
}
