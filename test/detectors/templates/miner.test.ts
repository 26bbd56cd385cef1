import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { createStateWriter } from "../../../detectors/network/state.ts";
import { learnHeader, messageStart } from "../../../detectors/templates/header.ts";
import { TemplateMiner } from "../../../detectors/templates/miner.ts";
import { restoreMiner, writeMiner } from "../../../detectors/templates/state.ts";
import { LOG_STYLES, linesOf } from "./log-styles.ts";

const VERSION = 1;

function mine(lines: readonly string[], miner = new TemplateMiner()): (number | undefined)[] {
  const ids = lines.map((line) => miner.observe(line));
  return ids.map((id) => miner.resolve(id));
}

function textOf(line: string): string | undefined {
  const miner = new TemplateMiner();
  return miner.text(miner.observe(line));
}

function stored(miner: TemplateMiner): readonly Uint8Array[] {
  const writer = createStateWriter(VERSION);
  writeMiner(writer, miner);
  return writer.pieces();
}

describe("what varies by its looks", () => {
  it.each([
    ["took 12 seconds", "took <*> seconds"],
    ["sent 3.9 KB of 4 MB", "sent <*> <*> of <*> <*>"],
    ["from 10.2.3.4:8080 to [fe80::1]", "from <*>:<*> to [<*>::<*>]"],
    ["opened /var/lib/nova/x=1;y now", "opened <*> now"],
    ["opened C:\\Windows\\Temp now", "opened <*>:<*> now"],
    ["host a.b.example answered", "host <*> answered"],
    ["resolved shop.example:443", "resolved <*>:<*>"],
    ["read hdfs://namenode/logs", "read <*>:<*>"],
    ["mac 00:ab:ea:fb:c0:11 up", "mac <*>:<*>:<*>:<*>:<*>:<*> up"],
    ["mask=ffffffff set", "mask=<*> set"],
    ["done=true state=null", "done=<*> state=<*>"],
    ["at Mon Jan 5 now", "at <*> <*> <*> now"],
    ["block blk_-123 moved", "block blk_<*> moved"],
    ["r24=0x0f r25=0x10", "r24=<*> r25=<*>"],
    ["java.vm.version=17", "java.vm.version=<*>"],
  ])("%s", (line, template) => {
    expect(textOf(line)).toBe(template);
  });

  it.each([
    "Interrupting SendWorker",
    "Input/output error",
    "non-uberized job is ready",
    "Link to x+ and x- lost",
  ])("nothing in: %s", (line) => {
    expect(textOf(line)).toBe(line);
  });
});

describe("what varies as seen", () => {
  it.each([
    [
      "names behind the word user",
      ["anna", "berta", "clara"],
      (name: string) => `session closed for user ${name} now`,
    ],
    ["values", ["low", "high", "odd", "even"], (name: string) => `level=${name} was set`],
    [
      "words inside",
      ["red", "green", "blue", "white", "black", "grey"],
      (name: string) => `the lamp ${name} was lit`,
    ],
  ])("%s become one template", (_, names, line) => {
    const few = mine(names.slice(0, -1).map(line));
    expect(new Set(few).size).toBe(names.length - 1);
    expect(new Set(mine(names.map(line))).size).toBe(1);
  });

  it("keeps apart what a wording has few of", () => {
    const lines = ["LEADING", "FOLLOWING", "LOOKING"].map((state) => `my state = ${state} (1)`);
    expect(new Set(mine(lines)).size).toBe(3);
    expect(new Set(mine(["LOOKING", "LEADING", "FOLLOWING"])).size).toBe(3);
    const services = ["cups", "syslog", "klog", "hcid", "portmap", "sdpd", "rpc", "irq"];
    expect(new Set(mine(services.map((name) => `${name} startup succeeded`))).size).toBe(8);
  });

  it("takes a word for a value where a value by its looks stands in the same place", () => {
    const lines = ["chdir(/home/x) failed: no", "chdir(pwd) failed: no"];
    expect(new Set(mine(lines)).size).toBe(1);
    expect(new Set(mine(lines.toReversed())).size).toBe(1);
    const kinds = ["open via proxy 10.0.0.1 HTTPS", "open via proxy 10.0.0.1 SOCKS5"];
    expect(new Set(mine(kinds)).size).toBe(2);
  });

  it("tells lists of any length together, and old ids lead to what they became part of", () => {
    const miner = new TemplateMiner();
    const lists = ["delete blk_1", "delete blk_1 blk_2 blk_3", "delete blk_7 blk_8"];
    expect(new Set(mine(lists, miner)).size).toBe(1);
    const ids = ["anna", "berta", "clara", "dora"].map((name) =>
      miner.observe(`password of user ${name} changed`),
    );
    expect(new Set(ids).size).toBeGreaterThan(1);
    expect(new Set(ids.map((id) => miner.resolve(id))).size).toBe(1);
    expect(miner.text(ids[0] ?? 0)).toBe("password of user <*> changed");
    expect(miner.count(ids[0] ?? 0)).toBe(4);
  });
});

describe("whole logs", () => {
  it.each(LOG_STYLES.map((style) => [style.name, style] as const))("%s", (_, style) => {
    const drawn = linesOf(style, 1_500, 11);
    const lines = drawn.map(([, line]) => line);
    const layout = learnHeader(lines.slice(0, 300));
    const miner = new TemplateMiner();
    const ids = lines.map((line) => miner.observe(line, messageStart(line, layout)));
    const pairs = new Set(
      drawn.map(([message], line) => `${message} ${miner.resolve(ids[line] ?? 0)}`),
    );
    expect(pairs.size).toBe(style.messages.length);
    expect(miner.table.size).toBe(style.messages.length);
  });
});

describe("a miner that goes on from its state", () => {
  it("says what it would have said, and its state is the same", () => {
    const lines = LOG_STYLES.flatMap((style) => linesOf(style, 400, 5).map(([, line]) => line));
    const whole = new TemplateMiner({ templatesMax: 300 });
    const half = new TemplateMiner({ templatesMax: 300 });
    const cut = Math.floor(lines.length / 2);
    const expected = lines.map((line) => whole.observe(line));
    const before = lines.slice(0, cut).map((line) => half.observe(line));
    const resumed = new TemplateMiner({ templatesMax: 300 });
    const state = stored(half);
    restoreMiner(state, VERSION, resumed);
    expect(stored(resumed)).toEqual(state);
    const after = lines.slice(cut).map((line) => resumed.observe(line));
    expect([...before, ...after]).toEqual(expected);
    expect(stored(resumed)).toEqual(stored(whole));
  });

  it.each([
    ["cut", (bytes: Uint8Array) => bytes.slice(0, -9)],
    ["empty", () => new Uint8Array()],
    ["changed", (bytes: Uint8Array) => bytes.with(20, (bytes[20] ?? 0) ^ 1)],
  ])("refuses a state that is %s", (_, damage) => {
    const miner = new TemplateMiner();
    mine(["a b 1", "c d 2"], miner);
    const bytes = damage(Buffer.concat(stored(miner)));
    let thrown: unknown;
    try {
      restoreMiner([bytes], VERSION, new TemplateMiner());
    } catch (error) {
      thrown = error;
    }
    expect(isAppError(thrown, "HW_STORE_CORRUPT")).toBe(true);
  });
});

describe("hostile lines", () => {
  it.each([
    ["empty", ""],
    ["blanks", " \t ".repeat(10)],
    ["one word of 1 MB", "a".repeat(1_000_000)],
    ["blanks and letters of 1 MB", "a ".repeat(500_000)],
    ["digits of 1 MB", "1".repeat(1_000_000)],
    ["binary", Array.from({ length: 5_000 }, (_, at) => String.fromCharCode(at % 256)).join("")],
    ["halves of pairs", "\ud800 \udc00 user \ud800"],
    ["brackets", "[".repeat(100_000)],
    ["names of properties", "__proto__ constructor=toString"],
    ["wildcards", "<*> <*> \u0001 <*>"],
  ])("%s: has an id, a short text, and the same again", (_, line) => {
    const miner = new TemplateMiner();
    const start = messageStart(line, learnHeader([line, line]));
    const id = miner.observe(line, start);
    expect(miner.observe(line, start)).toBe(id);
    expect(miner.text(id)?.length).toBeLessThan(2_000);
  });

  it("remembers no more than it may in a flood of new wordings, and still knows what goes on", () => {
    const miner = new TemplateMiner({ templatesMax: 200 });
    const word = (number: number) => number.toString(36).replaceAll(/\d/g, "z");
    const usual = miner.observe("link of port eth is down");
    for (let round = 0; round < 8_000; round += 1) {
      miner.observe(`${word(round)} ${word(round * 31)} ${word(round * 17)} end`);
      if (round % 50 === 0) miner.observe("link of port eth is down");
    }
    expect(miner.table.size).toBeLessThanOrEqual(200);
    expect(miner.table.byId.size).toBeLessThanOrEqual(400);
    expect(miner.holes.map.size).toBeLessThanOrEqual(200 * 16);
    expect(miner.table.evicted).toBeGreaterThan(1_000);
    expect(miner.resolve(miner.observe("link of port eth is down"))).toBe(miner.resolve(usual));
  });
});
