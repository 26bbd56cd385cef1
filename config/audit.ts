// Where the head of each tenant's audit chain is written down once a day, outside of the store: whoever can
// rewrite the whole chain can't rewrite these places, too.
import { z } from "zod";

const urlOf = (protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `eine Adresse mit ${protocols.map((one) => `${one}//`).join(" oder ")}`,
    );

export const auditSchema = z.strictObject({
  anchor: z
    .strictObject({
      /** Folder, best on a share that only takes what is appended. */
      folder: z.string().min(1).optional(),
      /** Receiver of RFC 5424 messages by UDP. */
      syslog: urlOf(["udp:"]).optional(),
      /** Gets each line as JSON by POST. */
      webhook: urlOf(["https:", "http:"]).optional(),
    })
    .prefault({}),
});
export type AnchorConfig = z.infer<typeof auditSchema>["anchor"];
