// Drawn histories of incidents over a real store: whatever people do in whatever order, no duration becomes
// negative, merging and splitting can be taken back, and no writer's change is lost.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { addAction, addTask, completeAction } from "../../../services/cases/incident-actions.ts";
import {
  declareIncident,
  linkFindings,
  refreshDetectedAt,
  unlinkFindings,
} from "../../../services/cases/incident-findings.ts";
import {
  mergeIncidents,
  splitIncident,
  unmergeIncident,
  unsplitIncident,
} from "../../../services/cases/incident-merge.ts";
import {
  close,
  contain,
  recover,
  reopen,
  stateCompromise,
} from "../../../services/cases/incident-steps.ts";
import { changeIncident, type Desk, settling } from "../../../services/cases/incident-write.ts";
import { type Incident, incidentSchema } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import type { Store, Versioned } from "../../../services/store/store.ts";
import { HOME } from "../api/fixture.ts";
import { HOUR, NOW, newIncident, openDesk, raised, UNKNOWN_IMPACT } from "./incident-fixture.ts";

const FINDINGS = 8;
const RUNS = 25;
const STEPS = 40;

const step = fc.record({
  kind: fc.constantFrom(
    ...([
      "declare",
      "link",
      "unlink",
      "judge",
      "undo",
      "compromise",
      "contain",
      "recover",
    ] as const),
    ...(["close", "reopen", "action", "complete", "merge", "unmerge", "split", "unsplit"] as const),
  ),
  /** Which incident and finding, and a second one. */
  one: fc.nat(7),
  other: fc.nat(7),
  /** A moment around that of the step. */
  backHours: fc.integer({ min: -1, max: 60 }),
});
type Drawn = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function allIncidents(store: Store): Promise<readonly Versioned<Incident>[]> {
  const sort = [{ field: "createdAt", order: "asc" as const }];
  return (await store.search(HOME, INCIDENT_KIND, { sort, limit: 500 })).hits;
}

async function judge(store: Store, id: string, at: number, isConfirmed: boolean): Promise<void> {
  const found = await store.get(HOME, FINDING_KIND, id);
  if (found === undefined) return;
  const { verdict, ...rest } = found.document;
  const verdictHistory = [...rest.verdictHistory, ...(verdict === undefined ? [] : [verdict])];
  const next = isConfirmed
    ? { ...rest, verdictHistory, verdict: { verdict: "true_positive" as const, at, by: "x" } }
    : { ...rest, verdictHistory };
  await store.replace(HOME, FINDING_KIND, id, next, found.version);
  if (rest.incident !== undefined) await refreshDetectedAt(store, HOME, rest.incident, at);
}

/** Does one drawn step; what is refused is refused for a reason, and leaves all as it was. */
async function take(desk: Desk, drawn: Drawn): Promise<void> {
  const { store, by } = desk;
  const incidents = await allIncidents(store);
  const one = incidents[drawn.one % Math.max(1, incidents.length)];
  const other = incidents[drawn.other % Math.max(1, incidents.length)];
  const finding = `f${drawn.other % FINDINGS}`;
  const at = by.at - drawn.backHours * HOUR;
  const stated = { at, method: "estimate" as const, evidenceIds: ["e"], reason: "x" };
  const change = (action: (incident: Incident) => Incident) =>
    one && changeIncident(desk, one.id, one.version, "incident.test", settling(action));
  if (drawn.kind === "judge") return judge(store, finding, by.at, true);
  if (drawn.kind === "undo") return judge(store, finding, by.at, false);
  if (drawn.kind === "declare" || one === undefined || other === undefined) {
    await declareIncident(desk, newIncident({ findingIds: [finding, `f${drawn.one % FINDINGS}`] }));
    return;
  }
  const { id, version, document } = one;
  const action = document.actions.find(({ completedAt }) => completedAt === undefined)?.id ?? "";
  const half = Math.ceil(document.findingIds.length / 2);
  const parts = [document.findingIds.slice(0, half), document.findingIds.slice(half)];
  const steps: Record<Exclude<Drawn["kind"], "judge" | "undo" | "declare">, () => unknown> = {
    link: () => linkFindings(desk, id, version, [finding]),
    unlink: () => unlinkFindings(desk, id, version, [finding]),
    compromise: () => change((now) => stateCompromise(now, stated, by)),
    contain: () =>
      change((now) => contain(now, { ...stated, impact: UNKNOWN_IMPACT }, undefined, by)),
    recover: () => change((now) => recover(now, { ...stated, impact: UNKNOWN_IMPACT }, by)),
    close: () => change((now) => close(now, { verdict: "true_positive" }, by)),
    reopen: () => change((now) => reopen(now, "x", by)),
    action: () => change((now) => addAction(now, { title: "x", isRequired: true }, by)),
    complete: () => change((now) => completeAction(now, action, at, by)),
    merge: () => mergeIncidents(desk, id, version, other.id),
    unmerge: () => unmergeIncident(desk, id, version, document.mergedFrom.at(-1)?.id ?? other.id),
    split: () =>
      splitIncident(
        desk,
        id,
        version,
        parts.map((findingIds) => ({ title: "Teil", findingIds })),
      ),
    unsplit: () => unsplitIncident(desk, id, version),
  };
  await steps[drawn.kind]();
}

/** Differences of the incident's times that some KPI or its decomposition is made of. */
function durations(incident: Incident): Record<string, number> {
  const { firstCompromise, detectedAt, identifiedAt, contained, recovered } = incident;
  const compromised = firstCompromise.method === "pre_compromise" ? undefined : firstCompromise.at;
  const pairs = {
    k1: [identifiedAt, incident.correctiveCompletedAt],
    k2: [compromised, identifiedAt],
    k2Detection: [compromised, detectedAt],
    k2Triage: [detectedAt, identifiedAt],
    k3: [detectedAt, recovered?.at],
    containment: [compromised, contained?.at],
    restoring: [contained?.at, recovered?.at],
  };
  return Object.fromEntries(
    Object.entries(pairs).flatMap(([name, [from, to]]) =>
      from === undefined || to === undefined ? [] : [[name, to - from]],
    ),
  );
}

const findings = () =>
  Array.from({ length: FINDINGS }, (_, at) => raised(`f${at}`, (at - 5) * 3 * HOUR));

describe("any history", () => {
  it("gives no negative duration, no finding in two standing incidents, and documents of the schema", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: STEPS / 2, maxLength: STEPS }),
        async (drawn) => {
          const { store, desk } = await openDesk(findings());
          for (const [at, one] of drawn.entries()) {
            await take(desk(at * HOUR), one).catch((error: unknown) => {
              if (!isAppError(error, "HW_REQUEST_INVALID")) throw error;
            });
            const incidents = (await allIncidents(store)).map(({ document }) => document);
            for (const incident of incidents) {
              expect(incidentSchema.safeParse(incident).error).toBeUndefined();
              const negative = Object.entries(durations(incident)).filter(([, ms]) => ms < 0);
              expect([incident.id, negative]).toEqual([incident.id, []]);
            }
            const standing = incidents.filter(
              ({ mergedInto, splitInto }) => mergedInto === undefined && splitInto.length === 0,
            );
            const linked = standing.flatMap(({ id, findingIds }) =>
              findingIds.map((f) => `${f} ${id}`),
            );
            const leading = await Promise.all(
              linked.map(async (pair) => {
                const [finding = ""] = pair.split(" ");
                const found = await store.get(HOME, FINDING_KIND, finding);
                return `${finding} ${found?.document.incident}`;
              }),
            );
            expect(leading).toEqual(linked);
          }
          expect(await store.verifyAudit(HOME)).toBeUndefined();
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** All that is kept of an incident, but for when it was changed last. */
const kept = async (store: Store, id: string) => {
  const found = await store.get(HOME, INCIDENT_KIND, id);
  return { ...found?.document, changedAt: 0 };
};

describe("what can be taken back", () => {
  const drawnTwo = fc.array(step, { maxLength: 15 });

  it("merging, whatever the two incidents went through before", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTwo, async (drawn) => {
        const { store, desk } = await openDesk(findings());
        const first = await declareIncident(desk(), newIncident({ findingIds: ["f0"] }));
        const second = await declareIncident(desk(), newIncident({ findingIds: ["f1", "f2"] }));
        for (const one of drawn) {
          const isApart = !["merge", "unmerge", "split", "unsplit", "declare"].includes(one.kind);
          if (isApart) await take(desk(HOUR), one).catch(() => undefined);
        }
        for (const id of [first.id, second.id]) await refreshDetectedAt(store, HOME, id, NOW);
        const before = [await kept(store, first.id), await kept(store, second.id)];
        const leads = await leadsOf(store);
        const target = await store.get(HOME, INCIDENT_KIND, first.id);
        const merged = await mergeIncidents(
          desk(2 * HOUR),
          first.id,
          target?.version ?? 0,
          second.id,
        ).catch(() => undefined);
        if (merged !== undefined) {
          expect(await kept(store, second.id)).toMatchObject({ mergedInto: first.id });
          await unmergeIncident(desk(3 * HOUR), first.id, merged.version, second.id);
        }
        expect([await kept(store, first.id), await kept(store, second.id)]).toEqual(before);
        expect(await leadsOf(store)).toEqual(leads);
      }),
      { numRuns: RUNS },
    );
  });

  it("splitting, while nobody has worked on a part", async () => {
    const { store, desk } = await openDesk(findings());
    const whole = await declareIncident(desk(), newIncident({ findingIds: ["f0", "f1"] }));
    await judge(store, "f1", NOW, true);
    const before = await kept(store, whole.id);
    const { version } = (await store.get(HOME, INCIDENT_KIND, whole.id)) ?? whole;
    const titled = (title: string, id: string) => ({ title, findingIds: [id] });
    const split = await splitIncident(desk(HOUR), whole.id, version, [
      titled("A", "f0"),
      titled("B", "f1"),
    ]);
    const [a, b] = split.parts;
    expect(a?.document).toMatchObject({
      ...{ title: "A", findingIds: ["f0"], splitFrom: whole.id },
      detectedAt: NOW - 12 * HOUR,
      identifiedAt: NOW,
    });
    await judge(store, "f0", NOW + HOUR, true);
    const again = await unsplitIncident(desk(2 * HOUR), whole.id, split.whole.version);
    expect(again.document.splitInto).toEqual([]);
    expect(await kept(store, b?.id ?? "")).toMatchObject({ mergedInto: whole.id });
    await judge(store, "f0", NOW + 3 * HOUR, false);
    expect(await kept(store, whole.id)).toEqual(before);
  });

  it("splitting no longer, once a part was worked on", async () => {
    const { desk } = await openDesk(findings());
    const whole = await declareIncident(desk(), newIncident({ findingIds: ["f0", "f1"] }));
    const { whole: now, parts } = await splitIncident(desk(1), whole.id, whole.version, [
      { title: "A", findingIds: ["f0"] },
      { title: "B", findingIds: ["f1"] },
    ]);
    const [part] = parts;
    const step = (incident: Incident) => addTask(incident, { title: "x" }, desk(2).by);
    await changeIncident(desk(2), part?.id ?? "", part?.version ?? 0, "incident.task", step);
    await expect(unsplitIncident(desk(3), now.id, now.version)).rejects.toThrow("gearbeitet");
    await expect(unmergeIncident(desk(3), now.id, now.version, part?.id ?? "")).rejects.toThrow();
  });
});

async function leadsOf(store: Store): Promise<(string | undefined)[]> {
  const found = findings().map(({ id }) => store.get(HOME, FINDING_KIND, id));
  return (await Promise.all(found)).map((one) => one?.document.incident);
}

describe("two writers", () => {
  it("never lose a change: each was taken, or refused because the state was another one", async () => {
    const { store, desk } = await openDesk();
    const { id } = await declareIncident(desk(), newIncident());
    const rounds = 60;
    const writer = async (actor: string) => {
      let taken = 0;
      for (let round = 0; round < rounds; round += 1) {
        const present = await store.get(HOME, INCIDENT_KIND, id);
        const title = `${actor} ${round}`;
        try {
          await changeIncident(
            desk(round, actor),
            id,
            present?.version ?? 0,
            "incident.task",
            (one) => addTask(one, { title }, desk(round, actor).by),
          );
          taken += 1;
        } catch (error) {
          if (!isAppError(error, "HW_CONFLICT")) throw error;
        }
      }
      return taken;
    };
    const taken = await Promise.all(["anna", "bert"].map(writer));
    const tasks = (await store.get(HOME, INCIDENT_KIND, id))?.document.tasks ?? [];
    expect(tasks).toHaveLength((taken[0] ?? 0) + (taken[1] ?? 0));
    const entries = await store.readAudit(HOME, 1, 1000);
    const audited = entries.filter(({ action }) => action === "incident.task");
    expect(audited.map(({ payload }) => payload?.after)).toEqual(
      tasks.map((task) => ({ tasks: [task] })),
    );
    expect(Math.max(...taken)).toBeGreaterThan(0);
  });

  it("can't put one finding into two incidents", async () => {
    const { store, desk } = await openDesk(findings());
    const both = await Promise.allSettled(
      ["anna", "bert"].map((actor) =>
        declareIncident(desk(0, actor), newIncident({ findingIds: ["f0", "f1"] })),
      ),
    );
    const done = both.filter(({ status }) => status === "fulfilled");
    const reasons = both.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(reasons).toEqual(reasons.map(() => "HW_REQUEST_INVALID"));
    expect(done.length).toBeLessThanOrEqual(1);
    const incidents = await allIncidents(store);
    expect(incidents).toHaveLength(done.length);
    expect(await leadsOf(store)).toEqual(
      findings().map(({ id }) => (["f0", "f1"].includes(id) ? incidents[0]?.id : undefined)),
    );
  });

  it("take over the claim of a declaration that died, and leave that of one under way", async () => {
    const { store, desk } = await openDesk(findings());
    const { id } = await declareIncident(desk(), newIncident({ findingIds: ["f0"] }));
    const found = await store.get(HOME, FINDING_KIND, "f0");
    await store.remove(HOME, INCIDENT_KIND, id);
    expect(found?.document.incident).toBe(id);
    const again = (ms: number) => declareIncident(desk(ms), newIncident({ findingIds: ["f0"] }));
    await expect(again(59_000)).rejects.toThrow("gehört schon");
    expect((await again(60_000)).document.findingIds).toEqual(["f0"]);
  });

  it("take over the claim of a link that died, so that one under way fails", async () => {
    const { store, desk } = await openDesk(findings());
    const first = await declareIncident(desk(), newIncident());
    const second = await declareIncident(desk(), newIncident());
    const found = await store.get(HOME, FINDING_KIND, "f0");
    if (found === undefined) throw new Error("not there");
    const claimed = { ...found.document, incident: first.id };
    await store.replace(HOME, FINDING_KIND, "f0", claimed, found.version);
    await linkFindings(desk(1), second.id, second.version, ["f0"]);
    const late = linkFindings(desk(2), first.id, first.version, ["f1"]);
    await expect(late).rejects.toMatchObject({ code: "HW_CONFLICT" });
    expect((await leadsOf(store)).slice(0, 2)).toEqual([second.id, undefined]);
  });
});
