// Names of a directory and names seen earlier, found in texts however they are written there.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createKnownNames } from "../../../services/privacy/known-names.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";

const PEOPLE = [
  {
    account: "muellertal",
    upn: "j.muellertal@lk.example",
    mail: "joerg.muellertal@lk.example",
    givenName: "Jörg",
    surname: "Müllertal",
    displayName: "Müllertal, Jörg",
  },
  { account: "koch", givenName: "Renée", surname: "Koch", displayName: "Renée Koch (FD 33)" },
  { account: "h.grossman", givenName: "Hans", surname: "Großman" },
  { account: "a.zwin", givenName: "Anna", surname: "Zwinger" },
  { account: "b.zwin", givenName: "Bea", surname: "Zwinger" },
  { account: "DC01$", displayName: "DC01" },
];

function privacyOf() {
  const names = createKnownNames();
  names.setDirectory("kreis", PEOPLE);
  const unknown: string[] = [];
  const onUnknown = (tenant: string) => unknown.push(tenant);
  const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 7)), { names, onUnknown });
  const text = (message: string) => {
    const document = { message };
    privacy.protectDocument("kreis", document);
    return document.message;
  };
  return { names, privacy, text, unknown };
}

describe("names of a directory", () => {
  const { text, privacy } = privacyOf();
  const joerg = privacy.pseudonymOf("kreis", "muellertal");
  const koch = privacy.pseudonymOf("kreis", "koch");
  const hans = privacy.pseudonymOf("kreis", "h.grossman");
  const found: [string, string][] = [
    ["Anruf von Jörg Müllertal.", `Anruf von ${joerg}.`],
    ["JÖRG MÜLLERTAL", joerg],
    ["Joerg Muellertal", joerg],
    ["Jorg Mullertal", joerg],
    ["Jo\u0308rg Mu\u0308llertal", joerg],
    ["Müllertal, Jörg", joerg],
    ["Herr Müllertal rief an", `Herr ${joerg} rief an`],
    ["LKH\\MUELLERTAL", `LKH\\${joerg}`],
    ["D:\\Ablage\\müllertal\\a.docx", `D:\\Ablage\\${joerg}\\a.docx`],
    ["\\\\fs01\\home$\\muellertal", `\\\\fs01\\home$\\${joerg}`],
    ["https://x.example/u/M%C3%BCllertal?a=1", `https://x.example/u/${joerg}?a=1`],
    ["https://x.example/u/M%25C3%25BCllertal", `https://x.example/u/${joerg}`],
    ["?q=J%C3%B6rg%20M%C3%BCllertal&b", `?q=${joerg}&b`],
    ["?q=J%F6rg+M%FCllertal", `?q=${joerg}`],
    ['{"u":"J\\u00f6rg M\\u00fcllertal"}', `{"u":"${joerg}"}`],
    ["j.muellertal", joerg],
    ["j.muellertal@lk.example", `${joerg}@lk.example`],
    ["joerg.muellertal", joerg],
    ["Renee Koch", koch],
    ["Koch, Renée", koch],
    ["LKH\\koch angemeldet", `LKH\\${koch} angemeldet`],
    ["Hans Grossman", hans],
    ["h.großman", hans],
  ];
  for (const [given, expected] of found) {
    it(`are found in ${given}`, () => {
      expect(text(given)).toBe(expected);
    });
  }

  const kept = [
    "Koch und Kellner",
    "C:\\Programme\\Koch\\a.exe",
    "C:\\Program Files\\Koch Software",
    "Müllertalstraße",
    "xmuellertal muellertal2",
    "Jörg",
    "DC01$",
    "v.muellertals",
    "100% sicher, \\users und %AD%",
  ];
  for (const given of kept) {
    it(`leave ${given}`, () => {
      expect(text(given)).toBe(given);
    });
  }

  it("stand for nobody where several people have them, and still go", () => {
    const out = text("Frau Zwinger");
    expect(out).toMatch(/^Frau konto-[0-9a-z]{10}$/);
    expect(out).not.toContain(privacy.pseudonymOf("kreis", "a.zwin"));
    expect(text("Anna Zwinger")).toBe(privacy.pseudonymOf("kreis", "a.zwin"));
  });

  it("give one pseudonym to all accounts of a person", () => {
    const document = {
      "user.name": "MUELLERTAL",
      "user.email": "joerg.müllertal@lk.example",
      "winlog.event_data.TargetUserName": "LKH\\j.muellertal",
      "user.full_name": "Müllertal, Jörg",
    };
    privacy.protectDocument("kreis", document);
    expect(document).toEqual({
      "user.name": joerg,
      "user.email": `${joerg}@lk.example`,
      "winlog.event_data.TargetUserName": `LKH\\${joerg}`,
      "user.full_name": joerg,
    });
  });

  it("are found in names of metrics and labels, which senders choose", () => {
    const document = {
      "metricset.name": "kreis.homes.muellertal.bytes",
      "metric.values.kreis.homes.muellertal.bytes": 12,
      "metric.labels.share_of_muellertal": "j",
      "metric.labels.status": "Jörg Müllertal",
      "statsd.logins.j.muellertal.count": 3,
      "host.name": "fs01",
    };
    const names = Object.keys(document);
    privacy.protectDocument("kreis", document);
    expect(document).toEqual({
      "metricset.name": `kreis.homes.${joerg}.bytes`,
      [`metric.values.kreis.homes.${joerg}.bytes`]: 12,
      [`metric.labels.share_of_${joerg}`]: "j",
      "metric.labels.status": joerg,
      [`statsd.logins.${joerg}.count`]: 3,
      "host.name": "fs01",
    });
    expect(Object.keys(document)).toHaveLength(names.length);
  });

  it("are those of the tenant alone, and of its newest directory", () => {
    const { privacy: own, names } = privacyOf();
    const other = { message: "Jörg Müllertal" };
    own.protectDocument("stadt", other);
    expect(other.message).toBe("Jörg Müllertal");
    names.setDirectory("kreis", [{ account: "x.neuber", givenName: "Xaver", surname: "Neuber" }]);
    const document = { message: "Jörg Müllertal, Xaver Neuber" };
    own.protectDocument("kreis", document);
    expect(document.message).toBe(`Jörg Müllertal, ${own.pseudonymOf("kreis", "x.neuber")}`);
  });
});

describe("names seen in account fields", () => {
  it("are found in texts of later events", () => {
    const { text, privacy } = privacyOf();
    expect(text("job of h.petersén")).toBe("job of h.petersén");
    privacy.protectDocument("kreis", { "user.name": "LKH\\h.petersén" });
    const pseudonym = privacy.pseudonymOf("kreis", "h.petersén");
    expect(text("job of H.PETERSEN, h%2Epetersen")).toBe(`job of ${pseudonym}, ${pseudonym}`);
  });

  it("do not blank out words that logs are made of", () => {
    const { text, privacy } = privacyOf();
    for (const name of ["powershell", "error", "koch", "4711"]) {
      privacy.protectDocument("kreis", { "user.name": name });
    }
    privacy.protectDocument("kreis", { "user.email": "newsletter@shop.example" });
    privacy.protectDocument("kreis", { "user.full_name": "Microsoft Edge Update" });
    const message = "powershell: error 4711 at Koch, newsletter of Microsoft Edge Update";
    expect(text(message)).toBe(message);
  });

  it("are as many as fit, the longest unseen goes first, those of a directory stay", () => {
    const names = createKnownNames(2);
    names.setDirectory("kreis", PEOPLE);
    for (const name of ["eins.aa", "zwei.bb", "eins.aa", "muellertal", "drei.cc"]) {
      names.learn("kreis", name);
    }
    expect(names.counts("kreis")).toEqual({ directory: 6, seen: 2 });
    expect(names.isKnown("kreis", "zwei.bb")).toBe(false);
    expect(names.isKnown("kreis", "eins.aa")).toBe(false);
    expect(names.isKnown("kreis", "drei.cc")).toBe(true);
    expect(names.isKnown("kreis", "muellertal")).toBe(true);
  });

  it("are counted where they stand by convention only", () => {
    const { text, unknown } = privacyOf();
    text("C:\\Users\\unbekannt1\\x und muellertal@lk.example");
    expect(unknown).toEqual(["kreis"]);
  });
});

describe("the pass over a text", () => {
  it("leaves a text without names as it is, whatever stands in it", () => {
    const { names } = privacyOf();
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (given) => {
        expect(names.scan("kreis", given, () => undefined).text).toBe(given);
      }),
    );
  });

  it("finds a name between any characters that are no letters", () => {
    const { names } = privacyOf();
    const around = fc.array(fc.constantFrom(..." \\/%+&?=\"'<>()[]{}.,;:-_\n\t$@!|"), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const given = `${before.join("")}muellertal${after.join("")}`;
        const out = names.scan("kreis", given, () => "#").text;
        expect(out).toBe(`${before.join("")}#${after.join("")}`);
      }),
    );
  });

  it("bears texts without end", () => {
    const { names } = privacyOf();
    for (const given of [
      "%25".repeat(50_000),
      "j.".repeat(100_000),
      "a".repeat(300_000),
      "\\u00".repeat(50_000),
    ])
      expect(names.scan("kreis", given, () => "#").text).toBe(given);
  });
});
