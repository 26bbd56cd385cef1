// A record before it is given out: position numbers and text are made when its time has come, so that
// record numbers and file offsets rise with time as they do on real machines.
import type { Host } from "../county/county.ts";
import type { SourceName } from "../record.ts";
import type { WindowsEventType } from "./windows-event.ts";

/** A Windows event log record. */
export interface WindowsDraft {
  readonly kind: "windows";
  readonly time: number;
  readonly host: Host;
  readonly type: WindowsEventType;
  readonly data: Readonly<Record<string, string>>;
  readonly step?: string;
}

/** A line of a text or JSON log. */
export interface LineDraft {
  readonly kind: "line";
  readonly time: number;
  readonly source: SourceName;
  /** File or device in which positions are counted. */
  readonly stream: string;
  /** The line; `position` is the number of the record in its stream. */
  readonly line: (position: number) => string;
  readonly step?: string;
}

export type Draft = WindowsDraft | LineDraft;
