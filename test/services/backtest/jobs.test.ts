import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { createJobs, type JobWork } from "../../../services/backtest/jobs.ts";
import type { BacktestResult } from "../../../services/backtest/result.ts";

const RESULT: BacktestResult = {
  ...{ timeZone: "UTC", windowMs: 1, events: 3, share: 1, isCut: false, hits: 1, findings: 1 },
  ...{ ruleCount: 0, rules: [], unparsed: 0, faults: [], durationMs: 1 },
  ...{ observations: 0, isCorrelationCut: false },
};
const about = (name: string) => ({ name, ruleCount: 1 });
const LIMITS = { runningPerTenantMax: 1, runningMax: 2, keptPerTenantMax: 2 };

function openJobs() {
  const errors: unknown[] = [];
  const jobs = createJobs({ limits: LIMITS, now: () => 7, onError: (error) => errors.push(error) });
  return { jobs, errors };
}

const untilCancelled: JobWork = async (signal) => {
  while (!signal.aborted) await setTimeout(1);
  return { ...RESULT, stopped: "cancelled" };
};

describe("the backtests of a service", () => {
  it("are watched while they run and keep their result", async () => {
    const { jobs } = openJobs();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { id } = jobs.start("kreis", about("eine Regel"), async (_signal, onProgress) => {
      onProgress({ events: 2, hits: 1, share: 0.5 });
      await gate;
      return RESULT;
    });
    await expect.poll(() => jobs.get("kreis", id)?.progress.share).toBe(0.5);
    expect(jobs.get("kreis", id)).toMatchObject({ state: "running", name: "eine Regel" });
    open();
    await expect.poll(() => jobs.get("kreis", id)?.state).toBe("done");
    expect(jobs.get("kreis", id)?.result).toEqual(RESULT);
  });

  it("are not seen, cancelled or forgotten by another tenant", async () => {
    const { jobs } = openJobs();
    const { id } = jobs.start("kreis", about("r"), untilCancelled);
    expect(jobs.get("stadt", id)).toBeUndefined();
    expect(jobs.list("stadt")).toEqual([]);
    expect(jobs.remove("stadt", id)).toBe(false);
    expect(jobs.get("kreis", id)?.state).toBe("running");
    await jobs.close();
  });

  it("are few at a time, per tenant and in all", async () => {
    const { jobs } = openJobs();
    jobs.start("a", about("r"), untilCancelled);
    expect(() => jobs.start("a", about("r"), untilCancelled)).toThrow(
      expect.objectContaining({ code: "HW_BUSY" }),
    );
    jobs.start("b", about("r"), untilCancelled);
    expect(() => jobs.start("c", about("r"), untilCancelled)).toThrow(
      expect.objectContaining({ code: "HW_BUSY" }),
    );
    await jobs.close();
    expect(jobs.list("a")[0]?.state).toBe("cancelled");
  });

  it("end with what they have when they are cancelled, and are forgotten at the second time", async () => {
    const { jobs } = openJobs();
    const { id } = jobs.start("kreis", about("r"), untilCancelled);
    expect(jobs.remove("kreis", id)).toBe(true);
    await expect.poll(() => jobs.get("kreis", id)?.state).toBe("cancelled");
    expect(jobs.get("kreis", id)?.result?.events).toBe(3);
    expect(jobs.remove("kreis", id)).toBe(true);
    expect(jobs.get("kreis", id)).toBeUndefined();
  });

  it.each([
    ["an expected error", new AppError("HW_CLOSED", "closed"), "HW_CLOSED", 0],
    ["one of ours", new TypeError("boom"), "HW_INTERNAL", 1],
  ])("tell by its code of %s that ended them", async (_what, error, fault, told) => {
    const { jobs, errors } = openJobs();
    const { id } = jobs.start("kreis", about("r"), () => Promise.reject(error));
    await expect.poll(() => jobs.get("kreis", id)?.state).toBe("failed");
    expect(jobs.get("kreis", id)?.fault).toBe(fault);
    expect(errors).toHaveLength(told);
  });

  it("are kept for as many as may be, the newest ones", async () => {
    const { jobs } = openJobs();
    for (const name of ["1", "2", "3", "4"]) {
      const { id } = jobs.start("kreis", about(name), async () => RESULT);
      await expect.poll(() => jobs.get("kreis", id)?.state).toBe("done");
    }
    expect(jobs.list("kreis").map(({ name }) => name)).toEqual(["4", "3", "2"]);
  });
});
