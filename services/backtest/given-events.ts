// Events for a backtest out of lines that somebody gives: read as an input would read them, matched in
// clear text in memory, and told of without identities.
import type { EcsDocument, LogEvent } from "../../detectors/event.ts";
import { ecsDocument } from "../normalize/ecs-document.ts";
import type { Format } from "../normalize/format.ts";
import type { Normalizer } from "../normalize/normalizer.ts";
import type { JoinableEvent, RecordJoiner } from "../normalize/record-joiner.ts";
import type { IdentityMap, Privacy } from "../privacy/privacy.ts";
import type { BacktestEvent } from "./result.ts";

export interface GivenEventsTools {
  readonly tenant: string;
  readonly normalizer: Normalizer;
  readonly joiner: RecordJoiner;
  readonly privacy: Privacy;
  readonly view: (event: LogEvent) => LogEvent;
  /** Zone of lines whose times have none. */
  readonly timeZone: string;
  /** Format of all lines; undefined: each is found out. */
  readonly format: string | undefined;
  /** Milliseconds since 1970 UTC, for lines without a time. */
  readonly now: () => number;
  /** Told of each line that no format reads. */
  readonly onUnparsed: () => void;
}

/** A line with its number in its file. */
interface GivenLine {
  readonly text: string;
  readonly line: number;
}

/** @param place names the file; events are called `place:line` where they have no identity */
export function* givenEvents(
  place: string,
  lines: readonly GivenLine[],
  tools: GivenEventsTools,
): Generator<BacktestEvent> {
  const { tenant, normalizer, timeZone, format } = tools;
  const receivedAt = tools.now();
  const waiting: JoinableEvent[] = [];
  for (const [index, { text, line }] of lines.entries()) {
    const raw = { id: `${place}:${line}`, idFromSender: false, source: place, receivedAt };
    const parsed = normalizer.normalize({ ...raw, format, timeZone, text }, tenant);
    if ("fault" in parsed) tools.onUnparsed();
    if (!("event" in parsed)) continue;
    if (parsed.format.join?.keyOf(parsed.event.record) === undefined) {
      yield given(parsed.event, parsed.format, tools);
    } else waiting.push({ ...parsed, index });
  }
  for (const joined of tools.joiner.join(waiting)) yield given(joined.event, joined.format, tools);
}

function given(
  event: LogEvent,
  format: Format,
  { tenant, privacy, view }: GivenEventsTools,
): BacktestEvent {
  let evidence: { document: EcsDocument; identities: IdentityMap } | undefined;
  return {
    event: view(event),
    evidence: () => {
      if (evidence === undefined) {
        const document = ecsDocument(event, format);
        evidence = { document, identities: privacy.protectDocument(tenant, document) };
      }
      return evidence;
    },
  };
}
