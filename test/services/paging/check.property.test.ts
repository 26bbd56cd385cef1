// What the check promises: it can be asked about any configuration, and with one that it finds no error in,
// p1 and p2 reach somebody at any instant of the year ahead for which duty is meant at all.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { TenantPaging } from "../../../config/paging.ts";
import { configSchema } from "../../../config/schema.ts";
import { checkPaging } from "../../../services/paging/check.ts";
import { onDuty } from "../../../services/paging/duty/on-duty.ts";
import { BERLIN, drawnSchedule, plainCounts } from "./duty/drawn-schedules.ts";

const NOW = Date.parse("2026-09-01T12:00:00Z");
const DAY_MS = 86_400_000;
const PEOPLE = ["anna", "bert", "cleo", "dora"] as const;

const drawnContact = fc.record(
  {
    channel: fc.constant("post"),
    to: fc.constant("soc@kreis.example"),
    priorities: fc.uniqueArray(fc.constantFrom("p1", "p2", "p3"), { minLength: 1 }),
  },
  { requiredKeys: ["channel", "to"] },
);

const drawnPeople = fc.record(
  Object.fromEntries(
    PEOPLE.map((id) => [
      id,
      fc.record({
        name: fc.constant(id),
        contacts: fc.array(drawnContact, { minLength: 1, maxLength: 2 }),
      }),
    ]),
  ),
);

/** Mostly with a layer below that always counts, so that some have no gaps. */
const drawnPlan = fc
  .tuple(drawnSchedule, fc.subarray([...PEOPLE]))
  .map(([schedule, people]) =>
    people.length === 0
      ? schedule
      : { ...schedule, layers: [{ people, begins: "2026-01-05T08:00" }, ...schedule.layers] },
  );

const drawnTarget = fc.oneof(
  fc.record({ person: fc.constantFrom(...PEOPLE, "gundula") }),
  fc.record({ schedule: fc.constantFrom("nacht", "tag") }),
  fc.record({ channel: fc.constant("post"), to: fc.constant("soc@kreis.example") }),
);
const drawnPolicy = fc.record({
  steps: fc.array(
    fc.record({
      afterMinutes: fc.constantFrom(0, 10),
      to: fc.array(drawnTarget, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});
const drawnRoute = fc.oneof(
  fc.record({ policy: fc.constantFrom("eins", "zwei") }),
  fc.constantFrom({ none: true }, { digest: true }),
);

const drawnTenant = fc.record({
  people: drawnPeople,
  schedules: fc.record({ nacht: drawnPlan, tag: drawnPlan }),
  policies: fc.record({ eins: drawnPolicy, zwei: drawnPolicy }),
  routes: fc.record({ p1: drawnRoute, p2: drawnRoute, p3: fc.constant({ none: true }) }),
  digest: fc.constant({ to: [{ person: "anna" }] }),
});

it("reaches somebody for p1 and p2 at any instant, where it finds no error", () => {
  let good = 0;
  fc.assert(
    fc.property(
      drawnTenant,
      fc.array(fc.integer({ min: 0, max: 365 * DAY_MS - 1 }), { minLength: 20, maxLength: 20 }),
      (tenant, offsets) => {
        const config = configSchema.parse({
          tenants: [{ id: "kreis", name: "Landkreis" }],
          paging: {
            channels: { post: { kind: "mail", host: "m.example", from: "h@kreis.example" } },
            tenants: { kreis: tenant },
          },
        });
        const faults = checkPaging(config, NOW);
        const settings = config.paging.tenants.kreis;
        if (settings === undefined || faults.some(({ severity }) => severity === "error")) return;
        good += 1;
        for (const offset of offsets)
          for (const priority of ["p1", "p2"] as const)
            expect([offset, priority, isReached(settings, priority, NOW + offset)]).toEqual([
              ...[offset, priority, true],
            ]);
      },
    ),
    { numRuns: 300 },
  );
  expect(good).toBeGreaterThan(5);
});

/** Whether any step has a way, nobody being asked for where the configuration says that nobody need be. */
function isReached(paging: TenantPaging, priority: "p1" | "p2", at: number): boolean {
  const route = paging.routes[priority];
  if (!("policy" in route)) return true;
  const targets = (paging.policies[route.policy]?.steps ?? []).flatMap(({ to }) => to);
  return targets.some((target) => {
    if ("channel" in target) return true;
    if ("person" in target) return hasWay(paging, target.person, priority);
    const schedule = paging.schedules[target.schedule];
    if (schedule === undefined) return false;
    if (plainCounts(schedule.uncovered, at, schedule.timeZone ?? BERLIN)) return true;
    const person = onDuty(schedule, [], at, BERLIN)?.person;
    return person !== undefined && hasWay(paging, person, priority);
  });
}

function hasWay({ people }: TenantPaging, person: string, priority: "p1" | "p2"): boolean {
  return (people[person]?.contacts ?? []).some(
    ({ priorities }) => priorities === undefined || priorities.includes(priority),
  );
}
