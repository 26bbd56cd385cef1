import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelAnswer } from "../../../services/channels/channel.ts";
import { openGammu } from "../../../services/channels/gammu.ts";
import { listenToInbox } from "../../../services/channels/gammu-inbox.ts";
import { receivedText } from "../../../services/channels/gammu-spool.ts";
import { septetsOf, toGsm7 } from "../../../services/channels/gsm-7.ts";
import { smsText } from "../../../services/channels/sms-text.ts";
import {
  type ChannelFolder,
  channelConfig,
  channelFolder,
  faultOf,
} from "../../support/channel-setup.ts";
import { exampleOutgoing, hostileOutgoing } from "../../support/hostile-pages.ts";
import { HOSTILE_TEXTS } from "../../support/hostile-texts.ts";

const never = new AbortController().signal;
const NUMBER = "+4915112345678";
let folder: ChannelFolder;
let outbox: string;
let inbox: string;
beforeEach(() => {
  folder = channelFolder();
  outbox = join(folder.path, "outbox");
  inbox = join(folder.path, "inbox");
  mkdirSync(outbox);
  mkdirSync(inbox);
});
afterEach(() => folder[Symbol.dispose]());

function open(more: object) {
  return openGammu(channelConfig("gammu", { timeoutMs: 2000, ...more }), folder.files, "paging");
}
const openFiles = (outboxFolder = outbox) => open({ way: "files", outboxFolder });

/** A program in the place of gammu-smsd-inject that does as the shell says. */
function program(script: string): string {
  const path = folder.write("inject.sh", `#!/bin/sh\n${script}\n`);
  execFileSync("chmod", ["+x", path]);
  return path;
}

describe("short messages by the spool folder", () => {
  it("lie there whole, once for all repetitions, most urgent first", async () => {
    const channel = openFiles();
    await channel.send(exampleOutgoing({ to: NUMBER }), never);
    await channel.send(exampleOutgoing({ to: NUMBER, attempt: 2 }), never);
    const names = readdirSync(outbox);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^OUTA20261122_050600_00_\+4915112345678_[0-9a-f]{20}\.smsbackup$/);
    expect(names[0]?.length).toBeLessThan(100);
    const file = readFileSync(join(outbox, names[0] ?? ""));
    expect(receivedText("x.smsbackup", file)).toBe(smsText(exampleOutgoing()));
  });

  it("hold every hostile text as nothing but its letters", async () => {
    for (const { text } of HOSTILE_TEXTS) {
      const outgoing = hostileOutgoing(text, NUMBER);
      await openFiles().send(outgoing, never);
      const file = readFileSync(join(outbox, readdirSync(outbox)[0] ?? ""));
      const sections = file.toString("latin1").split("\n\n");
      expect(sections.length).toBeLessThanOrEqual(3);
      for (const section of sections) {
        expect(section).toMatch(/^\[SMSBackup00\d\]\n(?:[A-Za-z]+\d* = [\w+" -]*\n?)+$/);
        const part = receivedText("x.smsbackup", Buffer.from(section));
        expect(septetsOf(part)).toBeLessThanOrEqual(sections.length === 1 ? 160 : 153);
        expect(toGsm7(part)).toBe(part);
      }
      expect(receivedText("x.smsbackup", file)).toBe(smsText(outgoing));
    }
  });

  it("tell a missing folder, a missing number, and that it was told to stop", async () => {
    const missing = openFiles(join(folder.path, "nowhere"));
    const to = NUMBER;
    expect((await faultOf(missing, exampleOutgoing({ to }), [folder.path])).kind).toBe(
      "misconfigured",
    );
    await expect(missing.probe?.(never)).rejects.toMatchObject({ kind: "misconfigured" });
    expect((await faultOf(openFiles(), exampleOutgoing())).kind).toBe("refused");
    const stopped = AbortSignal.abort();
    expect((await faultOf(openFiles(), exampleOutgoing({ to }), [], stopped)).message).toBe(
      "aborted",
    );
    expect(readdirSync(outbox)).toEqual([]);
  });

  it("need their folder in the configuration", () => {
    expect(() => open({ way: "files" })).toThrow("outboxFolder");
  });
});

describe("short messages by the command", () => {
  it("go in by its input, with no shell between", async () => {
    const seen = join(folder.path, "seen");
    const command = program(
      `cat > ${seen}.text\nprintf '%s\\n' "$@" > ${seen}.args\necho "Written message with ID ${outbox}/OUTC_1_00_${NUMBER}_sms0.smsbackup"`,
    );
    const outgoing = hostileOutgoing("$(touch x) `id` ; --config=/etc/passwd", NUMBER);
    const handed = await open({ command, configFile: "/etc/rc" }).send(outgoing, never);
    expect(handed.reference).toBe("OUTC_1_00_…_sms0.smsbackup");
    expect(readFileSync(`${seen}.text`, "utf8")).toBe(smsText(outgoing));
    expect(readFileSync(`${seen}.args`, "utf8").trim().split("\n")).toEqual([
      ...["-c", "/etc/rc", "TEXT", NUMBER, "-autolen", "459"],
    ]);
  });

  it.each([
    ["a failure", "echo geheim 192.0.2.7 >&2; exit 2", "misconfigured", "command exit 2"],
    ["one that hangs", "exec sleep 60", "unreachable", "timeout 200 ms"],
  ])("tell %s", async (_, script, kind, message) => {
    const channel = open({ command: program(script), timeoutMs: 200 });
    expect(await faultOf(channel, exampleOutgoing({ to: NUMBER }))).toMatchObject({
      kind,
      message,
    });
  });

  it("tell that there is no such command, and that they were told to stop", async () => {
    const to = NUMBER;
    const none = open({ command: join(folder.path, "none") });
    expect((await faultOf(none, exampleOutgoing({ to }), [folder.path])).kind).toBe(
      "misconfigured",
    );
    await expect(none.probe?.(never)).rejects.toMatchObject({ kind: "misconfigured" });
    const stop = new AbortController();
    const patient = open({ command: program("exec sleep 60"), timeoutMs: 60_000 });
    const fault = faultOf(patient, exampleOutgoing({ to }), [], stop.signal);
    stop.abort();
    expect((await fault).message).toBe("aborted");
  });
});

describe("answers by short message to the modem", () => {
  const put = (number: string, text: string | Buffer, n = 0, ending = "txt") =>
    writeFileSync(
      join(inbox, `IN20261122_0600${String(n).padStart(2, "0")}_00_${number}_00.${ending}`),
      text,
    );
  const waiting = () => readdirSync(inbox).filter((name) => name.startsWith("IN"));

  function listen(take: (answer: ChannelAnswer) => void = () => undefined) {
    const answers: ChannelAnswer[] = [];
    const stop = new AbortController();
    const onAnswer = async (answer: ChannelAnswer) => {
      take(answer);
      answers.push(answer);
    };
    const done = listenToInbox({ folder: inbox, onAnswer, signal: stop.signal, pollMs: 5 });
    return {
      answers,
      async until(isDone: () => boolean) {
        while (!isDone()) await sleep(5);
      },
      async stop() {
        stop.abort();
        await done;
      },
    };
  }

  it("are taken in all formats, and all that was read is put away", async () => {
    const utf16 = Buffer.from("\ufeffja 8kq2px", "utf16le").swap16();
    put("+491701", "OK 7KQ2PX", 1);
    put("+491702", utf16, 2);
    put("+491703", "[SMSBackup000]\nText00 = 006E00650069006E\nCoding = x\n", 3, "smsbackup");
    put("INFO", "OK 7KQ2PX", 4);
    put("+491704", "Ihr Guthaben ist bald aufgebraucht", 5);
    put("+491705", Buffer.alloc(200_000, "a"), 6);
    writeFileSync(join(inbox, "fremd.txt"), "OK 7KQ2PX");
    const listening = listen();
    await listening.until(() => waiting().length === 0);
    await listening.stop();
    expect(listening.answers).toMatchObject([
      { kind: "acknowledged", page: { code: "7KQ2PX" }, from: "+491701" },
      { kind: "acknowledged", page: { code: "8KQ2PX" }, from: "+491702" },
      { kind: "declined", page: undefined, from: "+491703" },
    ]);
    expect(readdirSync(inbox)).toContain("fremd.txt");
    expect(readdirSync(join(inbox, "gelesen"))).toHaveLength(6);
  });

  it("come again after a restart where they were not taken, and only those", async () => {
    put("+491701", "OK 7KQ2PX", 1);
    put("+491702", "NEIN 8KQ2PX", 2);
    const first = listen(({ kind }) => {
      if (kind === "acknowledged") throw new Error("the store is away");
    });
    await first.until(() => first.answers.length === 1);
    await first.stop();
    const second = listen();
    await second.until(() => waiting().length === 0);
    await second.stop();
    expect(first.answers.map(({ from }) => from)).toEqual(["+491702"]);
    expect(second.answers.map(({ from }) => from)).toEqual(["+491701"]);
  });

  it("end with a folder that somebody has to mend", async () => {
    const blocked = folder.write("file", "no folder");
    const listening = open({ inboxFolder: blocked }).listen(async () => undefined, never);
    await expect(listening).rejects.toMatchObject({ kind: "misconfigured" });
  });
});
