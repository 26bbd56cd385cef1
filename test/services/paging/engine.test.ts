import { describe, expect, it } from "vitest";
import { answer } from "../../../services/paging/answers.ts";
import { advance, asks, type Surroundings } from "../../../services/paging/engine.ts";
import { openPaging, SETTLE_MS } from "../../../services/paging/open.ts";
import { takePages, withOutcome } from "../../../services/paging/sending.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { PageAnswer, PageDelivery } from "../../../services/store/paging.ts";
import {
  advanced,
  BEGIN,
  findingOf,
  HOUR_MS,
  LEADS,
  MINUTE_MS,
  NOON,
  pagingOf,
  setupOf,
} from "./fixture.ts";

/** Who was called at which minute after noon, in the order of the pages. */
function called(finding: Finding): string[] {
  return pagingOf(finding).pages.map(
    ({ person, channel, dueAt }) =>
      `${Math.floor((dueAt - NOON) / MINUTE_MS)} ${person ?? "-"} ${channel}`,
  );
}

/** Lets the time go by in steps of a minute. */
function minutesOn(
  finding: Finding,
  minutes: number,
  setup = setupOf(),
  around: Surroundings = LEADS,
): Finding {
  let next = finding;
  for (let minute = 0; minute <= minutes; minute += 1) {
    next = advanced(next, BEGIN + minute * MINUTE_MS, setup, around);
  }
  return next;
}

function answered(finding: Finding, given: Partial<PageAnswer>, now: number): Finding {
  const said: PageAnswer = { kind: "acknowledged", at: now, via: "link", ...given };
  const paging = answer(finding, said, now);
  return paging === undefined ? finding : { ...finding, paging };
}

/** As if this had become of all pages. */
function withPages(finding: Finding, state: PageDelivery["state"]): Finding {
  const paging = pagingOf(finding);
  return {
    ...finding,
    paging: { ...paging, pages: paging.pages.map((one) => ({ ...one, state })) },
  };
}

const urgent = () => openPaging(findingOf("f1", 85), setupOf(), NOON);
const calm = () => openPaging(findingOf("f2", 65), setupOf(), NOON);

describe("opening", () => {
  it.each([
    ["a score for p1", findingOf("f", 85), "p1", "escalating"],
    ["a score for p2", findingOf("f", 65), "p2", "escalating"],
    ["a score for p3", findingOf("f", 45), "p3", "digest"],
    [
      "a critical asset, by one",
      findingOf("f", 65, { scoreParts: [{ key: "asset", points: 5, detail: "" }] }),
      ...["p1", "escalating"],
    ],
  ])("is as urgent as %s", (_, finding, priority, state) => {
    const opened = openPaging(finding, setupOf(), NOON);
    expect(opened.paging).toMatchObject({ priority, state, requestedAt: NOON });
  });

  it.each([
    ["too little", findingOf("f", 10)],
    ["closed", findingOf("f", 85, { status: "closed" })],
    ["silenced", findingOf("f", 85, { silencedBy: ["s"] })],
    ["inhibited", findingOf("f", 85, { inhibitedBy: ["s"] })],
    ["excepted", findingOf("f", 85, { exceptedBy: ["s"] })],
    ["in maintenance", findingOf("f", 85, { maintenanceBy: ["s"] })],
  ])("leaves alone what is %s", (_, finding) => {
    expect(openPaging(finding, setupOf(), NOON)).toBe(finding);
  });

  it("does nothing without a set-up", () => {
    const finding = findingOf("f", 85);
    expect(openPaging(finding, undefined, NOON)).toBe(finding);
  });

  it("changes nothing when it is asked again, and nothing when the score falls", () => {
    const opened = urgent();
    expect(openPaging(opened, setupOf(), NOON + HOUR_MS, opened)).toBe(opened);
    const fallen = { ...opened, score: 45 };
    expect(openPaging(fallen, setupOf(), NOON + HOUR_MS, opened)).toBe(fallen);
  });

  it("begins anew when the priority rises, and when a signal re-opens it", () => {
    const risen = openPaging({ ...calm(), score: 90 }, setupOf(), NOON + HOUR_MS, calm());
    expect(risen.paging).toMatchObject({ priority: "p1", policy: "urgent", opening: 1, step: 0 });
    const closed = advanced({ ...urgent(), status: "closed" }, BEGIN);
    const reopened = openPaging({ ...closed, status: "new" }, setupOf(), NOON + HOUR_MS, closed);
    expect(reopened.paging).toMatchObject({ state: "escalating", opening: 1 });
  });

  it("leaves alone what somebody re-opened by hand", () => {
    const closed = advanced({ ...urgent(), status: "closed" }, BEGIN);
    const open: Finding = { ...closed, status: "new" };
    expect(openPaging(open, setupOf(), NOON + HOUR_MS, open)).toBe(open);
  });

  it("takes up what comes back into the queue", () => {
    const quiet = advanced({ ...urgent(), silencedBy: ["s"] }, BEGIN);
    expect(quiet.paging).toMatchObject({ state: "ended", ended: "quieted" });
    const { silencedBy: _, ...back } = quiet;
    expect(openPaging(back, setupOf(), NOON + HOUR_MS, quiet).paging?.state).toBe("escalating");
  });
});

describe("steps", () => {
  it("begin at their times, and one after nobody at once", () => {
    expect(called(minutesOn(urgent(), 9))).toEqual(["0 anna sms"]);
    const later = minutesOn(urgent(), 10);
    expect(called(later)).toEqual([
      "0 anna sms",
      ...["10 bernd mail", "15 bernd sms", "10 - mail"],
    ]);
    expect(pagingOf(later).skipped).toEqual([{ round: 0, step: 1, why: "nobody" }]);
  });

  it("page whoever is on duty", () => {
    expect(called(minutesOn(urgent(), 10, setupOf({}, "anna")))).toEqual([
      "0 anna sms",
      "10 anna sms",
    ]);
  });

  it("are repeated, and end when nobody answers", () => {
    const first = withPages(minutesOn(urgent(), 0), "handed_over");
    const end = minutesOn(first, 60);
    expect(called(end).filter((one) => one.endsWith("anna sms"))).toEqual([
      ...["0 anna sms", "25 anna sms"],
    ]);
    expect(end.paging).toMatchObject({ state: "ended", ended: "exhausted" });
  });

  it("are not over as long as all pages are on their way still", () => {
    const waiting = minutesOn(urgent(), 600);
    expect(pagingOf(waiting).state).toBe("escalating");
    expect(pagingOf(waiting).pages).toHaveLength(8);
    expect(pagingOf(minutesOn(withPages(waiting, "handed_over"), 660)).ended).toBe("exhausted");
  });

  it("begin again beyond their repetitions where no page has reached anybody, for a week", () => {
    let finding = minutesOn(urgent(), 60);
    const times = () => called(finding).filter((one) => one.endsWith("anna sms"));
    expect(times()).toHaveLength(2);
    finding = minutesOn(withPages(finding, "failed"), 80);
    expect(times()).toHaveLength(3);
    const late = advanced(withPages(finding, "failed"), BEGIN + 8 * 24 * HOUR_MS);
    expect(late.paging).toMatchObject({ state: "ended", ended: "exhausted" });
  });

  it("are due to the millisecond, however late the one before was looked at", () => {
    const begun = advanced(urgent(), BEGIN + 4000);
    expect(pagingOf(begun).stepAt).toBe(BEGIN + 10 * MINUTE_MS);
  });

  it("leave people their time when all was away for long", () => {
    const late = BEGIN + 45 * MINUTE_MS;
    const begun = advanced(urgent(), late);
    expect(called(begun)).toEqual(["45 anna sms"]);
    expect(pagingOf(begun).stepAt).toBe(late + 10 * MINUTE_MS);
  });

  it("give each page an id of its own, the same when it is made again", () => {
    const ids = pagingOf(minutesOn(urgent(), 60)).pages.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(pagingOf(minutesOn(urgent(), 60)).pages.map(({ id }) => id)).toEqual(ids);
  });

  it("go on by the policy of the priority when theirs is configured no more", () => {
    const setup = setupOf();
    const { urgent: _, ...policies } = setup.paging.policies;
    const changed = setupOf({
      policies,
      routes: { ...setup.paging.routes, p1: { policy: "calm" } },
    });
    expect(called(advanced(urgent(), BEGIN, changed))).toEqual(["0 bernd mail", "5 bernd sms"]);
  });

  it("say nothing new when they are asked again", () => {
    const begun = minutesOn(urgent(), 3);
    expect(advance(begun, BEGIN + 3 * MINUTE_MS, setupOf(), LEADS)).toBe(begun.paging);
  });

  it("follow an opening that was written with a clock that goes an hour ahead", () => {
    const ahead = openPaging(findingOf("f2", 65), setupOf(), NOON + HOUR_MS);
    expect(asks(ahead, NOON, setupOf())).toBeUndefined();
    expect(pagingOf(advanced(ahead, NOON)).stepAt).toBe(NOON + 5 * MINUTE_MS);
  });
});

describe("quiet hours", () => {
  const night = Date.UTC(2026, 10, 24, 22, 30);
  it("hold back what can wait until they end, and then it is paged", () => {
    const opened = openPaging(findingOf("f", 65), setupOf(), night);
    const due = night + 6 * MINUTE_MS;
    expect(asks(opened, due, setupOf())).toBeUndefined();
    const held = advanced(opened, due);
    const end = Date.UTC(2026, 10, 25, 5);
    expect(held.paging).toMatchObject({ state: "quiet", stepAt: end, dueAt: end });
    expect(pagingOf(advanced(held, end - 1)).pages).toEqual([]);
    expect(pagingOf(advanced(held, end)).pages).toHaveLength(1);
  });

  it("never hold back what can't", () => {
    const opened = openPaging(findingOf("f", 85), setupOf(), night);
    expect(pagingOf(advanced(opened, night + SETTLE_MS)).pages).toHaveLength(1);
  });

  it("hold back repetitions of a page, too", () => {
    const evening = Date.UTC(2026, 10, 24, 20, 50);
    const opened = openPaging(findingOf("f", 65), setupOf(), evening);
    const begun = advanced(opened, evening + 5 * MINUTE_MS);
    const [page] = pagingOf(advanced(begun, night)).pages;
    expect(page?.nextAt).toBe(Date.UTC(2026, 10, 25, 5));
  });
});

describe("answers", () => {
  it("stop the calls, and drop what was not sent", () => {
    const begun = minutesOn(urgent(), 10);
    const now = BEGIN + 11 * MINUTE_MS;
    const end = advanced(answered(begun, { person: "anna" }, now), now);
    expect(end.paging).toMatchObject({ state: "acknowledged" });
    expect(pagingOf(end).pages.every(({ state }) => state === "dropped")).toBe(true);
    expect(pagingOf(end).dueAt).toBe(now + 30 * MINUTE_MS);
  });

  it("change nothing when they come twice", () => {
    const once = answered(minutesOn(urgent(), 1), {}, BEGIN + MINUTE_MS);
    expect(answer(once, { kind: "acknowledged", at: 1, via: "sms" }, NOON)).toBe(once.paging);
    const first = minutesOn(urgent(), 1);
    const page = pagingOf(first).pages[0]?.id ?? "";
    const given = { kind: "declined", person: "anna", page } as const;
    const declined = answered(first, given, BEGIN + MINUTE_MS);
    expect(answered(declined, given, BEGIN + 2 * MINUTE_MS).paging).toBe(declined.paging);
  });

  it("count where nobody was left to call, but not where the finding is closed", () => {
    const late = answered(minutesOn(urgent(), 60), {}, BEGIN + 61 * MINUTE_MS);
    expect(late.paging?.state).toBe("acknowledged");
    const closed = advanced({ ...urgent(), status: "closed" }, BEGIN);
    expect(answered(closed, {}, BEGIN).paging).toBe(closed.paging);
  });

  it("that decline have the next step begin at once", () => {
    const now = BEGIN + 2 * MINUTE_MS;
    const declined = answered(minutesOn(urgent(), 2), { kind: "declined", person: "anna" }, now);
    const next = advanced(declined, now, setupOf({}, "bernd"));
    expect(called(next)).toContain("2 bernd mail");
    expect(pagingOf(next).skipped).toEqual([{ round: 0, step: 0, why: "declined" }]);
    expect(pagingOf(next).pages[0]?.state).toBe("dropped");
  });
});

describe("an acknowledged p1", () => {
  const now = BEGIN + MINUTE_MS;
  const taken = () => advanced(answered(minutesOn(urgent(), 1), { person: "anna" }, now), now);
  const due = now + 30 * MINUTE_MS;
  const quietly = { commentedAt: 0 };

  it("is taken up again when nothing is done about it", () => {
    expect(asks(taken(), due, setupOf())).toBe("commentedAt");
    const again = advanced(taken(), due, setupOf(), quietly);
    expect(again.paging).toMatchObject({ state: "escalating", again: "no_action", opening: 1 });
    expect(called(again).at(-1)).toBe("31 anna sms");
  });

  it.each([
    ["its status changed", { status: "in_progress" }, quietly],
    ["it went into an incident", { incident: "i1" }, quietly],
    ["somebody wrote a comment", {}, { commentedAt: now + 1 }],
  ] as const)("is left alone when %s", (_, change, around) => {
    const end = advanced({ ...taken(), ...change }, due, setupOf(), around);
    expect(end.paging).toMatchObject({ state: "acknowledged" });
    expect(pagingOf(end).dueAt).toBeUndefined();
  });

  it("is not watched when it is a p2", () => {
    const begun = advanced(calm(), NOON + 5 * MINUTE_MS);
    const end = advanced(answered(begun, {}, due), due);
    expect(end.paging?.state).toBe("acknowledged");
    expect(pagingOf(end).dueAt).toBeUndefined();
  });
});

describe("the end", () => {
  it.each([
    ["closed", { status: "closed" as const }],
    ["quieted", { inhibitedBy: ["x"] }],
  ])("comes with a finding that is %s, and drops what waits", (ended, change) => {
    const end = advanced({ ...minutesOn(urgent(), 10), ...change }, BEGIN + 11 * MINUTE_MS);
    expect(end.paging).toMatchObject({ state: "ended", ended });
    expect(pagingOf(end).dueAt).toBeUndefined();
    expect(pagingOf(end).pages.every(({ state }) => state === "dropped")).toBe(true);
  });
});

describe("a policy that is configured no more", () => {
  it("is followed by the whole of the other one, with pages of their own", () => {
    const begun = minutesOn(urgent(), 20);
    const setup = setupOf();
    const { urgent: _, ...policies } = setup.paging.policies;
    const routes = { ...setup.paging.routes, p1: { policy: "calm" } };
    const next = minutesOn(begun, 50, setupOf({ policies, routes }));
    const ids = pagingOf(next).pages.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(called(next).slice(called(begun).length)).toContain("25 bernd mail");
  });
});

describe("another opening", () => {
  it("goes to its next step at once when nobody can be reached, whatever the one before came to", () => {
    const first = minutesOn(urgent(), 1);
    const send = (finding: Finding, at: number, isTaken: boolean): Finding => {
      const { paging, taken } = takePages(pagingOf(finding), at, () => ({ leaseMs: 1000 }));
      const outcome = isTaken
        ? ({ kind: "handed_over", at, reference: undefined } as const)
        : ({ kind: "fault", at, fault: "refused", message: "no" } as const);
      const end = taken.reduce((one, page) => withOutcome(one, page.id, outcome), paging);
      return { ...finding, paging: end };
    };
    const sent = send(first, BEGIN + MINUTE_MS, true);
    const later = NOON + HOUR_MS;
    const again = openPaging(sent, setupOf(), later, { ...sent, status: "closed" });
    const begun = advanced(again, later + SETTLE_MS);
    const refused = send(begun, later + SETTLE_MS, false);
    expect(pagingOf(refused).stepAt).toBe(later + SETTLE_MS);
  });

  it("goes on whatever is declined of the one before", () => {
    const first = minutesOn(urgent(), 1);
    const page = pagingOf(first).pages[0]?.id ?? "";
    const later = NOON + HOUR_MS;
    const again = openPaging(first, setupOf(), later, { ...first, status: "closed" });
    const begun = advanced(again, later + SETTLE_MS);
    const declined = answered(begun, { kind: "declined", person: "anna", page }, later + 1000);
    expect(pagingOf(declined).stepAt).toBe(pagingOf(begun).stepAt);
  });
});
