// Lines of Graphite's plaintext protocol: path, value, seconds since 1970; a path may have tags behind it.
// collectd (write_graphite), Telegraf, Icinga and many appliances send it.
// Grammar: graphite.readthedocs.io, "Feeding In Your Data" and "Graphite Tag Support".
import { AppError } from "../../../config/errors.ts";
import type { Format } from "../format.ts";
import { metricDocument, metricRecord, metricShape } from "./metric-record.ts";

/** A path has a dot or a tag and begins with a letter, or a word, a number and a time would be one. */
const LINE =
  /^([A-Za-z_][^\s;{}"=]{0,400})((?:;[^\s;=]{1,100}=[^\s;]{1,300}){0,40})[ \t]+([+-]?\d{1,30}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,3})?|NaN|nan)[ \t]+(\d{9,10})(?:\.\d{1,9})?\s*$/;

/** Graphite plaintext. */
export const graphite: Format = {
  id: "graphite",
  title: "Graphite plaintext",
  reads: "text",
  shape: metricShape("graphite"),
  dataClass: "network",
  mayClaim: ({ line, isFramed }) => !isFramed && /^[A-Za-z_]$/.test(line),
  sniff(line) {
    const [, path = "", tags = ""] = LINE.exec(line.slice(0, 20_000)) ?? [];
    return path.includes(".") || tags !== "" ? 0.93 : 0;
  },
  parse(line) {
    const found = LINE.exec(line.slice(0, 20_000));
    if (found === null) {
      throw new AppError("HW_PARSE_FAILED", "no line of Graphite: path, value, time were expected");
    }
    const [, path = "", tags = "", value, time] = found;
    const labels = tags.split(";").flatMap((tag) => {
      const equals = tag.indexOf("=");
      return equals < 1 ? [] : [[tag.slice(0, equals), tag.slice(equals + 1)] as const];
    });
    return {
      record: metricRecord(path, labels, [[path, Number(value)]]),
      time: Number(time) * 1000,
      identity: undefined,
    };
  },
  ecs: metricDocument,
};
