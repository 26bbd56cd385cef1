// Registered domains and user agents: what is read, what is left alone, and that nothing is endless.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRecentCache } from "../../../services/enrich/recent-cache.ts";
import { registeredDomains } from "../../../services/enrich/registered-domain.ts";
import { userAgents } from "../../../services/enrich/user-agent.ts";

const domains = registeredDomains(100);
const filled = (record: Readonly<Record<string, unknown>>) =>
  Object.assign({}, ...domains.map(({ fill }) => fill((name) => record[name], "kreis")));

describe("the registered domain", () => {
  it.each([
    ["www.kreis.example", "kreis.example", "example", "www"],
    ["a.b.kreis.co.uk", "kreis.co.uk", "co.uk", "a.b"],
    ["WWW.Lueneburg.DE.", "lueneburg.de", "de", "www"],
    ["xn--mnchen-3ya.de", "xn--mnchen-3ya.de", "de", undefined],
    ["_ldap._tcp.dc.kreis.example", "kreis.example", "example", "_ldap._tcp.dc"],
  ])("of %s is %s", (name, domain, suffix, subdomain) => {
    expect(filled({ "dns.question.name": name })).toEqual({
      "dns.question.registered_domain": domain,
      "dns.question.top_level_domain": suffix,
      ...(subdomain === undefined ? {} : { "dns.question.subdomain": subdomain }),
    });
  });

  it.each(["192.0.2.7", "localhost", "de", "", "a".repeat(300), 7])("of %j is none", (name) => {
    expect(filled({ "dns.question.name": name })).toEqual({});
  });

  it.each([
    ["https://user:pw@www.kreis.example:8443/pfad?x=//boese.example", "www.kreis.example"],
    ["www.kreis.example:443", "www.kreis.example"],
    ["//www.kreis.example/x", "www.kreis.example"],
  ])("is taken from the URL %s", (url, host) => {
    expect(filled({ "url.original": url })).toMatchObject({
      "url.domain": host,
      "url.registered_domain": "kreis.example",
      "url.subdomain": "www",
    });
  });

  it.each(["/index.html?q=https://boese.example/", "/", "mailto:x@kreis.example", "https:///x"])(
    "is not invented for %s",
    (url) => {
      expect(filled({ "url.original": url })).toEqual({});
    },
  );

  it("keeps the domain of the URL that the event has", () => {
    const record = { "url.domain": "a.kreis.example", "url.full": "https://b.example/" };
    expect(filled(record)).toMatchObject({ "url.registered_domain": "kreis.example" });
    expect(filled(record)).not.toHaveProperty("url.domain");
  });

  it("survives anything", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        filled({ "dns.question.name": text, "url.full": text, "destination.domain": text });
      }),
    );
  });
});

describe("the user agent", () => {
  const agents = userAgents(100);
  const fill = (text: unknown) =>
    agents.fill((name) => (name === "user_agent.original" ? text : undefined), "kreis");

  it("names program, system and device", () => {
    const text =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0";
    expect(fill(text)).toEqual({
      "user_agent.name": "Microsoft Edge",
      "user_agent.version": "120.0.0.0",
      "user_agent.os.name": "Windows",
      "user_agent.os.version": "10",
      "user_agent.device.type": "desktop",
    });
  });

  it.each(["-", "", undefined, 7, `Mozilla/5.0 ${"x".repeat(600)}`])(
    "says nothing of %j",
    (text) => {
      expect(fill(text)).toBeUndefined();
    },
  );

  it("survives anything, with strings only", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 512 }), (text) => {
        const found = fill(text);
        if (found === undefined) return;
        expect(Object.values(found).every((value) => typeof value === "string")).toBe(true);
        expect(Object.keys(found).every((name) => agents.gives.includes(name))).toBe(true);
      }),
    );
  });
});

describe("the cache", () => {
  it("computes what was seen lately once, and forgets what was not", () => {
    const cache = createRecentCache<number>(4);
    const made: string[] = [];
    const get = (key: string) => cache.get(key, () => made.push(key));
    for (const key of ["a", "b", "a", "c", "a", "d", "a", "e", "a", "f", "b"]) get(key);
    expect(made).toEqual(["a", "b", "c", "d", "e", "f", "b"]);
    cache.clear();
    get("a");
    expect(made.at(-1)).toBe("a");
  });

  it("always gives what computing would give", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 2 })),
        fc.integer({ min: 1, max: 9 }),
        (keys, max) => {
          const cache = createRecentCache<string>(max);
          for (const key of keys) expect(cache.get(key, () => `${key}!`)).toBe(`${key}!`);
        },
      ),
    );
  });
});
