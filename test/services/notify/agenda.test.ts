import { expect, it } from "vitest";
import { createAgenda } from "../../../services/notify/agenda.ts";

/** Work that goes on until it is let go. */
function heldWork() {
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  const work = (tenant: string, id: string) =>
    new Promise<void>((resolve) => {
      begun.push(`${tenant} ${id}`);
      waiting.push(resolve);
    });
  const letGo = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { begun, work, letGo };
}

it("keeps a place for other tenants while one has very much to do", async () => {
  const { begun, work, letGo } = heldWork();
  const agenda = createAgenda(() => 1000, work);
  for (let n = 0; n < 60_000; n += 1) agenda.at("storm", `f${n}`, 0, "p3");
  agenda.begin();
  agenda.at("calm", "f", 0, "p3");
  agenda.begin();
  expect(begun).toContain("calm f");
  const closed = agenda.close();
  letGo();
  await closed;
});

it("looks again at what was told while it was worked on, and never twice at once", async () => {
  const { begun, work, letGo } = heldWork();
  const agenda = createAgenda(() => 1000, work);
  agenda.at("a", "f", 500, "p3");
  agenda.begin();
  agenda.at("a", "f", 500, "p3");
  agenda.begin();
  expect(begun).toEqual(["a f"]);
  letGo();
  while (begun.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const closed = agenda.close();
  letGo();
  await closed;
});

it("begins nothing before its time", () => {
  const { begun, work } = heldWork();
  let now = 0;
  const agenda = createAgenda(() => now, work);
  agenda.at("a", "f", 700, "p3");
  agenda.at("a", "f", 500, "p3");
  agenda.begin();
  expect(begun).toEqual([]);
  now = 500;
  agenda.begin();
  expect(begun).toEqual(["a f"]);
});

it("begins what can't wait before all that waits already, and leaves it a place", async () => {
  const { begun, work, letGo } = heldWork();
  const agenda = createAgenda(() => 1000, work);
  for (let n = 0; n < 60_000; n += 1) agenda.at("a", `calm${n}`, 0, "p3");
  agenda.begin();
  expect(begun).toHaveLength(20);
  agenda.at("a", "calm50", 0, "p1");
  agenda.at("a", "urgent", 0, "p1");
  agenda.begin();
  expect(begun.slice(20)).toEqual(["a calm50", "a urgent"]);
  const closed = agenda.close();
  letGo();
  await closed;
});

it("comes to what is less urgent however much is urgent", async () => {
  const begun: string[] = [];
  const agenda = createAgenda(
    () => 1000,
    async (_, id, priority) => {
      begun.push(id);
      // Each brings the next one: what is urgent never ends.
      if (priority === "p1" && begun.length < 400) agenda.at("a", `${id}+`, 0, "p1");
    },
  );
  for (let n = 0; n < 100; n += 1) agenda.at("a", `urgent${n}`, 0, "p1");
  for (let n = 0; n < 10; n += 1) agenda.at("a", `calm${n}`, 0, "p4");
  agenda.begin();
  while (!agenda.isAtRest) await new Promise((resolve) => setImmediate(resolve));
  const places = Array.from({ length: 10 }, (_, n) => begun.indexOf(`calm${n}`));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThan(500);
  await agenda.close();
});
