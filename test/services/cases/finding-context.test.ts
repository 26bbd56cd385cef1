// The parts of a finding's context: none waits for another, none takes longer than its limit, and what was
// asked a short while ago is not asked again.
import { describe, expect, it } from "vitest";
import {
  type ContextOptions,
  type ContextSources,
  createFindingContext,
} from "../../../services/cases/finding-context.ts";
import { findingOf } from "../api/fixture.ts";

const FINDING = { id: "f1", version: 1, document: findingOf("f1") };
const never = () => new Promise<never>(() => undefined);

function sourcesOf(changes: Partial<ContextSources> = {}): ContextSources {
  return {
    assets: () => [],
    addresses: () => [],
    attack: () => ({ tactics: [], techniques: [] }),
    earlier: () => ({ total: 0, findings: [] }),
    detector: () => ({
      ...{ days: 30, findings: 0, unjudged: 0 },
      verdicts: {
        ...{ true_positive: 0, benign_true_positive: 0, false_positive: 0 },
        ...{ duplicate: 0, undetermined: 0 },
      },
    }),
    intelligence: () => [],
    ...changes,
  };
}

function open(sources: Partial<ContextSources>, options: Partial<ContextOptions> = {}) {
  const faults: string[] = [];
  let time = 0;
  const ask = createFindingContext({
    sources: sourcesOf(sources),
    ...{ timeLimitMs: 20, cacheMs: 1000, cacheEntriesMax: 100, now: () => time },
    onFault: (part) => faults.push(part),
    ...options,
  });
  const pass = (ms: number) => {
    time += ms;
  };
  return { ask, faults, pass };
}

function counter() {
  let asked = 0;
  const assets = () => {
    asked += 1;
    return [{ host: `h${asked}`, facts: {} }];
  };
  return { assets, asked: () => asked };
}

describe("a part", () => {
  it("that is late or fails is told as such, and the others answer", async () => {
    const { ask, faults } = open({
      addresses: never,
      intelligence: () => {
        throw new Error("kaputt");
      },
      earlier: () => Promise.reject(new Error("weg")),
    });
    const found = await ask("kreis", FINDING);
    expect(Object.entries(found).map(([name, { state }]) => `${name} ${state}`)).toEqual([
      ...["assets known", "addresses late", "attack known"],
      ...["earlier failed", "detector known", "intelligence failed"],
    ]);
    expect(faults.sort()).toEqual(["earlier", "intelligence"]);
  });

  it("that was late is there for who asks next", async () => {
    let answer = (_hosts: []): void => undefined;
    const assets = () =>
      new Promise<[]>((resolve) => {
        answer = resolve;
      });
    const { ask } = open({ assets });
    expect((await ask("kreis", FINDING)).assets).toEqual({ state: "late" });
    answer([]);
    expect((await ask("kreis", FINDING)).assets).toEqual({ state: "known", value: [] });
  });

  it("is asked once for a while, by finding and tenant", async () => {
    const { assets, asked } = counter();
    const { ask, pass } = open({ assets });
    await Promise.all([ask("kreis", FINDING), ask("kreis", FINDING)]);
    expect(asked()).toBe(1);
    await ask("stadt", FINDING);
    await ask("kreis", { ...FINDING, id: "f2" });
    expect(asked()).toBe(3);
    pass(1000);
    await ask("kreis", FINDING);
    expect(asked()).toBe(4);
  });

  it("that failed is asked again", async () => {
    let fails = true;
    const { ask } = open({
      assets: () => {
        if (fails) throw new Error("kaputt");
        return [];
      },
    });
    await ask("kreis", FINDING);
    fails = false;
    expect((await ask("kreis", FINDING)).assets.state).toBe("known");
  });

  it("is forgotten when there are too many", async () => {
    const { assets, asked } = counter();
    const { ask } = open({ assets }, { cacheEntriesMax: 6 });
    await ask("kreis", FINDING);
    await ask("kreis", { ...FINDING, id: "f2" });
    await ask("kreis", FINDING);
    expect(asked()).toBe(3);
  });
});
