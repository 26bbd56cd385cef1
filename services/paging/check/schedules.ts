// What is wrong with schedules: times that there are not, hours that nobody covers, layers that never count,
// and people on duty whom a page for the priority would not reach.
import type { Priority, TenantPaging } from "../../../config/paging.ts";
import type { Schedule } from "../../../config/paging-schedules.ts";
import { uncoveredSpans } from "../duty/coverage.ts";
import { layerWithin } from "../duty/shifts.ts";
import { joined, outside, type Span } from "../duty/spans.ts";
import { type PagingFault, pagingFault } from "./messages.ts";
import { named, prioritiesOf, type Subject, waysOf } from "./subject.ts";

const DAY_MS = 86_400_000;
/** A year and a day: every holiday and both changes of clocks lie within. */
const AHEAD_DAYS = 366;
const SPANS_TOLD_MAX = 3;

/** What is known of one schedule. */
interface KnownSchedule {
  /** People who get turns; undefined where the schedule can't be reckoned with. */
  readonly people: readonly string[] | undefined;
  readonly faults: readonly PagingFault[];
}

/** Looks at one schedule by itself. */
export function knowSchedule(
  name: string,
  schedule: Schedule,
  { now, timeZone, path }: Pick<Subject, "now" | "timeZone" | "path">,
): KnownSchedule {
  const at = `${path}.schedules.${name}`;
  const ignored = [
    ...schedule.layers.map(({ hours }, layer) => ({ hours, at: `${at}.layers.${layer}.hours` })),
    { hours: schedule.uncovered, at: `${at}.uncovered` },
  ].flatMap((one) =>
    (one.hours ?? []).flatMap(({ days, holidays }, index) =>
      days !== undefined && holidays === "only"
        ? [pagingFault("warning", `${one.at}.${index}.days`, "days_ignored")]
        : [],
    ),
  );
  const wrong = timeFaults(schedule, at);
  if (wrong.length > 0) return { people: undefined, faults: [...ignored, ...wrong] };
  const span = { from: now, until: now + AHEAD_DAYS * DAY_MS };
  const hidden = hiddenLayers(schedule, span, schedule.timeZone ?? timeZone);
  const people = schedule.layers.flatMap((layer, index) =>
    hidden.includes(index) ? [] : layer.people,
  );
  const faults = hidden.map((layer) =>
    pagingFault("warning", `${at}.layers.${layer}`, "layer_hidden", name, String(layer + 1)),
  );
  return { people: [...new Set(people)], faults: [...ignored, ...faults] };
}

/** Hours without anybody, and people without a way, in the schedules that policies page. */
export function dutyFaults(subject: Subject): PagingFault[] {
  return [...subject.onDuty].flatMap(([name, people]) => {
    const schedule = named(subject.paging.schedules, name);
    const priorities = pagedFor(name, subject.paging);
    if (schedule === undefined || priorities.length === 0) return [];
    const isUrgent = priorities.includes("p1") || priorities.includes("p2");
    return [
      ...uncoveredFaults(name, schedule, isUrgent, subject),
      ...people.flatMap((person) =>
        named(subject.paging.people, person) === undefined
          ? []
          : unreachableFaults(person, name, priorities, subject),
      ),
    ];
  });
}

/** Priorities whose policy pages a schedule. */
function pagedFor(schedule: string, paging: TenantPaging): Priority[] {
  const found = Object.entries(paging.policies)
    .filter(([, { steps }]) =>
      steps.some(({ to }) => to.some((one) => "schedule" in one && one.schedule === schedule)),
    )
    .flatMap(([policy]) => prioritiesOf(policy, paging));
  return [...new Set(found)].sort();
}

function timeFaults({ timeZone, layers }: Schedule, at: string): PagingFault[] {
  const faults = layers.flatMap(({ begins }, layer) =>
    isPossible(() => Temporal.PlainDateTime.from(begins, { overflow: "reject" }))
      ? []
      : [pagingFault("error", `${at}.layers.${layer}.begins`, "begins_impossible", begins)],
  );
  if (timeZone === undefined) return faults;
  return isPossible(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone))
    ? faults
    : [...faults, pagingFault("error", `${at}.timeZone`, "zone_unknown", timeZone)];
}

/** Temporal refuses what there is not by a RangeError. */
function isPossible(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function hiddenLayers({ layers }: Schedule, span: Span, zone: string): number[] {
  const hidden: number[] = [];
  let above: Span[] = [];
  for (let layer = layers.length - 1; layer >= 0; layer -= 1) {
    const one = layers[layer];
    if (one === undefined) continue;
    const own = layerWithin(one, span, zone);
    if (own.length > 0 && outside(own, above).length === 0) hidden.push(layer);
    above = joined([...above, ...own]);
  }
  return hidden;
}

function uncoveredFaults(
  name: string,
  schedule: Schedule,
  isUrgent: boolean,
  { now, timeZone, path }: Subject,
): PagingFault[] {
  const span = { from: now, until: now + AHEAD_DAYS * DAY_MS };
  const spans = uncoveredSpans(schedule, [], span, timeZone);
  if (spans.length === 0) return [];
  const zone = schedule.timeZone ?? timeZone;
  const first = spans.slice(0, SPANS_TOLD_MAX).map((one) => shownSpan(one, zone));
  const told = [...first, ...(spans.length > SPANS_TOLD_MAX ? ["…"] : [])].join(", ");
  const severity = isUrgent ? "error" : "warning";
  const at = `${path}.schedules.${name}`;
  return [pagingFault(severity, at, "hours_uncovered", name, String(spans.length), told)];
}

/** `2026-12-25 08:00/2026-12-25 17:00`, on the clock of the schedule. */
function shownSpan({ from, until }: Span, zone: string): string {
  const shown = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toString({ smallestUnit: "minute" })
      .replace("T", " ");
  return `${shown(from)}/${shown(until)}`;
}

function unreachableFaults(
  person: string,
  schedule: string,
  priorities: readonly Priority[],
  subject: Subject,
): PagingFault[] {
  const at = `${subject.path}.people.${person}.contacts`;
  return priorities
    .filter((priority) => waysOf({ person }, priority, subject).length === 0)
    .map((priority) => pagingFault("error", at, "person_unreachable", person, schedule, priority));
}
