import { beforeAll, describe, expect, it } from "vitest";
import { awkwardLines, faultsInOrder, faultsOf } from "../../support/awkward-lines.ts";
import {
  AUTHORIZATION_TOKEN,
  KEY,
  openShipperIngest,
  parseAll,
  type ShipperIngest,
} from "../../support/shipper-ingest.ts";
import { fetchShippers, runShipper, shipperFolder } from "../../support/shippers.ts";

const LINES = awkwardLines(2000, 40_000);
const FIRST_MICROSECONDS = 1_790_000_000_000_000;

beforeAll(fetchShippers);

/** A journal with our lines as sshd's, written by systemd-journal-remote out of the export format. */
async function writeJournal(folder: ReturnType<typeof shipperFolder>): Promise<string> {
  const path = `${folder.path}/test.journal`;
  const entries = LINES.map(
    (line, at) => `__REALTIME_TIMESTAMP=${FIRST_MICROSECONDS + at * 1000}
__MONOTONIC_TIMESTAMP=${1_000_000 + at * 1000}
_BOOT_ID=0a1b2c3d4e5f60718293a4b5c6d7e8f9
_MACHINE_ID=00112233445566778899aabbccddeeff
_HOSTNAME=web01
PRIORITY=4
SYSLOG_IDENTIFIER=fachverfahren
_PID=4711
_TRANSPORT=syslog
MESSAGE=${line}
`,
  );
  const source = folder.write("entries.export", `${entries.join("\n")}\n`);
  await runShipper("systemd-journal-remote", ["--output", path, source]);
  return path;
}

async function check(ingest: ShipperIngest, inOrder: boolean): Promise<void> {
  const events = parseAll(ingest.records);
  const messages = events.map(({ record }) => String(record.message));
  expect((inOrder ? faultsInOrder : faultsOf)(messages, LINES)).toEqual([]);
  expect(new Set(events.map(({ format }) => format))).toEqual(new Set(["journald"]));
  const first = events.find(({ record }) => record.message === LINES[0])?.record;
  expect(first).toMatchObject({ pid: "4711" });
  expect(Object.values(first ?? {})).toEqual(expect.arrayContaining(["web01", "fachverfahren"]));
  expect(await ingest.counted("rejected")).toBe(0);
}

describe("systemd's journal", () => {
  it("arrives whole and once by systemd-journal-upload", async () => {
    await using ingest = await openShipperIngest();
    using folder = shipperFolder();
    const journal = await writeJournal(folder);
    const url = ingest.url.replace("//", `//${KEY.id}:${KEY.key}@`);
    const state = `--save-state=${folder.path}/state`;
    await runShipper("systemd-journal-upload", [
      "--url",
      url,
      "--file",
      journal,
      "--follow=no",
      state,
    ]);
    await ingest.arrived(LINES.length);
    await check(ingest, false);
  });

  it("arrives whole and once while a full queue makes systemd-journal-upload wait", async () => {
    await using ingest = await openShipperIngest({}, {}, 200_000);
    using folder = shipperFolder();
    const journal = await writeJournal(folder);
    const url = ingest.url.replace("//", `//${KEY.id}:${KEY.key}@`);
    const full = ingest.fill();
    const sent = runShipper("systemd-journal-upload", [
      "--url",
      url,
      "--file",
      journal,
      "--follow=no",
    ]);
    await full;
    ingest.drain();
    await sent;
    await ingest.arrived(LINES.length);
    await check(ingest, false);
  });

  it.each([
    ["journalctl -o export", "export", "/upload", "application/vnd.fdo.journal"],
    ["journalctl -o json --all", "json", "/ingest/ndjson", "application/x-ndjson"],
  ])("arrives whole and once as %s, sent by HTTP", async (_name, output, path, type) => {
    await using ingest = await openShipperIngest();
    using folder = shipperFolder();
    const journal = await writeJournal(folder);
    const args = ["--file", journal, "--output", output, "--all", "--no-pager"];
    const reply = await fetch(`${ingest.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${AUTHORIZATION_TOKEN}`, "content-type": type },
      body: await runShipper("journalctl", args),
    });
    expect(reply.ok, await reply.text()).toBe(true);
    await ingest.arrived(LINES.length);
    await check(ingest, false);
  });

  it("follows a growing file of journalctl -o json", async () => {
    using folder = shipperFolder();
    const journal = await writeJournal(folder);
    const args = ["--file", journal, "--output", "json", "--all", "--no-pager"];
    const file = folder.write("journal.json", await runShipper("journalctl", args));
    await using ingest = await openShipperIngest({ files: [{ paths: [file] }] });
    await ingest.arrived(LINES.length);
    await check(ingest, true);
  });
});
