// Anchors of an audit chain: its head as it was on a day, signed, to be kept outside of the store. A chain
// that somebody has computed anew from some entry on holds by itself, but not against its anchors.
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "./audit-chain.ts";
import type { AuditEntry, Store } from "./store.ts";

export const anchorSchema = z.strictObject({
  tenant: z.string(),
  sequence: z.number().int().min(1),
  /** Of the entry with this sequence number. */
  hash: z.string(),
  /** When it was written down, ms UTC. */
  at: z.number(),
  /** HMAC-SHA-256 over the others, hexadecimal. */
  signature: z.string(),
});
export type Anchor = z.infer<typeof anchorSchema>;

/** What does not hold of the anchors of a chain. */
export interface AnchorFault {
  readonly sequence: number;
  readonly why: "unsigned" | "missing" | "changed";
}

/** @param key derived from the master key for this tenant and purpose */
export function signAnchor(anchor: Omit<Anchor, "signature">, key: Uint8Array): Anchor {
  return { ...anchor, signature: signatureOf(anchor, key) };
}

/** The first anchor that the chain does not fit; undefined when it fits all. */
export async function checkAnchors(
  store: Pick<Store, "readAudit">,
  tenant: string,
  anchors: readonly Anchor[],
  key: Uint8Array,
): Promise<AnchorFault | undefined> {
  const inOrder = anchors
    .filter((anchor) => anchor.tenant === tenant)
    .sort((one, other) => one.sequence - other.sequence);
  for (const anchor of inOrder) {
    const { sequence } = anchor;
    if (!isSigned(anchor, key)) return { sequence, why: "unsigned" };
    const [entry] = await store.readAudit(tenant, sequence, 1);
    if (entry?.sequence !== sequence) return { sequence, why: "missing" };
    if (entry.hash !== anchor.hash) return { sequence, why: "changed" };
  }
  return undefined;
}

/** The last entry of a chain: doubling first, as the port does not say how long it is, then bisection. */
export async function lastEntry(
  store: Pick<Store, "readAudit">,
  tenant: string,
): Promise<AuditEntry | undefined> {
  const at = async (sequence: number) => {
    const [entry] = await store.readAudit(tenant, sequence, 1);
    return entry?.sequence === sequence ? entry : undefined;
  };
  let last = await at(1);
  if (last === undefined) return undefined;
  let high = 2;
  for (let next = await at(high); next !== undefined; next = await at(high)) {
    last = next;
    high *= 2;
  }
  let low = last.sequence;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    const entry = await at(middle);
    if (entry === undefined) high = middle;
    else {
      last = entry;
      low = middle;
    }
  }
  return last;
}

function isSigned({ signature, ...rest }: Anchor, key: Uint8Array): boolean {
  const [given, own] = [Buffer.from(signature), Buffer.from(signatureOf(rest, key))];
  return given.length === own.length && timingSafeEqual(given, own);
}

function signatureOf({ tenant, sequence, hash, at }: Omit<Anchor, "signature">, key: Uint8Array) {
  const signed = canonicalJson([tenant, sequence, hash, at]);
  return createHmac("sha256", key).update(signed).digest("hex");
}
