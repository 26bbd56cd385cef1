// What speaks of accounts survives the rotation of pseudonyms, in the running triage stage over the real
// store: exceptions, silences, open findings and history move over, and afterwards nothing links the two.
import pino from "pino";
import { expect, it } from "vitest";
import type { Signal } from "../../detectors/detector.ts";
import { type Identities, openIdentities } from "../../services/identities.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createPrivacy } from "../../services/privacy/protect.ts";
import { createEpochKey, openEpochKey } from "../../services/privacy/vault.ts";
import { EXCEPTION_KIND } from "../../services/store/exception.ts";
import type { Finding } from "../../services/store/finding.ts";
import { IDENTITY_MOVE_KIND, PRIVACY_EPOCH_KIND } from "../../services/store/identity.ts";
import { movesIn, withMoves } from "../../services/store/identity-moves.ts";
import { FINDING_KIND, SILENCE_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import {
  exceptionOf,
  findingsIn,
  HOUR_MS,
  NOON,
  runStage,
  silenceOf,
  stageSignal,
} from "./triage/stage.ts";

const TENANT = "kreis";
const DAY_MS = 24 * HOUR_MS;
const BEGIN = NOON + HOUR_MS / 2;
const SETTINGS = { rotationMs: 90 * DAY_MS, overlapMs: 7 * DAY_MS, leadMs: 0 };
const ring = createKeyRing(Buffer.alloc(32, 7));
const LONG = { until: NOON + 60 * DAY_MS };

/** Two epochs with keys that are known before anything is stored. */
function twoEpochs() {
  const [first, second] = [1, 2].map((number) => {
    const sealedKey = createEpochKey(ring, TENANT, number);
    const key = openEpochKey(ring, TENANT, number, sealedKey);
    const privacy = createPrivacy(ring, {
      epochs: { current: () => key, previous: () => undefined },
    });
    const of = (name: string) => privacy.pseudonymOf(TENANT, name);
    return { number, sealedKey, of };
  });
  if (first === undefined || second === undefined) throw new Error("two were made");
  const begun = [
    { ...first, startsAt: NOON - DAY_MS },
    { ...second, startsAt: BEGIN },
  ];
  const write = async (store: Store) => {
    for (const { number, sealedKey, startsAt } of begun)
      await store.create(TENANT, PRIVACY_EPOCH_KIND, String(number), {
        ...{ number, sealedKey, startsAt },
      });
  };
  return { before: first.of, after: second.of, write };
}

function signalOn(rule: string, account: string, minute: number): Signal {
  return stageSignal(rule, account, "low", minute, {
    entities: [{ type: "account", value: account }],
    groupKey: `account:${account}`,
    events: [{ id: `${rule}-${minute}`, time: NOON, document: { "user.name": account } }],
  });
}

const entity = (value: string) => ({ field: "entity", operator: "equals" as const, value });
const entitySearch = (value: string) => ({ terms: { entity: [value] }, sort: [], limit: 10 });
const shape = (findings: readonly Finding[]) =>
  findings
    .map(({ detector, signalCount, exceptedBy = [], silencedBy = [] }) =>
      [detector.id, signalCount, ...exceptedBy, ...silencedBy].join(" "),
    )
    .sort();

it("carries exceptions, silences, open findings and history over, and then forgets the link", async () => {
  const { before, after, write } = twoEpochs();
  const [old, fresh] = [before("h.petersen"), after("h.petersen")];
  const [oldUnseen, freshUnseen] = [before("k.unseen"), after("k.unseen")];
  const [oldGone, freshGone] = [before("w.gone"), after("w.gone")];
  const clock = { at: NOON };
  let identities: Identities | undefined;
  const rounds = async () => identities?.round(TENANT);
  const between = [
    async (store: Store) => {
      await write(store);
      const shared = { store, ring, tenants: [TENANT], epochs: SETTINGS, rotates: true };
      const logger = pino({ level: "silent" });
      identities = await openIdentities({ ...shared, logger, now: () => clock.at });
      for (const name of ["h.petersen", "k.unseen", "w.gone"])
        expect(identities.privacy.pseudonymOf(TENANT, name)).toBe(before(name));
      await identities.flush(TENANT);
      const gone = (await findingsIn(store)).find(({ detector }) => detector.id === "r4");
      if (gone === undefined) throw new Error("no finding of r4");
      await store.put(TENANT, FINDING_KIND, gone.id, { ...gone, status: "closed" });

      clock.at = BEGIN;
      identities.privacy.protectDocument(TENANT, { "user.name": "h.petersen" });
      await rounds();
    },
    async (store: Store) => {
      for (const name of [old, fresh]) {
        const { hits } = await store.search(
          TENANT,
          FINDING_KIND,
          await withMoves(store, TENANT, entitySearch(name)),
        );
        expect(shape(hits.map(({ document }) => document))).toEqual(["r1 2 x", "r2 2 s", "r3 2"]);
      }
      // The time of the old pseudonyms is over.
      clock.at = BEGIN + SETTINGS.overlapMs;
      await rounds();
      await identities?.close();
    },
  ];
  let turn = 0;
  const findings = await runStage(
    [
      [
        ...["r1", "r2", "r3"].map((rule) => signalOn(rule, old, 5)),
        signalOn("r4", oldGone, 5),
        signalOn("r5", oldUnseen, 5),
      ],
      ["r1", "r2", "r3"].map((rule) => signalOn(rule, fresh, 40)),
      [...["r1", "r2"].map((rule) => signalOn(rule, fresh, 90)), signalOn("r5", freshUnseen, 90)],
    ],
    {
      exceptions: [
        exceptionOf("x", "r1", [entity(`account:${old}`)], LONG),
        exceptionOf(
          "y",
          "r5",
          [{ field: "user.name", operator: "glob", value: `${oldUnseen}*` }],
          LONG,
        ),
      ],
      silences: [silenceOf("s", [entity(old), { ...entity("r2"), field: "rule" }], LONG)],
      between: async (store) => {
        await between[turn]?.(store);
        turn += 1;
      },
      after: async (store) => {
        const exception = await store.get(TENANT, EXCEPTION_KIND, "x");
        const silence = await store.get(TENANT, SILENCE_KIND, "s");
        expect(exception?.document.matchers[0]?.value).toBe(`account:${fresh}`);
        expect(silence?.document.matchers[0]?.value).toBe(fresh);
        const moves = await store.search(TENANT, IDENTITY_MOVE_KIND, { sort: [], limit: 10 });
        expect(moves.total).toBe(0);
        expect((await movesIn(store, TENANT, [old, fresh])).onward.size).toBe(0);
        const search = entitySearch(old);
        expect(await withMoves(store, TENANT, search)).toEqual(search);
        const audit = JSON.stringify(await store.readAudit(TENANT, 0, 1000));
        expect(audit).toContain("privacy.identities_move");
        for (const name of [old, fresh, oldUnseen, freshUnseen, freshGone])
          expect(audit).not.toContain(name);
      },
    },
  );
  // Those of the next hour are findings of their own.
  expect(shape(findings)).toEqual(
    ["r1 1 x", "r1 2 x", "r2 1 s", "r2 2 s", "r3 2", "r4 1", "r5 1 y", "r5 1 y"].sort(),
  );
  const text = JSON.stringify(findings);
  expect([old, oldUnseen].filter((name) => text.includes(name))).toEqual([]);
  // Closed, and its account was not seen again: nobody is to know any more who it was.
  expect(text).toContain(oldGone);
  expect(text).not.toContain(freshGone);
});
