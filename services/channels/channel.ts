// The port of a channel: takes a page that is ready to be read and hands it to whoever carries it on. One
// file a channel; each is tested against a real peer.
import type { Page } from "./page.ts";

/** A page on its way to one receiver. */
export interface OutgoingPage {
  /** Idempotency key: every repetition carries the same one, where the way has a place for it. */
  readonly id: string;
  readonly page: Page;
  /** Address in the channel; undefined where it has one receiver. */
  readonly to: string | undefined;
  /** 1 for the first one. */
  readonly attempt: number;
}

export interface HandedOver {
  /** What the channel calls it, to find it there again. */
  readonly reference: string | undefined;
}

export interface Channel {
  readonly kind: string;
  /**
   * Resolves when the peer has taken the page.
   * @throws ChannelFault
   */
  send(outgoing: OutgoingPage, signal: AbortSignal): Promise<HandedOver>;
  /**
   * Proof of life without a page, where the peer has a way to ask.
   * @throws ChannelFault
   */
  probe?(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export type FaultKind =
  /** Away, slow, 429, 5xx: worth another try. */
  | "unreachable"
  /** The peer will never take this page for this address; the channel itself may be well. */
  | "refused"
  /** Wrong secret, wrong set-up: no page gets through until somebody mends it. */
  | "misconfigured";

/** Why a page was not taken. `message` holds neither addresses nor secrets. */
export class ChannelFault extends Error {
  readonly kind: FaultKind;
  /** What the peer asked for, milliseconds. */
  readonly retryAfterMs: number | undefined;
  constructor(
    kind: FaultKind,
    message: string,
    more: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** What somebody answered by a channel: a reply by SMS, a reaction in Matrix. */
export interface ChannelAnswer {
  readonly kind: "acknowledged" | "declined";
  /**
   * The page that is answered, or the short code that stood in it; undefined: neither was named, meant is the
   * only page that is open at `from`, if it is only one.
   */
  readonly page: { readonly id: string } | { readonly code: string } | undefined;
  /** Who answered, as an address in the channel. */
  readonly from: string;
  /** ms UTC, as the channel tells it. */
  readonly at: number;
}

/** A channel that people can answer by. */
export interface AnsweringChannel extends Channel {
  /**
   * Listens until the signal aborts; what was given to `onAnswer` and resolved is not given again, also after
   * a restart as far as the peer allows. What could not be taken is given again. A peer that is away is asked
   * again, too.
   * @throws ChannelFault misconfigured, which somebody has to mend first
   */
  listen(onAnswer: (answer: ChannelAnswer) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** Whether somebody can answer by it. */
export function canAnswer(channel: Channel): channel is AnsweringChannel {
  return "listen" in channel;
}
