import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventSearch, splitWords } from "../../../services/api/event-search.ts";
import { eventsQuery } from "../../../services/api/schemas.ts";

const NOW = 1_000_000_000_000;
const search = (query: Record<string, unknown>) => eventSearch(eventsQuery.parse(query), NOW);

describe("the search for events", () => {
  it("takes the last 24 hours and the newest first when nothing else is asked", () => {
    const query = search({});
    expect(query).toEqual({ from: NOW + 1 - 86_400_000, to: NOW + 1, order: "newest", limit: 100 });
  });

  it.each([
    ["vssadmin delete", { text: "vssadmin delete" }],
    ["host.name:fs01 delete", { terms: { "host.name": "fs01" }, text: "delete" }],
    ['process.name:"a b.exe"', { terms: { "process.name": "a b.exe" } }],
    ["user.name:a user.name:b", { terms: { "user.name": "a" }, text: "user.name:b" }],
    [String.raw`C:\Windows`, { text: String.raw`C:\Windows` }],
    ["fe80::1", { text: "fe80::1" }],
    ["example.org:443 http://example.org", { text: "example.org:443 http://example.org" }],
    [":x y:", { text: ":x y:" }],
    ["__proto__:x", { text: "__proto__:x" }],
  ])("reads %j", (text, expected) => {
    const { terms, text: words } = search({ text });
    expect({ ...(terms && { terms }), ...(words && { text: words }) }).toEqual(expected);
  });

  it.each([{ from: "5", to: "4" }, { from: String(NOW + 5) }])(
    "refuses a reversed span: %j",
    (query) => {
      expect(() => search(query)).toThrow("HW_REQUEST_INVALID");
    },
  );

  it.each(["2026-11-20", "yesterday", "", "1e999", "-5", "2026-11-20T08:00:00"])(
    "refuses a time without zone or sense: %j",
    (from) => {
      expect(eventsQuery.safeParse({ from }).success).toBe(false);
    },
  );

  it("reads times as milliseconds and as ISO 8601 with a zone", () => {
    const query = search({ from: "946684800000", to: "2001-09-09T03:46:40+02:00" });
    expect([query.from, query.to]).toEqual([946_684_800_000, NOW]);
  });

  it("splits any text into words that are all in it", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bare = text.replaceAll('"', "");
        for (const word of splitWords(text)) expect(bare).toContain(word);
      }),
    );
  });
});
