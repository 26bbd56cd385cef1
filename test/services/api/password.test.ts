import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "../../../services/api/password.ts";

describe("passwords", () => {
  it("are kept as argon2id with at least 19 MiB and two passes, salted each time", async () => {
    const [one, other] = await Promise.all([hashPassword("geheim"), hashPassword("geheim")]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(other);
  });

  it("fit their own hash, in either Unicode form", async () => {
    const stored = await hashPassword("Grüße an Lüneburg");
    expect(await verifyPassword("Grüße an Lüneburg".normalize("NFD"), stored)).toBe(true);
    expect(await verifyPassword("Grüsse an Lüneburg", stored)).toBe(false);
  });

  it("fits a hash made elsewhere with other parameters", async () => {
    // From the reference implementation: printf password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24
    const stored =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    expect(await verifyPassword("password", stored)).toBe(true);
    expect(await verifyPassword("Password", stored)).toBe(false);
  });

  it.each([
    "",
    "geheim",
    "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMa",
    "$argon2id$",
  ])("never fit what is not an argon2id hash: %j", async (stored) => {
    expect(await verifyPassword("geheim", stored)).toBe(false);
  });
});
