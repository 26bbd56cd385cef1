// What the engine makes of a finding that is told with another one.
import { describe, expect, it } from "vitest";
import { answer } from "../../../services/paging/answers.ts";
import { asks } from "../../../services/paging/engine.ts";
import { openPaging } from "../../../services/paging/open.ts";
import { takePages, withOutcome } from "../../../services/paging/sending.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { PageAnswer } from "../../../services/store/paging.ts";
import { advanced, BEGIN, findingOf, MINUTE_MS, NOON, pagingOf, setupOf } from "./fixture.ts";

function answered(finding: Finding, given: Partial<PageAnswer>, now: number): Finding {
  const said: PageAnswer = { kind: "acknowledged", at: now, via: "link", ...given };
  const paging = answer(finding, said, now);
  return paging === undefined ? finding : { ...finding, paging };
}

/** Who was called, and by which channel. */
const called = (finding: Finding) =>
  pagingOf(finding).pages.map(({ person, channel }) => `${person ?? "-"} ${channel}`);

const urgent = () => openPaging(findingOf("f1", 85), setupOf(), NOON);

describe("gathering", () => {
  const leader = () => advanced(urgent(), BEGIN);
  const told = () => {
    const other = openPaging(findingOf("f3", 85), setupOf(), NOON);
    return advanced(other, BEGIN, setupOf(), { place: { kind: "gathered", leader: "f1" } });
  };
  const sent = (finding: Finding, at: number): Finding => {
    const { paging, taken } = takePages(pagingOf(finding), at, () => ({ leaseMs: 1000 }));
    const outcome = { kind: "handed_over", at: at + 10, reference: undefined } as const;
    const done = taken.reduce((one, page) => withOutcome(one, page.id, outcome), paging);
    return { ...finding, paging: done };
  };

  it("pages nobody by itself and looks after the one that tells of it", () => {
    expect(told().paging).toMatchObject({ state: "gathered", gatheredIn: "f1", pages: [] });
    expect(asks(told(), BEGIN, setupOf())).toBe("leader");
    const later = advanced(told(), BEGIN + 2 * MINUTE_MS, setupOf(), {
      leader: pagingOf(leader()),
    });
    expect(later.paging).toMatchObject({ state: "gathered" });
  });

  it("is acknowledged with the one that told of it", () => {
    const page = sent(leader(), BEGIN + 5000);
    const taken = answered(page, { person: "anna" }, BEGIN + MINUTE_MS);
    const end = advanced(told(), BEGIN + MINUTE_MS, setupOf(), { leader: pagingOf(taken) });
    expect(end.paging).toMatchObject({ state: "acknowledged", answers: [{ person: "anna" }] });
  });

  it("keeps its own answers when it is acknowledged with the one that told of it", () => {
    const declined: PageAnswer = { kind: "declined", at: NOON, via: "sms", person: "bernd" };
    const one = told();
    const before = { ...one, paging: { ...pagingOf(one), answers: [declined] } };
    const taken = answered(sent(leader(), BEGIN + 5000), { person: "anna" }, BEGIN + MINUTE_MS);
    const around = { leader: pagingOf(taken) };
    const end = advanced(before, BEGIN + MINUTE_MS, setupOf(), around);
    expect(pagingOf(end).answers.map(({ person }) => person)).toEqual(["bernd", "anna"]);
  });

  it.each([
    ["was acknowledged", (one: Finding) => answered(one, {}, BEGIN + 100)],
    ["was closed", (one: Finding) => advanced({ ...one, status: "closed" }, BEGIN + 100)],
  ])("pages by itself when the other one %s before it told of it", (_, change) => {
    const page = change(sent(leader(), BEGIN));
    const alone = advanced(told(), BEGIN + 200, setupOf(), { leader: pagingOf(page) });
    expect(alone.paging).toMatchObject({ state: "escalating", stepAt: BEGIN + 200 });
    expect(called(advanced(alone, BEGIN + 200))).toEqual(["anna sms"]);
  });

  it("pages by itself when the other one is gone", () => {
    const alone = advanced(told(), BEGIN + 200, setupOf(), { leader: "gone" });
    expect(alone.paging?.state).toBe("escalating");
  });
});
