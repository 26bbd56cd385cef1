// The filter of the queue as it stands in the address bar: what somebody sees can be sent as a link.
import type { Finding } from "../../store/finding.ts";
import { type AddressSpan, isInSpan, readSpan, spanParams } from "./address-span.ts";

type Status = Finding["status"];
export type Quiet = "none" | "silenced" | "inhibited" | "excepted" | "maintenance";
type Level = Finding["detector"]["level"];

export const STATUS_ORDER: readonly Status[] = ["new", "in_progress", "closed"];
export const LEVEL_ORDER: readonly Level[] = ["critical", "high", "medium", "low", "informational"];
export const SORTS = ["score", "last", "first"] as const;
type QueueSort = (typeof SORTS)[number];

/** Filter and order of the queue. Missing keys mean the default: what is open by score, grouped. */
export interface QueueSearch extends AddressSpan {
  /** Findings one by one, though nothing is filtered. */
  readonly view?: "list";
  readonly status?: readonly Status[];
  readonly level?: readonly Level[];
  /** Findings that are out of the queue; missing: those in it. */
  readonly quiet?: readonly Quiet[];
  readonly text?: string;
  readonly sort?: QueueSort;
}

export const OPEN_STATUS: readonly Status[] = ["new", "in_progress"];
const IN_QUEUE: readonly Quiet[] = ["none"];
export const HIDDEN: readonly Quiet[] = ["silenced", "inhibited", "excepted", "maintenance"];
const TEXT_CHARS_MAX = 200;

/** Reads the search of an address; what does not fit is left out. */
export function readQueueSearch(raw: Readonly<Record<string, unknown>>): QueueSearch {
  const status = pick(raw.status, STATUS_ORDER);
  const level = pick(raw.level, LEVEL_ORDER);
  const quiet = pick(raw.quiet, HIDDEN);
  const text = typeof raw.text === "string" ? raw.text.slice(0, TEXT_CHARS_MAX) : "";
  const sort = SORTS.find((name) => name === raw.sort && name !== "score");
  return {
    ...(raw.view === "list" ? { view: "list" as const } : {}),
    ...(status.length > 0 ? { status } : {}),
    ...(level.length > 0 ? { level } : {}),
    ...(quiet.length > 0 ? { quiet } : {}),
    ...(text === "" ? {} : { text }),
    ...(sort === undefined ? {} : { sort }),
    ...readSpan(raw),
  };
}

/** Whether proposed incidents stand in place of their findings: only where nothing is filtered. */
export function isGrouped(search: QueueSearch): boolean {
  return Object.keys(search).length === 0;
}

/** The filter as the API takes it, without order and page. */
export function filterParams(search: QueueSearch): Record<string, string> {
  return {
    status: (search.status ?? OPEN_STATUS).join(","),
    quiet: (search.quiet ?? IN_QUEUE).join(","),
    ...(search.level ? { level: search.level.join(",") } : {}),
    ...(search.text ? { text: search.text } : {}),
    ...spanParams(search),
  };
}

/** Whether a finding belongs in the list under this filter; text is the server's to judge. */
export function fitsSearch(
  search: QueueSearch,
  finding: {
    readonly status: Status;
    readonly level: Level;
    readonly quiet: readonly Quiet[];
    readonly lastEventAt: number;
  },
): boolean {
  const status = search.status ?? OPEN_STATUS;
  const quiet = search.quiet ?? IN_QUEUE;
  return (
    status.includes(finding.status) &&
    (search.level?.includes(finding.level) ?? true) &&
    isInSpan(search, finding.lastEventAt) &&
    finding.quiet.some((one) => quiet.includes(one))
  );
}

function pick<T extends string>(raw: unknown, known: readonly T[]): T[] {
  const wanted = Array.isArray(raw) ? raw : typeof raw === "string" ? raw.split(",") : [];
  return known.filter((name) => wanted.includes(name));
}
