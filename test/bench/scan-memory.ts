// Scans one file with one rule set and prints the most memory that this process ever held, in MiB. The
// scan benchmark starts it as a process of its own, where nothing else takes memory.
import { statSync } from "node:fs";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { runScan } from "../../services/cli/scan-run.ts";

const KIB_PER_MIB = 1024;

guardProcessRegexes();
const [path, rulePath] = process.argv.slice(2);
if (path === undefined || rulePath === undefined) {
  process.stderr.write("SKIPPED scan-memory: call it with a log file and a rule set\n");
} else {
  await runScan({
    settings: {
      rulePaths: [rulePath],
      minLevel: "low",
      timeZone: "UTC",
      key: "5a".repeat(32),
      format: undefined,
      hitsOnly: false,
    },
    files: [{ path, bytes: statSync(path).size }],
    jobs: 1,
    language: "de",
    onHit: () => undefined,
    onProgress: () => undefined,
  });
  process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / KIB_PER_MIB)}\n`);
}
