// The one form in which lists and events meet.
import { describe, expect, it } from "vitest";
import { subjectOf, urlKey } from "../../../../services/enrich/intelligence/subject.ts";

const MD5 = "44D88612FEA8A8F36DE82E1278ABB02F";

describe("an entry of a list", () => {
  it.each([
    ["198.51.100.7", "ip", "\u00c6\u0033\u0064\u0007"],
    [" 198[.]51[.]100[.]7 ", "ip", "\u00c6\u0033\u0064\u0007"],
    ["172.32.0.1", "ip", "\u00ac\u0020\u0000\u0001"],
    ["198.51.100.0/24", "network", "198.51.100.0/24"],
    ["2a02:1234::/32", "network", "2a02:1234::/32"],
    ["Boese.Example", "domain", "boese.example"],
    ["*.boese.example", "domain", "boese.example"],
    ["boese.example.", "domain", "boese.example"],
    ["böse.example", "domain", "xn--bse-sna.example"],
    ["hxxps://Boese[.]example:443/Pfad?a=B#c", "url", "boese.example/Pfad?a=B"],
    ["boese.example/pfad", "url", "boese.example/pfad"],
    ["198.51.100.7:8080/x.sh", "url", "198.51.100.7:8080/x.sh"],
    [MD5, "hash", MD5.toLowerCase()],
    ["a".repeat(64), "hash", "a".repeat(64)],
  ])("%s is taken as %s", (text, kind, key) => {
    expect(subjectOf(text)).toEqual({ kind, key });
  });

  it.each([
    ["", "nothing"],
    ["com", "a top level domain"],
    ["co.uk", "a public suffix"],
    ["github.io", "a suffix under which everybody has a name"],
    ["10.1.2.3", "an address of every network"],
    ["100.64.1.1", "an address behind a provider's translation"],
    ["172.31.0.1", "an address of every network"],
    ["::ffff:192.168.1.1", "an address of every network"],
    ["127.0.0.1", "the machine itself"],
    ["0.0.0.0/0", "all addresses"],
    ["8.0.0.0/4", "half the internet"],
    ["fe80::1", "a link's own address"],
    ["1.2.3.999", "no address"],
    ["zzd88612fea8a8f36de82e1278abb02f", "no hash"],
    ["ein freier Text", "text"],
    [`${"a".repeat(3000)}.example`, "too long"],
    ["a..example", "no name"],
  ])("%.40s is left out: %s", (text) => {
    expect(subjectOf(text)).toBeUndefined();
  });
});

describe("a URL", () => {
  it.each([
    ["http://boese.example", "boese.example/"],
    ["HTTPS://BOESE.example/A", "boese.example/A"],
    ["http://u:p@boese.example:80/a#b", "boese.example/a"],
    ["//boese.example/a", "boese.example/a"],
    ["http://boese.example:8080/a", "boese.example:8080/a"],
    ["a.example?q=http://gut.example/", "a.example?q=http://gut.example/"],
    ["http://boese.example?q=http://gut.example/", "boese.example?q=http://gut.example/"],
  ])("%s lies at %s", (text, key) => {
    expect(urlKey(text)).toBe(key);
  });

  it("without a host lies nowhere", () => {
    expect(urlKey("http://")).toBeUndefined();
    expect(urlKey(`http://a.example/${"x".repeat(2048)}`)).toBeUndefined();
  });
});
