// Where reports may go: addresses that become headers of mails hold nothing but an address.
import { expect, it } from "vitest";
import { suspicionSchema } from "../../config/suspicion.ts";

const MAIL = { host: "mail.kreis.example", from: "hw@kreis.example", to: ["fd03@kreis.example"] };

it("takes a mailbox and a web hook, and sends encrypted unless told otherwise", () => {
  const webhook = { url: "https://hook.kreis.example/x" };
  expect(suspicionSchema.parse({ mail: MAIL, webhook }).mail).toMatchObject({
    ...{ port: 587, security: "starttls" },
  });
  expect(suspicionSchema.parse({})).toEqual({});
});

it.each([
  { mail: { ...MAIL, to: [] } },
  { mail: { ...MAIL, to: ["a@b.example\r\nBcc: c@d.example"] } },
  { mail: { ...MAIL, from: "Heidewacht <hw@kreis.example>" } },
  { mail: { ...MAIL, from: "hw@kreis.example, x@y.example" } },
  { mail: { ...MAIL, security: "maybe" } },
  { webhook: { url: "file:///etc/passwd" } },
  { post: {} },
])("refuses %j", (given) => {
  expect(suspicionSchema.safeParse(given).success).toBe(false);
});
