// Connecting a source: every kind gives a configuration that the schema takes, the questions ask for what
// is missing and no more, and the list warns of sources without NDIG class.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { inputsSchema } from "../../../config/inputs.ts";
import { configuredSources, sourceSetting } from "../../../config/sources.ts";
import { addSourcesCommand } from "../../../services/cli/sources.ts";
import { askMissing, type OnboardAnswers } from "../../../services/cli/sources-ask.ts";
import { SOURCES_MESSAGES } from "../../../services/cli/sources-messages.ts";
import { type NewSource, onboard, SOURCE_KINDS } from "../../../services/cli/sources-onboard.ts";
import { createSourceMonitor } from "../../../services/detect/source-monitor.ts";
import { lockFolder } from "../../../services/folder-lock.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { oneSeen } from "../../support/source-counts.ts";

const text = SOURCES_MESSAGES.de;
const SOURCE: NewSource = {
  kind: "http",
  tenant: "kreis",
  source: "Kasse & Co.",
  format: "json",
  timeZone: "Europe/Berlin",
  ndigClass: 4,
  dataClass: "content",
  silenceMinutes: 30,
  network: "10.20.0.0/24",
  path: "/var/log/kasse/*.log",
};

let folder = "";
let output = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sources-command-"));
  output = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      output += String(chunk);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<string> {
  output = "";
  const program = new Command("heidewacht").exitOverride();
  program.configureOutput({ writeErr: () => undefined });
  addSourcesCommand(program, "de");
  await program.parseAsync(["sources", ...words], { from: "user" });
  return output;
}

describe("the configuration of a new source", () => {
  it.each(SOURCE_KINDS)("of kind %s is taken by the schema and holds every answer", (kind) => {
    const { yaml } = onboard({ ...SOURCE, kind }, text);
    const inputs = inputsSchema.parse(parse(yaml).inputs);
    const [found, ...others] = configuredSources(inputs);
    const { network: _, path: __, kind: ___, ...binding } = SOURCE;
    expect(others).toEqual([]);
    expect(found).toEqual({ ...binding, input: kind.split("-")[0] });
  });

  it("says beside the NDIG class what it means", () => {
    expect(onboard(SOURCE, text).yaml).toMatch(/ndigClass: 4 # NDIG-Klasse: Server/);
  });

  it("holds the hash of the key, and the key nowhere", () => {
    const { yaml, key } = onboard(SOURCE, text, () => "geheim-4711");
    expect(key).toEqual({ id: "Kasse-Co-", secret: "geheim-4711" });
    expect(yaml).toContain(createHash("sha256").update("geheim-4711").digest("hex"));
    expect(yaml).not.toContain("geheim-4711");
  });

  it("has another key each time, and none where no key is asked for", () => {
    const keys = [1, 2].map(() => onboard(SOURCE, text).key?.secret);
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys[0]).toMatch(/^[\w-]{32}$/);
    expect(onboard({ ...SOURCE, kind: "relp" }, text).key).toBeUndefined();
  });
});

describe("the questions", () => {
  async function ask(given: OnboardAnswers, answers: readonly string[], tenants = ["kreis"]) {
    const input = new PassThrough();
    const asked = new PassThrough();
    input.end(answers.map((answer) => `${answer}\n`).join(""));
    const result = await askMissing(given, tenants, "Europe/Berlin", text, {
      input,
      output: asked,
    });
    asked.end();
    return { result, asked: await textOf(asked) };
  }

  it("take numbers and names, and the usual for nothing", async () => {
    const { result } = await ask({}, ["2", "firewall", "", "10.20.0.1", "1", "network"]);
    expect(result).toEqual({
      tenant: "kreis",
      kind: "syslog-udp",
      source: "firewall",
      timeZone: "Europe/Berlin",
      network: "10.20.0.1",
      path: undefined,
      ndigClass: "1",
      dataClass: "network",
    });
  });

  it("explain each NDIG class in a line, and come again after a wrong answer", async () => {
    const given = { kind: "http", source: "dc", timeZone: "UTC" } as const;
    const { result, asked } = await ask(given, ["7", "vier", "4", ""]);
    expect(result).toMatchObject({ ndigClass: "4", dataClass: undefined });
    for (const number of [1, 2, 3, 4, 5] as const) expect(asked).toContain(text.ndig[number]);
    expect(asked).toContain("„vier“ steht nicht zur Wahl");
  });

  it("leave out what was given", async () => {
    const given = {
      tenant: "stadt",
      kind: "files",
      source: "web",
      timeZone: "UTC",
      path: "/x",
    } as const;
    const { asked } = await ask(
      { ...given, ndigClass: "5", dataClass: "content" },
      [],
      ["kreis", "stadt"],
    );
    expect(asked).toBe("");
  });

  it("end where the input ends", async () => {
    const { result } = await ask({}, ["files"]);
    expect(result).toMatchObject({ kind: "files", source: undefined, ndigClass: undefined });
  });
});

describe("heidewacht sources onboard", () => {
  it.each([
    [["--kind", "relp", "--source", "x"], "--ndig-class, --network"],
    [["--kind", "files", "--source", "x", "--ndig-class", "5"], "--path"],
    [["--ndig-class", "5"], "--kind, --source"],
    [["--tenant", "stadt", "--kind", "stdin", "--source", "x", "--ndig-class", "5"], "stadt"],
    [["--kind", "relp", "--source", "x", "--ndig-class", "5", "--network", "rathaus"], "networks"],
    [
      ["--kind", "stdin", "--source", "x", "--ndig-class", "5", "--time-zone", "Mars/Nord"],
      "timeZone",
    ],
  ])("%j is refused for %s", async (words, part) => {
    await expect(run("onboard", ...words)).rejects.toMatchObject({
      code: "HW_USAGE",
      message: expect.stringContaining(part),
    });
  });

  it.each([
    ["--ndig-class", "6"],
    ["--kind", "fax"],
    ["--silence-minutes", "bald"],
  ])("%s %s is no choice", async (...words) => {
    await expect(run("onboard", ...words)).rejects.toThrow();
  });

  it("prints configuration and key", async () => {
    const printed = await run("onboard", "--kind", "http", "--source", "dc", "--ndig-class", "4");
    expect(printed).toContain("ndigClass: 4");
    expect(printed).toContain("nur jetzt zu sehen");
  });
});

describe("heidewacht sources list", () => {
  const SHA = "0".repeat(64);
  function configure(): string {
    const file = join(folder, "heidewacht.yml");
    const keys = [
      { id: "a", sha256: SHA, tenant: "kreis", source: "dc", ndigClass: 4, silenceMinutes: 15 },
      { id: "b", sha256: SHA, tenant: "kreis", source: "dc", ndigClass: 5 },
      { id: "c", sha256: SHA, tenant: "kreis", source: "alt" },
    ];
    writeFileSync(file, stringify({ dataFolder: "data", inputs: { http: { keys } } }));
    return file;
  }

  async function remember(): Promise<string> {
    const dataDir = join(folder, "data");
    const store = openEmbeddedStore({ dataDir });
    const monitor = createSourceMonitor({ store, startedAt: 0, silenceMsOf: () => undefined });
    await monitor.open("kreis");
    const at = Date.UTC(2026, 10, 20, 8);
    monitor.take("kreis", oneSeen("fremd", { receivedAt: at }));
    await monitor.save("kreis");
    await store.close();
    return dataDir;
  }

  it("prints class and silence, and warns where the class is missing", async () => {
    const printed = await run("list", "--config", configure());
    expect(printed).toMatch(/^dc +kreis +http +4 +nach Format +15 Min\. +nie/m);
    expect(printed).toMatch(/^alt +kreis +http +fehlt/m);
    expect(printed).toContain("ohne NDIG-Klasse: alt\n");
  });

  it("knows what was seen while the service is down", async () => {
    const file = configure();
    await remember();
    const rows = JSON.parse(await run("list", "--config", file, "--json"));
    expect(rows.at(-1)).toMatchObject({ source: "fremd", records: 1, inputs: [] });
  });

  it("points to the console while the service works on the data", async () => {
    const file = configure();
    const unlock = lockFolder(await remember());
    const printed = await run("list", "--config", file);
    unlock();
    expect(printed).toContain("Der Dienst läuft");
    expect(printed).not.toContain("fremd");
  });
});

describe("a setting of sources", () => {
  it("is the first that is made for the source of the tenant", () => {
    const base = { input: "http", timeZone: "UTC" };
    const of = sourceSetting(
      [
        { ...base, tenant: "a", source: "x" },
        { ...base, tenant: "a", source: "x", silenceMinutes: 5 },
        { ...base, tenant: "a", source: "x", silenceMinutes: 9 },
        { ...base, tenant: "b", source: "x", silenceMinutes: 7 },
      ],
      "silenceMinutes",
    );
    expect([of("a", "x"), of("b", "x"), of("c", "x")]).toEqual([5, 7, undefined]);
  });
});
