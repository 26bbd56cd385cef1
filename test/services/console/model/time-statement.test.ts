// What people say about a time, and what the server gets of it.
import { describe, expect, it } from "vitest";
import { localSecond } from "../../../../services/console/model/berlin-time.ts";
import {
  EMPTY_STATEMENT,
  plainStatementBody,
  statementBody,
  timeOf,
} from "../../../../services/console/model/time-statement.ts";

const AT = Date.UTC(2026, 10, 20, 9, 30, 12);
const full = {
  ...EMPTY_STATEMENT,
  ...({ method: "estimate", at: "2026-11-20T10:30:12" } as const),
  ...{ earliest: "2026-11-20T10:00", latest: "2026-11-20T11:00" },
  ...{ chosen: ["f-1"], others: " e-1, e-2;f-1 ", reason: "  Protokoll  " },
};

describe("a statement", () => {
  it("is in Berlin time, to the second, with each piece of evidence once", () => {
    expect(statementBody(full)).toEqual({
      ...{ method: "estimate", at: AT },
      ...{ earliest: Date.UTC(2026, 10, 20, 9), latest: Date.UTC(2026, 10, 20, 10) },
      ...{ evidenceIds: ["f-1", "e-1", "e-2"], reason: "Protokoll" },
    });
  });

  it.each([
    ["evidence", ["at"]],
    ["estimate", ["at", "earliest", "latest"]],
    ["unknown", []],
    ["pre_compromise", ["at"]],
  ] as const)("with the method %s has the times %j", (method, times) => {
    const body = statementBody({ ...full, method });
    expect(["at", "earliest", "latest"].filter((key) => key in body)).toEqual(times);
  });

  it("of a containment or recovery has no bounds", () => {
    expect(plainStatementBody(full)).not.toHaveProperty("earliest");
    expect(plainStatementBody(full)).not.toHaveProperty("latest");
  });

  it("without reasons and times says nothing of them", () => {
    expect(statementBody({ ...EMPTY_STATEMENT, method: "evidence" })).toEqual({
      ...{ method: "evidence", evidenceIds: [] },
    });
    expect(timeOf("dueAt", "")).toEqual({});
    expect(timeOf("dueAt", "morgen")).toEqual({});
  });

  it("is shown again as the second that was stated", () => {
    expect(timeOf("at", localSecond(AT))).toEqual({ at: AT });
    const summer = Date.UTC(2026, 6, 1, 22, 5, 59);
    expect(timeOf("at", localSecond(summer))).toEqual({ at: summer });
  });
});
