import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { describe, expect, it, onTestFinished } from "vitest";
import { exampleOutgoing, examplePage, hostileOutgoing } from "../../support/hostile-pages.ts";
import { HOSTILE_TEXTS } from "../../support/hostile-texts.ts";
import { liveInText, readHtml } from "../../support/live-text.ts";
import { tlsFile } from "../../support/shippers.ts";
import { faultOf, openConfigured, SECRET } from "./fixture.ts";
import { readMail } from "./read-mail.ts";

const AT_ONCE = 16;
const TO = "bereitschaft@kreis.example";
const signal = new AbortController().signal;

interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly isEncrypted: boolean;
  readonly raw: string;
}

/** A real server of SMTP with the certificate that the house's authority signed. */
async function startMailServer(more: SMTPServerOptions = {}) {
  const mails: TakenMail[] = [];
  const server = new SMTPServer({
    cert: readFileSync(tlsFile("server.pem")),
    key: readFileSync(tlsFile("server.key")),
    // Its name server is not part of the tests.
    ...{ authOptional: true, disableReverseLookup: true },
    onAuth: ({ username, password }, _session, done) =>
      username === "heidewacht" && password === SECRET
        ? done(null, { user: username })
        : done(new Error(`no such account ${username}`)),
    onData(stream, { envelope, user, secure }, done) {
      text(stream).then((raw) => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ ...{ from, to, raw, user }, isEncrypted: secure });
        done();
      }, done);
    },
    ...more,
  });
  // Clients that do not trust it are part of the tests.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port, mails };
}

/** A server that answers each line as it is told; `undefined` hangs, a socket that ends is cut. */
async function startRawServer(
  answer: (line: string, socket: Socket) => string | undefined,
  greeting = "220 mail.kreis.example ESMTP",
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).setEncoding("utf8");
    if (greeting !== "") socket.write(`${greeting}\r\n`);
    socket.on("data", (chunk) => {
      for (const line of `${chunk}`.split("\r\n").slice(0, -1)) {
        const said = answer(line, socket);
        if (said !== undefined && !socket.destroyed) socket.write(`${said}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const open = (port: number, more: Readonly<Record<string, unknown>> = {}) =>
  openConfigured(
    {
      ...{ kind: "mail", host: "127.0.0.1", port, caFile: tlsFile("ca.pem") },
      ...{ from: "heidewacht@kreis.example", ...more },
    },
    { password: `${SECRET}\n` },
  );
const openPlain = (port: number, more = {}) => open(port, { security: "none", ...more });
const withSignIn = { user: "heidewacht", passwordFile: "password" };
const outgoing = exampleOutgoing({ to: TO });

describe("a page as mail", () => {
  it("goes encrypted and signed in, to one receiver", async () => {
    const { port, mails } = await startMailServer({ authOptional: false });
    const handed = await open(port, withSignIn).send(outgoing, signal);
    expect(handed.reference).toBe(`<${outgoing.id}@kreis.example>`);
    expect(mails).toMatchObject([
      { from: "heidewacht@kreis.example", to: [TO], user: "heidewacht", isEncrypted: true },
    ]);
  });

  it("goes over TLS from the first byte, where that is configured", async () => {
    const { port, mails } = await startMailServer({ secure: true });
    await open(port, { security: "tls" }).send(outgoing, signal);
    expect(mails).toMatchObject([{ isEncrypted: true }]);
  });

  it("has the same id at each attempt, one thread for a finding, and the marks of a machine", async () => {
    const { port, mails } = await startMailServer();
    const channel = open(port);
    await channel.send(outgoing, signal);
    await channel.send({ ...outgoing, attempt: 2 }, signal);
    await channel.send({ ...outgoing, id: "fedcba" }, signal);
    const page = examplePage({ priority: "p4", raisedAt: 1 });
    await channel.send(exampleOutgoing({ to: TO, id: "00ff", page }), signal);
    const [first, second, third, other] = mails.map(({ raw }) => readMail(raw).headers);
    expect(first).toMatchObject({
      "message-id": `<${outgoing.id}@kreis.example>`,
      "x-heidewacht-page": outgoing.id,
      "auto-submitted": "auto-generated",
      "x-priority": "1 (Highest)",
      to: TO,
      subject: "P1: Schattenkopien gelöscht",
    });
    expect(second?.["message-id"]).toBe(first?.["message-id"]);
    expect(third?.["message-id"]).not.toBe(first?.["message-id"]);
    expect(third?.references).toBe(first?.references);
    expect(other?.references).not.toBe(first?.references);
    expect(other?.["x-priority"]).toBe("5 (Lowest)");
  });

  it("says the same in plain text and in HTML", async () => {
    const { port, mails } = await startMailServer();
    await open(port).send(outgoing, signal);
    const { plain, html } = readMail(mails[0]?.raw ?? "");
    const shown = readHtml(html).text;
    for (const words of ["Landkreis Musterheide", "vssadmin delete shadows", "TLP:AMBER"]) {
      expect(plain).toContain(words);
      expect(shown).toContain(words);
    }
    expect(plain).toContain("Übernehmen: https://heidewacht.kreis.example/a/token_-1\n");
  });

  it("carries no hostile text alive, in no part and no header", async () => {
    const { port, mails } = await startMailServer({ disabledCommands: ["STARTTLS"] });
    const channel = openPlain(port);
    const alive: unknown[] = [];
    const names = new Set<string>();
    for (let from = 0; from < HOSTILE_TEXTS.length; from += AT_ONCE) {
      const some = HOSTILE_TEXTS.slice(from, from + AT_ONCE);
      await Promise.all(
        some.map(({ text: hostile }, at) =>
          channel.send({ ...hostileOutgoing(hostile, TO), id: `s${from + at}` }, signal),
        ),
      );
    }
    for (const { raw } of mails) {
      const { headers, parts, plain, html } = readMail(raw);
      const { family, text: hostile } =
        HOSTILE_TEXTS[Number(headers["x-heidewacht-page"]?.slice(1))] ?? {};
      names.add([...Object.keys(headers), parts.join()].join(" "));
      const { faults, text: shown } = readHtml(html);
      const live = [
        ...liveInText(headers.subject ?? ""),
        ...liveInText(plain),
        ...faults,
        ...liveInText(shown),
      ];
      if (live.length > 0) alive.push({ family, text: hostile?.slice(0, 60), live });
    }
    expect(alive).toEqual([]);
    expect(mails).toHaveLength(HOSTILE_TEXTS.length);
    // No text added a header or a part.
    expect([...names]).toHaveLength(1);
    expect(new Set(mails.flatMap(({ to }) => to))).toEqual(new Set([TO]));
  });
});

describe("a mail server that does not do as it should", () => {
  it.each([
    ["RCPT TO", "550 5.1.1 <bereitschaft@kreis.example> unknown", "refused", "smtp 550 5.1.1"],
    ["RCPT TO", "450 4.2.0 greylisted", "unreachable", "smtp 450 4.2.0"],
    ["RCPT TO", "530 5.7.0 sign in", "misconfigured", "smtp 530 5.7.0"],
    ["MAIL FROM", "553 5.7.1 not you", "misconfigured", "smtp 553 5.7.1"],
    ["MAIL FROM", "452 4.3.1 disk full", "unreachable", "smtp 452 4.3.1"],
    ["DATA", "554 5.6.0 no", "refused", "smtp 554 5.6.0"],
    [".", "552 5.3.4 too big", "refused", "smtp 552 5.3.4"],
    [".", "451 4.3.0 later", "unreachable", "smtp 451 4.3.0"],
    ["EHLO", "421 4.3.2 down", "unreachable", "smtp 421 4.3.2"],
  ])("at %s with %j is %s", async (at, said, kind, message) => {
    const port = await startRawServer(answers((line) => (line.startsWith(at) ? said : undefined)));
    const fault = await faultOf(openPlain(port), outgoing, { secrets: [`${port}`] });
    expect(fault).toMatchObject({ kind, message });
  });

  it("wrong secret: a matter for whoever set it up", async () => {
    const { port, mails } = await startMailServer();
    const channel = openConfigured(
      {
        ...{ kind: "mail", host: "127.0.0.1", port, caFile: tlsFile("ca.pem") },
        ...{ from: "heidewacht@kreis.example", ...withSignIn },
      },
      { password: "falsch-4711" },
    );
    const secrets = ["falsch-4711", Buffer.from("falsch-4711").toString("base64")];
    expect(await faultOf(channel, outgoing, { secrets })).toMatchObject({ kind: "misconfigured" });
    expect(mails).toEqual([]);
  });

  it("gets no mail in clear where encryption is insisted on", async () => {
    const { port, mails } = await startMailServer({ disabledCommands: ["STARTTLS"] });
    expect((await faultOf(open(port), outgoing)).kind).toBe("misconfigured");
    expect(mails).toEqual([]);
  });

  it("gets no mail where its certificate is not trusted", async () => {
    const { port, mails } = await startMailServer();
    const secure = await startMailServer({ secure: true });
    for (const caFile of [undefined, tlsFile("other-ca.pem")]) {
      const upgraded = await faultOf(open(port, { caFile }), outgoing);
      expect(upgraded.kind).toBe("misconfigured");
      expect(upgraded.message).toMatch(/^tls [A-Z_]+$/);
      const direct = open(secure.port, { caFile, security: "tls" });
      expect((await faultOf(direct, outgoing)).kind).toBe("misconfigured");
    }
    expect([...mails, ...secure.mails]).toEqual([]);
  });

  it.each(["", "EHLO", "RCPT TO", "."])("that hangs at %j is left at the time-out", async (at) => {
    const port = await startRawServer(
      answers((line) => (at !== "" && line.startsWith(at) ? "" : undefined)),
      at === "" ? "" : undefined,
    );
    const fault = await faultOf(openPlain(port, { timeoutMs: 200 }), outgoing);
    expect(fault).toMatchObject({ kind: "unreachable", message: "timeout 200 ms" });
  });

  it.each(["EHLO", "MAIL FROM", "DATA", "."])(
    "that hangs up at %j has taken nothing",
    async (at) => {
      const port = await startRawServer(
        answers((line, socket) => {
          if (!line.startsWith(at)) return undefined;
          socket.destroy();
          return "";
        }),
      );
      expect((await faultOf(openPlain(port), outgoing)).kind).toBe("unreachable");
    },
  );

  it("can't be reached by a name that nobody knows, nor where nobody listens", async () => {
    const unknown = openPlain(25, { host: "nirgends.invalid", timeoutMs: 5000 });
    const fault = await faultOf(unknown, outgoing, { secrets: ["nirgends"] });
    expect(fault.kind).toBe("unreachable");
    expect(fault.message).toMatch(/^(?:dns [A-Z_]+|timeout 5000 ms)$/);
    const away = await faultOf(openPlain(1), outgoing);
    expect(away).toMatchObject({ kind: "unreachable", message: "network ECONNREFUSED" });
  });

  it("is left when one is told to stop, before and during", async () => {
    const controller = new AbortController();
    const port = await startRawServer(
      answers((line) => {
        if (!line.startsWith("RCPT TO")) return undefined;
        controller.abort();
        return "";
      }),
    );
    const aborted = { kind: "unreachable", message: "aborted" };
    const before = { signal: AbortSignal.abort() };
    expect(await faultOf(openPlain(port), outgoing, before)).toMatchObject(aborted);
    const during = { signal: controller.signal };
    expect(await faultOf(openPlain(port), outgoing, during)).toMatchObject(aborted);
  });
});

describe("the proof of life of a mail server", () => {
  it("greets, encrypts, signs in and sends nothing", async () => {
    const { port, mails } = await startMailServer({ authOptional: false });
    await open(port, withSignIn).probe?.(signal);
    expect(mails).toEqual([]);
    const wrong = open(port, { ...withSignIn, user: "niemand" });
    await expect(wrong.probe?.(signal)).rejects.toMatchObject({ kind: "misconfigured" });
  });
});

describe("a receiver that is no address of mail", () => {
  it.each([undefined, "kreis", "a@b, c@d", "a@b\r\nRCPT TO:<c@d>", "<a@b>"])(
    "is refused: %j",
    async (to) => {
      const { port, mails } = await startMailServer();
      expect((await faultOf(openPlain(port), { ...outgoing, to })).kind).toBe("misconfigured");
      expect(mails).toEqual([]);
    },
  );
});

/** A conversation as it should be, but where something else is said; an empty answer is none. */
function answers(other: (line: string, socket: Socket) => string | undefined) {
  let isData = false;
  return (line: string, socket: Socket): string | undefined => {
    if (isData && line !== ".") return undefined;
    isData = false;
    const said = other(line, socket);
    if (said !== undefined) return said === "" ? undefined : said;
    if (line === "DATA") {
      isData = true;
      return "354 go on";
    }
    return line === "QUIT" ? "221 bye" : "250 2.0.0 ok";
  };
}
