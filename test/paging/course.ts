// Goes through the drawn half year on a virtual clock: from one thing that happens to the next one, be it a
// finding, an answer, a fault or what the store says is due. Nothing else moves the clock.
import { setTimeout as sleep } from "node:timers/promises";
import type { Quota } from "../faults/quota.ts";
import type { Command, KeptFinding, Ticked } from "./commands.ts";
import type { Drawn, DrawnFault, DrawnFinding } from "./draw.ts";
import { BEGIN, END } from "./draw.ts";
import { clockOf, type Driver, startDriver } from "./driver.ts";
import type { Peers } from "./peers.ts";
import { hostOf } from "./settings.ts";

/** Nothing is slept through longer than this: what the store does not know of is found late, and counts. */
const STEP_MS_MAX = 6 * 3_600_000;
/** Who could not do something tries again after this, virtual time. */
const AGAIN_MS = 10_000;
/** What is due so close together is looked for once. */
const TOGETHER_MS = 1000;
const HANGING_POLL_MS = 400;
const HANGING_STEP_MS = 1000;

/** What became of a drawn finding. */
export interface Life {
  readonly drawn: DrawnFinding;
  id?: string;
  /** ms UTC, virtual. */
  raisedAt?: number;
  acknowledgedAt: number[];
  closedAt?: number;
}

/** While the stage could do nothing. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

export interface Told {
  readonly lives: readonly Life[];
  readonly outages: readonly Outage[];
  readonly faults: ReadonlyMap<string, number>;
  /** Page → when it was first seen to be written, virtual. */
  readonly seenAt: ReadonlyMap<string, number>;
  /** Findings that were told with another one at some time. */
  readonly wasGathered: ReadonlySet<string>;
  readonly findings: readonly KeptFinding[];
}

export interface CourseOptions {
  readonly drawn: Drawn;
  readonly peers: Peers;
  readonly dataDir: string;
  readonly quota: Quota | undefined;
  readonly clock: { at: number };
  readonly onProgress: (at: number) => void;
}

interface Happening {
  at: number;
  readonly run: () => Promise<void>;
}

class Course {
  readonly #options: CourseOptions;
  readonly #happenings: Happening[] = [];
  readonly #outages: Outage[] = [];
  readonly #faults = new Map<string, number>();
  readonly #seenAt = new Map<string, number>();
  readonly #wasGathered = new Set<string>();
  readonly #unknownHosts = new Set<string>();
  readonly #lives: Life[];
  #isStoreAway = false;
  #aheadMs = 0;
  #nextDueAt: number | undefined;
  #killAtWork: DrawnFault | undefined;
  #driver: Driver | undefined;

  constructor(options: CourseOptions) {
    this.#options = options;
    this.#lives = options.drawn.findings.map((drawn) => ({ drawn, acknowledgedAt: [] }));
    for (const life of this.#lives) this.#plan(life.drawn.at, () => this.#raise(life));
    for (const fault of options.drawn.faults) this.#plan(fault.at, () => this.#begin(fault));
  }

  async run(): Promise<Told> {
    const { clock } = this.#options;
    clock.at = BEGIN;
    await this.#restart();
    while (clock.at < END) {
      await this.#happen();
      await this.#tick();
      const next = Math.min(
        this.#happenings[0]?.at ?? END,
        Math.ceil(Math.max(this.#nextDueAt ?? END, clock.at + 1) / TOGETHER_MS) * TOGETHER_MS,
        clock.at + STEP_MS_MAX,
      );
      // What is due and could not be done is tried again in a little while.
      const isStuck = this.#nextDueAt !== undefined && this.#nextDueAt <= clock.at;
      clock.at = isStuck ? Math.min(this.#happenings[0]?.at ?? END, clock.at + AGAIN_MS) : next;
      this.#options.onProgress(clock.at);
    }
    // Our own process answers so.
    const findings = (await this.#driver?.ask({ kind: "read" })) as KeptFinding[];
    await this.#driver?.kill();
    return {
      ...{ lives: this.#lives, outages: this.#outages, faults: this.#faults, findings },
      ...{ seenAt: this.#seenAt, wasGathered: this.#wasGathered },
    };
  }

  #plan(at: number, run: () => Promise<void>): void {
    const place = this.#happenings.findIndex((one) => one.at > at);
    this.#happenings.splice(place < 0 ? this.#happenings.length : place, 0, { at, run });
  }

  async #happen(): Promise<void> {
    const { clock } = this.#options;
    for (let [first] = this.#happenings; first !== undefined && first.at <= clock.at; ) {
      this.#happenings.shift();
      await first.run();
      [first] = this.#happenings;
    }
  }

  async #ask(command: Exclude<Command, { kind: "start" }>): Promise<unknown> {
    if (this.#driver === undefined) throw new Error("the process does not run");
    return this.#driver.ask(command);
  }

  #clock() {
    return clockOf(this.#options.clock.at, this.#aheadMs);
  }

  async #tick(): Promise<void> {
    const driver = this.#driver;
    if (driver === undefined) {
      this.#nextDueAt = undefined;
      return;
    }
    const { clock, peers } = this.#options;
    let isDone = false;
    const ticking = driver.ask({ kind: "tick", clock: this.#clock() }).finally(() => {
      isDone = true;
    });
    ticking.catch(() => undefined);
    const fault = this.#killAtWork;
    const isAtWork = this.#nextDueAt !== undefined && this.#nextDueAt <= clock.at;
    if (fault !== undefined && isAtWork) {
      this.#killAtWork = undefined;
      await sleep(fault.delayMs);
      await this.#kill(fault);
      return;
    }
    // Where a peer hangs, the others go on: time passes for them.
    while (!isDone) {
      await Promise.race([ticking.catch(() => undefined), sleep(HANGING_POLL_MS)]);
      if (isDone || peers.hanging === 0) continue;
      clock.at += HANGING_STEP_MS;
      await driver.ask({ kind: "clock", clock: this.#clock() });
    }
    const ticked = (await ticking) as Ticked; // Our own process answers so.
    this.#nextDueAt = ticked.nextDueAt;
  }

  async #restart(): Promise<void> {
    const { dataDir, peers } = this.#options;
    const start = { kind: "start", dataDir, addresses: peers.addresses, clock: this.#clock() };
    this.#driver = await startDriver({ ...start, kind: "start" }, (finding, at) => {
      if (finding.paging?.gatheredIn !== undefined) this.#wasGathered.add(finding.id);
      for (const { id } of finding.paging?.pages ?? []) {
        if (!this.#seenAt.has(id)) this.#seenAt.set(id, at);
      }
    });
    await this.#tellFaults();
    this.#nextDueAt = this.#options.clock.at;
  }

  async #tellFaults(): Promise<void> {
    const unknownHosts = [...this.#unknownHosts];
    await this.#ask({ kind: "faults", isStoreAway: this.#isStoreAway, unknownHosts });
  }

  async #begin(fault: DrawnFault): Promise<void> {
    const { peers, quota, clock } = this.#options;
    const { kind, channel } = fault;
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    const end = (run: () => Promise<void> | void) =>
      this.#plan(clock.at + (fault.until - fault.at), async () => run());
    const outage = { from: clock.at, until: clock.at + (fault.until - fault.at) };
    if (kind === "kill") {
      if (fault.isAtWork) this.#killAtWork = fault;
      else await this.#kill(fault);
    } else if (kind === "store_away") {
      this.#isStoreAway = true;
      this.#outages.push(outage);
      await this.#tellFaults();
      end(() => {
        this.#isStoreAway = false;
        return this.#tellFaults();
      });
    } else if (kind === "disk_full") {
      quota?.fill(1);
      this.#outages.push(outage);
      end(() => quota?.free());
    } else if (kind === "clock_jump") {
      this.#aheadMs = fault.aheadMs;
      end(() => {
        this.#aheadMs = 0;
      });
    } else if (kind === "dns_gone") {
      this.#unknownHosts.add(hostOf(channel));
      await this.#tellFaults();
      end(() => {
        this.#unknownHosts.delete(hostOf(channel));
        return this.#tellFaults();
      });
    } else {
      peers.set(channel, kind === "peer_5xx" ? "failing" : "hanging");
      end(() => peers.set(channel, "well"));
    }
  }

  async #kill(fault: DrawnFault): Promise<void> {
    const { clock } = this.#options;
    await this.#driver?.kill();
    this.#driver = undefined;
    this.#nextDueAt = undefined;
    const until = clock.at + (fault.until - fault.at);
    this.#outages.push({ from: clock.at, until });
    this.#plan(until, () => this.#restart());
  }

  /** Does it now, or again in a little while until it is done. */
  async #persistently(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch {
      this.#plan(this.#options.clock.at + AGAIN_MS, () => this.#persistently(run));
    }
  }

  #raise(life: Life): Promise<void> {
    const { clock } = this.#options;
    return this.#persistently(async () => {
      const { number, level, at, acknowledgedAfter, closedAfter } = life.drawn;
      await this.#ask({ kind: "clock", clock: this.#clock() });
      // Our own process answers so.
      const id = (await this.#ask({ kind: "raise", raised: { number, level, at } })) as string;
      life.id = id;
      life.raisedAt = clock.at;
      if (acknowledgedAfter !== undefined) {
        this.#plan(clock.at + acknowledgedAfter, () => this.#acknowledge(life, id));
      }
      this.#plan(clock.at + closedAfter, () => this.#close(life, id));
    });
  }

  #acknowledge(life: Life, finding: string): Promise<void> {
    return this.#persistently(async () => {
      await this.#ask({ kind: "clock", clock: this.#clock() });
      await this.#ask({ kind: "acknowledge", finding, person: "erste" });
      life.acknowledgedAt.push(this.#options.clock.at);
    });
  }

  #close(life: Life, finding: string): Promise<void> {
    return this.#persistently(async () => {
      await this.#ask({ kind: "clock", clock: this.#clock() });
      await this.#ask({ kind: "close", finding });
      life.closedAt = this.#options.clock.at;
    });
  }
}

export function runCourse(options: CourseOptions): Promise<Told> {
  return new Course(options).run();
}
