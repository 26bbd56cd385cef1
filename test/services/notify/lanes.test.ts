import { expect, it } from "vitest";
import { createLanes } from "../../../services/notify/lanes.ts";

const takeAll = (lanes: ReturnType<typeof createLanes<number>>) => {
  const keys: string[] = [];
  for (let next = lanes.take(() => true); next; next = lanes.take(() => true)) keys.push(next.key);
  return keys;
};

it("gives the urgent ones first, and every fourth place to what has waited longest", () => {
  const lanes = createLanes<number>();
  lanes.put("old", "p4", 0);
  for (let n = 0; n < 5; n += 1) lanes.put(`urgent${n}`, "p1", n);
  lanes.put("calm", "p2", 0);
  expect(lanes.size).toBe(7);
  const order = ["urgent0", "urgent1", "urgent2", "old", "urgent3", "urgent4", "calm"];
  expect(takeAll(lanes)).toEqual(order);
  expect(lanes.size).toBe(0);
});

it("keeps the age of what becomes more urgent, and never makes it less so", () => {
  const lanes = createLanes<number>();
  for (const key of ["a", "b", "c"]) lanes.put(key, "p3", 7);
  lanes.put("c", "p1", 8);
  lanes.put("c", "p4", 9);
  expect(lanes.take(() => true)).toEqual({ key: "c", priority: "p1", value: 8 });
  expect(lanes.has("c")).toBe(false);
  expect(takeAll(lanes)).toEqual(["a", "b"]);
});

it("gives nothing of lanes that may not go", () => {
  const lanes = createLanes<number>();
  lanes.put("a", "p3", 1);
  expect(lanes.take((priority) => priority === "p1")).toBeUndefined();
  expect(lanes.take(() => true)?.key).toBe("a");
});
