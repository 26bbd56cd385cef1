// What paging promises, whatever happens in whatever order: signals, answers of whoever, peers that fail, crashes,
// changes of the configuration, and nights in which the clock is changed.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Finding } from "../../../services/store/finding.ts";
import { setupOf } from "./fixture.ts";
import { PagingWorld, type PeerMode } from "./paging-world.ts";

/** Evenings before the nights in which the clock is changed, and one of the others. */
const BEGINS = ["2026-10-24T20:00:00Z", "2027-03-27T20:00:00Z", "2026-11-24T11:00:00Z"];
const DAYS_MAX = 5;

const { people, policies, routes } = setupOf().paging;
const { anna, bernd } = people;
const { urgent, calm } = policies;
if (anna === undefined || bernd === undefined) throw new RangeError("no people");
if (urgent === undefined || calm === undefined) throw new RangeError("no policies");
const [first, , last] = urgent.steps;
if (first === undefined || last === undefined) throw new RangeError("no steps");

/** Configurations that reach somebody about what can't wait; the stage is started anew with each. */
const SETUPS = [
  setupOf({ pagesPerHourMax: 2 }),
  setupOf({ people: { bernd } }),
  setupOf({ people: { anna } }, "anna"),
  setupOf({ policies: { urgent: { ...urgent, steps: [first, last] }, calm } }, "bernd"),
  setupOf({ policies: { urgent: { ...urgent, steps: [last] }, calm } }),
  setupOf({ policies: { calm }, routes: { ...routes, p1: { policy: "calm" } } }),
  setupOf({ people: { anna, bernd: { ...bernd, contacts: bernd.contacts.toReversed() } } }),
] as const;

type Command = (world: PagingWorld) => void;

const span = fc.oneof(
  fc.integer({ min: 10, max: 5000 }),
  fc.integer({ min: 5000, max: 900_000 }),
  fc.integer({ min: 900_000, max: 3 * 3_600_000 }),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: span.map((ms) => (world: PagingWorld) => world.run(ms)) },
  { weight: 1, arbitrary: span.map((ms) => (world: PagingWorld) => world.sleep(ms)) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(90, 85, 65, 45), fc.constantFrom("x", undefined)).map(
      ([score, proposal]) =>
        (world: PagingWorld) =>
          world.raise(score, proposal),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.nat(20),
        fc.constantFrom("acknowledged" as const, "declined" as const, "declined" as const),
        fc.constantFrom("anna", "bernd", "nobody", undefined),
      )
      .map(
        ([at, kind, person]) =>
          (world: PagingWorld) =>
            world.answer(at, kind, person),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<PeerMode>("takes", "fails", "refuses", "hangs", "takes_silently")
      .map((mode) => (world: PagingWorld) => {
        world.mode = mode;
      }),
  },
  { weight: 1, arbitrary: fc.constant((world: PagingWorld) => world.crash()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...SETUPS).map((setup) => (world: PagingWorld) => {
      world.configure(setup);
    }),
  },
  { weight: 1, arbitrary: fc.nat(20).map((at) => (world: PagingWorld) => world.close(at)) },
);

/** Whether somebody has it, or was told of it. */
function isHeard({ status, paging }: Finding, world: PagingWorld): boolean {
  if (paging === undefined || status === "closed") return true;
  const { state, answers, pages, ended, gatheredIn } = paging;
  if (answers.some(({ kind }) => kind === "acknowledged")) return true;
  if (pages.some(({ id }) => world.taken.has(id))) return true;
  const leader = gatheredIn === undefined ? undefined : world.findings.get(gatheredIn);
  const isToldWith = state === "ended" && (ended === "told" || ended === "digested");
  return isToldWith && leader?.paging?.pages.some(({ id }) => world.taken.has(id)) === true;
}

it("loses no step, sends none twice, begins none early, leaves nothing critical silent, and ends", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...BEGINS),
      fc.array(command, { minLength: 5, maxLength: 40 }),
      (begin, commands) => {
        const world = new PagingWorld(Date.parse(begin), SETUPS[0]);
        for (const one of commands) one(world);
        world.configure(SETUPS[0]);
        world.mode = "takes";
        expect(world.runToEnd(DAYS_MAX)).toBe(true);
        expect(world.broken).toEqual([]);
        const silent = [...world.findings.values()].filter((one) => !isHeard(one, world));
        const critical = silent.filter(({ paging }) => paging?.priority === "p1");
        expect(critical.map(({ paging }) => paging)).toEqual([]);
        // What was taken and heard of was never sent again; only a peer that did not say so got it twice.
        const states = [...world.findings.values()].map(({ paging }) => paging?.state);
        for (const state of states) expect(["acknowledged", "ended", undefined]).toContain(state);
      },
    ),
    { numRuns: 400 },
  );
});
