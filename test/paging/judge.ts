// Judges what peers got: whether everybody who was to be called was called, in time, and nobody else. It reads
// policies and duty by its own plain reckoning; of what the stage wrote it takes which page stands for what.
import type { KeptFinding } from "./commands.ts";
import type { Life, Outage, Told } from "./course.ts";
import { END } from "./draw.ts";
import type { Delivery } from "./peers.ts";
import { plainDuty, plainlyAwake } from "./plain-duty.ts";
import type { PeerAddresses } from "./settings.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LATE_MS = 5000;
const SETTLE_MS = 500;
const ACTION_MS = 30 * MINUTE_MS;
const OPENINGS_MAX = 5;

export interface Verdict {
  readonly deliveries: number;
  readonly lost: readonly string[];
  readonly duplicates: number;
  readonly late: readonly string[];
  readonly wrong: readonly string[];
  readonly steps: number;
}

/** Page ids of one finding, as its document names them. */
type Page = NonNullable<KeptFinding["paging"]>["pages"][number];

interface Group {
  readonly round: number;
  readonly step: number;
  readonly pages: readonly Page[];
  /** When it began, by the test's clock. */
  readonly at: number;
}

export function judge(
  told: Told,
  deliveries: readonly Delivery[],
  addresses: PeerAddresses,
): Verdict {
  const first = new Map<string, Delivery>();
  for (const one of deliveries) if (!first.has(one.id)) first.set(one.id, one);
  const kept = new Map(told.findings.map((one) => [one.id, one]));
  const known = new Set(
    told.findings.flatMap(({ paging }) => paging?.pages ?? []).map(({ id }) => id),
  );
  const lost: string[] = [];
  const late: string[] = [];
  const wrong = deliveries
    .filter(({ id }) => !known.has(id))
    .map(({ id }) => `${id} is of no finding`);
  const openings = openingTimes(told);
  let steps = 0;
  for (const life of told.lives) {
    const finding = life.id === undefined ? undefined : kept.get(life.id);
    if (finding?.paging === undefined) {
      if (finding === undefined || finding.score >= 40) lost.push(`finding ${life.drawn.number}`);
      continue;
    }
    const about = { life, finding, told, first, kept, addresses, openings };
    const groups = groupsOf(finding.paging.pages, told, first);
    steps += groups.length;
    lost.push(...lostPages(about), ...untold(about, groups));
    wrong.push(...wrongReceivers(about, groups));
    const chain = chainOf(about, groups);
    late.push(...chain.late);
    lost.push(...chain.missing);
  }
  return {
    ...{ deliveries: deliveries.length, duplicates: deliveries.length - first.size },
    ...{ lost, late, wrong, steps },
  };
}

interface About {
  readonly life: Life;
  readonly finding: KeptFinding;
  readonly told: Told;
  readonly first: ReadonlyMap<string, Delivery>;
  readonly kept: ReadonlyMap<string, KeptFinding>;
  readonly addresses: PeerAddresses;
  readonly openings: readonly number[];
}

const nameOf = ({ life }: About) => `finding ${life.drawn.number}`;

/** Steps in the order in which they began. */
function groupsOf(pages: readonly Page[], told: Told, first: About["first"]): Group[] {
  const groups: { round: number; step: number; pages: Page[]; at: number }[] = [];
  for (const page of pages) {
    const seen = [told.seenAt.get(page.id), page.sentAt, first.get(page.id)?.at];
    const at = Math.min(...seen.map((one) => one ?? Number.POSITIVE_INFINITY));
    const last = groups.at(-1);
    // What was written together is one step: of two openings the same one may follow upon itself.
    const seenAt = told.seenAt.get(page.id);
    const isSame =
      last?.round === page.round &&
      last.step === page.step &&
      last.pages.every(({ id }) => told.seenAt.get(id) === seenAt);
    if (isSame && last !== undefined) {
      last.pages.push(page);
      last.at = Math.min(last.at, at);
    } else groups.push({ round: page.round, step: page.step, pages: [page], at });
  }
  return groups;
}

/** What was written down and reached nobody although nobody had answered. */
function lostPages({ life, finding, first, told }: About): string[] {
  return (finding.paging?.pages ?? []).flatMap((page) => {
    if (first.has(page.id)) return [];
    const isAnswered = answeredAt(life, page.at ?? END) !== undefined;
    if (page.state === "dropped" && (isAnswered || told.wasGathered.has(finding.id))) return [];
    return [`finding ${life.drawn.number} page ${page.id} ${page.state}: ${page.fault ?? ""}`];
  });
}

/** When people took it or closed it, up to a moment. */
function answeredAt({ acknowledgedAt, closedAt }: Life, until: number): number | undefined {
  return [...acknowledgedAt, ...(closedAt === undefined ? [] : [closedAt])].find(
    (at) => at <= until + 1000,
  );
}

/** Whether somebody was told of the finding at all, by its own page or by the one it was told with. */
function untold(about: About, groups: readonly Group[]): string[] {
  const { life, finding, first, kept } = about;
  if (groups.some(({ pages }) => pages.some(({ id }) => first.has(id)))) return [];
  const dueAt = shifted(about, (life.raisedAt ?? 0) + SETTLE_MS);
  const endedAt = Math.min(life.closedAt ?? END, ...life.acknowledgedAt);
  const { gatheredIn, gatheredAt = 0, policy } = finding.paging ?? {};
  const waits = policy === undefined ? 26 * HOUR_MS : 12 * HOUR_MS;
  if (gatheredIn !== undefined) {
    const pages = kept.get(gatheredIn)?.paging?.pages ?? [];
    if (pages.some(({ id }) => (first.get(id)?.at ?? 0) >= gatheredAt)) return [];
    // Whoever takes what tells of it, takes it too.
  }
  const isEarly = about.told.wasGathered.has(finding.id) || policy === undefined || isFull(about);
  if (endedAt <= dueAt + LATE_MS || (isEarly && endedAt <= dueAt + waits)) return [];
  return [`${nameOf(about)} was told to nobody`];
}

/** Moments at which findings began to page by themselves. */
function openingTimes(told: Told): number[] {
  return told.findings
    .flatMap(({ paging }) => {
      const [page] = paging?.pages ?? [];
      const at = page === undefined ? undefined : (told.seenAt.get(page.id) ?? page.sentAt);
      return at === undefined ? [] : [at];
    })
    .sort((a, b) => a - b);
}

function isFull({ life, openings }: About): boolean {
  const at = life.raisedAt ?? 0;
  return openings.filter((one) => one > at - HOUR_MS && one <= at + HOUR_MS).length >= OPENINGS_MAX;
}

interface Step {
  readonly afterMs: number;
  readonly to: (at: number) => readonly string[];
}

/** The policies as people read them. */
function policyOf({ finding, addresses }: About): {
  steps: Step[];
  rounds: number;
  againMs: number;
} {
  const isUrgent = finding.paging?.priority === "p1";
  const { erste, zweite } = addresses.rooms;
  const people: Readonly<Record<string, readonly string[]>> = {
    erste: ["ntfy erste", `matrix ${erste}`, ...(isUrgent ? ["sms +4915100000001"] : [])],
    zweite: [`matrix ${zweite}`, "sms +4915100000002"],
    dritte: ["ntfy dritte", "mail dritte@kreis.example"],
    leitung: ["sms +4915100000009", "webhook leitung"],
  };
  const of = (...names: string[]) => names.flatMap((name) => people[name] ?? []);
  const onCall: Step = { afterMs: 0, to: (at) => of(plainDuty(at)) };
  if (!isUrgent) {
    const lead: Step = { afterMs: 20 * MINUTE_MS, to: () => of("leitung") };
    return { steps: [onCall, lead], rounds: 2, againMs: 30 * MINUTE_MS };
  }
  const both: Step = { afterMs: 10 * MINUTE_MS, to: (at) => of("leitung", plainDuty(at)) };
  const room: Step = { afterMs: 10 * MINUTE_MS, to: () => ["mail lage@kreis.example"] };
  return { steps: [onCall, both, room], rounds: 3, againMs: 15 * MINUTE_MS };
}

function wrongReceivers(about: About, groups: readonly Group[]): string[] {
  if (about.finding.paging?.policy === undefined) return [];
  const { steps } = policyOf(about);
  return groups.flatMap(({ step, pages, at }) => {
    const base = Math.min(...pages.map(({ dueAt }) => dueAt));
    const fit = [base, at].map((moment) => new Set(steps[step]?.to(moment)));
    const got = pages
      .flatMap(({ id }) => about.first.get(id) ?? [])
      .map(({ channel, to }) => `${channel} ${to}`);
    const isRight = fit.some((set) => got.every((one) => set.has(one)));
    const isWhole = fit.some((set) => set.size === pages.length);
    const where = `${nameOf(about)} step ${step} at ${new Date(at).toISOString()}`;
    return isRight && isWhole ? [] : [`${where}: ${got.join(", ")} of ${pages.length}`];
  });
}

/** A moment, later where nothing could be done then. */
function shifted({ told, finding }: About, at: number): number {
  let moment = at;
  for (let before = Number.NaN; before !== moment; ) {
    before = moment;
    const held = told.outages.filter(
      (one: Outage) => one.from - LATE_MS <= moment && moment < one.until,
    );
    moment = Math.max(moment, ...held.map(({ until }) => until));
    if (finding.paging?.priority === "p2") moment = plainlyAwake(moment);
  }
  return moment;
}

/** Whether each step began when it had to, and none is missing. */
function chainOf(about: About, groups: readonly Group[]): { late: string[]; missing: string[] } {
  const { life, finding, told } = about;
  const late: string[] = [];
  const missing: string[] = [];
  if (finding.paging?.policy === undefined) return { late, missing };
  const { steps, rounds, againMs } = policyOf(about);
  const isAlone = !told.wasGathered.has(finding.id) && !isFull(about);
  let due = isAlone ? shifted(about, (life.raisedAt ?? 0) + SETTLE_MS) : undefined;
  for (const { round, step, at } of groups) {
    const taken = life.acknowledgedAt.find((one) => one <= at);
    if (round === 0 && step === 0 && taken !== undefined) due = shifted(about, taken + ACTION_MS);
    if (due !== undefined && at - due > LATE_MS) {
      late.push(
        `${nameOf(about)} round ${round} step ${step} ${Math.round((at - due) / 1000)} s late`,
      );
    }
    const next = steps[step + 1];
    const isOver = next === undefined && round + 1 >= rounds;
    due = isOver ? undefined : shifted(about, at + (next?.afterMs ?? againMs));
  }
  const ends = [...life.acknowledgedAt, life.closedAt ?? END];
  const lastAt = groups.at(-1)?.at ?? 0;
  const end = Math.min(...ends.filter((one) => one >= lastAt), END);
  if (due !== undefined && groups.length > 0 && end > due + LATE_MS) {
    missing.push(`${nameOf(about)}: a step due at ${new Date(due).toISOString()} never began`);
  }
  return { late, missing };
}
