// Sends pages through channels: so many at once per channel and per receiver, each within its time, and with a
// circuit that spares a dead channel the repetitions. A first attempt never waits for a circuit, and no channel
// and no receiver takes the place of another one.
import { messageOf } from "../../config/errors.ts";
import type { Priority } from "../../config/paging.ts";
import { type Channel, ChannelFault, type OutgoingPage } from "../channels/channel.ts";
import { Circuit, type CircuitState } from "../llm/circuit.ts";
import type { Outcome, Turn } from "../paging/sending.ts";
import type { PageDelivery } from "../store/paging.ts";

const PER_CHANNEL_MAX = 16;
const PER_RECEIVER_MAX = 3;
/** Of both, places that only `p1` takes: it need not wait for what hangs and is less urgent. */
const URGENT_PLACES = { channel: 4, receiver: 1 } as const;
/** What making a page and writing down its outcome may take beside the sending. */
const LEASE_MARGIN_MS = 5000;
/** A channel that does not keep to its signal is left alone. */
const HANGING_MS = 1000;
/** A page is not held back longer by a circuit. */
const HELD_MS_MAX = 60_000;

/** A channel as it was opened. */
export interface OpenChannel {
  readonly channel: Channel;
  readonly timeoutMs: number;
}

export interface Senders {
  /** Whether a page may go now; where it may, its place is taken until `free`. */
  turn(page: PageDelivery, now: number, priority: Priority): Turn;
  free(page: PageDelivery): void;
  /** Never rejects; the time of the outcome is left to whoever asks. */
  send(channel: string, outgoing: OutgoingPage): Promise<Sent>;
  circuitOf(channel: string): CircuitState;
  /** From here on no page may go that is not on its way. */
  drain(): void;
  /** Breaks off what is on its way. */
  close(): Promise<void>;
}

type WithoutTime<T> = T extends unknown ? Omit<T, "at"> : never;
export type Sent = WithoutTime<Outcome>;

export interface SendersOptions {
  readonly channels: ReadonlyMap<string, OpenChannel>;
  /** A clock that does not jump, ms. */
  readonly now: () => number;
  readonly onCircuit: (channel: string, state: CircuitState) => void;
}

export function createSenders({ channels, now, onCircuit }: SendersOptions): Senders {
  const circuits = new Map(
    [...channels.keys()].map((name) => [name, new Circuit(now, (state) => onCircuit(name, state))]),
  );
  const busy = new Map<string, number>();
  const stop = new AbortController();
  let isDraining = false;
  const count = (key: string, by: number) => {
    const next = (busy.get(key) ?? 0) + by;
    if (next <= 0) busy.delete(key);
    else busy.set(key, next);
  };
  return {
    turn(page, at, priority) {
      const { channel, attempts } = page;
      const open = channels.get(channel);
      const kept = priority === "p1" ? { channel: 0, receiver: 0 } : URGENT_PLACES;
      const isFull =
        isDraining ||
        (busy.get(channel) ?? 0) >= PER_CHANNEL_MAX - kept.channel ||
        (busy.get(receiverOf(page)) ?? 0) >= PER_RECEIVER_MAX - kept.receiver;
      if (isFull) return { notBefore: at };
      const circuit = circuits.get(channel);
      if (attempts > 0 && circuit?.admit() === false) {
        const left = Math.max(circuit.openUntil - now(), 0);
        return { notBefore: at + Math.min(left, HELD_MS_MAX) };
      }
      count(channel, 1);
      count(receiverOf(page), 1);
      return { leaseMs: (open?.timeoutMs ?? 0) + HANGING_MS + LEASE_MARGIN_MS };
    },
    free(page) {
      count(page.channel, -1);
      count(receiverOf(page), -1);
      circuits.get(page.channel)?.undecided();
    },
    async send(name, outgoing) {
      const open = channels.get(name);
      if (open === undefined) {
        return { kind: "fault", fault: "unknown_contact", message: `no channel ${name}` };
      }
      const sent = await sendWithin(open, outgoing, stop.signal);
      const circuit = circuits.get(name);
      // Who refuses an address, or our password, is there.
      if (sent.kind === "fault" && sent.fault === "unreachable") circuit?.failed();
      else circuit?.succeeded();
      return sent;
    },
    circuitOf: (channel) => circuits.get(channel)?.state ?? "closed",
    drain() {
      isDraining = true;
    },
    async close() {
      stop.abort();
      await Promise.all([...channels.values()].map(({ channel }) => channel.close()));
    },
  };
}

function receiverOf({ channel, person, contact }: PageDelivery): string {
  return `${channel}\n${person ?? ""}\n${contact}`;
}

async function sendWithin(
  { channel, timeoutMs }: OpenChannel,
  outgoing: OutgoingPage,
  stop: AbortSignal,
): Promise<Sent> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ChannelFault("unreachable", "timeout")),
      timeoutMs + HANGING_MS,
    );
  });
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
    const { reference } = await Promise.race([channel.send(outgoing, signal), late]);
    return { kind: "handed_over", reference };
  } catch (error) {
    const { kind: fault, retryAfterMs } =
      error instanceof ChannelFault ? error : { kind: "unreachable" as const, retryAfterMs: 0 };
    const message = error instanceof ChannelFault ? error.message : "unexpected";
    return { kind: "fault", fault, message: messageOf(message), retryAfterMs };
  } finally {
    clearTimeout(timer);
  }
}
