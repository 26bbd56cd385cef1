// The last proof of life of each channel, written into the store a little later, so that many pages are one
// write. What several processes know is put together: the newest counts.
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import { ChannelFault } from "../channels/channel.ts";
import type { CircuitState } from "../llm/circuit.ts";
import { CHANNEL_PROOF_KIND, type ChannelProof } from "../store/channel-proof.ts";
import type { Store } from "../store/store.ts";
import type { OpenChannel, Sent } from "./senders.ts";

const WRITE_EVERY_MS = 2000;
/** A channel that took a page within this need not be asked. */
const PROBE_EVERY_MS = 300_000;
const MESSAGE_CHARACTERS_MAX = 300;

export interface Proofs {
  attempted(tenant: string, channel: string, page: string, sent: Sent, at: number): void;
  circuit(channel: string, state: CircuitState): void;
  /** Writes what is new. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ProofsOptions {
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly channels: ReadonlyMap<string, OpenChannel>;
  readonly now: () => number;
  readonly logger: Logger;
  readonly probeEveryMs?: number;
}

type Change = Partial<Omit<ChannelProof, "channel" | "kind">>;

export function createProofs(options: ProofsOptions): Proofs {
  const { store, tenants, channels, now, logger } = options;
  const waiting = new Map<string, { tenant: string; channel: string; change: Change }>();
  const provedAt = new Map<string, number>();
  const stop = new AbortController();
  const note = (tenant: string, channel: string, change: Change) => {
    const key = `${tenant}\n${channel}`;
    const known = waiting.get(key)?.change;
    waiting.set(key, { tenant, channel, change: { ...known, ...change } });
  };
  const everywhere = (channel: string, change: Change) => {
    for (const tenant of tenants) note(tenant, channel, change);
  };
  const flush = async () => {
    for (const [key, { tenant, channel, change }] of [...waiting]) {
      const kind = channels.get(channel)?.channel.kind ?? "";
      const found = await store.get(tenant, CHANNEL_PROOF_KIND, channel);
      const before = found?.document ?? { channel, kind, circuit: "closed" as const };
      const changedAt = now();
      const next = { ...before, ...newest(before, change), kind, changedAt };
      await store.put(tenant, CHANNEL_PROOF_KIND, channel, next);
      if (waiting.get(key)?.change === change) waiting.delete(key);
    }
  };
  const probe = async (name: string, { channel, timeoutMs }: OpenChannel) => {
    if (channel.probe === undefined) return;
    if (now() - (provedAt.get(name) ?? 0) < (options.probeEveryMs ?? PROBE_EVERY_MS)) return;
    provedAt.set(name, now());
    try {
      await channel.probe(AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]));
      everywhere(name, { probedAt: now() });
    } catch (error) {
      const kind = error instanceof ChannelFault ? error.kind : "unreachable";
      const message = messageOf(error).slice(0, MESSAGE_CHARACTERS_MAX);
      if (!stop.signal.aborted) everywhere(name, { fault: { at: now(), kind, message } });
    }
  };
  let running: Promise<unknown> = Promise.resolve();
  const round = async () => {
    for (const [name, open] of channels) void probe(name, open);
    await flush().catch((error: unknown) =>
      logger.debug({ reason: messageOf(error) }, "proofs of channels wait for the store"),
    );
  };
  const timer = setInterval(() => {
    running = running.then(round);
  }, WRITE_EVERY_MS);
  timer.unref();
  return {
    attempted(tenant, channel, page, sent, at) {
      if (sent.kind === "handed_over") {
        provedAt.set(channel, at);
        note(tenant, channel, { handedOverAt: at, page });
        return;
      }
      const message = sent.message.slice(0, MESSAGE_CHARACTERS_MAX);
      note(tenant, channel, { fault: { at, kind: sent.fault, message } });
    },
    circuit: (channel, state) => everywhere(channel, { circuit: state }),
    flush,
    async close() {
      clearInterval(timer);
      stop.abort();
      await running;
      await flush().catch(() => undefined);
    },
  };
}

/** What another process wrote may be newer. */
function newest(before: Partial<ChannelProof>, change: Change): Change {
  const isOlder = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined && one < other;
  const next = { ...change };
  if (isOlder(change.handedOverAt, before.handedOverAt)) {
    delete next.handedOverAt;
    delete next.page;
  }
  if (isOlder(change.fault?.at, before.fault?.at)) delete next.fault;
  return next;
}
