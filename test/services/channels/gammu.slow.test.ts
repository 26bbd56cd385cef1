// With Gammu's own daemon and command, where they are installed; its dummy telephone stands in for a modem.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGammu } from "../../../services/channels/gammu.ts";
import { receivedText } from "../../../services/channels/gammu-spool.ts";
import { smsText } from "../../../services/channels/sms-text.ts";
import {
  type ChannelFolder,
  channelConfig,
  channelFolder,
  faultOf,
} from "../../support/channel-setup.ts";
import { exampleOutgoing, examplePage } from "../../support/hostile-pages.ts";

const isInstalled = spawnSync("gammu-smsd-inject", ["--version"]).status === 0;
const never = new AbortController().signal;
const NUMBER = "+4915112345678";
let folder: ChannelFolder;
let configFile: string;
let daemon: ChildProcess;
const inFolder = (name: string) => join(folder.path, name);

beforeEach(() => {
  folder = channelFolder();
  for (const name of ["inbox", "outbox", "sent", "error", "phone"]) mkdirSync(inFolder(name));
  const lines = [
    ...["[gammu]", `port = ${inFolder("phone")}`, "connection = none", "model = dummy", "[smsd]"],
    ...["service = files", `logfile = ${inFolder("log")}`, "debuglevel = 255"],
    ...["inbox", "outbox"].map((name) => `${name}path = ${inFolder(name)}/`),
    ...[`sentsmspath = ${inFolder("sent")}/`, `errorsmspath = ${inFolder("error")}/`],
  ];
  configFile = folder.write("smsdrc", `${lines.join("\n")}\n`);
});
afterEach(async () => {
  if (daemon?.exitCode === null) {
    const ended = once(daemon, "exit");
    daemon.kill("SIGTERM");
    await ended;
  }
  folder[Symbol.dispose]();
});

describe.skipIf(!isInstalled)("Gammu's daemon", () => {
  it.each(["files", "command"] as const)("sends what it is given by %s", async (way) => {
    const written = { way, configFile, outboxFolder: inFolder("outbox"), timeoutMs: 10_000 };
    const channel = openGammu(channelConfig("gammu", written), folder.files, "paging");
    await channel.probe?.(never);
    const page = examplePage({
      notice: "Erneut, weil niemand übernommen hat: {1} [2] 3 €. ".repeat(9),
    });
    const outgoing = exampleOutgoing({ page, to: NUMBER });
    await channel.send(outgoing, never);
    const names = readdirSync(inFolder("outbox"));
    expect(names).toHaveLength(1);
    // Before the daemon sends it: it writes into the file what the telephone network said, and not well.
    const waiting = readFileSync(join(inFolder("outbox"), names[0] ?? ""));
    expect(receivedText("x.smsbackup", waiting)).toBe(smsText(outgoing));
    const env = { ...process.env, LC_ALL: "C.UTF-8" };
    daemon = spawn("gammu-smsd", ["-c", configFile], { env, stdio: "ignore" });
    while (readdirSync(inFolder("sent")).length === 0) await sleep(100);
    const log = readFileSync(inFolder("log"), "utf8");
    expect(log).toContain(
      `Found 2 sms to "${NUMBER}" with text "P1 TLP:AMBER Schattenkopien gelöscht`,
    );
    expect(log.match(/SMS sent on device/g)).toHaveLength(2);
    expect(readdirSync(inFolder("error"))).toEqual([]);
  });

  it("tells a configuration that can't be read", async () => {
    const written = { configFile: inFolder("nowhere"), timeoutMs: 10_000 };
    const channel = openGammu(channelConfig("gammu", written), folder.files, "paging");
    expect((await faultOf(channel, exampleOutgoing({ to: NUMBER }))).kind).toBe("misconfigured");
  });
});
