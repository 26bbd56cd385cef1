// Identities must not leave detection in clear: tables of what goes, what stays, and properties.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EcsDocument } from "../../../detectors/event.ts";
import { accountClass } from "../../../services/privacy/accounts.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";

const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 7)));
const pseudonym = (name: string) => privacy.pseudonymOf("kreis", name);

describe("account classes", () => {
  const table: [string, string][] = [
    ["SYSTEM", "system"],
    ["NT-Dienst\\x", "system"],
    ["DC01$", "machine"],
    ["krbtgt", "system"],
    ["Administrator", "system"],
    ["svc-backup", "service"],
    ["veeam_svc", "service"],
    ["adm-petersen", "admin"],
    ["h.petersen", "user"],
    ["Müller", "user"],
  ];
  for (const [name, expected] of table) {
    it(`says that ${name} is ${expected}`, () => {
      expect(accountClass(name)).toBe(expected);
    });
  }
});

describe("documents", () => {
  const gone: [string, EcsDocument, string[]][] = [
    ["an account field", { "user.name": "h.petersen" }, ["petersen"]],
    [
      "a Windows event data field",
      { "winlog.event_data.TargetUserName": "h.petersen" },
      ["petersen"],
    ],
    ["a domain account", { "winlog.event_data.User": "LKH\\h.petersen" }, ["petersen"]],
    ["an account called as pseudonyms begin", { "user.name": "admin-hanspeters" }, ["hanspeters"]],
    ["a mail address", { "email.to.address": ["h.petersen@lk-heide.example"] }, ["petersen"]],
    [
      "the event's own name in a command line",
      {
        "user.name": "hpetersen",
        "process.command_line": "net use \\\\fs01\\hpetersen$ /user:LKH\\HPetersen geheim",
      },
      ["hpetersen", "HPetersen"],
    ],
    [
      "a profile path",
      { "process.executable": "C:\\Users\\h.petersen\\AppData\\a.exe" },
      ["petersen"],
    ],
    [
      "a profile path with a space",
      { "file.path": "C:\\Users\\Hans Petersen\\Desktop\\a.docx" },
      ["Petersen"],
    ],
    ["a home folder", { "file.path": "/home/hpetersen/.ssh/authorized_keys" }, ["hpetersen"]],
    ["a UNC profile", { "file.path": "\\\\fs01\\profiles$\\hpetersen\\x" }, ["hpetersen"]],
    [
      "a mail address in a URL",
      { "url.full": "https://x.example/?m=h.petersen@lk-heide.example&y=1" },
      ["petersen"],
    ],
    [
      "a user in a new account command",
      { "process.command_line": "net user petersenh Pw /add" },
      ["petersenh"],
    ],
    ...[
      "runas /user:LKH\\petersenh cmd",
      "psexec /U:petersenh cmd",
      "wmic /USERNAME:petersenh x",
      "tool --user petersenh",
      "tool --username=petersenh",
      "curl https://x.example/?User=petersenh",
      "NET1  user petersenh /delete",
      "su - petersenh",
      "Get-ADUser -Identity petersenh",
      "Get-MailboxPermission -mailbox petersenh",
      "D:\\Homes\\petersenh\\x",
      "D:\\profiles$\\petersenh\\x",
      "C:\\Dokumente und Einstellungen\\petersenh\\x",
      "C:/documents and settings/petersenh/x",
      "/u:petersenh",
    ].map((text): [string, EcsDocument, string[]] => [
      `a name by convention in ${text.replace("petersenh", "NAME")}`,
      { message: text },
      ["petersenh"],
    ]),
    ["a personal SID", { "user.id": "S-1-5-21-1111111111-222222222-333333333-1107" }, ["1107"]],
    [
      "a SID in a text",
      { message: "profile S-1-5-21-1111111111-222222222-333333333-1107 loaded" },
      ["1107"],
    ],
    [
      "a name with umlauts",
      { "user.name": "jörg.müller", message: "Anmeldung von Jörg.Müller" },
      ["rg.m", "Jörg"],
    ],
    [
      "a distinguished name",
      { "winlog.event_data.MemberName": "CN=Hans Petersen,OU=FD33,DC=lk" },
      ["Petersen"],
    ],
    [
      "an address list",
      { "email.from.address": "Hans Petersen <h.petersen@lk-heide.example>; x@y.example" },
      ["Petersen", "petersen"],
    ],
  ];
  for (const [title, document, names] of gone) {
    it(`takes out ${title}`, () => {
      privacy.protectDocument("kreis", document);
      const text = JSON.stringify(document);
      for (const name of names) expect(text).not.toContain(name);
      expect(text).toMatch(/(?:konto|admin|dienst)-[0-9a-z]{10}|S-1-5-21-[0-9a-z]{10}"?/);
    });
  }

  const stays: [string, EcsDocument][] = [
    ["a machine account", { "user.name": "DC01$", "process.command_line": "x DC01$ y" }],
    [
      "a system account",
      { "user.name": "SYSTEM", "process.executable": "C:\\Windows\\System32\\cmd.exe" },
    ],
    ["a built-in group's SID", { "user.id": "S-1-5-21-1111111111-222222222-333333333-512" }],
    ["a host", { "host.name": "fs01.lk-heide.example" }],
    ["an external address", { "source.ip": "203.0.113.7" }],
    ["a shared profile", { "file.path": "C:\\Users\\Public\\a.exe" }],
    ["numbers", { "process.pid": 4711, "destination.port": 445 }],
  ];
  for (const [title, document] of stays) {
    it(`leaves ${title} readable`, () => {
      const before = JSON.stringify(document);
      privacy.protectDocument("kreis", document);
      expect(JSON.stringify(document)).toBe(before);
    });
  }

  it("finds several of the event's own names in one text", () => {
    const document: EcsDocument = {
      "user.name": "hpetersen",
      "user.target.name": "kmeier",
      message: "hpetersen gave KMeier what was Hpetersen's",
    };
    privacy.protectDocument("kreis", document);
    const [from, to] = [pseudonym("hpetersen"), pseudonym("kmeier")];
    expect(document.message).toBe(`${from} gave ${to} what was ${from}'s`);
  });

  it("gives the same pseudonym in every spelling of an account", () => {
    const document: EcsDocument = {
      "user.name": "H.Petersen",
      "winlog.event_data.SubjectUserName": "LKH\\h.petersen",
      "user.email": "h.petersen@lk-heide.example",
    };
    privacy.protectDocument("kreis", document);
    expect(document["user.name"]).toBe(pseudonym("h.petersen"));
    expect(document["winlog.event_data.SubjectUserName"]).toBe(`LKH\\${pseudonym("h.petersen")}`);
    expect(document["user.email"]).toBe(`${pseudonym("h.petersen")}@lk-heide.example`);
  });

  it("shows the class of the account in the pseudonym", () => {
    expect(pseudonym("svc-backup")).toMatch(/^dienst-/);
    expect(pseudonym("adm-petersen")).toMatch(/^admin-/);
    expect(pseudonym("h.petersen")).toMatch(/^konto-/);
  });

  it("gives another pseudonym in another tenant", () => {
    expect(privacy.pseudonymOf("stadt", "h.petersen")).not.toBe(pseudonym("h.petersen"));
  });

  it("changes nothing when it is applied twice", () => {
    const document: EcsDocument = {
      "user.name": "h.petersen",
      "process.command_line": "cmd /c dir C:\\Users\\h.petersen\\x",
    };
    privacy.protectDocument("kreis", document);
    const once = JSON.stringify(document);
    privacy.protectDocument("kreis", document);
    expect(JSON.stringify(document)).toBe(once);
  });

  it("replaces in matched fields what it replaced in the document", () => {
    const document: EcsDocument = {
      "user.name": "hpetersen",
      "process.command_line": "dump for hpetersen",
    };
    const identities = privacy.protectDocument("kreis", document);
    const [matched] = privacy.protectMatched("kreis", identities, [
      { field: "CommandLine", value: "dump for hpetersen", operator: "contains", pattern: "dump" },
    ]);
    expect(matched?.value).toBe(document["process.command_line"]);
  });

  it("never lets a drawn name through in account fields, paths and command lines", () => {
    const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzäöüß");
    const part = fc
      .array(letters, { minLength: 4, maxLength: 12 })
      .map((chars) => `${chars.join("")}q`);
    fc.assert(
      fc.property(part, part, (first, last) => {
        const name = `${first}.${last}`;
        const document: EcsDocument = {
          "winlog.event_data.SubjectUserName": name,
          "process.command_line": `"C:\\x.exe" --for ${name.toUpperCase()} -o C:\\Users\\${name}\\out.txt`,
          "url.full": `https://intern.example/${name}/mail?to=${name}@lk.example`,
        };
        privacy.protectDocument("kreis", document);
        expect(JSON.stringify(document).toLowerCase()).not.toContain(name);
      }),
    );
  });

  it("ends quickly on hostile texts", () => {
    for (const text of [
      "@".repeat(100_000),
      "a".repeat(100_000),
      "\\users\\".repeat(20_000),
      "a@".repeat(50_000),
    ]) {
      const document: EcsDocument = { message: text, "user.name": "aaa" };
      privacy.protectDocument("kreis", document);
      expect(typeof document.message).toBe("string");
    }
  });
});
