import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { urlParts } from "../../../services/normalize/url-parts.ts";

describe("the parts of a URL", () => {
  it.each([
    [
      "http://user:pass@Www.Example.org:8080/a/b.EXE?id=1&u=http://x/",
      ["http", "www.example.org", 8080, "/a/b.EXE", "id=1&u=http://x/", "exe"],
    ],
    ["https://[2001:db8::1]:443/", ["https", "2001:db8::1", 443, "/", undefined, undefined]],
    ["www.example.org:443", [undefined, "www.example.org", 443, undefined, undefined, undefined]],
    ["/a/b?c", [undefined, undefined, undefined, "/a/b", "c", undefined]],
    ["http://h?q", ["http", "h", undefined, undefined, "q", undefined]],
    ["*", [undefined, undefined, undefined, "*", undefined, undefined]],
    ["", [undefined, undefined, undefined, undefined, undefined, undefined]],
    [
      "http://h/a.tar.verylongextension",
      ["http", "h", undefined, "/a.tar.verylongextension", undefined, undefined],
    ],
  ])("%j", (url, expected) => {
    const { scheme, host, port, path, query, extension } = urlParts(url);
    expect([scheme, host, port, path, query, extension]).toEqual(expected);
  });

  it("are found in any text, without throwing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), (url) => {
        const { path = "", query } = urlParts(url);
        expect(url).toContain(path);
        if (query !== undefined) expect(url.endsWith(query)).toBe(true);
      }),
    );
  });
});
