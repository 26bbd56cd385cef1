// The stage in small, without a store and a clock of its own: the real engine, placing and sending over findings
// in memory, and a peer that takes pages, refuses them, hangs, or takes them and does not say so. It notes each
// page that breaks a promise.
import { answer } from "../../../services/paging/answers.ts";
import { advance, asks, type Surroundings } from "../../../services/paging/engine.ts";
import {
  isSettled,
  isUnderWay,
  type Leader,
  OPENINGS_WINDOW_MS,
  type Place,
  placeOf,
  tellsAt,
} from "../../../services/paging/gather.ts";
import { openPaging } from "../../../services/paging/open.ts";
import { type Outcome, takePages, withOutcome } from "../../../services/paging/sending.ts";
import type { PagingSetup } from "../../../services/paging/setup.ts";
import type { Finding } from "../../../services/store/finding.ts";
import {
  type FindingPaging,
  findingPagingSchema,
  type PageAnswer,
  type PageDelivery,
} from "../../../services/store/paging.ts";
import type { PagingOpening } from "../../../services/store/paging-openings.ts";
import { findingOf, MINUTE_MS, TENANT } from "./fixture.ts";

export type PeerMode = "takes" | "fails" | "refuses" | "hangs" | "takes_silently";

const LEASE_MS = 17_000;
const TOOK_MS = 40;
const HANG_MS = 11_000;
/** Of one finding at one moment; what goes on longer does not end. */
const PASSES_MAX = 60;

interface Flight {
  readonly finding: string;
  readonly page: string;
  readonly told: readonly string[];
  readonly outcome: Outcome;
}

export class PagingWorld {
  now: number;
  #setup: PagingSetup;
  mode: PeerMode = "takes";
  readonly findings = new Map<string, Finding>();
  /** What was broken, in words. */
  readonly broken: string[] = [];
  /** Page → how often the peer has taken it. */
  readonly taken = new Map<string, number>();
  #openings: PagingOpening[] = [];
  #flights: Flight[] = [];
  /** Pages of which it is written down that they were taken. */
  readonly #recorded = new Set<string>();
  /** Finding → moment at which each step began, by opening, round and step. */
  readonly #begun = new Map<string, number>();
  /** Findings that steps changed under. */
  readonly #configured = new Set<string>();
  #raised = 0;

  constructor(now: number, setup: PagingSetup) {
    this.now = now;
    this.#setup = setup;
  }

  /** The stage is started anew; steps that are under way may be others from here on. */
  configure(setup: PagingSetup): void {
    this.crash();
    this.#setup = setup;
    for (const id of this.findings.keys()) this.#configured.add(id);
  }

  raise(score: number, proposal: string | undefined): void {
    const id = `f${this.#raised++}`;
    const raised = findingOf(id, score, {
      ...{ raisedAt: this.now, firstEventAt: this.now, lastEventAt: this.now },
      ...(proposal === undefined ? {} : { proposal }),
    });
    this.#write(openPaging(raised, this.#setup, this.now));
  }

  close(place: number): void {
    const finding = this.#pick(place);
    if (finding !== undefined) this.#write({ ...finding, status: "closed" });
  }

  answer(place: number, kind: PageAnswer["kind"], person: string | undefined): void {
    const finding = this.#pick(place);
    const page = finding?.paging?.pages.findLast((one) => one.person === person)?.id;
    if (finding === undefined) return;
    const given: PageAnswer = {
      ...{ kind, at: this.now, via: "link" },
      ...(person === undefined ? {} : { person }),
      ...(page === undefined ? {} : { page }),
    };
    const paging = answer(finding, given, this.now);
    if (paging !== undefined) this.#write({ ...finding, paging });
  }

  /** What is on its way is sent, and nobody hears what became of it. */
  crash(): void {
    this.#flights = [];
  }

  /** Nothing runs meanwhile. */
  sleep(ms: number): void {
    this.crash();
    this.now += ms;
  }

  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      this.#settle();
      const next = this.#nextMoment();
      if (next === undefined || next > end) break;
      this.now = Math.max(this.now, next);
    }
    this.now = end;
  }

  /** Goes on until nothing is due ever again. @returns false when that does not come about */
  runToEnd(daysMax: number): boolean {
    const end = this.now + daysMax * 24 * 60 * MINUTE_MS;
    while (this.#nextMoment() !== undefined && this.now < end) this.run(60 * MINUTE_MS);
    return this.#nextMoment() === undefined;
  }

  #pick(place: number): Finding | undefined {
    const all = [...this.findings.values()];
    return all[place % Math.max(1, all.length)];
  }

  #nextMoment(): number | undefined {
    const times = [...this.findings.values()].flatMap(({ paging }) => paging?.dueAt ?? []);
    times.push(...this.#flights.map(({ outcome }) => outcome.at));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #settle(): void {
    for (let pass = 0; pass < PASSES_MAX; pass += 1) {
      const landed = this.#flights.filter(({ outcome }) => outcome.at <= this.now);
      this.#flights = this.#flights.filter(({ outcome }) => outcome.at > this.now);
      for (const flight of landed) this.#land(flight);
      const due = [...this.findings.values()].filter((one) => this.#isDue(one));
      if (landed.length + due.length === 0) return;
      for (const { id } of due) this.#workOn(id);
    }
    this.broken.push(`does not come to rest at ${new Date(this.now).toISOString()}`);
  }

  #isDue({ status, paging }: Finding): boolean {
    if (paging === undefined) return false;
    if ((paging.dueAt ?? Number.POSITIVE_INFINITY) <= this.now) return true;
    if (status === "closed") return paging.state !== "ended";
    return paging.state === "gathered" && isSettled(this.#pagingOf(paging.gatheredIn));
  }

  #workOn(id: string): void {
    const before = this.findings.get(id);
    if (before?.paging === undefined) return;
    const around = this.#surroundings(before);
    const next = advance(before, this.now, this.#setup, around) ?? before.paging;
    const { paging, taken } = takePages(next, this.now, () => ({ leaseMs: LEASE_MS }));
    if (paging === before.paging) return;
    this.#write({ ...before, paging });
    this.#noteSteps(before.paging, paging, id);
    for (const page of taken) this.#send(id, page);
  }

  #surroundings(finding: Finding): Surroundings {
    const asked = asks(finding, this.now, this.#setup);
    if (asked === "place") return { place: this.#place(finding) };
    if (asked === "commentedAt") return { commentedAt: 0 };
    if (asked !== "leader") return {};
    return { leader: this.#pagingOf(finding.paging?.gatheredIn) ?? "gone" };
  }

  #place({ id, proposal, paging }: Finding): Place {
    if (paging === undefined || paging.state === "digest") return { kind: "leads" };
    const { opening, priority } = paging;
    const isKnown = this.#openings.some((one) => one.finding === id && one.opening === opening);
    if (isKnown) return { kind: "leads" };
    const begun = this.#openings.filter(({ at }) => at > this.now - OPENINGS_WINDOW_MS);
    const leaders = this.#openings.map((one) => this.#leader(one));
    const { pagesPerHourMax } = this.#setup.paging;
    const place = placeOf({ id, proposal, priority }, begun, leaders, pagesPerHourMax, this.now);
    if (place.kind === "leads") {
      this.#openings.push({ finding: id, opening, priority, at: this.now });
    }
    return place;
  }

  #leader({ finding, priority }: PagingOpening): Leader {
    const paging = this.#pagingOf(finding);
    return {
      ...{ finding, priority, proposal: this.findings.get(finding)?.proposal },
      isUnderWay: paging !== undefined && isUnderWay(paging),
      tellsAt: paging && tellsAt(paging),
    };
  }

  #send(finding: string, page: PageDelivery): void {
    if (page.dueAt > this.now) this.broken.push(`${finding} page before it was due`);
    if (this.#recorded.has(page.id)) this.broken.push(`${finding} page ${page.id} sent again`);
    const isTaken = this.mode === "takes" || this.mode === "takes_silently";
    if (isTaken) this.taken.set(page.id, (this.taken.get(page.id) ?? 0) + 1);
    const told = [...this.findings.values()].flatMap(({ id, paging }) =>
      paging?.state === "gathered" && paging.gatheredIn === finding ? [id] : [],
    );
    this.#flights.push({ finding, page: page.id, told, outcome: this.#outcome() });
  }

  #outcome(): Outcome {
    const at = this.now + TOOK_MS;
    if (this.mode === "takes") return { kind: "handed_over", at, reference: undefined };
    if (this.mode === "refuses") return { kind: "fault", at, fault: "refused", message: "550" };
    const late = this.mode === "fails" ? at : this.now + HANG_MS;
    return { kind: "fault", at: late, fault: "unreachable", message: "timeout" };
  }

  #land({ finding: id, page, told, outcome }: Flight): void {
    const finding = this.findings.get(id);
    if (finding?.paging === undefined) return;
    const said = outcome.kind === "handed_over" ? { ...outcome, told } : outcome;
    const paging = withOutcome(finding.paging, page, said);
    if (outcome.kind === "handed_over") this.#recorded.add(page);
    if (paging !== finding.paging) this.#write({ ...finding, paging });
  }

  /** Steps that begin in their order and not before their time. */
  #noteSteps(before: FindingPaging, after: FindingPaging, id: string): void {
    const known = new Set(before.pages.map((page) => page.id));
    for (const { opening = 0, round, step, dueAt, ...page } of after.pages) {
      if (known.has(page.id) || after.policy === undefined) continue;
      const policy = this.#setup.paging.policies[after.policy];
      const key = (at: number) => `${id} ${opening} ${round} ${at} ${after.policy}`;
      const begunAt = this.#begun.get(key(step)) ?? dueAt;
      this.#begun.set(key(step), Math.min(begunAt, dueAt));
      if (this.#configured.has(id)) continue;
      const previous = this.#begun.get(key(step - 1));
      const waits = (policy?.steps[step]?.afterMinutes ?? 0) * MINUTE_MS;
      const isHastened = (after.skipped ?? []).some((one) => one.round === round);
      if (previous !== undefined && !isHastened && dueAt < previous + waits) {
        this.broken.push(`${id} step ${step} began before its time`);
      }
      const isInOrder = step === 0 || previous !== undefined || isHastened;
      if (!isInOrder) this.broken.push(`${id} step ${step} began without the one before`);
    }
  }

  #pagingOf(id: string | undefined): FindingPaging | undefined {
    return id === undefined ? undefined : this.findings.get(id)?.paging;
  }

  #write(finding: Finding): void {
    const { paging } = finding;
    if (paging !== undefined) {
      findingPagingSchema.parse(paging);
      const { state, stepAt } = paging;
      const mustGoOn = ["escalating", "quiet", "digest"].includes(state);
      if (mustGoOn && stepAt === undefined) this.broken.push(`${finding.id} waits for nothing`);
      if (finding.tenant !== TENANT) this.broken.push(`${finding.id} is of another tenant`);
    }
    this.findings.set(finding.id, finding);
  }
}
