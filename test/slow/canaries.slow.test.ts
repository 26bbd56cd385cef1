// 200 invented people through the inputs of a running Heidewacht: none of them is found in clear afterwards.
import { expect, it } from "vitest";
import { runCanaries } from "../support/canary-run.ts";

const PEOPLE = 200;

it("keeps and answers nobody's name in clear", async () => {
  const run = await runCanaries(PEOPLE);
  const { found, pseudonymsInArchive } = run;
  const least = Math.min(...Object.values(run.eventsBySource));
  expect(least).toBeGreaterThanOrEqual(run.texts);
  expect(run.findings).toBeGreaterThan(0);
  expect(run.prompts).toBeGreaterThan(0);
  const { comments, backupCharacters, calls } = run;
  expect(Math.min(comments, backupCharacters, calls)).toBeGreaterThan(0);
  expect(pseudonymsInArchive).toBeGreaterThanOrEqual(PEOPLE / 2);
  expect(Object.entries(found).filter(([, people]) => people > 0)).toEqual([]);
});
