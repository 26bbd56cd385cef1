import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { readRegularXml } from "../../../../services/normalize/windows/regular-xml.ts";

type Step = readonly (string | Readonly<Record<string, string>>)[];

/** What the quick reader tells; undefined when it leaves the text to the full parser. */
function quick(xml: string): Step[] | undefined {
  const steps: Step[] = [];
  const isRegular = readRegularXml(xml, {
    open: (name, attributes) => steps.push(["open", name, { ...attributes }]),
    text: (part) => steps.push(["text", part]),
    close: () => steps.push(["close"]),
    data: (name, text) => {
      steps.push(["open", "Data", { Name: name }]);
      if (text !== "") steps.push(["text", text]);
      steps.push(["close"]);
    },
  });
  return isRegular ? joined(steps) : undefined;
}

/** What the full parser tells; undefined when it refuses the text. */
function full(xml: string): Step[] | undefined {
  const steps: Step[] = [];
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  parser.on("error", (error) => {
    throw error;
  });
  let depth = 0;
  parser.on("opentag", (tag) => {
    depth++;
    steps.push(["open", tag.name, { ...tag.attributes }]);
  });
  parser.on("text", (part) => {
    if (depth > 0) steps.push(["text", part]);
  });
  parser.on("closetag", () => {
    depth--;
    steps.push(["close"]);
  });
  try {
    parser.write(xml).close();
  } catch {
    return undefined;
  }
  return joined(steps);
}

function joined(steps: readonly Step[]): Step[] {
  const result: Step[] = [];
  for (const step of steps) {
    const last = result.at(-1);
    if (step[0] === "text" && last?.[0] === "text")
      result.splice(-1, 1, ["text", `${last[1]}${step[1]}`]);
    else result.push(step);
  }
  return result;
}

const EVENT = `<?xml version="1.0" encoding="utf-8"?> <Event xmlns='http://x/y'><System><Provider Name='P' Guid="{1}"/><EventID Qualifiers='0'>4624</EventID><Security /></System><EventData><Data Name='a'>m&#252;ller &amp; &lt;co&gt; 😀\n</Data><Data/></EventData></Event>\n`;

describe("the quick reader of XML", () => {
  it.each([
    EVENT,
    "<a/>",
    " <a>b</a> ",
    "<a b='1' c=\"2\"><d>&#x41;&apos;&quot;</d>e</a>",
    "<a>></a>",
    `<a>x<Data Name='n'>v > w</Data>y<Data Name="m"></Data><Data Name="m">&amp;</Data></a>`,
  ])("reads %j like the full parser", (xml) => {
    expect(quick(xml)).toEqual(full(xml));
    expect(quick(xml)).toBeDefined();
  });

  it.each([
    "",
    "text",
    "<a>",
    "</a>",
    "<a></b>",
    "<a/><b/>",
    "<a/>text",
    "<a b='1' b='2'/>",
    "<a b=1/>",
    "<a b='<'/>",
    "<a b='&lt;'/>",
    "<a>&unknown;</a>",
    "<a>& b</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>]]></a>",
    "<a>\r\n</a>",
    "<a>\u0000</a>",
    "<a>\ud800</a>",
    "<a><!-- b --></a>",
    "<a><![CDATA[b]]></a>",
    "<!DOCTYPE a><a/>",
    "<a><?b c?></a>",
    "<x:a/>",
    "<a ></a >",
  ])("leaves %j to the full parser", (xml) => {
    expect(quick(xml)).toBeUndefined();
  });

  it("never takes for good or reads otherwise what the full parser would not", () => {
    const piece = fc.constantFrom(
      ..."<|>|/|</|/>|&|;|&amp;|&#10;|&#x;|'|\"|=|a|Data|<Data>|</Data>| |\n|\t|\r|\u0001|]]>|<!|<?|:|\ud800|😀|xml".split(
        "|",
      ),
    );
    const spoiled = fc
      .array(fc.tuple(fc.nat(EVENT.length), fc.nat(12), piece), { minLength: 1, maxLength: 4 })
      .map((changes) =>
        changes.reduce(
          (xml, [at, cut, put]) => xml.slice(0, at) + put + xml.slice(at + cut),
          EVENT,
        ),
      );
    const made = fc.array(piece, { maxLength: 12 }).map((parts) => `<a>${parts.join("")}</a>`);
    fc.assert(
      fc.property(fc.oneof(spoiled, made), (xml) => {
        const found = quick(xml);
        if (found !== undefined) expect(found).toEqual(full(xml));
      }),
      { numRuns: 3000 },
    );
  });
});
