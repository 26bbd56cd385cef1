// What the doctor says of a machine, and that one silent check holds up no other.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runChecks, worstOf } from "../../../../services/cli/doctor/check.ts";
import { DOCTOR_MESSAGES } from "../../../../services/cli/doctor/messages.ts";
import { doctor, reportOf } from "../../../../services/cli/doctor.ts";
import { freePort } from "../../../support/loopback.ts";

const text = DOCTOR_MESSAGES.de;
const folder = mkdtempSync(join(tmpdir(), "hw-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

const options = { json: false, timeout: 10, minFree: 0, create: false };

async function configured(name: string, more = ""): Promise<string> {
  const file = join(folder, `${name}.yml`);
  const ports = [await freePort(), await freePort()];
  writeFileSync(join(folder, `${name}.key`), "ab".repeat(32), { mode: 0o600 });
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(
    file,
    `dataFolder: ${name}
privacy: { masterKeyFile: ${name}.key }
console: { port: ${ports[0]} }
inputs: { http: { port: ${ports[1]} } }
${more}`,
  );
  return file;
}

async function linesOf(name: string, config: string, more = {}) {
  const checked = await doctor({ ...options, config, ...more }, text);
  return checked.find((one) => one.name === name)?.lines ?? [];
}

describe("doctor", () => {
  it("finds nothing on a machine where all is well", async () => {
    const checked = await doctor({ ...options, config: await configured("gut") }, text);
    expect(checked.filter(({ lines }) => worstOf(lines) !== "good")).toEqual([]);
    expect(reportOf(checked, text)).toContain("0 Warnungen, 0 Fehler");
  });

  it("names every fault of a configuration, and nothing else", async () => {
    const config = await configured("falsch", "queue: { partitions: 0 }\nfremd: 1\n");
    const checked = await doctor({ ...options, config }, text);
    expect(checked).toHaveLength(1);
    expect(checked[0]?.lines[0]?.text).toMatch(/2 Fehler[\s\S]*queue.partitions/);
  });

  it("says what is wrong with the key", async () => {
    const config = await configured("offen");
    chmodSync(join(folder, "offen.key"), 0o644);
    expect(await linesOf(text.key, config)).toMatchObject([
      {
        outcome: "bad",
        text: expect.stringContaining("644"),
        mend: expect.stringMatching(/chmod/),
      },
    ]);
    writeFileSync(join(folder, "offen.key"), "kurz", { mode: 0o600 });
    chmodSync(join(folder, "offen.key"), 0o600);
    expect(worstOf(await linesOf(text.key, config))).toBe("bad");
    rmSync(join(folder, "offen.key"));
    expect(worstOf(await linesOf(text.key, config))).toBe("warning");
  });

  it("warns of a disk that is nearly full", async () => {
    const config = await configured("voll");
    expect(worstOf(await linesOf(text.data, config, { minFree: 100 }))).toBe("warning");
    expect(worstOf(await linesOf(text.data, config, { minFree: 0 }))).toBe("good");
  });

  it("finds a port that somebody else has", async () => {
    const config = await configured("port");
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    writeFileSync(config, `dataFolder: port\nconsole: { port: ${port} }\n`);
    const lines = await linesOf(text.ports, config);
    other.close();
    expect(lines).toMatchObject([
      { outcome: "bad", text: expect.stringContaining("EADDRINUSE") },
      {},
    ]);
  });

  it("says which rules are faulty", async () => {
    mkdirSync(join(folder, "regeln"));
    writeFileSync(join(folder, "regeln", "kaputt.yml"), "title: nur ein Titel\ndetection: 7\n");
    const config = await configured("regel", "detection: { ruleFolders: [regeln] }\n");
    expect(await linesOf(text.rules, config)).toMatchObject([
      { outcome: "good" },
      { outcome: "warning", text: expect.stringContaining("kaputt.yml") },
    ]);
  });

  it("waits for no check longer than its time", async () => {
    const checks = [
      { name: "stumm", run: () => new Promise<never>(() => undefined) },
      { name: "kaputt", run: () => Promise.reject(new Error("weg")) },
      { name: "gut", run: () => [{ outcome: "good" as const, text: "da" }] },
    ];
    expect(await runChecks(checks, 50, text)).toMatchObject([
      { name: "stumm", lines: [{ outcome: "bad" }] },
      { name: "kaputt", lines: [{ outcome: "bad", text: "weg" }] },
      { name: "gut", lines: [{ outcome: "good" }] },
    ]);
  });
});
