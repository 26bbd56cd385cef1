import { describe, expect, it } from "vitest";
import { tlsFile } from "../../support/shippers.ts";
import { openConfigured } from "./fixture.ts";

const MAIL = { kind: "mail", host: "127.0.0.1", from: "a@kreis.example" };

describe("a channel whose files are wrong", () => {
  it.each([
    ["webhook without its file", { kind: "webhook", url: "https://x.example", secretFile: "weg" }],
    ["an empty secret", { kind: "webhook", url: "https://x.example", secretFile: "leer" }],
    ["a secret of two parts", { kind: "ntfy", url: "https://x.example", tokenFile: "steuer" }],
    ["no address in the file", { kind: "teams", urlFile: "text" }],
    ["an address of another scheme", { kind: "mattermost", urlFile: "datei" }],
    ["authorities that are none", { ...MAIL, caFile: "text" }],
    ["authorities that are damaged", { ...MAIL, caFile: "pem" }],
    ["no password", { ...MAIL, user: "a", passwordFile: "weg" }],
  ])("is told at the start, with the setting: %s", (_what, config) => {
    const files = {
      ...{ leer: "\n\n", text: "kein", datei: "file:///x", steuer: "a\u0007b" },
      pem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    };
    expect(() => openConfigured(config, files)).toThrow(
      expect.objectContaining({
        code: "HW_CONFIG_INVALID",
        place: expect.stringMatching(
          /^paging\.channels\.weg\.(?:secretFile|tokenFile|urlFile|caFile|passwordFile)$/,
        ),
        mend: expect.stringMatching(/./),
      }),
    );
  });

  it.each([
    ["mail", { ...MAIL, caFile: tlsFile("ca.pem") }],
    ["webhook", { kind: "webhook", url: "https://x.example" }],
    ["teams", { kind: "teams", urlFile: "url" }],
    ["mattermost", { kind: "mattermost", urlFile: "url" }],
    ["ntfy", { kind: "ntfy", url: "https://x.example" }],
  ])("opens %s, and asks nothing of its peer", (kind, config) => {
    expect(openConfigured(config, { url: "https://x.example/hook\n" }).kind).toBe(kind);
  });
});
