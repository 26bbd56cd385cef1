// Where reports of a suspected manipulation or unequal treatment by the language model go: to a mailbox, a
// web hook, or both. Without either they are kept until one is named.
import { z } from "zod";

// No blank, line break or angle bracket: what stands here becomes a header of a mail.
const address = z
  .string()
  .max(254)
  .regex(/^[^\s<>,;:"()[\]@\\]+@[^\s<>,;:"()[\]@\\]+$/, "eine Mailadresse wie fd03@kreis.example");

export const mailSchema = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535).default(587),
  /** `starttls`: encryption is insisted on; `tls`: from the first byte; `none`: only on own networks. */
  security: z.enum(["starttls", "tls", "none"]).default("starttls"),
  from: address,
  to: z.array(address).min(1).max(20),
  user: z.string().min(1).max(200).optional(),
  /** File whose first line is the password. */
  passwordFile: z.string().min(1).optional(),
});
export type SuspicionMail = Readonly<z.infer<typeof mailSchema>>;

/** Settings of reports. */
export const suspicionSchema = z.strictObject({
  mail: mailSchema.optional(),
  webhook: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      /** File whose first line is the key of the signature. */
      secretFile: z.string().min(1).optional(),
    })
    .optional(),
});
