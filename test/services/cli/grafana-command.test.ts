// `heidewacht grafana setup` as a command: what it takes of configuration and options, what it prints, and
// what it refuses before anything is asked.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type GrafanaDouble, startGrafana } from "../../support/grafana-server.ts";

const PROGRAM = join(import.meta.dirname, "../../../services/cli/heidewacht.ts");
const folder = mkdtempSync(join(tmpdir(), "heidewacht-grafana-"));
const ELASTIC = { kind: "elasticsearch", nodes: ["http://127.0.0.1:9/"] };
let grafana: GrafanaDouble;

beforeAll(async () => {
  grafana = await startGrafana();
  writeFileSync(join(folder, "password"), `${grafana.password}\n`);
});
afterAll(async () => {
  await grafana.close();
  rmSync(folder, { recursive: true });
});

async function setup(config: object, ...options: string[]) {
  const tenants = [
    { id: "kreis", name: "Kreis" },
    { id: "stadt", name: "Stadt", timeZone: "Europe/London" },
  ];
  writeFileSync(join(folder, "heidewacht.yml"), JSON.stringify({ tenants, ...config }));
  const access = ["--grafana-user", grafana.login, "--grafana-password-file", "password"];
  const args = ["--lang", "de", "grafana", "setup", "--url", grafana.url, ...access, ...options];
  return new Promise<{ code: number; out: string; fault: string }>((resolve) => {
    const where = ["--config", join(folder, "heidewacht.yml")];
    execFile(process.execPath, [PROGRAM, ...args, ...where], (error, out, fault) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, fault }),
    );
  });
}

it("shows dry what it would make, for each tenant and for those who run it", async () => {
  const { code, out, fault } = await setup(
    { store: ELASTIC },
    ...["--console", "https://hw.example", "--prometheus", "http://prometheus:9090", "--dry-run"],
  );
  expect([code, fault]).toEqual([0, ""]);
  for (const name of ["Heidewacht: kreis", "Heidewacht: stadt", "Heidewacht: Betrieb"]) {
    expect(out).toMatch(new RegExp(`${name} +Organisation +${name} +angelegt`));
  }
  expect(out).toContain("Nichts wurde geändert");
  expect(grafana.writes).toEqual([]);
});

it.each([
  [{}, [], "Grafana liest Elasticsearch"],
  [{ store: ELASTIC }, [], "console.publicUrl"],
  [
    { store: ELASTIC },
    ["--console", "https://hw.example", "--tenant", "dorf"],
    "„dorf“ gibt es nicht",
  ],
  [{ store: ELASTIC }, ["--console", "https://hw.example", "--viewer", "leitung"], "kreis=name"],
  [{ store: ELASTIC }, ["--console", "https://hw.example"], "Verwalter von Elasticsearch"],
])("refuses %j with %j and says why", async (config, options, message) => {
  const { code, fault } = await setup(config, ...options);
  expect(code).not.toBe(0);
  expect(fault).toContain(message);
});
