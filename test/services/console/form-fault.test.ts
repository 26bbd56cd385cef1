// A refusal is shown in the server's own words, where it has some.
import { describe, expect, it } from "vitest";
import { ApiError } from "../../../services/console/api/client.ts";
import { de } from "../../../services/console/messages/de.ts";
import { formFault } from "../../../services/console/shell/form-fault.ts";

const sentence = "Die Behebung läge vor der Eindämmung.";
const issues = [{ place: "body/sha256", message: "passt nicht" }, null, { place: 1 }, "x"];

describe("the sentence beside a form", () => {
  it.each([
    [new ApiError(422, "HW_REQUEST_INVALID", sentence), sentence],
    [
      new ApiError(403, "HW_FORBIDDEN", "Zustimmen muss eine zweite Person."),
      "Zustimmen muss eine zweite Person.",
    ],
    [
      new ApiError(422, "HW_REQUEST_INVALID", sentence, issues),
      `${sentence} (body/sha256: passt nicht)`,
    ],
    [new ApiError(409, "HW_CONFLICT", sentence, { version: 2 }), sentence],
    [new ApiError(422, "HW_REQUEST_INVALID"), de.errors.invalid],
    [new ApiError(401, "HW_UNAUTHENTICATED", "nicht angemeldet"), de.errors.unauthenticated],
    [new ApiError(0, "offline"), de.errors.offline],
    [new TypeError("kaputt"), de.common.failed],
  ])("is taken from the failure: %#", (error, text) => {
    expect(formFault(error, de)).toBe(text);
  });
});
