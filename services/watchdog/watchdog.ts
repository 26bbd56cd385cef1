// Asks the service whether it lives, and pages by channels of its own when it does not. It runs as a process
// of its own, best on another machine, and stands on nothing that the service stands on.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import type { WatchdogConfig } from "../../config/watchdog.ts";
import { type Channel, ChannelFault } from "../channels/channel.ts";
import type { ChannelMemory } from "../channels/channel-memory.ts";
import { type HttpPeer, openHttpPeer } from "../channels/http-post.ts";
import { silencePage } from "./silence-page.ts";
import { advanced, FIRST_VIGIL, hasNews, type Vigil, vigilSchema } from "./vigil.ts";

/** It tells of itself that it stands still when it has not asked for so many turns. */
const TURNS_MISSED_MAX = 3;

/** By this name the service knows that a watchdog asks, and misses it when it does not. */
const ASK = { method: "GET", headers: { "user-agent": "heidewacht-watchdog" } } as const;

const stateSchema = z.record(z.string(), vigilSchema);

export interface WatchdogParts {
  readonly config: WatchdogConfig;
  /** Opened, by name. */
  readonly channels: ReadonlyMap<string, Channel>;
  /** By target, undefined where the system's will do. */
  readonly authoritiesOf: (target: string) => readonly string[] | undefined;
  readonly memory: ChannelMemory;
  readonly logger: Logger;
  /** Milliseconds that only go forward, whatever is done to the clock. */
  readonly steadyNow: () => number;
  /** ms UTC, for people to read. */
  readonly now: () => number;
}

export interface Watchdog {
  readonly heartbeatUrl: string;
  /** One turn: asks all targets, and tells what has to be told. Called by the clock, and by tests. */
  turn(): Promise<void>;
  close(): Promise<void>;
}

interface Watched {
  readonly name: string;
  readonly url: URL;
  readonly peer: HttpPeer;
  vigil: Vigil;
  goodAt: number;
  roundAt: number;
}

/**
 * @param isTicking false: turns come from the caller alone
 * @throws AppError HW_PLACE_TAKEN when the heartbeat's port is in use
 */
export async function startWatchdog(parts: WatchdogParts, isTicking = true): Promise<Watchdog> {
  const { config, logger, steadyNow } = parts;
  const targets = await openTargets(parts);
  const stop = new AbortController();
  const under = new Map<string, Promise<void>>();
  let askedAt = steadyNow();

  let isSaving = Promise.resolve();
  const save = (): Promise<void> => {
    const state = () => Object.fromEntries(targets.map(({ name, vigil }) => [name, vigil]));
    isSaving = isSaving
      .then(() => parts.memory.write(JSON.stringify(state())))
      // A disk that is full must keep nobody from being paged; at worst a restart tells it twice.
      .catch(() => logger.error("the watchdog can't write its state"));
    return isSaving;
  };
  const turn = async (): Promise<void> => {
    askedAt = steadyNow();
    await Promise.all(
      targets.map(async (target) => {
        const isGood = await answers(target, stop.signal);
        if (stop.signal.aborted) return;
        await judge(target, isGood, parts, save);
        for (const contact of config.contacts) {
          tell({ target, contact, parts, save, under, signal: stop.signal });
        }
      }),
    );
  };
  const isStale = () => steadyNow() - askedAt > config.askEverySeconds * 1000 * TURNS_MISSED_MAX;
  const heartbeat = await openHeartbeat(config.heartbeat, targets, isStale);
  const ticks = isTicking
    ? setInterval(() => void turn(), config.askEverySeconds * 1000)
    : undefined;
  if (isTicking) void turn();
  return {
    ...{ heartbeatUrl: heartbeat.url, turn },
    async close() {
      clearInterval(ticks);
      stop.abort();
      await Promise.allSettled(under.values());
      await isSaving;
      for (const { peer } of targets) peer.close();
      for (const channel of parts.channels.values()) await channel.close();
      await heartbeat.close();
    },
  };
}

async function openTargets(parts: WatchdogParts): Promise<Watched[]> {
  const { config, memory, logger, steadyNow } = parts;
  let known: Record<string, Vigil> = {};
  try {
    known = stateSchema.parse(JSON.parse((await memory.read()) ?? "{}"));
  } catch {
    logger.error("the watchdog's state is damaged; it begins anew");
  }
  return Object.entries(config.targets).map(([name, { url }]) => ({
    ...{ name, url: new URL(url), vigil: known[name] ?? FIRST_VIGIL },
    ...{ goodAt: steadyNow(), roundAt: steadyNow() },
    peer: openHttpPeer({ timeoutMs: config.timeoutMs, authorities: parts.authoritiesOf(name) }),
  }));
}

async function answers({ peer, url }: Watched, signal: AbortSignal): Promise<boolean> {
  try {
    const { status } = await peer.send(url, ASK, signal);
    return status === 200;
  } catch (error) {
    if (error instanceof ChannelFault) return false;
    throw error;
  }
}

/** What changed is written before it is told: a restart then tells it, and tells it once. */
async function judge(
  target: Watched,
  isGood: boolean,
  { config, logger, steadyNow }: WatchdogParts,
  save: () => Promise<void>,
): Promise<void> {
  const now = steadyNow();
  if (isGood) target.goodAt = now;
  const limits = {
    silentMs: config.silentSeconds * 1000,
    repeatMs: config.repeatMinutes * 60_000,
  };
  const vigil = advanced(target.vigil, target, isGood, now, limits);
  if (vigil === target.vigil) return;
  target.vigil = vigil;
  target.roundAt = now;
  const what = vigil.phase === "silent" ? "a target is silent: paging" : "a target answers again";
  logger.warn({ target: target.name, phase: vigil.phase, round: vigil.round }, what);
  await save();
}

interface Telling {
  readonly target: Watched;
  readonly contact: WatchdogConfig["contacts"][number];
  readonly parts: WatchdogParts;
  readonly save: () => Promise<void>;
  /** What is on its way: a channel that hangs is not asked twice, and keeps no other one waiting. */
  readonly under: Map<string, Promise<void>>;
  readonly signal: AbortSignal;
}

function tell(telling: Telling): void {
  const { target, contact, parts, under, signal } = telling;
  const who = createHash("sha256")
    .update(JSON.stringify([contact.channel, contact.to]))
    .digest("hex")
    .slice(0, 16);
  const { vigil } = target;
  const way = `${target.name} ${who}`;
  const channel = parts.channels.get(contact.channel);
  const isDone = !hasNews(vigil) || vigil.taken.includes(who) || under.has(way);
  if (isDone || channel === undefined) return;
  const page = silencePage(parts.config, target.name, vigil, parts.now());
  const id = `watchdog-${target.name}-${vigil.silence}-${vigil.round}-${who}`;
  const sending = channel
    .send({ id, page, to: contact.to, attempt: 1 }, signal)
    .then(async () => {
      // What came to be told meanwhile has been heard by nobody.
      const { vigil: current } = target;
      if (current.silence !== vigil.silence || current.round !== vigil.round) return;
      target.vigil = { ...current, taken: [...current.taken, who] };
      await telling.save();
    })
    .catch((error: unknown) => {
      const fault = error instanceof ChannelFault ? error.message : "internal";
      parts.logger.error({ channel: contact.channel, fault }, "the watchdog could not page");
    })
    .finally(() => under.delete(way));
  under.set(way, sending);
}

/** `/heartbeat`: 200 while it asks in time. */
async function openHeartbeat(
  { host, port }: WatchdogConfig["heartbeat"],
  targets: readonly Watched[],
  isStale: () => boolean,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const isHere = request.method === "GET" && request.url === "/heartbeat";
    const status = !isHere ? 404 : isStale() ? 503 : 200;
    const body = isHere
      ? Object.fromEntries(targets.map(({ name, vigil }) => [name, vigil.phase]))
      : {};
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const mend = "den anderen Dienst anhalten oder heartbeat.port ändern";
      const message = `${host}:${port} ist nicht frei`;
      reject(new AppError("HW_PLACE_TAKEN", message, { place: "heartbeat.port", mend, cause }));
    });
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo; // It listens on a port.
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${bound}/heartbeat`;
  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
