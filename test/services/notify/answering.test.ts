// Answers that come by a channel: whose counts, and what stands on record.
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { AnsweringChannel } from "../../../services/channels/channel.ts";
import { takeAnswer } from "../../../services/notify/answering.ts";
import { createAnswerMetrics } from "../../../services/notify/metrics.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { NOON, pagingOf, setupOf, TENANT } from "../paging/fixture.ts";
import { type Bench, recordingChannel, until, withBench } from "./fixture.ts";

const SETTLED_MS = 600;

const statesOf = async (bench: Bench, id: string) =>
  pagingOf(await bench.finding(id)).pages.map(({ state }) => state);

/** As the fixture starts the stage with it. */
const answeringParts = ({ registry }: Bench) => ({
  keys: createKeyRing(Buffer.alloc(32, 7)),
  metrics: createAnswerMetrics(registry),
});

describe("answers by a channel", () => {
  it.each([
    ["from a person of the policy", "+49 170 000001", "acknowledged"],
    ["from anybody else", "+49 170 999999", "escalating"],
  ])("count %s", (_, from, state) =>
    withBench(async (bench) => {
      const channel = recordingChannel("gammu");
      let give: Parameters<AnsweringChannel["listen"]>[0] = async () => undefined;
      const answering: AnsweringChannel = {
        ...channel,
        listen: (onAnswer, signal) =>
          new Promise((resolve) => {
            give = onAnswer;
            signal.addEventListener("abort", () => resolve());
          }),
      };
      bench.start({ channels: new Map([["sms", { channel: answering, timeoutMs: 200 }]]) });
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(() => channel.sent.length === 1);
      const code = channel.sent[0]?.page.code ?? "";
      await give({ kind: "acknowledged", page: { code: code.toLowerCase() }, from, at: NOON });
      expect(pagingOf(await bench.finding("f1")).state).toBe(state);
    }),
  );
});

describe("an answer after the settings were changed", () => {
  const changed = setupOf();
  const { anna, bernd } = changed.paging.people;
  if (anna === undefined || bernd === undefined) throw new RangeError("no people");

  it.each([
    [
      "counts when its policy is gone",
      { policies: {} },
      "acknowledged",
      "finding.page_acknowledge",
    ],
    [
      "counts for nothing when its person is gone",
      { people: { bernd } },
      "escalating",
      "finding.page_refuse",
    ],
  ] as const)("%s, and is on record", (_, more, state, action) =>
    withBench(async (bench) => {
      const stage = bench.start();
      await bench.raise("f1", 85);
      bench.now += SETTLED_MS;
      await until(async () => (await statesOf(bench, "f1")).includes("handed_over"));
      await stage.close();
      const code = bench.sms.sent[0]?.page.code ?? "";
      const paging = { ...changed.paging, ...more };
      const { keys, metrics } = answeringParts(bench);
      const parts = {
        ...{ store: bench.store, keys, metrics, now: () => bench.now },
        ...{ paging: new Map([[TENANT, paging]]), logger: pino({ level: "silent" }) },
      };
      const given = {
        kind: "acknowledged",
        page: { code },
        from: "0049 170 000001",
        at: NOON,
      } as const;
      await takeAnswer("sms", "gammu", given, parts);
      expect(pagingOf(await bench.finding("f1")).state).toBe(state);
      const [entry] = (await bench.store.readAudit(TENANT, 1, 100)).slice(-1);
      expect(entry).toMatchObject({ action, subject: "f1" });
      expect(JSON.stringify(entry?.payload)).not.toContain("000001");
    }),
  );
});
