// The logs of dockerd and containerd themselves: `time="…" level=… msg="…" key=value`, bare or in syslog.
import { AppError } from "../../../config/errors.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { readPairs } from "../key-values.ts";
import { isoTime } from "../time-text.ts";

const ECS: FieldTable = {
  "host.name": ["host"],
  "process.name": ["program"],
  "container.id": ["container", "container_id", "id"],
  "container.image.name": ["image"],
  "error.message": ["error"],
  "log.level": ["level"],
  message: ["msg"],
};

/** Lines of the Docker and containerd daemons. */
export const dockerDaemon: Format = {
  id: "docker-daemon",
  title: "Docker and containerd daemons",
  reads: "text",
  shape: flatShape({ id: "docker-daemon", family: "container", ecs: ECS }),
  dataClass: "security",
  mayClaim: ({ line, message }) => line === "t" || message === "t",
  sniff: (line, json) => (json === undefined && pairsOf(line) !== undefined ? 0.9 : 0),
  parse: (line, context) => {
    const text = pairsOf(line);
    if (text === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        'no daemon line: `time="…" level=… msg=…` was expected',
      );
    }
    const frame = text === line ? undefined : contentOf(line);
    const record: Record<string, unknown> = {};
    if (frame?.host !== undefined) record.host = frame.host;
    if (frame?.program !== undefined) record.program = frame.program;
    readPairs(text, 0, true, (key, value) => {
      if (key !== "") setField(record, key, value.replace(/\\(["\\])/g, "$1"));
    });
    const written = typeof record.time === "string" ? isoTime(record.time, context) : undefined;
    const time = written ?? (frame === undefined ? undefined : frameTime(frame, context));
    return { record, time, identity: undefined };
  },
  ecs: (record) => {
    const document = flatDocument(record, ECS, "docker", new Set(["time"]));
    put(document, "event.kind", "event");
    put(document, "event.category", ["process"]);
    if (record.level === "error" || record.level === "fatal") {
      put(document, "event.outcome", "failure");
    }
    return document;
  },
};

function pairsOf(line: string): string | undefined {
  const text = line.startsWith('time="') ? line : contentOf(line)?.message;
  if (text === undefined || !text.startsWith('time="')) return undefined;
  return /^time="\d{4}-\d\d-\d\d[T ][^"]{5,40}" level=[a-z]{4,8} msg=/.test(text.slice(0, 100))
    ? text
    : undefined;
}
