// Windows' servicing log (CBS.log): updates, features and components that are installed or fail to be.
// `2026-11-21 05:38:16, Info                  CBS    Loaded Servicing Stack …`, in the machine's own time.
import { AppError } from "../../../config/errors.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import { isoTime } from "../time-text.ts";

const ECS: FieldTable = {
  "log.level": ["level"],
  "log.logger": ["component"],
  message: ["message"],
};

const HEAD =
  /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}), (Info|Warning|Error|Fatal|Perf) {1,30}(CBS|CSI|DPX|DISM|SQM|TI|WER|CMI|DEPLOY|PERF) {1,10}/;
const HEAD_CHARACTERS = 90;

/** Lines of CBS.log. */
export const windowsServicing: Format = {
  id: "windows-servicing",
  title: "Windows servicing log (CBS.log)",
  reads: "text",
  shape: flatShape({ id: "windows-servicing", family: "windows-servicing", ecs: ECS }),
  dataClass: "content",
  mayClaim: ({ line }) => /\d/.test(line),
  sniff: (line, json) =>
    json === undefined && line[10] === " " && HEAD.test(line.slice(0, HEAD_CHARACTERS)) ? 0.95 : 0,
  parse: (line, context) => {
    const head = HEAD.exec(line.slice(0, HEAD_CHARACTERS));
    if (head === null) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no line of CBS.log: time, level and component were expected",
      );
    }
    const [whole, date, time, level, component] = head;
    const message = line.slice(whole.length).trimEnd();
    return {
      record: { level, component, message },
      time: isoTime(`${date}T${time}`, context),
      identity: undefined,
    };
  },
  ecs: (record) => {
    const document = flatDocument(record, ECS, "servicing");
    put(document, "event.kind", "event");
    put(document, "event.module", "windows");
    put(document, "event.category", ["package"]);
    put(document, "host.os.type", "windows");
    return document;
  },
};
