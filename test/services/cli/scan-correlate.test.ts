// Correlations over the files of a scan: the same hits with one thread or two, whichever file an event lies
// in and in whatever order.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScan } from "../../../services/cli/scan-run.ts";
import type { ScanHit } from "../../../services/cli/scan-thread.ts";
import { STARTER_PACK } from "../../../services/rules/rule-set.ts";

const ACCOUNT = "emustermann";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "heidewacht-scan-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function logon(code: number, seconds: number, account: string): string {
  const time = new Date(Date.UTC(2026, 10, 17, 11, 0, seconds)).toISOString();
  return JSON.stringify({
    EventTime: time.slice(0, 19).replace("T", " "),
    Hostname: "srv-file01.kreis.example",
    EventID: code,
    SourceName: "Microsoft-Windows-Security-Auditing",
    RecordNumber: 1000 + seconds,
    Channel: "Security",
    TargetUserName: account,
    LogonType: 3,
    IpAddress: "10.20.4.117",
    ...(code === 4625 ? { SubStatus: "0xc000006a" } : {}),
  });
}

async function scan(files: readonly (readonly string[])[], jobs: number, hitsOnly = false) {
  const paths = files.map((lines, at) => {
    const path = join(folder, `part${at}.log`);
    writeFileSync(path, `${lines.join("\n")}\n`);
    return { path, bytes: lines.join("\n").length };
  });
  const hits: ScanHit[] = [];
  const summary = await runScan({
    settings: {
      rulePaths: [STARTER_PACK],
      minLevel: "low",
      timeZone: "UTC",
      key: "5a".repeat(32),
      format: undefined,
      hitsOnly,
    },
    files: paths,
    jobs,
    language: "de",
    onHit: (hit) => hits.push(hit),
    onProgress: () => undefined,
  });
  return { summary, hits };
}

const failures = Array.from({ length: 15 }, (_, at) => logon(4625, at * 12, ACCOUNT));
const success = logon(4624, 240, ACCOUNT);
const found = [
  "Kennwort erraten – Anmeldung nach vielen Fehlversuchen",
  "Viele Fehlversuche an einem Konto",
];

describe("a scan", () => {
  it.each([
    ["one file", [[...failures, success]], 1],
    ["two files", [failures.slice(0, 8), [...failures.slice(8), success]], 1],
    ["two files and two threads", [failures.slice(0, 8), [...failures.slice(8), success]], 2],
    ["lines in the wrong order", [[success, ...failures.toReversed()]], 1],
  ])("joins what lies in %s", async (_what, files, jobs) => {
    const { summary } = await scan(files, jobs);
    expect(summary.findings.map(({ detector }) => detector.title).sort()).toEqual(found);
    const chain = summary.findings.find(({ detector }) => detector.level === "high");
    expect(chain?.evidence[0]?.events).toHaveLength(16);
    expect(chain?.evidence[0]?.events[0]?.document["event.code"]).toBe("4625");
    expect(JSON.stringify(summary)).not.toContain(ACCOUNT);
  });

  it("names the last event of a correlation as its hit", async () => {
    const { hits } = await scan([[...failures, success]], 1, true);
    expect(hits.slice(-2).map(({ line }) => line)).toEqual([15, 16]);
  });

  it("joins nothing where too little came", async () => {
    const { summary } = await scan([[...failures.slice(0, 14), success]], 1);
    expect(summary.findings).toEqual([]);
  });
});
