// Two analysts who edit the same few findings at the same time at random, and a plain check that none of
// their accepted edits was lost: the audit entries in their order lead from the first state to the last.
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { addFindings, findingOf, HOME, openWorld, type Send } from "./fixture.ts";

/** Requests of one person under way at once. */
const WINDOWS = 4;

const FIELDS = ["status", "verdict", "assignee", "watchers", "tags", "tlp"] as const;
type Part = Record<string, unknown>;

/** Numbers that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Edits until so many edits were asked for; who meets a conflict goes on from the state in the answer.
 * @returns how many were accepted
 */
async function editAtRandom(
  send: Send,
  ids: readonly string[],
  edits: number,
  random: () => number,
): Promise<number> {
  const pick = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(random() * list.length)];
    if (one === undefined) throw new Error("nothing to pick");
    return one;
  };
  const versions = new Map<string, number>();
  let accepted = 0;
  for (let edit = 0; edit < edits; edit += 1) {
    const id = pick(ids);
    const version = versions.get(id) ?? 1;
    const tag = `t${Math.floor(random() * 8)}`;
    const [path, body] = pick<[string, object]>([
      ["verdict", { verdict: "true_positive" }],
      ["verdict", { verdict: "false_positive", reason: pick(["logic", "data"]) }],
      ["status", { status: pick(["new", "in_progress"]) }],
      ["undo-verdict", {}],
      ["tags", { add: [tag] }],
      ["tags", { remove: [tag] }],
      ["watch", { watching: random() < 0.5 }],
      ["tlp", { tlp: pick(["green", "amber", null]) }],
    ]);
    const { status, body: answer } = await send("POST", `/findings/${id}/${path}`, {
      version,
      ...body,
    });
    if (status === 200) accepted += 1;
    else expect([status, answer.error.code]).toEqual([409, "HW_CONFLICT"]);
    versions.set(id, answer.version ?? answer.error.details?.version ?? version);
  }
  return accepted;
}

/** So many edits of two people with several windows each, over HTTP; checks that none was lost. */
export async function checkConcurrentEdits(edits: number, seed: number): Promise<void> {
  const world = await openWorld({ limits: { requestsPerMinuteMax: 1_000_000 } });
  const findings = ["a", "b", "c"].map((id) => findingOf(id));
  await addFindings(world.store, findings);
  const people = [await world.person("analyst"), await world.person("analyst")];
  const ids = findings.map(({ id }) => id);
  const each = Math.ceil(edits / people.length / WINDOWS);
  const accepted = await Promise.all(
    people.flatMap(({ send }, person) =>
      Array.from({ length: WINDOWS }, (_, window) =>
        editAtRandom(send, ids, each, randomOf(seed + person * WINDOWS + window)),
      ),
    ),
  );
  const first = new Map(findings.map((one) => [one.id, one]));
  const entries = await foldEntries(world.store, HOME, first);
  const sum = accepted.reduce((all, one) => all + one, 0);
  expect([seed, entries]).toEqual([seed, sum]);
  expect(sum).toBeGreaterThan(edits / 100);
}

/** @returns how many entries there are; each leads on from the one before */
export async function foldEntries(
  store: Store,
  tenant: string,
  first: ReadonlyMap<string, Finding>,
): Promise<number> {
  expect(await store.verifyAudit(tenant)).toBeUndefined();
  const states = new Map([...first].map(([id, finding]) => [id, partsOf(finding)]));
  let count = 0;
  for (let from = 1; ; ) {
    const entries = await store.readAudit(tenant, from, 1000);
    for (const { sequence, action, subject, payload } of entries) {
      from = sequence + 1;
      const state = states.get(subject);
      if (!action.startsWith("finding.") || state === undefined) continue;
      const { before, after } = payload as { before: Part; after: Part };
      for (const [field, value] of Object.entries(before))
        expect([sequence, field, state[field]]).toEqual([sequence, field, value]);
      const next = { ...state };
      for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
        if (after[field] === undefined) delete next[field];
        else next[field] = after[field];
      }
      states.set(subject, next);
      count += 1;
    }
    if (entries.length === 0) break;
  }
  let versions = 0;
  for (const [id, state] of states) {
    const found = await store.get(tenant, FINDING_KIND, id);
    if (found === undefined) throw new Error("the finding is gone");
    expect(isDeepStrictEqual(partsOf(found.document), state)).toBe(true);
    versions += found.version - 1;
  }
  // Scores change by themselves, too, and make further versions.
  expect(count).toBeLessThanOrEqual(versions);
  return count;
}

function partsOf(finding: Finding): Part {
  const parts: Part = {};
  for (const field of FIELDS) if (finding[field] !== undefined) parts[field] = finding[field];
  return parts;
}
