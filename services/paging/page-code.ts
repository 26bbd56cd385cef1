// The short code that a page is answered with where there is no link: six characters that cannot be taken for
// one another, derived from the finding, so that nothing is stored for it.
import { createHmac } from "node:crypto";
import type { KeyRing } from "../privacy/keys.ts";
import type { FindingPaging } from "../store/paging.ts";

const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CHARACTERS = 6;

/** The same for all pages of an opening. */
export function pageCode(
  keys: KeyRing,
  tenant: string,
  finding: string,
  { opening }: Pick<FindingPaging, "opening">,
): string {
  const mac = createHmac("sha256", keys.derive(tenant, "page_code"))
    .update(`${finding}\0${opening}`)
    .digest();
  // 32 characters: five bits of each byte, no one likelier than another.
  return [...mac.subarray(0, CHARACTERS)].map((byte) => ALPHABET[byte & 31]).join("");
}

/** As somebody may have typed it; undefined when it is none. */
export function readCode(typed: string): string | undefined {
  const code = typed.trim().toUpperCase();
  return new RegExp(`^[${ALPHABET}]{${CHARACTERS}}$`).test(code) ? code : undefined;
}
