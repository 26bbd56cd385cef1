// The Linux and OpenSSH sets of Loghub outside the project: each line is read by a format of its own, with
// program, process id and message as the set's own table has them. Skipped, and named so, where they are
// missing.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";

const FOLDER = new URL("../../../../../shared/data/anomaly/loghub_2k/", import.meta.url);
const missing = !existsSync(FOLDER);
const note = missing ? " (SKIPPED: ../shared/data is missing)" : "";
const FORMATS = new Set(["linux-auth", "linux-system"]);

describe("recorded Linux lines", () => {
  it.skipIf(missing).each([
    ["Linux", ["Component", "PID", "Content"]],
    ["OpenSSH", ["", "Pid", "Content"]],
  ])(
    `of the set %s are all read as their table has them${note}`,
    (set, [program, pid, content]) => {
      const lines = read(`${set}/${set}_2k.log`).split(/\r?\n/).filter(Boolean);
      const [head = [], ...rows] = tableOf(read(`${set}/${set}_2k.log_structured.csv`));
      expect(lines).toHaveLength(2000);
      expect(rows).toHaveLength(2000);
      const normalizer = createNormalizer({ mappings: [] });
      const wrong = lines.flatMap((text, index) => {
        const result = normalizer.normalize(
          {
            id: String(index),
            idFromSender: false,
            source: set,
            timeZone: "UTC",
            receivedAt: Date.UTC(2026, 10, 21),
            text,
          },
          "t",
        );
        const { event, format } = eventOrThrow(result);
        const expected = (name: string | undefined) => rows[index]?.[head.indexOf(name ?? "")];
        const { record } = event;
        const isRight =
          FORMATS.has(format.id) &&
          (program === "" ? "sshd" : expected(program)) === record.program &&
          expected(pid) === (record.pid ?? "") &&
          expected(content)?.trim() === String(record.message).trim();
        return isRight ? [] : [`${format.id}: ${text} | ${rows[index]?.join(",")}`];
      });
      expect(wrong).toEqual([]);
    },
  );
});

function read(path: string): string {
  return readFileSync(new URL(path, FOLDER), "utf8");
}

// RFC 4180, without line breaks inside fields.
function tableOf(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter(Boolean)
    .map((row) =>
      [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
      ),
    );
}
