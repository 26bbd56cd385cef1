// Paging in the whole service, from an event at the HTTP input to two peers in this process: what arrives
// there, the answer by the link of the mail, and the restart in the middle of an escalation.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pino } from "pino";
import { SMTPServer } from "smtp-server";
import { expect, it, onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { loadConfig } from "../../../config/load.ts";
import { createBulkSender } from "../../../services/cli/bulk-sender.ts";
import { type Running, startHeidewacht } from "../../../services/main.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { startPeer } from "../../support/http-peer-server.ts";
import { freePort, type Installation, TENANT, writeInstallation } from "../../support/loopback.ts";
import { readMail } from "../channels/read-mail.ts";
import { until } from "./fixture.ts";

const MINUTE_MS = 60_000;
const MASTER_KEY = "5a".repeat(32);
const RULE = "Benutzer mit root-Rechten (UID 0) angelegt";
/** Invented; what pages must never say. */
const ACCOUNT = "geist.konto";

async function startMailPeer() {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disableReverseLookup: true, disabledCommands: ["STARTTLS"] },
    onData(stream, _session, done) {
      text(stream).then((raw) => {
        mails.push(raw);
        done();
      }, done);
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  return { mails, port: typeof address === "object" && address !== null ? address.port : 0 };
}

/** On duty is the one with the mail; the one with the web hook is called beside, and again ten minutes later. */
const onCall = (mailPort: number, hookUrl: string) => ({
  channels: {
    post: {
      ...{ kind: "mail", host: "127.0.0.1", port: mailPort, security: "none" },
      from: "soc@kreis.example",
    },
    haken: { kind: "webhook", url: hookUrl },
  },
  tenants: {
    [TENANT]: {
      people: {
        anna: { name: "Anna", contacts: [{ channel: "post", to: "anna@kreis.example" }] },
        bernd: { name: "Bernd", contacts: [{ channel: "haken" }] },
      },
      schedules: {
        dienst: { title: "Dienst", layers: [{ people: ["anna"], begins: "2026-01-05T08:00" }] },
      },
      policies: {
        sofort: {
          steps: [
            { to: [{ schedule: "dienst" }, { person: "bernd" }] },
            { afterMinutes: 10, to: [{ person: "bernd" }] },
          ],
          repeats: 0,
        },
      },
      routes: { p1: { policy: "sofort" }, p2: { policy: "sofort" }, p3: { none: true } },
    },
  },
});

async function install() {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-paging-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const ports = { console: await freePort(), input: 0 };
  const installation = writeInstallation(folder, ports, MASTER_KEY);
  const mail = await startMailPeer();
  const hook = await startPeer(() => ({ status: 200 }));
  onTestFinished(() => hook.close());
  const config = parse(readFileSync(installation.configFile, "utf8"));
  config.console.publicUrl = `http://127.0.0.1:${ports.console}`;
  config.paging = onCall(mail.port, hook.url);
  writeFileSync(installation.configFile, stringify(config));
  return { installation, mails: mail.mails, requests: hook.requests };
}

/** Critical by the starter pack. */
async function attack(running: Running, installation: Installation, host: string, now: number) {
  const { send } = createBulkSender(running.inputUrl ?? "", installation.keyOf);
  const stamp = new Date(now).toISOString();
  const made = `new user: name=${ACCOUNT}, UID=0, GID=0, home=/root, shell=/bin/sh`;
  const record = { time: now, source: "linux", format: "linux-auth" } as const;
  const text = `${stamp} ${host} useradd[4711]: ${made}`;
  await send("linux", [{ ...record, id: `${host}-1`, text }]);
  await running.idle(TENANT);
}

async function paged({ store }: Running): Promise<readonly Finding[]> {
  const { hits } = await store.search(TENANT, FINDING_KIND, { sort: [], limit: 100 });
  return hits
    .map(({ document }) => document)
    .filter(({ paging, detector }) => paging !== undefined && detector.title === RULE);
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const stepsOf = ({ paging }: Finding) =>
  paging?.pages.filter(({ state }) => state === "handed_over").map(({ step }) => step);

it("takes an event to two people, an answer back, and goes on after a restart", async () => {
  const { installation, mails, requests } = await install();
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const start = async () => {
    const running = await startHeidewacht(loadConfig(installation.configFile, {}), {
      ...{ logger: pino({ level: "silent" }), now },
    });
    onTestFinished(() => running.close());
    return running;
  };
  const first = await start();
  await attack(first, installation, "fs01", now());
  await until(async () => (await paged(first)).some((one) => stepsOf(one)?.length === 2));
  expect([mails.length, requests.length]).toEqual([1, 1]);
  const { headers, plain, html } = readMail(mails[0] ?? "");
  expect(headers.to).toBe("anna@kreis.example");
  for (const told of [plain, html, requests[0]?.body]) {
    expect(told).toContain(RULE);
    expect(told).not.toContain(ACCOUNT);
  }
  const metrics = await (await fetch(`${first.consoleUrl}/metrics`)).text();
  for (const channel of ["post", "haken"]) {
    const series = `heidewacht_paging_handed_over_total{channel="${channel}",priority="p1"} 1`;
    expect(metrics).toContain(series);
  }

  const [link = ""] = /http:\S+\/antwort\/\S+/.exec(plain) ?? [];
  const before = await paged(first);
  const asked = await (await fetch(link)).text();
  expect(await paged(first)).toEqual(before);
  const form = / name="form" value="([^"]*)"/.exec(asked)?.[1] ?? "";
  const body = new URLSearchParams({ form }).toString();
  expect((await fetch(link, { method: "POST", headers: FORM, body })).status).toBe(200);
  expect((await paged(first)).map(({ paging }) => paging)).toMatchObject([
    { state: "acknowledged", answers: [{ kind: "acknowledged", person: "anna", via: "link" }] },
  ]);
  const audit = await first.store.readAudit(TENANT, 1, 1000);
  const answered = audit.filter(({ action }) => action === "finding.page_acknowledge");
  expect(answered.map(({ actor }) => actor)).toEqual(["on-call:anna"]);

  // The next one goes on where it was, in another process, and the first one stays as it is.
  await attack(first, installation, "fs02", now());
  await until(async () => (await paged(first)).every((one) => stepsOf(one)?.length === 2));
  await first.close();
  ahead += 11 * MINUTE_MS;
  const second = await start();
  await until(async () => (await paged(second)).some((one) => stepsOf(one)?.includes(1)));
  const states = (await paged(second)).map((one) => `${one.paging?.state} ${stepsOf(one)}`);
  expect(states.sort()).toEqual(["acknowledged 0,0", "escalating 0,0,1"]);
  expect([mails.length, requests.length]).toEqual([2, 3]);
});
