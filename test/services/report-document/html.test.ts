// A document as one HTML file: nothing that runs, nothing that is loaded, every text as what it is.
import { describe, expect, it } from "vitest";
import { renderHtml } from "../../../services/report-document/html.ts";
import { hostileDocument, sampleDocument } from "./sample-document.ts";

/** Names of all elements and attributes of a text; what is escaped is none. */
function markup(html: string) {
  const tags = [...html.matchAll(/<([a-z0-9]+)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>/g)];
  const attributes = tags.flatMap((tag) =>
    [...(tag[2] ?? "").matchAll(/([a-zA-Z-]+)="([^"]*)"/g)].map(([, name, value]) => ({
      name,
      value,
    })),
  );
  return { tags: tags.map((tag) => tag[1] ?? ""), attributes };
}

describe("the page", () => {
  const html = renderHtml(sampleDocument());

  it("says its language, title and contents, and lets who listens skip them", () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="de">/);
    expect(html).toContain("<title>Bericht zur Informationssicherheit – Landkreis Musterheide, ");
    expect(html).toContain('<a class="skip" href="#inhalt">Zum Inhalt springen</a>');
    expect(html).toContain('<a href="#abschnitt-0">1\u2002Zusammenfassung für die Leitung</a>');
  });

  it("tells the heads of columns and rows, and where the rest of a table lies", () => {
    expect(html).toContain('<th scope="col" class="right">Vorfälle</th>');
    expect(html).toContain('<th scope="row" class="left">kritisch</th><td class="right">5</td>');
    expect(html).toContain("40 von 80 Zeilen, alle in vorfaelle-1.csv.");
    expect(html).toContain("Keine Revisionen in diesem Zeitraum.");
  });

  it("says signs in words beside them, and pictures in a text", () => {
    expect(html).toContain('<span aria-hidden="true">■</span> Ziel verfehlt');
    expect(html).toContain('role="img" aria-label="Die Zahl schwankt zwischen 1 und 12."');
  });

  it("leads inside and to the web, and nowhere else", () => {
    const links = markup(html).attributes.filter((one) => one.name === "href");
    const outside = links.filter((one) => !one.value?.startsWith("#"));
    expect(links.some((one) => one.value === "#abschnitt-1")).toBe(true);
    expect(outside).toEqual([{ name: "href", value: "https://www.bsi.bund.de/grundschutz" }]);
  });

  it("is the same for the same document", () => {
    expect(renderHtml(sampleDocument())).toBe(html);
  });
});

describe("hostile texts", () => {
  const html = renderHtml(hostileDocument());

  it("make no element and no attribute that the page has not otherwise", () => {
    const own = markup(renderHtml(sampleDocument()));
    const found = markup(html);
    expect([...new Set(found.tags)].filter((tag) => !own.tags.includes(tag))).toEqual([]);
    const names = new Set(own.attributes.map((one) => one.name));
    expect(found.attributes.filter((one) => !names.has(one.name))).toEqual([]);
    expect(found.tags).not.toContain("script");
    expect(found.attributes.filter((one) => /^on/.test(one.name ?? ""))).toEqual([]);
  });

  it("are shown, named and cut", () => {
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("links ⟨U+202E⟩gnudlob⟨U+202C⟩ rechts");
    expect(html).toContain("xxx … ⟨gekürzt⟩");
    expect(html).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
    expect(html.length).toBeLessThan(1_000_000);
  });
});
