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
  for (let n = 0; n < 60_000; n += 1) agenda.at("storm", `f${n}`, 0);
  agenda.begin();
  agenda.at("calm", "f", 0);
  agenda.begin();
  expect(begun).toContain("calm f");
  const closed = agenda.close();
  letGo();
  await closed;
});

it("looks again at what was told while it was worked on, and never twice at once", async () => {
  const { begun, work, letGo } = heldWork();
  const agenda = createAgenda(() => 1000, work);
  agenda.at("a", "f", 500);
  agenda.begin();
  agenda.at("a", "f", 500);
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
  agenda.at("a", "f", 700);
  agenda.at("a", "f", 500);
  agenda.begin();
  expect(begun).toEqual([]);
  now = 500;
  agenda.begin();
  expect(begun).toEqual(["a f"]);
});
