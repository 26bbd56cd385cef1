import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answerPath,
  isForm,
  type LinkPurpose,
  pageMark,
  readLink,
  signForm,
  signLink,
} from "../../../services/paging/links.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";

const NOW = Date.UTC(2026, 10, 20, 8);
const HOUR_MS = 3_600_000;
const KEYS = createKeyRing(Buffer.alloc(32, 7));
const KNOWN = new Map([
  ["landkreis", ["bereitschaft-1", "bereitschaft-2"]],
  ["samtgemeinde", ["bereitschaft-1"]],
]);
const LINK = {
  purpose: "acknowledge" as LinkPurpose,
  tenant: "landkreis",
  finding: "0123456789abcdef0123456789abcdef",
  page: "a page's id, however it is written",
  person: "bereitschaft-1" as string | undefined,
  expiresAt: NOW + HOUR_MS,
};
const READ = { ...LINK, page: pageMark(LINK.page) };

describe("a link that answers a page", () => {
  it.each([
    ["acknowledges for a person", LINK],
    ["declines", { ...LINK, purpose: "decline" as const }],
    ["is for a room", { ...LINK, person: undefined }],
    ["is of another administration", { ...LINK, tenant: "samtgemeinde" }],
  ])("comes back as it was signed where it %s", (_name, link) => {
    const token = signLink(KEYS, link);
    expect(readLink(KEYS, token, KNOWN)).toEqual({ ...link, page: pageMark(link.page) });
  });

  it("stays shorter than mail programs and gateways cut", () => {
    const person = "p".repeat(64);
    const token = signLink(KEYS, { ...LINK, person });
    expect(token.length).toBeLessThanOrEqual(120);
    expect(answerPath(token)).toBe(`/antwort/${token}`);
    expect(answerPath(token)).toMatch(/^[\w/-]+$/);
  });

  it("tells its end to the second, also after it", () => {
    const token = signLink(KEYS, { ...LINK, expiresAt: NOW - 500 });
    expect(readLink(KEYS, token, KNOWN)?.expiresAt).toBe(NOW - 1000);
  });

  it("refuses every change of a single bit", () => {
    const bytes = Buffer.from(signLink(KEYS, LINK), "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect([bit, readLink(KEYS, changed.toString("base64url"), KNOWN)]).toEqual([bit, undefined]);
    }
  });

  it("refuses what is cut, lengthened or made up", () => {
    const token = signLink(KEYS, LINK);
    for (let length = 0; length < token.length; length += 1) {
      expect(readLink(KEYS, token.slice(0, length), KNOWN)).toBeUndefined();
    }
    for (const tail of ["A", "=", "AAAA", ".", "%3D", "?x", " "]) {
      expect(readLink(KEYS, token + tail, KNOWN)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 100 }), (bytes) => {
        const made = Buffer.from(bytes).toString("base64url");
        expect(readLink(KEYS, made, KNOWN)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 120, unit: "binary" }), (text) => {
        expect(readLink(KEYS, text, KNOWN)).toBeUndefined();
      }),
    );
  });

  it.each([
    ["another installation's key", createKeyRing(randomBytes(32)), KNOWN],
    ["an administration that is gone", KEYS, new Map([["samtgemeinde", ["bereitschaft-1"]]])],
    ["a person who is gone", KEYS, new Map([["landkreis", ["bereitschaft-2"]]])],
    ["nobody configured", KEYS, new Map<string, string[]>()],
  ])("refuses %s", (_name, keys, known) => {
    expect(readLink(keys, signLink(KEYS, LINK), known)).toBeUndefined();
  });

  it("has a key of its own for each administration", () => {
    const stolen = KEYS.derive("samtgemeinde", "page_link");
    const forger = { derive: () => stolen };
    const token = signLink(forger, LINK);
    expect(readLink(KEYS, token, KNOWN)).toBeUndefined();
    expect(readLink(forger, token, KNOWN)).toEqual(READ);
  });

  it("is signed with a key that signs nothing else", () => {
    for (const purpose of ["pseudonym", "seal", "witness", "vault", "anchor"] as const) {
      expect(KEYS.derive("landkreis", purpose)).not.toEqual(KEYS.derive("landkreis", "page_link"));
    }
  });
});

describe("the form of a link", () => {
  const token = signLink(KEYS, LINK);
  const nonce = signForm(KEYS, READ, token, NOW);

  it("is good for an hour", () => {
    expect(isForm(KEYS, READ, { token, nonce, now: NOW })).toBe(true);
    expect(isForm(KEYS, READ, { token, nonce, now: NOW + HOUR_MS })).toBe(true);
    expect(isForm(KEYS, READ, { token, nonce, now: NOW + HOUR_MS + 1000 })).toBe(false);
    expect(isForm(KEYS, READ, { token, nonce, now: NOW - 60_000 })).toBe(false);
  });

  it.each([
    ["of another link", signForm(KEYS, READ, signLink(KEYS, { ...LINK, page: "x" }), NOW)],
    [
      "of the other purpose",
      signForm(KEYS, READ, signLink(KEYS, { ...LINK, purpose: "decline" }), NOW),
    ],
    ["of another administration", signForm(KEYS, { ...READ, tenant: "samtgemeinde" }, token, NOW)],
    ["that was made younger", nonce.replace(/^[^.]+/, (Math.floor(NOW / 1000) + 60).toString(36))],
    ["that is cut", nonce.slice(0, -1)],
    ["that is empty", ""],
    ["that is the link itself", token],
    ["that has a strange letter", `${nonce.slice(0, -1)}ü`],
  ])("is refused %s", (_name, sent) => {
    expect(isForm(KEYS, READ, { token, nonce: sent, now: NOW })).toBe(false);
  });
});
