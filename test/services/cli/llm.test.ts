// `heidewacht llm`: the check tells what holds of a model's answer, the export gives the log of calls.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addLlmCommand } from "../../../services/cli/llm.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { LLM_CALL_KIND } from "../../../services/store/llm-call.ts";
import { completion, sendJson, startDouble } from "../llm/model-double.ts";
import { catchPrinted } from "./printed.ts";

let folder = "";
const printed = catchPrinted();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "llm-command-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(settings: string, ...args: string[]): Promise<void> {
  const file = join(folder, "heidewacht.yml");
  const key = join(folder, "master.key");
  writeFileSync(key, "ab".repeat(32));
  const data = `dataFolder: ${join(folder, "data")}\nprivacy: { masterKeyFile: ${key} }\n`;
  writeFileSync(file, `${data}${settings}`);
  const program = new Command().exitOverride();
  addLlmCommand(program, "de");
  await program.parseAsync(["llm", ...args, "--config", file], { from: "user" });
}

const claim = (text: string) => ({
  ...{ kind: "statement", section: "what", text },
  citations: [{ slot: 1, event: "E2", field: "process.name" }],
});
const answer = (...texts: string[]) =>
  completion(JSON.stringify({ assessment: "unclear", claims: texts.map(claim) }));

describe("llm check", () => {
  it("shows the claims that hold, as users would see them", async () => {
    const double = await startDouble((response) =>
      sendJson(response, answer("Der Prozess {value:1} wurde gestartet.")),
    );
    await run(`llm: { url: "${double.url}" }`, "check");
    expect(printed.text).toContain("double-1 hat in");
    expect(printed.text).toContain("Token: 100 gelesen, 20 geschrieben.");
    expect(printed.text).toContain(
      "1 von 1 Aussagen haben Bestand:\n  Der Prozess „powershell.exe“ wurde gestartet.",
    );
    expect(process.exitCode).toBeUndefined();
  });

  it("tells why claims were dropped, and ends with 1 when users would see the template", async () => {
    const double = await startDouble((response) =>
      sendJson(response, answer("Alles ist harmlos {value:1}.", "Prozess {time:1}.")),
    );
    await run(`llm: { url: "${double.url}" }`, "check");
    expect(printed.text).toContain(
      "Platzhalter passt nicht zum Feld (1), unbekanntes oder wertendes Wort (1)",
    );
    expect(printed.text).toContain("nur die Vorlage");
    expect(process.exitCode).toBe(1);
  });

  it("names the failure of a server that is no model's", async () => {
    const double = await startDouble((response) => response.end("<html>"));
    await run(`llm: { url: "${double.url}" }`, "check");
    expect(printed.text).toContain("Keine brauchbare Antwort: not_json");
  });

  it("needs a model", async () => {
    await expect(run("", "check")).rejects.toThrow("kein Sprachmodell");
  });
});

describe("llm export", () => {
  it("prints every call as a line, oldest first, none of another tenant", async () => {
    const store = openEmbeddedStore({ dataDir: join(folder, "data") });
    for (const [tenant, at] of [
      ["kreis", 2],
      ["kreis", 1],
      ["stadt", 3],
    ] as const) {
      const id = `c${at}`;
      await store.create(tenant, LLM_CALL_KIND, id, {
        ...{ id, tenant, at, subject: "finding:f", task: "summary", promptHash: "p" },
        ...{ promptChars: 1, model: "m", sampling: {}, attempts: 1, durationMs: 1 },
        ...{ outcome: "verified", removedCharacters: 0, output: "Zeile\nZeile" },
      });
    }
    await store.close();
    const tenants = "tenants: [{ id: kreis, name: K }, { id: stadt, name: S }]";
    await run(tenants, "export", "--tenant", "kreis");
    const lines = printed.text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(["c1", "c2"]);
    await expect(run(tenants, "export")).rejects.toThrow("--tenant");
    await expect(run(tenants, "export", "--tenant", "x")).rejects.toThrow("x");
  });
});
