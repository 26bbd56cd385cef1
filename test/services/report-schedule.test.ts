// A scheduled report as it goes out: a real mail server on loopback, a real folder, the real PDF.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { SMTPServer } from "smtp-server";
import { expect, it, onTestFinished, vi } from "vitest";
import { createReports } from "../../services/report-link.ts";
import { startReportSchedule } from "../../services/report-schedule.ts";
import { at, TENANT } from "./kpi/incidents.ts";
import { openReportStore } from "./report/report-world.ts";

const WAIT = { timeout: 60_000, interval: 50 };

async function openMailServer(): Promise<{ port: number; mails: string[] }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ["STARTTLS", "AUTH"], logger: false },
    onData(stream, session, done) {
      let text = session.envelope.rcptTo.map(({ address }) => `to ${address}\n`).join("");
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
      });
      stream.on("end", () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  // A server that listens on TCP has such an address.
  return { port: (server.server.address() as AddressInfo).port, mails };
}

it("publishes the last quarter, lays it into the folder and mails the PDF, once", async () => {
  const { port, mails } = await openMailServer();
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-scheduled-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const from = "heidewacht@kreis.example";
  const { store, parts } = openReportStore({
    report: {
      mail: { host: "127.0.0.1", port, security: "none", from },
      schedule: [
        {
          ...{ cron: "0 6 1 1,4,7,10 *", period: "previous_quarter", tenant: TENANT, folder },
          mail: ["isb@kreis.example"],
        },
      ],
    },
  });
  const runAt = async (text: string, until: () => void) => {
    const own = { ...parts, now: () => at(text) };
    const stop = startReportSchedule(own, createReports(own), pino({ level: "silent" }));
    await vi.waitFor(until, WAIT);
    await stop();
  };
  const nothing = () => expect(mails).toEqual([]);
  await runAt("2026-09-30T12:00", nothing);
  await runAt("2026-10-01T06:00", () => expect(mails).toHaveLength(1));
  await runAt("2026-10-01T06:01", () => expect(mails).toHaveLength(1));

  const name = `isb-bericht-${TENANT}-2026-q3-fassung-1`;
  expect(readdirSync(folder).sort()).toEqual([name, `${name}-ua.pdf`, `${name}.html`]);
  expect(existsSync(join(folder, name, "SHA256SUMS"))).toBe(true);
  const [mail = ""] = mails;
  expect(mail).toMatch(/^to isb@kreis\.example\n/);
  expect(mail).toMatch(/^Message-ID: <bericht-[0-9a-f]{32}@kreis\.example>/m);
  expect(mail).toContain(`filename=${name}.pdf`);
  const [entry] = await store.readAudit(TENANT, 1, 1);
  expect(entry).toMatchObject({ action: "report.publish", actor: "system" });
});
