import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { anchorToday } from "../../../services/anchoring.ts";
import { readAnchors, verifyChains } from "../../../services/cli/audit-verify.ts";
import { createKeyRing, loadMasterKey } from "../../../services/privacy/keys.ts";
import { chainHash } from "../../../services/store/audit-chain.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";

const DAY = Date.UTC(2026, 10, 20, 12);
const ENTRIES = 6;
const logger = pino({ level: "silent" });

interface Case {
  readonly folder: string;
  readonly anchors: string;
  readonly database: (sql: string, ...values: (string | number)[]) => void;
}

/** A stopped installation with six entries, anchored at the fourth. */
async function stopped(): Promise<Case> {
  const folder = mkdtempSync(join(tmpdir(), "hw-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ring = createKeyRing(loadMasterKey(join(folder, "keys", "master.key")).key);
  const store = openEmbeddedStore({ dataDir: folder });
  const parts = { store, tenants: ["kreis"], ring, anchor: { folder }, now: () => DAY, logger };
  for (let at = 1; at <= ENTRIES; at += 1) {
    await store.appendAudit("kreis", {
      ...{ at: DAY + at, actor: "konto", action: "finding.verdict", subject: `f${at}` },
      payload: { after: { verdict: "true_positive", at } },
    });
    if (at === 4) {
      expect(await anchorToday(parts, "kreis")).toBe(true);
      expect(await anchorToday(parts, "kreis")).toBe(false);
    }
  }
  await store.close();
  const database = (sql: string, ...values: (string | number)[]) => {
    const file = new DatabaseSync(join(folder, "kreis", "store.db"));
    file.prepare(sql).run(...values);
    file.close();
  };
  return { folder, anchors: join(folder, "kreis.anchors.jsonl"), database };
}

async function verified({ folder, anchors }: Case, withAnchors: boolean) {
  const { key } = loadMasterKey(join(folder, "keys", "master.key"));
  const store = openEmbeddedStore({ dataDir: folder });
  try {
    const lines = withAnchors ? readAnchors([anchors], String) : [];
    const [chain] = await verifyChains(store, ["kreis"], lines, () => createKeyRing(key));
    return [chain?.broken, chain?.anchorFault];
  } finally {
    await store.close();
  }
}

/** Computes the chain anew from an entry on, as somebody does who can write to the store and knows how. */
function rewriteFrom({ folder }: Case, from: number): void {
  const file = new DatabaseSync(join(folder, "kreis", "store.db"));
  const rows = file.prepare("SELECT * FROM audit ORDER BY sequence").all();
  let previousHash = "0".repeat(64);
  for (const row of rows) {
    const sequence = Number(row.sequence);
    let hash = String(row.hash);
    if (sequence >= from) {
      const fields = {
        ...{ sequence, at: Number(row.at), actor: "jemand anders", action: String(row.action) },
        ...{ subject: String(row.subject), payloadHash: String(row.payload_hash), previousHash },
      };
      hash = chainHash(fields);
      file
        .prepare("UPDATE audit SET actor = ?, previous_hash = ?, hash = ? WHERE sequence = ?")
        .run(fields.actor, previousHash, hash, sequence);
    }
    previousHash = hash;
  }
  file.prepare("UPDATE audit_head SET hash = ?").run(previousHash);
  file.close();
}

describe("verifying the audit chain", () => {
  it("finds nothing where nothing was changed, with its anchors", async () => {
    expect(await verified(await stopped(), true)).toEqual([undefined, undefined]);
  });

  it.each([
    ["time", "UPDATE audit SET at = at + 1 WHERE sequence = 3", 3],
    ["actor", "UPDATE audit SET actor = 'x' WHERE sequence = 3", 3],
    ["action", "UPDATE audit SET action = 'x' WHERE sequence = 3", 3],
    ["subject", "UPDATE audit SET subject = 'x' WHERE sequence = 3", 3],
    [
      "payload",
      "UPDATE audit SET payload = replace(payload, 'true', 'tru3') WHERE sequence = 3",
      3,
    ],
    ["missing payload", "UPDATE audit SET payload = NULL, salt = NULL WHERE sequence = 3", 3],
    ["salt", "UPDATE audit SET salt = 'x' WHERE sequence = 3", 3],
    ["payload's hash", "UPDATE audit SET payload_hash = previous_hash WHERE sequence = 3", 3],
    ["previous hash", "UPDATE audit SET previous_hash = hash WHERE sequence = 3", 3],
    ["hash", "UPDATE audit SET hash = previous_hash WHERE sequence = 3", 3],
    ["number", "UPDATE audit SET sequence = 99 WHERE sequence = 3", 3],
    ["deletion in the middle", "DELETE FROM audit WHERE sequence = 3", 3],
    ["deletion at the beginning", "DELETE FROM audit WHERE sequence = 1", 1],
    ["deletion at the end", "DELETE FROM audit WHERE sequence = 6", 6],
    ["moved head", "UPDATE audit_head SET sequence = 5", 5],
  ])("finds a changed %s", async (_, sql, sequence) => {
    const one = await stopped();
    one.database(sql);
    expect(await verified(one, false)).toEqual([sequence, undefined]);
  });

  it("finds every changed bit of a hash", async () => {
    const one = await stopped();
    const file = new DatabaseSync(join(one.folder, "kreis", "store.db"));
    const hash = String(file.prepare("SELECT hash FROM audit WHERE sequence = 3").get()?.hash);
    file.close();
    for (const at of [0, 31, 63]) {
      const digit = (Number.parseInt(hash.charAt(at), 16) ^ 1).toString(16);
      const flipped = `${hash.slice(0, at)}${digit}${hash.slice(at + 1)}`;
      one.database("UPDATE audit SET hash = ? WHERE sequence = 3", flipped);
      expect(await verified(one, false)).toEqual([3, undefined]);
    }
  });

  it("finds two entries that have changed places", async () => {
    const one = await stopped();
    for (const [from, to] of [
      [3, 90],
      [4, 3],
      [90, 4],
    ] as const)
      one.database("UPDATE audit SET sequence = ? WHERE sequence = ?", to, from);
    expect(await verified(one, false)).toEqual([3, undefined]);
  });

  it("finds a chain that was computed anew by its anchors only", async () => {
    const one = await stopped();
    rewriteFrom(one, 3);
    expect(await verified(one, false)).toEqual([undefined, undefined]);
    expect(await verified(one, true)).toEqual([undefined, { sequence: 4, why: "changed" }]);
    const behind = await stopped();
    rewriteFrom(behind, 5);
    expect(await verified(behind, true)).toEqual([undefined, undefined]);
  });

  it("finds a chain that was cut off before its anchor, with its head", async () => {
    const one = await stopped();
    one.database("DELETE FROM audit WHERE sequence > 3");
    one.database(
      "UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM audit WHERE sequence = 3)",
    );
    expect(await verified(one, false)).toEqual([undefined, undefined]);
    expect(await verified(one, true)).toEqual([undefined, { sequence: 4, why: "missing" }]);
  });

  it.each(["tenant", "sequence", "hash", "at", "signature"])(
    "refuses an anchor whose %s was changed",
    async (name) => {
      const one = await stopped();
      const anchor = JSON.parse(readFileSync(one.anchors, "utf8"));
      const hash = createHash("sha256").update("x").digest("hex");
      const other = { tenant: "kreis ", sequence: 3, hash, at: 1, signature: hash };
      const changed = { ...anchor, [name]: Reflect.get(other, name) };
      writeFileSync(one.anchors, `${JSON.stringify(changed)}\n`);
      const [, fault] = await verified(one, true);
      // One of another tenant says nothing of this one.
      if (name === "tenant") expect(fault).toBeUndefined();
      else expect(fault).toMatchObject({ why: "unsigned" });
    },
  );

  it.each(["{", "[]", '{"tenant":"kreis"}', "x".repeat(100)])("refuses %j as an anchor", (line) => {
    const folder = mkdtempSync(join(tmpdir(), "hw-audit-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "a.jsonl");
    writeFileSync(file, `\n${line}\n`);
    expect(() => readAnchors([file], (place) => place)).toThrow(`${file}:2`);
  });
});

describe("anchoring", () => {
  it("sends each day's line by syslog and to a webhook, and again when one is away", async () => {
    const { folder } = await stopped();
    const received: string[] = [];
    let status = 503;
    const server = createServer((request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => received.push(text));
      request.on("end", () => response.writeHead(status).end());
    }).listen(0, "127.0.0.1");
    const syslog = createSocket("udp4").bind(0, "127.0.0.1");
    const messages: string[] = [];
    syslog.on("message", (message) => messages.push(message.toString()));
    await Promise.all([once(server, "listening"), once(syslog, "listening")]);
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const store = openEmbeddedStore({ dataDir: folder });
    onTestFinished(async () => {
      await store.close();
      syslog.close();
      server.close();
    });
    const ring = createKeyRing(Buffer.alloc(32, 1));
    const anchor = {
      webhook: `http://127.0.0.1:${port}/anker`,
      syslog: `udp://127.0.0.1:${syslog.address().port}`,
    };
    const parts = { store, tenants: ["kreis"], ring, anchor, now: () => DAY + 86_400_000, logger };
    await expect(anchorToday(parts, "kreis")).rejects.toThrow("503");
    status = 204;
    expect(await anchorToday(parts, "kreis")).toBe(true);
    expect(await anchorToday(parts, "kreis")).toBe(false);
    expect(received.map((text) => JSON.parse(text).sequence)).toEqual([6, 6]);
    while (messages.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(messages[0]).toMatch(
      /^<109>1 2026-11-21T12:00:00\.000Z .* heidewacht - audit-anchor - \{/,
    );
  });
});

describe("the commands", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["services/cli/heidewacht.ts", "audit", ...args], {
      encoding: "utf8",
    });

  it("name the first broken entry with exit code 1, and export the chain", async () => {
    const one = await stopped();
    const good = run("verify", "--data", one.folder, "--anchors", one.anchors);
    expect([good.status, good.stdout]).toEqual([
      0,
      "kreis: 6 Einträge, die Kette hält\nkreis: 1 Anker passen\n",
    ]);
    one.database("UPDATE audit SET actor = 'x' WHERE sequence = 2");
    const bad = run("verify", "--data", one.folder);
    expect([bad.status, bad.stdout]).toEqual([1, "kreis: die Kette ist bei Eintrag 2 gebrochen\n"]);
    const exported = run("export", "--tenant", "kreis", "--data", one.folder).stdout;
    const lines = exported
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // What leaves the house says so itself.
    expect(lines[6]).toMatchObject({ action: "audit.export", payload: { entries: 6 } });
  });
});
