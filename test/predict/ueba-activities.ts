// Logons and program starts of the behaviour sets: one JSON object a line (`events.jsonl`, also gzipped), and
// the account-days to score, `day:account` with days counted from the first event's date in UTC.
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import type { LogonActivity, ProcessActivity } from "../../detectors/anomaly/activity.ts";

const lineSchema = z.object({
  ts: z.string(),
  type: z.enum(["auth", "process"]),
  user: z.string(),
  dept: z.string().optional(),
  host: z.string(),
  src: z.string().optional(),
  outcome: z.string().optional(),
  method: z.string().optional(),
  geo: z.string().optional(),
  process: z.string().optional(),
});

/** The file or files with events under a path: the path itself, or what its folder holds. */
export function eventFiles(path: string): readonly string[] {
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(jsonl|ndjson)(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** The activities of these files, in the order (time, place in the file). */
export async function readActivities(
  files: readonly string[],
): Promise<readonly (LogonActivity | ProcessActivity)[]> {
  const activities: (LogonActivity | ProcessActivity)[] = [];
  for (const file of files) {
    const raw = createReadStream(file);
    const input = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === "") continue;
      const parsed = lineSchema.parse(JSON.parse(line));
      activities.push(activityOf(parsed, `${activities.length}`.padStart(9, "0")));
    }
  }
  return activities.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
}

function activityOf(line: z.infer<typeof lineSchema>, id: string): LogonActivity | ProcessActivity {
  const common = { id, time: Date.parse(line.ts), source: "ueba", peers: line.dept };
  if (line.type === "process") {
    return {
      ...{ ...common, kind: "process", host: line.host, account: line.user },
      ...{ process: (line.process ?? "").toLowerCase(), parent: undefined },
    };
  }
  return {
    ...{ ...common, kind: "logon", account: line.user, host: line.host, from: line.src },
    ...{ succeeded: line.outcome === "success", method: line.method },
    country: line.geo === undefined || line.geo === "-" ? undefined : line.geo,
  };
}
