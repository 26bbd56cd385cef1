// Turns drafts into records: counts positions per log, renders the text, gives the identity that the
// format carries (record number, channel and computer; file and number of the line).
import { hash32 } from "../random.ts";
import { type SimulatedRecord, SOURCES } from "../record.ts";
import type { Draft, WindowsDraft } from "./draft.ts";
import { flatText } from "./windows-flat.ts";
import { winlogbeatText } from "./winlogbeat.ts";

/** A function that stamps drafts in the order of their time. */
export function createStamp(
  seed: string,
  utcOffsetMs: (time: number) => number,
): (draft: Draft) => SimulatedRecord {
  const positions = new Map<string, number>();
  const advance = (stream: string) => {
    const position = (positions.get(stream) ?? hash32(`${seed}/${stream}`) % 4_000_000) + 1;
    positions.set(stream, position);
    return position;
  };
  return (draft) => {
    if (draft.kind === "windows") return stampWindows(draft, advance, utcOffsetMs(draft.time));
    const position = advance(draft.stream);
    return {
      id: `${draft.stream}:${position}`,
      time: draft.time,
      source: draft.source,
      format: SOURCES[draft.source].format,
      text: draft.line(position),
      ...(draft.step === undefined ? {} : { step: draft.step }),
    };
  };
}

function stampWindows(
  draft: WindowsDraft,
  advance: (stream: string) => number,
  utcOffsetMs: number,
): SimulatedRecord {
  const { host, type } = draft;
  // A Linux host writes no Windows events; the type of a draft's host can't say so.
  const source = host.source === "linux" ? "servers" : host.source;
  const { format } = SOURCES[source];
  const stream = `${host.fqdn}/${type.channel}`;
  const number = advance(stream);
  return {
    id: `${stream}/${number}`,
    time: draft.time,
    source,
    format,
    text:
      format === "windows-flat"
        ? flatText(draft, number, utcOffsetMs)
        : winlogbeatText(draft, number),
    ...(draft.step === undefined ? {} : { step: draft.step }),
  };
}
