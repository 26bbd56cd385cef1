// Configuration: defaults, file and environment; every fault at once, with path and place.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AppError } from "../../config/errors.ts";
import { DEFAULT_CONFIG_FILE, faultsOf, loadConfig, loadOwnConfig } from "../../config/load.ts";
import { configSchema } from "../../config/schema.ts";
import { watchdogSchema } from "../../config/watchdog.ts";

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "hw-config-")), "heidewacht.yml");
  writeFileSync(path, text);
  return path;
}

function faults(text: string, environment: Record<string, string> = {}) {
  try {
    loadConfig(file(text), environment);
  } catch (error) {
    if (error instanceof AppError) return faultsOf(error);
    throw error;
  }
  return [];
}

describe("the default file", () => {
  it("is a valid configuration", () => {
    expect(loadConfig(undefined, {}).config.tenants.length).toBe(1);
  });

  it("documents every key of the schema with the schema's own default", () => {
    const documented: unknown = parse(readFileSync(DEFAULT_CONFIG_FILE, "utf8"));
    const tenants = [{ id: "kreis", name: "Landkreis Lüneburg" }];
    const bare = configSchema.parse({ tenants });
    expect(documented).toEqual(bare);
  });
});

describe("a site's file", () => {
  it("overrides single keys and keeps the others", () => {
    const { config } = loadConfig(file("console:\n  port: 9000\n"), {});
    expect(config.console.port).toBe(9000);
    expect(config.console.host).toBe("127.0.0.1");
  });

  it.each(["0".repeat(64), "12".repeat(32), "1".repeat(63).concat("a")])(
    "takes a checksum from the environment as it is: %s",
    (sum) => {
      const environment = { HEIDEWACHT_CONSOLE__METRICS_TOKEN_SHA256: sum };
      expect(loadConfig(file("{}"), environment).config.console.metricsTokenSha256).toBe(sum);
    },
  );

  it("is overridden by the environment, in any case and with underscores", () => {
    const { config } = loadConfig(file("console:\n  port: 9000\n"), {
      HEIDEWACHT_CONSOLE__PORT: "9001",
      HEIDEWACHT_RETENTION__SECURITY_DAYS: "30",
      HEIDEWACHT_DATAFOLDER: "/srv/hw",
    });
    expect(config.console.port).toBe(9001);
    expect(config.retention.securityDays).toBe(30);
    expect(config.dataFolder).toBe("/srv/hw");
  });

  it("names all faults at once, each with path and place, in German", () => {
    const found = faults(
      "console:\n  port: 99999\nretention:\n  securityDays: zwei\nunbekannt: 1\ntenants:\n  - id: Kreis Lüneburg\n    name: x\n",
    );
    expect(found.map((fault) => fault.path).sort()).toEqual([
      "(root)",
      "console.port",
      "retention.securityDays",
      "tenants.0.id",
    ]);
    expect(found.find((fault) => fault.path === "console.port")?.place).toMatch(
      /heidewacht\.yml:2:9$/,
    );
    expect(found.find((fault) => fault.path === "tenants.0.id")?.message).toContain(
      "Kleinbuchstaben",
    );
    expect(found.find((fault) => fault.path === "(root)")?.message).toContain("unbekannt");
  });

  const broken: [string, string, RegExp][] = [
    ["a YAML error", "console: [1, 2\n", /heidewacht\.yml:\d+:\d+/],
    ["a list in place of keys", "- 1\n", /heidewacht\.yml:1:1/],
    [
      "a tenant twice",
      "tenants:\n  - {id: a, name: A}\n  - {id: a, name: B}\n",
      /heidewacht\.yml:2:3/,
    ],
    ["the reserved tenant", "tenants:\n  - {id: system, name: A}\n", /heidewacht\.yml:2:3/],
    [
      "an input of an unknown tenant",
      "inputs:\n  files:\n    - {tenant: stadt, source: web, paths: [/var/log/x]}\n",
      /heidewacht\.yml:3:\d+/,
    ],
    [
      "two mappings of one name",
      "mappings:\n  - {id: dms, time: t, fields: {}}\n  - {id: dms, time: t, fields: {}}\n",
      /heidewacht\.yml:2:3/,
    ],
    [
      "an unknown time zone",
      "tenants:\n  - {id: a, name: A, timeZone: Europe/Lueneburg}\n",
      /heidewacht\.yml:2/,
    ],
  ];
  for (const [title, text, place] of broken) {
    it(`refuses ${title} and says where`, () => {
      const found = faults(text);
      expect(found.length).toBeGreaterThan(0);
      expect(found[0]?.place).toMatch(place);
    });
  }

  it("names the variable when the environment is at fault", () => {
    const found = faults("{}", { HEIDEWACHT_CONSOLE__PORT: "viele" });
    expect(found[0]?.place).toBe("HEIDEWACHT_CONSOLE__PORT");
  });

  it("says which file is missing", () => {
    expect(() => loadConfig("/nonexistent/heidewacht.yml", {})).toThrow(/gibt es nicht/);
  });

  it("does not let a key reach into prototypes", () => {
    expect(faults('"__proto__":\n  polluted: 1\n')).toEqual([]);
    expect("polluted" in {}).toBe(false);
  });
});

it("says where the keys of a file of its own are told, also when there is none", () => {
  const load = () =>
    loadOwnConfig("/nowhere/waechter.yml", watchdogSchema, "siehe docs/waechter.md");
  expect(load).toThrow(expect.objectContaining({ mend: "siehe docs/waechter.md" }));
});
