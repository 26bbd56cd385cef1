// A model's bytes in the store, in parts that every kind of store takes. Parts are named by the hash of the
// whole: they are written before the version that names them, and never changed.
import { createHash } from "node:crypto";
import { AppError } from "../../config/errors.ts";
import { MODEL_PART_KIND, type ModelVersion } from "../store/model.ts";
import type { Store } from "../store/store.ts";

/** Some 700 kB as a document. */
const PART_BYTES = 512 * 1024;
/** A model is loaded as a whole by every process that asks it. */
const ARTEFACT_BYTES_MAX = 64 * 1024 * 1024;

export type Artefact = Pick<ModelVersion, "hash" | "bytes">;

/** SHA-256, hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Writes the parts. @throws AppError HW_INPUT_TOO_LARGE */
export async function writeArtefact(
  store: Store,
  tenant: string,
  bytes: Uint8Array,
): Promise<Artefact> {
  if (bytes.length > ARTEFACT_BYTES_MAX)
    throw new AppError("HW_INPUT_TOO_LARGE", `a model of ${bytes.length} bytes`);
  const artefact = { hash: hashOf(bytes), bytes: bytes.length };
  for (const [part, id] of partIds(artefact).entries()) {
    const data = Buffer.from(bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
    await store.put(tenant, MODEL_PART_KIND, id, { data: data.toString("base64") });
  }
  return artefact;
}

/** Reads and checks. @throws AppError HW_STORE_CORRUPT when something of it is missing or changed */
export async function readArtefact(
  store: Store,
  tenant: string,
  artefact: Artefact,
): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for (const id of partIds(artefact)) {
    const found = await store.get(tenant, MODEL_PART_KIND, id);
    parts.push(Buffer.from(found?.document.data ?? "", "base64"));
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length === artefact.bytes && hashOf(bytes) === artefact.hash) return bytes;
  throw new AppError("HW_STORE_CORRUPT", "the bytes of a model are not those that were trained", {
    place: `model ${artefact.hash}`,
    mend: "train it anew, or go back to another version",
  });
}

export async function removeArtefact(
  store: Store,
  tenant: string,
  artefact: Artefact,
): Promise<void> {
  for (const id of partIds(artefact)) await store.remove(tenant, MODEL_PART_KIND, id);
}

function partIds({ hash, bytes }: Artefact): string[] {
  const count = Math.ceil(Math.min(bytes, ARTEFACT_BYTES_MAX) / PART_BYTES);
  return Array.from({ length: count }, (_, part) => `${hash}-${part}`);
}
