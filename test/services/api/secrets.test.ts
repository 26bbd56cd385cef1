import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  csrfTokenOf,
  hashSecret,
  isSecret,
  newCode,
  newSecret,
  plainCode,
  sameText,
} from "../../../services/api/secrets.ts";

describe("secrets", () => {
  it("are 256 random bits and known by their hash only", () => {
    const secret = newSecret();
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    expect(newSecret()).not.toBe(secret);
    expect(isSecret(secret, hashSecret(secret))).toBe(true);
    expect(isSecret(newSecret(), hashSecret(secret))).toBe(false);
    expect(isSecret("", "")).toBe(false);
  });

  it("compare equal exactly when they are", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(sameText(a, b)).toBe(a === b);
      }),
    );
  });

  it("give each session a CSRF token of its own that does not hold the secret", () => {
    const secret = newSecret();
    expect(csrfTokenOf(secret)).toBe(csrfTokenOf(secret));
    expect(csrfTokenOf(secret)).not.toBe(csrfTokenOf(newSecret()));
    expect(csrfTokenOf(secret)).not.toContain(secret);
  });
});

describe("one-time codes", () => {
  it("have 20 characters that can't be mistaken for each other", () => {
    expect(newCode()).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
  });

  it.each([
    ["abcde-fgh1j", "ABCDEFGH1J"],
    [" ABCDE FGHIJ ", "ABCDEFGH1J"],
    ["O0-lL", "0011"],
  ])("are compared without case, separators and look-alikes: %j", (typed, plain) => {
    expect(plainCode(typed)).toBe(plain);
  });
});
