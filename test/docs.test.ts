// Holds the pages to the code: every format has its page and its line in the index, examples of the
// configuration are valid, links lead somewhere, and tests that a page names exist.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inputsSchema } from "../config/inputs.ts";
import { tenantPagingSchema } from "../config/paging.ts";
import { channelSchema } from "../config/paging-channels.ts";
import { configSchema } from "../config/schema.ts";
import { resolveCorrelations } from "../detectors/correlation/resolve.ts";
import { CORRELATION_TYPES } from "../detectors/correlation/rule.ts";
import { readRuleFile } from "../detectors/rule-file.ts";
import { STORED_RECORD_BYTES_MAX, settingsOf } from "../services/bus/kafka-topics.ts";
import { neededPrivileges } from "../services/elasticsearch/privileges.ts";
import { FORMATS } from "../services/normalize/formats.ts";
import { readMapping } from "../services/normalize/mapping/mapping-folder.ts";
import { PIECES } from "../services/normalize/mapping/pieces.ts";
import { compileTimePattern } from "../services/normalize/time-pattern.ts";
import { checkPaging } from "../services/paging/check.ts";
import { topicsOf } from "../services/ports.ts";
import { readSamples } from "../services/rules/rule-samples.ts";

interface Page {
  readonly path: string;
  readonly text: string;
}

const INDEX = "docs/quellen/README.md";
const OWN_FORMATS = "docs/quellen/eigene-formate.md";
const CORRELATIONS = "docs/korrelation.md";
const HOSTILE = "docs/feindliche-eingaben.md";
const KAFKA = "docs/kafka.md";
const PAGING = "docs/alarmierung.md";
const STORE = "docs/ablage-elasticsearch.md";
/** Begins a page's line that names the formats whose page it is. */
const FORMATS_LINE = /^Formate: (.+)$/m;

const pages: readonly Page[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
  { encoding: "utf8" },
)
  .split("\n")
  .filter((path) => path !== "" && existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));
const productPages = pages.filter(({ path }) => path.startsWith("docs/quellen/") && path !== INDEX);

function textOf(path: string): string {
  return readFileSync(path, "utf8");
}

function codeOf(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
}

function yamlBlocks(text: string): string[] {
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
}

describe("the pages about formats", () => {
  const ids = FORMATS.map(({ id }) => id);
  const named = productPages.flatMap(({ path, text }) =>
    codeOf(FORMATS_LINE.exec(text)?.[1] ?? "").map((id) => ({ id, path })),
  );
  const rows = textOf(INDEX).matchAll(/^\| \[[^\]]+\]\(([\w-]+\.md)\) \| (`[^|]+) \|/gm);
  const inIndex = [...rows].flatMap(([, page, formats = ""]) =>
    codeOf(formats).map((id) => ({ id, path: `docs/quellen/${page}` })),
  );

  it("are one for each format, and for no other", () => {
    expect(named.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it("are where the index says", () => {
    const placed = (list: readonly { readonly id: string; readonly path: string }[]) =>
      list.map(({ id, path }) => `${id} ${path}`).sort();
    expect(placed(inIndex)).toEqual(placed(named));
  });

  it("are all in the index, and each input is", () => {
    const index = textOf(INDEX);
    const missing = productPages.filter(({ path }) => !index.includes(`](${path.slice(13)})`));
    expect(missing.map(({ path }) => path)).toEqual([]);
    const inputs = Object.keys(inputsSchema.shape).map((key) => `inputs.${key}`);
    expect(inputs.filter((key) => !index.includes(`\`${key}\``))).toEqual([]);
  });
});

describe("examples of the configuration", () => {
  const configKeys = new Set(Object.keys(configSchema.shape));
  const examples = pages.flatMap(({ path, text }) =>
    yamlBlocks(text)
      .filter((block) => {
        const keys = [...block.matchAll(/^(\w+):/gm)].map((match) => match[1] ?? "");
        // A Sigma rule has a key of the configuration too: `detection`.
        return keys.some((key) => configKeys.has(key)) && !keys.includes("logsource");
      })
      .map((block, index) => ({ name: `${path} ${index + 1}`, block, text })),
  );

  it("are seen", () => {
    const paths = new Set(examples.map(({ name }) => name.split(" ")[0]));
    const without = productPages.filter(({ path }) => !paths.has(path));
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it.each(examples)("are valid: $name", ({ block }) => {
    const result = configSchema.safeParse({
      tenants: [{ id: "kreis", name: "Kreis" }],
      ...parse(block),
    });
    const faults = result.error?.issues.map((one) => `${one.path.join(".")}: ${one.message}`);
    expect(faults ?? []).toEqual([]);
  });

  it("name formats that exist, or that their page maps", () => {
    const unknown = examples.flatMap(({ name, block, text }) =>
      [...block.matchAll(/\bformat: ([\w-]+)/g)]
        .map((match) => match[1] ?? "")
        .filter((id) => !FORMATS.some((format) => format.id === id))
        .filter((id) => !new RegExp(`\\bid: ${id}\\b`).test(text))
        .map((id) => `${name}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe("links", () => {
  const links = pages.flatMap(({ path, text }) =>
    [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? "")
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ path, target })),
  );

  it("lead to a file, and to a heading where they name one", () => {
    const broken = links.filter(({ path, target }) => {
      const [file = "", heading] = target.split("#");
      const to = file === "" ? path : join(dirname(path), file);
      if (!existsSync(to)) return true;
      return heading !== undefined && !headingsOf(textOf(to)).includes(heading);
    });
    expect(links.length).toBeGreaterThan(50);
    expect(broken).toEqual([]);
  });
});

describe("the pages for administrators", () => {
  const top = pages.filter(({ path }) => /^docs\/[^/]+\.md$/.test(path));

  it.each(["README.md", "LIESMICH.md"])("are all listed in %s", (list) => {
    const text = textOf(list);
    expect(top.length).toBeGreaterThan(10);
    expect(top.filter(({ path }) => !text.includes(`](${path})`))).toEqual([]);
  });

  it.each(["docs/betrieb.md", STORE])("name the role that is needed: %s", (path) => {
    const block = /^```json\n([\s\S]*?)^```$/m.exec(textOf(path))?.[1] ?? "";
    expect(JSON.parse(block)).toEqual(neededPrivileges("hw"));
  });
});

describe(STORE, () => {
  it("names every kind of document", () => {
    const kinds = globSync("services/**/*.ts").flatMap((path) =>
      [...textOf(path).matchAll(/: Kind<\w+> = \{\s*name: "(\w+)"/g)].map(([, name]) => name),
    );
    expect(kinds.length).toBeGreaterThan(10);
    const page = textOf(STORE);
    expect(kinds.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe(KAFKA, () => {
  const page = textOf(KAFKA);
  const topics = topicsOf(configSchema.parse({ tenants: [{ id: "kreis", name: "Kreis" }] }));

  it("has a row for each topic, in order", () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (?:`[a-z]+`|–) \| /gm)];
    expect(rows.map(([, name]) => name)).toEqual(topics.map(({ name }) => name));
  });

  it("explains each setting of a topic", () => {
    const settings = topics.flatMap((topic) => [...settingsOf(topic, 3).keys()]);
    expect([...new Set(settings)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    const bytes = STORED_RECORD_BYTES_MAX.toLocaleString("de-DE").replaceAll(".", " ");
    expect(page).toContain(`| \`max.message.bytes\` | ${bytes}:`);
  });
});

/** Names of a page's headings as GitHub makes them for links. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe(OWN_FORMATS, () => {
  const page = textOf(OWN_FORMATS);
  const mappings = yamlBlocks(page).filter((block) => /^id:/m.test(block));

  it.each([...Object.keys(PIECES), "TIME", "KEYVALUE"])("explains the piece %s", (piece) => {
    expect(page).toMatch(new RegExp(`^\\| \`${piece}\` \\|`, "m"));
  });

  it("has examples that compile", () => {
    expect(mappings.length).toBeGreaterThan(4);
    const faults = mappings.map((block) => readMapping(block, "page", "de"));
    expect(faults.filter((one) => "faults" in one)).toEqual([]);
  });

  it.each([
    "dd.MM.yyyy HH:mm:ss,SSS",
    "yyyyMMdd-HHmmss",
    "dd/MMM/yyyy:HH:mm:ss Z",
    "d. MMMM yyyy HH:mm",
  ])("names a time that can be read: %s", (pattern) => {
    expect(page).toContain(`\`${pattern}\``);
    expect(compileTimePattern(pattern).pattern).toBe(pattern);
  });
});

describe(CORRELATIONS, () => {
  const blocks = yamlBlocks(textOf(CORRELATIONS));
  const onPage = blocks
    .filter((block) => /^title:/m.test(block))
    .map((block) => readRuleFile(block, CORRELATIONS));
  const readStarterPack = () =>
    globSync("detectors/rules/**/*.yml").map((path) => readRuleFile(textOf(path), path));

  it("has rules that can be read, of every type", () => {
    expect(onPage.flatMap(({ faults }) => faults)).toEqual([]);
    const types = onPage.flatMap(({ correlations }) => correlations.map(({ type }) => type));
    expect([...new Set(types)].sort()).toEqual([...CORRELATION_TYPES].sort());
  });

  it("has correlations that find their rules here or in the starter pack", () => {
    const names = new Set(onPage.flatMap(({ rules }) => rules.map(({ name }) => name)));
    const named = onPage.flatMap(({ correlations }) => correlations.map(({ name }) => name));
    const isOnPage = (name: string | undefined) => names.has(name) || named.includes(name);
    const pack = readStarterPack();
    const rules = pack.flatMap((file) => file.rules).filter(({ name }) => !isOnPage(name));
    const others = pack.flatMap((file) => file.correlations).filter(({ name }) => !isOnPage(name));
    const { faults } = resolveCorrelations(
      [...rules, ...onPage.flatMap((file) => file.rules)],
      [...others, ...onPage.flatMap((file) => file.correlations)],
    );
    expect(faults).toEqual([]);
  });

  it("has samples that can be read", () => {
    const samples = blocks.filter((block) => /^hits:/m.test(block));
    expect(samples.length).toBeGreaterThan(0);
    const read = samples.map((block) => readSamples(block, CORRELATIONS));
    expect(read.filter((one) => !("samples" in one))).toEqual([]);
  });
});

describe(PAGING, () => {
  const page = textOf(PAGING);
  const [example = ""] = yamlBlocks(page).filter((block) => /^paging:/m.test(block));

  it("has a complete example in which the check finds nothing", () => {
    const config = configSchema.parse(parse(example));
    expect(Object.keys(config.paging.tenants)).toEqual(["kreis"]);
    expect(checkPaging(config, Date.parse("2026-11-22T12:00:00Z"))).toEqual([]);
  });

  it("explains every kind of channel and every setting of a tenant", () => {
    const kinds = channelSchema.options.map(({ shape }) => shape.kind.value);
    const settings = Object.keys(tenantPagingSchema.shape);
    expect(kinds.length).toBeGreaterThan(5);
    expect([...kinds, ...settings].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe(HOSTILE, () => {
  // `[file](../test/…)`: „title“, „title“
  const rows = [...textOf(HOSTILE).matchAll(/\]\(\.\.\/(test\/[^)]+)\): ((?:„[^“]+“(?:, )?)+)/g)];
  const claims = rows.flatMap(([, path = "", titles = ""]) =>
    [...titles.matchAll(/„([^“]+)“/g)].map((title) => ({ path, title: title[1] ?? "" })),
  );

  it("names tests that exist", () => {
    expect(claims.length).toBeGreaterThan(20);
    expect(claims.filter(({ path, title }) => !textOf(path).includes(title))).toEqual([]);
  });
});
