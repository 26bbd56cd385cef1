// From how many examples of a site on a model can be relied on.
import { expect, it } from "vitest";
import { MODEL_NAMES } from "../../../services/store/model.ts";
import { hasFewExamples } from "../../../services/store/model-examples.ts";

it("warns of every model that has learnt next to nothing of a site, and of none that has learnt much", () => {
  expect(MODEL_NAMES.filter((name) => !hasFewExamples(name, 100))).toEqual([]);
  expect(MODEL_NAMES.filter((name) => hasFewExamples(name, 5000))).toEqual([]);
});

it.each(["", "constructor", "gpt"])("says nothing of a model called '%s'", (name) => {
  expect(hasFewExamples(name, 0)).toBe(false);
});
