// The brokers as one thing: who leads which partition, who keeps which group, and connections to them by
// purpose. Says once when the brokers are away and once when they are back.
import type { Logger } from "pino";
import { AppError } from "../../config/errors.ts";
import { BackOff } from "./back-off.ts";
import {
  type ClusterView,
  isFault,
  isRefusal,
  KAFKA_ERROR,
  type KafkaAddress,
  type KafkaClient,
  KafkaFault,
  type KafkaWire,
  type TopicView,
  UNREACHABLE,
  UNTRUSTED,
} from "./wire.ts";

/** How long an answer about topics is believed, milliseconds. */
const VIEW_KEPT_MS = 60_000;
const ANSWER_MS = 15_000;

export interface ClusterOptions {
  readonly client: KafkaClient;
  /** `host:port`. */
  readonly brokers: readonly string[];
  readonly logger: Logger;
}

interface KnownTopic {
  readonly view: TopicView;
  readonly seenAt: number;
}

export class KafkaCluster {
  readonly #options: ClusterOptions;
  readonly #bootstrap: readonly KafkaAddress[];
  readonly #wires = new Map<string, Promise<KafkaWire>>();
  readonly #topics = new Map<string, KnownTopic>();
  readonly #coordinators = new Map<string, number>();
  readonly #closed = new AbortController();
  #brokers: ReadonlyMap<number, KafkaAddress> = new Map();
  #controller = -1;
  #away = false;
  #turn = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#bootstrap = options.brokers.map(addressOf);
  }

  /** Ends every wait when the cluster is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** The topic as last seen; undefined when there is none. */
  async topic(name: string, refresh = false): Promise<TopicView | undefined> {
    const known = this.#topics.get(name);
    if (!refresh && known !== undefined && known.seenAt > performance.now() - VIEW_KEPT_MS)
      return known.view;
    const [view] = (await this.#look([name])).topics;
    if (view === undefined) this.#topics.delete(name);
    else this.#topics.set(name, { view, seenAt: performance.now() });
    return view;
  }

  /** What is known without asking. */
  knownTopic(name: string): TopicView | undefined {
    return this.#topics.get(name)?.view;
  }

  /** The next question about the topic goes to the brokers. */
  forgetTopic(name: string): void {
    this.#topics.delete(name);
  }

  /** A connection to the node that keeps the group, for requests that don't wait there. */
  async toCoordinator(group: string, purpose = "groups", answerMs = ANSWER_MS): Promise<KafkaWire> {
    let node = this.#coordinators.get(group);
    if (node === undefined) {
      node = await (await this.toAny()).coordinatorOf(group);
      this.#coordinators.set(group, node);
    }
    return await this.toNode(node, purpose, answerMs);
  }

  forgetCoordinator(group: string): void {
    this.#coordinators.delete(group);
  }

  async toController(): Promise<KafkaWire> {
    if (!this.#brokers.has(this.#controller)) await this.#look([]);
    return await this.toNode(this.#controller, "control");
  }

  async nodes(): Promise<readonly number[]> {
    return [...(await this.#look([])).brokers.keys()];
  }

  /** A connection to one node; one per purpose, opened again when it broke. */
  async toNode(node: number, purpose: string, answerMs = ANSWER_MS): Promise<KafkaWire> {
    if (!this.#brokers.has(node)) await this.#look([]);
    const address = this.#brokers.get(node);
    if (address === undefined) throw new KafkaFault(UNREACHABLE, `no broker ${node} is known`);
    return await this.#open(`${node}/${purpose}`, address, answerMs);
  }

  /** A connection to whichever broker answers. */
  async toAny(): Promise<KafkaWire> {
    const addresses = [...this.#brokers.values(), ...this.#bootstrap];
    let last: unknown;
    for (let step = 0; step < addresses.length; step += 1) {
      const address = addresses[(this.#turn + step) % addresses.length];
      if (address === undefined) break;
      try {
        return await this.#open(`${address.host}:${address.port}`, address, ANSWER_MS);
      } catch (error) {
        last = error;
        this.#turn += 1;
      }
    }
    throw last ?? new KafkaFault(UNREACHABLE, "no broker is known");
  }

  /** Closes the connections of one purpose to all nodes. */
  drop(purpose: string): void {
    for (const [key, wire] of this.#wires) {
      if (!key.endsWith(`/${purpose}`)) continue;
      this.#wires.delete(key);
      closeQuietly(wire);
    }
  }

  /**
   * Does something until it succeeds: waits longer after every failure.
   * @param patienceMs after so long the last error is told
   * @throws AppError HW_CLOSED when closed meanwhile, HW_FORBIDDEN when Kafka refuses us, and what `work`
   * throws that is no fault of Kafka; HW_BUSY when patience ends
   */
  async retrying<Result>(
    what: string,
    patienceMs: number,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const until = performance.now() + patienceMs;
    const backOff = new BackOff();
    for (;;) {
      this.refuseWhenClosed();
      try {
        const result = await work();
        this.seen(undefined);
        return result;
      } catch (error) {
        this.refuseWhenClosed();
        if (!isFault(error)) throw error;
        this.seen(error);
        if (isRefusal(error)) throw refused(what, error);
        if (performance.now() > until)
          throw new AppError("HW_BUSY", `${what}: ${error.message}`, {
            mend: "check that the Kafka brokers run and can be reached",
            cause: error,
          });
      }
      await backOff.wait(this.closed);
    }
  }

  /** Keeps book of whether the brokers answer, and says so when that changes. */
  seen(error: unknown): void {
    const away = isFault(error, UNREACHABLE);
    if (error !== undefined && !away) return;
    if (away === this.#away || this.closed.aborted) return;
    this.#away = away;
    const { logger, brokers } = this.#options;
    if (away) logger.warn({ err: error, brokers }, "Kafka can't be reached; trying again");
    else logger.info({ brokers }, "Kafka can be reached again");
  }

  refuseWhenClosed(): void {
    if (this.closed.aborted) throw new AppError("HW_CLOSED", "the bus is closed");
  }

  /** Cuts all connections. */
  close(): void {
    this.#closed.abort();
    for (const wire of this.#wires.values()) closeQuietly(wire);
    this.#wires.clear();
  }

  async #look(topics: readonly string[]): Promise<ClusterView> {
    const view = await (await this.toAny()).clusterView(topics);
    this.#brokers = view.brokers;
    this.#controller = view.controller;
    return view;
  }

  async #open(key: string, address: KafkaAddress, answerMs: number): Promise<KafkaWire> {
    this.refuseWhenClosed();
    const known = this.#wires.get(key);
    if (known !== undefined) {
      // Who opened it tells why it failed.
      const wire = await known.catch(() => undefined);
      if (wire?.isOpen) return wire;
      if (this.#wires.get(key) === known) this.#wires.delete(key);
      else return await this.#open(key, address, answerMs);
    }
    const opening = this.#options.client.connect(address, answerMs);
    this.#wires.set(key, opening);
    const wire = await opening;
    if (this.closed.aborted) {
      wire.close();
      this.refuseWhenClosed();
    }
    return wire;
  }
}

/** What Kafka's refusal means to whoever runs us. */
export function refused(what: string, error: KafkaFault): AppError {
  if (error.errorCode === UNTRUSTED)
    return new AppError("HW_UNAUTHENTICATED", `${what}: ${error.message}`, {
      place: "bus.tls",
      mend: "check tls.caFile, the names in the brokers' certificates and their validity, and our own certificate",
      cause: error,
    });
  const isSignIn = error.errorCode === KAFKA_ERROR.SASL_AUTHENTICATION_FAILED;
  return new AppError(
    isSignIn ? "HW_UNAUTHENTICATED" : "HW_FORBIDDEN",
    `${what}: ${error.message}`,
    {
      place: "bus",
      mend: isSignIn
        ? "check user name, password file or token settings of the connection to Kafka"
        : "give the account the rights on topics and groups that begin with the prefix",
      cause: error,
    },
  );
}

/** `host:port`, also of an IPv6 address in brackets. */
export function addressOf(broker: string): KafkaAddress {
  const colon = broker.lastIndexOf(":");
  const host = broker.slice(0, colon).replace(/^\[|\]$/g, "");
  return { host, port: Number(broker.slice(colon + 1)) };
}

function closeQuietly(wire: Promise<KafkaWire>): void {
  wire.then(
    (open) => open.close(),
    () => undefined,
  );
}
