import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findingOf, HOME, openWorld } from "./fixture.ts";

function consoleFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-console-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Konsole</title>");
  writeFileSync(join(folder, "assets", "main-abc.js"), "export {};");
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe("failures", () => {
  it.each([
    ["GET", "//api/v1/nothing", undefined, 404, "HW_NOT_FOUND"],
    ["GET", "//api/nothing", undefined, 404, "HW_NOT_FOUND"],
    ["POST", "//anything", {}, 404, "HW_NOT_FOUND"],
    ["POST", "/session", { name: "x" }, 422, "HW_REQUEST_INVALID"],
    ["POST", "/session", { name: "x".repeat(70_000), password: "x" }, 413, "HW_INPUT_TOO_LARGE"],
    ["POST", "/session", "no object", 422, "HW_REQUEST_INVALID"],
  ])("of %s %s have one shape", async (method, path, body, status, code) => {
    const { anonymous } = await openWorld();
    const answer = await anonymous(method, path, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error.message).toMatch(/\.$/);
    expect(Object.keys(answer.body)).toEqual(["error"]);
  });

  it.each([
    ["application/json", "{", 422],
    ["application/json", '{"__proto__": {"name": "x"}}', 422],
    ["application/json", `{"name":${"[0,".repeat(10_000)}`, 422],
    ["text/xml", "<a/>", 422],
  ])("of a body that can't be read (%s %.40s) are the sender's", async (type, payload, status) => {
    const { api } = await openWorld();
    const headers = { "content-type": type };
    const answer = await api.inject({ method: "POST", url: "/api/v1/session", headers, payload });
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, "HW_REQUEST_INVALID"]);
  });

  it("of the program say nothing about its inside", async () => {
    const rules = () => {
      throw new Error("secret detail at /srv/heidewacht/rules.ts");
    };
    const world = await openWorld({}, { rules });
    const { send } = await world.person("analyst");
    const { status, body } = await send("GET", "/rules");
    expect([status, body.error.code]).toEqual([500, "HW_INTERNAL"]);
    expect(JSON.stringify(body)).not.toMatch(/secret|srv|stack|\.ts/);
    expect(body.error.details.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("speak the language of the installation, down to the fields", async () => {
    const german = await openWorld();
    const english = await openWorld({ language: "en" });
    const of = async (world: typeof german) =>
      (await world.anonymous("POST", "/session", { name: 5, password: "x" })).body.error;
    expect(await of(german)).toMatchObject({
      message: "Die Anfrage passt nicht.",
      place: "body/name",
      details: [{ place: "body/name", message: expect.stringContaining("Ungültige Eingabe") }],
    });
    expect((await of(english)).details[0].message).toContain("Invalid input");
  });

  it("of too many requests are told before the work is done", async () => {
    const world = await openWorld({ limits: { requestsPerMinuteMax: 3 } });
    const one = await world.person("analyst");
    const other = await world.person("analyst");
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await one.send("GET", "/rules")).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await one.send("GET", "/rules")).body.error.code).toBe("HW_RATE_LIMITED");
    expect((await other.send("GET", "/rules")).status).toBe(200);
  });
});

describe("headers", () => {
  it("forbid inline code, foreign code and framing on every answer", async () => {
    const { anonymous } = await openWorld({ consoleFolder: consoleFolder() });
    for (const path of ["//", "/session", "//healthz", "//api/v1/nothing", "//api/docs/json"]) {
      const { headers } = await anonymous("GET", path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
    }
  });

  it("allow images from data: and one named inline style on the page of the API only", async () => {
    const { anonymous } = await openWorld({ consoleFolder: consoleFolder() });
    const policyOf = async (path: string) =>
      String((await anonymous("GET", path)).headers["content-security-policy"]);
    expect(await policyOf("//api/docs")).toContain("img-src 'self' data:");
    for (const path of ["//", "/session", "//healthz"]) {
      expect(await policyOf(path)).not.toMatch(/data:|sha256-/);
    }
  });

  it("keep answers out of caches", async () => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    expect((await send("GET", "/findings")).headers["cache-control"]).toBe("no-store");
  });
});

describe("the console's files", () => {
  it("are served, and its page for each address that it routes by itself", async () => {
    const { anonymous } = await openWorld({ consoleFolder: consoleFolder() });
    for (const path of ["//", "//befunde/abc?sort=last", "//ereignisse"]) {
      const { status, body, headers } = await anonymous("GET", path);
      expect([status, headers["cache-control"]]).toEqual([200, "no-cache"]);
      expect(body).toContain("Konsole");
    }
    const script = await anonymous("GET", "//assets/main-abc.js");
    expect([script.status, script.headers["cache-control"]]).toEqual([
      200,
      "public, max-age=31536000, immutable",
    ]);
    for (const path of ["//assets/gone.js", "//api/x"]) {
      expect((await anonymous("GET", path)).status).toBe(404);
    }
  });

  it("never include what lies beside their folder", async () => {
    const folder = consoleFolder();
    const { anonymous } = await openWorld({ consoleFolder: join(folder, "assets") });
    writeFileSync(join(folder, "assets", "index.html"), "inside");
    const built = await openWorld({ consoleFolder: join(folder, "assets") });
    expect((await built.anonymous("GET", "//index.html")).body).toBe("inside");
    for (const up of ["../", "..%2f", "%2e%2e/", "..%5c", "x/../../", "%00../"]) {
      const { body } = await built.anonymous("GET", `//${up}index.html`);
      expect(JSON.stringify(body)).not.toContain("Konsole");
    }
    expect((await anonymous("GET", "//index.html")).status).toBe(404);
  });

  it("that are not built are said to be missing", async () => {
    const { anonymous } = await openWorld({ consoleFolder: join(tmpdir(), "not-there") });
    const { status, body } = await anonymous("GET", "//");
    expect([status, body.error.message]).toEqual([404, expect.stringContaining("/api/docs")]);
  });
});

describe("health", () => {
  it("says alive always, and ready when the process is", async () => {
    let ready = true;
    const { anonymous } = await openWorld({}, { ready: async () => ready });
    expect((await anonymous("GET", "//readyz")).status).toBe(200);
    ready = false;
    expect((await anonymous("GET", "//readyz")).body).toEqual({ status: "unready" });
    expect((await anonymous("GET", "//readyz")).status).toBe(503);
    expect((await anonymous("GET", "//healthz")).body).toEqual({ status: "ok" });
  });

  it.each(["ok", "silent"] as const)(
    "tells whoever asks that its stages are %s",
    async (status) => {
      const answer = {
        ...{ status, silent: status === "ok" ? [] : ["triage"] },
        stages: { triage: { aliveAgoS: 3 } },
      };
      const { anonymous } = await openWorld({}, { heartbeat: async () => answer });
      const told = await anonymous("GET", "//heartbeat");
      expect([told.status, told.body]).toEqual([status === "ok" ? 200 : 503, answer]);
    },
  );

  it("is not ready when finding out fails", async () => {
    const broken = await openWorld({}, { ready: () => Promise.reject(new Error("disk")) });
    expect((await broken.anonymous("GET", "//readyz")).status).toBe(503);
  });
});

describe("metrics", () => {
  it("count requests by route pattern, never by id or words", async () => {
    const world = await openWorld();
    const { send } = await world.person("analyst");
    await send("GET", "/findings/some-id");
    await send("GET", "/findings?text=mustermann");
    const { body } = await world.anonymous("GET", "//metrics");
    expect(body).toMatch(
      /heidewacht_api_request_seconds_count\{method="GET",route="\/api\/v1\/findings\/:id",status="404"\} 1/,
    );
    expect(body).not.toMatch(/some-id|mustermann/);
  });

  const TOKEN = { authorization: "Bearer geheim" };
  it.each([
    ["this machine", "127.0.0.1", {}, 200],
    ["this machine, IPv6", "::1", {}, 200],
    ["another machine", "192.0.2.7", {}, 403],
    ["another machine with the token", "192.0.2.7", TOKEN, 200],
    ["another machine with a wrong token", "192.0.2.7", { authorization: "Bearer x" }, 403],
    ["another machine through a proxy here", "127.0.0.1", { "x-forwarded-for": "192.0.2.7" }, 403],
    ["another machine that lies", "192.0.2.7", { "x-forwarded-for": "127.0.0.1" }, 403],
  ])("are for this machine or the token: %s", async (_name, remoteAddress, headers, status) => {
    const { api } = await openWorld({ metricsTokenSha256: hash("sha256", "geheim") });
    const answer = await api.inject({ url: "/metrics", remoteAddress, headers });
    expect(answer.statusCode).toBe(status);
  });
});

describe("the description of the API", () => {
  it("is a page with a German title that loads nothing from elsewhere", async () => {
    const { anonymous } = await openWorld();
    const { status, body } = await anonymous("GET", "//api/docs");
    expect(status).toBe(200);
    expect(body).toContain("<title>Heidewacht: Schnittstelle</title>");
    expect(body).not.toMatch(/(?:src|href)="https?:/);
    expect(body).not.toMatch(/<script(?![^>]*src=)|<style| on\w+=/);
  });

  it("says for each route what it is for, what it takes and who may", async () => {
    const { anonymous } = await openWorld();
    const { body } = await anonymous("GET", "//api/docs/json");
    expect(body.openapi).toBe("3.1.0");
    const verdict = body.paths["/api/v1/findings/{id}/verdict"].post;
    expect(verdict.summary).toBe("Befund bewerten und schließen");
    expect(verdict.security).toEqual([{ token: [] }, { session: [] }]);
    const { properties } = verdict.requestBody.content["application/json"].schema;
    expect(properties.verdict.enum).toContain("benign_true_positive");
    expect(body.paths["/api/v1/session"].post.security).toEqual([]);
  });
});

describe("providers", () => {
  it("are asked for the caller's tenant", async () => {
    const asked: string[] = [];
    const rule = { ...findingOf("x").detector, hits: 3, filteredBy: [], isSilenced: false };
    const rules = (tenant: string) => {
      asked.push(tenant);
      return {
        rules: [rule],
        faults: [{ place: "a.yml:3:1", code: "HW_RULE_INVALID", message: "x" }],
        ...{ leftOut: [], notes: [], costs: [] },
      };
    };
    const world = await openWorld({}, { rules });
    const { send } = await world.person("analyst");
    const { body } = await send("GET", "/rules");
    expect(body.rules).toEqual([rule]);
    expect(body.faults).toHaveLength(1);
    expect(asked).toEqual([HOME]);
  });

  it("of the audit give the chain page by page", async () => {
    const world = await openWorld();
    for (let i = 0; i < 5; i += 1) {
      await world.store.appendAudit(HOME, {
        at: i,
        actor: "cli",
        action: "x",
        subject: `s${i}`,
        payload: {},
      });
    }
    const { send } = await world.person("isb");
    const first = (await send("GET", "/audit?limit=3")).body;
    const second = (await send("GET", `/audit?limit=3&from=${first.next}`)).body;
    const subjects = [...first.entries, ...second.entries].map(({ subject }) => subject);
    expect(subjects).toEqual(["s0", "s1", "s2", "s3", "s4"]);
    expect(second.next).toBeUndefined();
  });
});
