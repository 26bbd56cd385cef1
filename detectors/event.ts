// What a detector sees of a log record: the record as its parser left it, and a shape that says where
// a Sigma or ECS name lies in it. Parsers (services/normalize) make these; detectors only read them.

/** Keys to follow from the record's root, outermost first. `["winlog", "event_id"]` */
export type FieldPath = readonly string[];

/** The kind of records one parser makes. There is one shape object per format, compared by identity. */
export interface RecordShape {
  /** Name of the format, e.g. `winlogbeat`, `windows-flat`, `auditd`. */
  readonly id: string;
  /** Which table of config/log-sources/ routes and maps it, e.g. `windows`, `linux`, `webserver`. */
  readonly family: string;
  /**
   * Where a name (a Windows event data name such as `CommandLine`, `EventID`, `Channel`, or a dotted
   * ECS name) lies in records of this shape, in order of preference. Called when rules are compiled,
   * never per event. Empty when records of this shape can't hold it.
   */
  readonly locate: (name: string) => readonly FieldPath[];
  /** Sigma log source that the configuration gives the records of a mapped JSON format. */
  readonly logsource?: {
    readonly product?: string | undefined;
    readonly category?: string | undefined;
    readonly service?: string | undefined;
  };
}

/** A parsed record. Keys are the source's own; values are strings, numbers, booleans, null, nested. */
export type ParsedRecord = Readonly<Record<string, unknown>>;

/** One log record on its way through detection. Holds clear text: it never leaves memory. */
export interface LogEvent {
  /** The source's own identity of the record; never a hash of its content. */
  readonly id: string;
  readonly tenant: string;
  /** Name of the configured source (shipper key, file, syslog listener). */
  readonly source: string;
  /** When it happened, milliseconds since 1970 UTC. */
  readonly time: number;
  /** What the source gave as time when that can't be true; then `time` is the time of receipt. */
  readonly claimedTime?: number;
  /** When Heidewacht received it, milliseconds since 1970 UTC. */
  readonly ingestedAt: number;
  readonly shape: RecordShape;
  readonly record: ParsedRecord;
  /** The line or JSON text as it came, for keyword search; undefined when it was not text. */
  readonly text: string | undefined;
  /**
   * What JSON.parse made of `text`, when it was JSON. Where it is `record` itself, nothing was decoded or
   * added since, and what stands in a value stands in the text.
   */
  readonly textRecord?: ParsedRecord | undefined;
  /** Of an event that was put together from several records. */
  readonly joined?: {
    /** What the records share, the same whichever of them are known: signals are counted by it. */
    readonly key: string;
    /** Ids of the records, in the order of their arrival. */
    readonly records: readonly string[];
  };
}

/** One value of an ECS document. */
export type EcsValue = string | number | boolean | readonly string[] | readonly number[];

/**
 * An event written out under ECS names, flat: dotted name → value (`{"host.name": "dc01", …}`).
 * Elasticsearch takes dotted names as they are. Always has `@timestamp` (ISO 8601, UTC).
 */
export type EcsDocument = Record<string, EcsValue>;
